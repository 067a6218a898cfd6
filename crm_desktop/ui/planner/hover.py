"""The card under the pointer: what, when, whose, and the key data of the client."""

from __future__ import annotations

from html import escape
from typing import Any

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.services.cells import format_cell
from crm_desktop.services.planner.bars import Bar
from crm_desktop.ui.planner import words
from crm_desktop.ui.planner.axis import Axis
from crm_desktop.ui.planner.controller import PlannerController
from crm_desktop.ui.planner.grid import PlannerGrid
from crm_desktop.ui.session import Session

WAIT_MS = 450
_MOST_FACTS = 4


class HoverCard(QObject):
    """Comes when the pointer rests on a bar."""

    def __init__(self, session: Session, grid: PlannerGrid, controller: PlannerController) -> None:
        super().__init__(grid)
        self._session, self._grid, self._controller = session, grid, controller
        self._bar: Bar | None = None
        self._place: QPoint | None = None
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self.show_card)
        grid.hovered.connect(self._over)
        grid.told_wanted.connect(self._tell)

    def _over(self, bar: Bar | None) -> None:
        if bar == self._bar:
            return
        self._bar, self._place = bar, None
        QToolTip.hideText()
        if bar is None:
            self._wait.stop()
        else:
            self._wait.start()

    def _tell(self, bar: Bar) -> None:
        """By the keyboard: beside the bar, at once."""
        self._bar = bar
        rect = self._grid.rect_of(bar)
        if rect is not None:
            place = rect.bottomLeft() - self._grid.offset
            self._place = self._grid.viewport().mapToGlobal(place.toPoint())
        self.show_card()

    def show_card(self) -> None:
        """Asks for the key data of the client and shows them with the rest."""
        bar, base = self._bar, self._session.workspace
        if bar is None or base is None:
            return
        about = bar.about

        def work(_job: Any) -> list[tuple[str, str]]:
            if about is None:
                return []
            entity = base.catalogue[about.entity]
            fields = [f for f in entity.list_fields() if f.key != entity.title_field]
            values = base.reader.many(about.entity, [about.id], [f.key for f in fields])
            found = values.get(about.id, {})
            refs = [v for v in found.values() if isinstance(v, tuple) and hasattr(v, "entity")]
            titles = base.titles.of(refs)
            cells = [(_(f.label), format_cell(f, found.get(f.key), titles, i18n.language()).text)
                     for f in fields if f.storage not in ("link",)]  # fmt: skip
            return [(label, text) for label, text in cells if text][:_MOST_FACTS]

        self._session.operations.query(
            ("planner hover",), work, owner=self, done=lambda facts: self._show(bar, facts)
        )

    def _show(self, bar: Bar, facts: list[tuple[str, str]]) -> None:
        if bar == self._bar and not self._grid.gestures.moving:
            place, self._place = self._place or QCursor.pos(), None
            QToolTip.showText(place, self.text(bar, facts), self._grid.viewport())

    def text(self, bar: Bar, facts: list[tuple[str, str]]) -> str:
        """The card as rich text."""
        drawing = self._grid.drawing
        if drawing is None:
            return ""
        axis, look = drawing.axis, self._controller.look
        title, second = drawing.words(bar)
        lines = [f"<b>{escape(title)}</b>"]
        if second:
            lines.append(escape(second))
        lines.append(words.whole_days(axis, bar.starts, bar.ends, _("all day")) if bar.all_day
                     else _when(axis, bar))  # fmt: skip
        if not bar.hidden:
            parts = (look.kind_word(bar.kind), look.state_word(bar.state))
            lines.append(escape(" · ".join(part for part in parts if part)))
        if bar.is_late(drawing.sheet.now):
            lines.append(escape(_("It is overdue")))
        lines += [f"{escape(label)}: {escape(text)}" for label, text in facts]
        others = [" · ".join(filter(None, drawing.words(one))) for one in drawing.behind(bar)]
        lines += [escape(one) for one in others[:_MOST_FACTS]]
        return "<br>".join(lines)


def _when(axis: Axis, bar: Bar) -> str:
    """`18.11 10:00–12:00 · 120 min`, with both days where there are two."""
    first, last = (f"{words.day(axis.local(one))} " for one in (bar.starts, bar.ends))
    end = f"{last if last != first else ''}{axis.clock(bar.ends)}"
    minutes = _("{minutes} min").format(minutes=(bar.ends - bar.starts) // 60)
    return f"{first}{axis.clock(bar.starts)}–{end} · {minutes}"
