"""The card under the pointer: whom to call about it, and what comes next."""

from __future__ import annotations

from html import escape
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QToolTip

from crm_desktop.i18n import _
from crm_desktop.services.board.cards import LATE, NO_STEP, STUCK, Card
from crm_desktop.services.board.stuck import Reach, reach_of
from crm_desktop.ui.board import words
from crm_desktop.ui.board.controller import BoardController
from crm_desktop.ui.board.view import BoardView

WAIT_MS = 450


class HoverCard(QObject):
    """Comes when the pointer rests on a card."""

    def __init__(self, view: BoardView, controller: BoardController) -> None:
        super().__init__(view)
        self._view, self._controller = view, controller
        self._card: Card | None = None
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self.show_card)
        view.hovered.connect(self._over)

    def _over(self, card: Card | None) -> None:
        if card == self._card:
            return
        self._card = card
        QToolTip.hideText()
        if card is None:
            self._wait.stop()
        else:
            self._wait.start()

    def show_card(self) -> None:
        """Asks for the telephone and shows it with the rest."""
        card, base = self._card, self._controller.session.workspace
        if card is None or base is None:
            return

        def work(_job: Any) -> Reach:
            return reach_of(base, [card])[card.id]

        self._controller.session.operations.query(
            ("board hover",), work, owner=self, done=lambda reach: self._show(card, reach)
        )

    def _show(self, card: Card, reach: Reach) -> None:
        busy = self._view.gestures.moving or QApplication.activePopupWidget() is not None
        if card == self._card and not busy:
            QToolTip.showText(QCursor.pos(), self.text(card, reach), self._view.viewport())

    def text(self, card: Card, reach: Reach) -> str:
        """The card as rich text."""
        found, drawing = self._controller.found, self._view.drawing
        if found is None or drawing is None:
            return ""
        client = found.title(found.targets.client, card.client)
        stage = found.stages.get(card.stage)
        lines = [f"<b>{escape(card.name)}</b>", escape(client)]
        if reach.phone:
            lines.append(escape(reach.phone if reach.name == client else
                                f"{reach.name} · {reach.phone}"))  # fmt: skip
        lines.append(escape(" · ".join(filter(None, (
            words.amount(found, card), f"{found.chance(card)} %" if card.amount else "",
            stage.name if stage is not None else "",
        )))))  # fmt: skip
        marks = found.marks(card)
        if STUCK in marks:
            lines.append(escape(words.stuck(found.days_in_stage(card))))
        if NO_STEP in marks:
            lines.append(escape(_("No next step")))
        else:
            day = words.step_day(found, card, drawing.zone)
            said = _("Overdue: {day}") if LATE in marks else _("Next step: {day}")
            lines.append(escape(" · ".join(filter(None, (said.format(day=day), card.next_step)))))
        return "<br>".join(line for line in lines if line)
