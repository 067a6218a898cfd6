"""The card as it was at the end of a day: values of then, differences to today, children."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.ui.record_card.values import Surroundings, said_moment
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column

if TYPE_CHECKING:
    from crm_desktop.services.history.as_of import PastCard


@dataclass(frozen=True)
class _Line:
    """A line of the card; `today` what the field says now if that differs, None if not."""

    label: str
    then: str = ""
    today: str | None = None


def lines_of(card: PastCard, language: str) -> list[_Line]:
    """The card in words."""
    found = list(_fields(card, language))
    kind = ""
    for child in card.children:
        label = _(child.link.label)
        first, kind = label != kind, label
        gone = _("no longer there") if child.record.now is None else None
        other = child.link.entity.title
        if gone is None and child.record.differs(other.key):
            gone = card.shown(other, (child.record.now or {}).get(other.key), language) or "—"
        elif gone is None and child.record.differs(child.link.field.key):
            gone = _("belongs elsewhere")
        found.append(_Line(label if first else "", child.title, gone))
    return found


def _fields(card: PastCard, language: str) -> Iterator[_Line]:
    record = card.record
    for f in card.entity.fields:
        if f.kept:
            continue
        then = card.shown(f, record.values.get(f.key), language)
        differs = record.now is not None and record.differs(f.key)
        if differs:
            yield _Line(_(f.label), then, card.shown(f, (record.now or {}).get(f.key), language))
        elif then:
            yield _Line(_(f.label), then)


class AsOfView(QWidget):
    """Shows a `PastCard`."""

    def __init__(self) -> None:
        super().__init__()
        self._state = Label("", "strong", wrap=True)
        self._cells: list[tuple[Label, Label, Label]] = []
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, px(8), 0, 0)
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(8))
        for place, stretch in enumerate((2, 4, 4)):
            self._grid.setColumnStretch(place, stretch)
        self.setLayout(column(self._state, self._grid, gap=4))

    def show_card(self, card: PastCard, around: Surroundings) -> None:
        """Shows a card of a former day."""
        record = card.record
        states = {
            "there": _("As of {moment}. What differs today stands at the right."),
            "not yet": _("It was not there yet: it was made {since}."),
            "gone": _("It was deleted already, {until}; these were its last values."),
        }
        self._state.setText(states[record.state].format(
            moment=said_moment(record.moment, around),
            since=said_moment(record.since, around) if record.since else "—",
            until=said_moment(record.until, around) if record.until else "—",
        ))  # fmt: skip
        self._show(() if record.state == "not yet" else lines_of(card, i18n.language()))

    def _show(self, lines: Sequence[_Line]) -> None:
        while len(self._cells) < len(lines):
            self._add()
        for place, cells in enumerate(self._cells):
            line = lines[place] if place < len(lines) else None
            for cell in cells:
                cell.setVisible(line is not None)
            if line is not None:
                label, then, today = cells
                label.setText(line.label)
                then.setText(line.then or "—")
                now = _("today: {value}").format(value=line.today or "—")
                today.setText("" if line.today is None else now)

    def _add(self) -> None:
        at = len(self._cells)
        cells = (
            Label("", "body", "text2", wrap=True), Label("", "body", wrap=True, selectable=True),
            Label("", "body", "warn", wrap=True, selectable=True),
        )  # fmt: skip
        for place, cell in enumerate(cells):
            self._grid.addWidget(cell, at, place, Qt.AlignmentFlag.AlignTop)
        self._cells.append(cells)

    def texts(self) -> list[tuple[str, str, str]]:
        """What is shown, for screen readers and tests."""
        return [
            (a.text(), b.text(), c.text()) for a, b, c in self._cells if not a.isHidden()
        ]  # fmt: skip
