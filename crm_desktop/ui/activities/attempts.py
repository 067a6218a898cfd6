"""The attempts of a call, under the head of its card: the newest two, all of them on a click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout

from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.card_parts import PartWidget
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.values import Surroundings, said_moment
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.activities.attempts import Attempt
    from crm_desktop.ui.record_card.loading import CardContents

_FEW, _MOST, _NARROW = 2, 20, 560


class AttemptsStrip(PartWidget):
    """One line an attempt: the moments, the reason, who and when."""

    def __init__(self) -> None:
        super().__init__()
        self._attempts: Sequence[Attempt] = ()
        self._around: Surroundings | None = None
        self._lines: list[tuple[Label, Label, Label]] = []
        self._head = Label("", "strong")
        self.more = Button("", "", "ghost")
        self.more.setCheckable(True)
        self.more.toggled.connect(lambda _on: self._say())
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(4))
        self._grid.setColumnStretch(1, 1)
        self._whole = column(row(self._head, self.more, None, gap=8), self._grid, gap=4)
        self.setLayout(self._whole)
        keep_translated(self, self._say)

    def _say(self) -> None:
        if self._around is None:
            return
        count = len(self._attempts)
        said = ngettext("Put off {count} time", "Put off {count} times", count)
        self._head.setText(said.format(count=count))
        self.more.setVisible(count > _FEW)
        self.more.setText(_("Only the last ones") if self.more.isChecked() else _("Show all"))
        shown = self._attempts[: _MOST if self.more.isChecked() else _FEW]
        while len(self._lines) < len(shown):
            self._add()
        for place, labels in enumerate(self._lines):
            for label in labels:
                label.setVisible(place < len(shown))
            if place < len(shown):
                self._fill(labels, shown[place], self._around)

    def _add(self) -> None:
        labels = (
            Label("", "body"), Label("", "body", wrap=True, selectable=True),
            Label("", "small", "text3"),
        )  # fmt: skip
        for place, label in enumerate(labels):
            self._grid.addWidget(label, len(self._lines), place, Qt.AlignmentFlag.AlignTop)
        self._lines.append(labels)

    @staticmethod
    def _fill(labels: tuple[Label, Label, Label], one: Attempt, around: Surroundings) -> None:
        since, until = (
            said_moment(moment, around) if moment is not None else "—"
            for moment in (one.since, one.until)
        )  # fmt: skip
        labels[0].setText(f"{since} → {until}")
        labels[1].setText(one.reason)
        made = said_moment(one.made_at, around)
        labels[2].setText(f"{one.author}, {made}" if one.author else made)

    def texts(self) -> list[tuple[str, ...]]:
        """What is shown, for tests."""
        return [tuple(x.text() for x in line) for line in self._lines if not line[0].isHidden()]

    def show_part(self, value: Any, contents: CardContents, around: Surroundings) -> None:
        self._attempts, self._around = value, around
        self._say()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        edge = px(24 if self.width() > px(_NARROW) else 16)
        self._whole.setContentsMargins(edge, 0, px(16), px(8))
