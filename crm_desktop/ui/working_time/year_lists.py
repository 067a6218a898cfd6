"""Below the days of a year: the special ones by name, and who is away from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.models.worktime.calendar import OFF, SHORT, WORKING
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.worktime.listing import Away, DaySpan
    from crm_desktop.services.worktime.years import CalendarYear

_MOST = 60
Line = tuple[str, str, str]


class _Lines(QWidget):
    """A heading, and lines of three cells: days, what, a word beside it. With `opens` the second
    one is pressed to open what it says."""

    opened = Signal(int)
    """The number of the line."""

    def __init__(self, *, opens: bool = False) -> None:
        super().__init__()
        self._opens = opens
        self._head, self._rest = Label("", "strong"), Label("", "small", "text3", wrap=True)
        self._cells: list[tuple[Label, Label | Button, Label]] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(4))
        self._grid.setColumnStretch(1, 1)
        self.setLayout(column(self._head, self._grid, self._rest, None, gap=6))

    def show_lines(self, head: str, lines: Sequence[Line], nothing: str) -> None:
        """Shows other lines; `nothing` says that there are none."""
        self._head.setText(head)
        more = len(lines) - _MOST
        said = ngettext("and {count} more", "and {count} more", max(more, 0))
        self._rest.setText(nothing if not lines else said.format(count=more) if more > 0 else "")
        self._rest.setVisible(not lines or more > 0)
        while len(self._cells) < min(len(lines), _MOST):
            self._add()
        for place, cells in enumerate(self._cells):
            for number, cell in enumerate(cells):
                cell.setVisible(place < len(lines))
                cell.setText(lines[place][number] if place < len(lines) else "")

    def _add(self) -> None:
        number = len(self._cells)
        what: Label | Button = Label("", "body", wrap=True)
        align = Qt.AlignmentFlag.AlignTop
        if self._opens:
            align = Qt.AlignmentFlag.AlignVCenter
            what = Button("", kind="link")
            what.clicked.connect(lambda: self.opened.emit(number))
        cells = (Label("", "body"), what, Label("", "small", "text3"))
        for place, cell in enumerate(cells):
            beside = Qt.AlignmentFlag.AlignLeft if isinstance(cell, Button) else align
            self._grid.addWidget(cell, number, place, align | beside)
        self._cells.append(cells)

    def lines(self) -> list[Line]:
        """What is shown, for tests."""
        return [(a.text(), b.text(), c.text()) for a, b, c in self._cells if not a.isHidden()]


class YearLists(QWidget):
    """Both lists, side by side; below one another where there is no room for that."""

    opened = Signal(int)
    """The number of an absence."""

    def __init__(self) -> None:
        super().__init__()
        self.days, self.away = _Lines(), _Lines(opens=True)
        self._records: list[int] = []
        self.away.opened.connect(lambda line: self.opened.emit(self._records[line]))
        self._both = row(self.days, self.away, gap=48, margins=(6, 16, 0, 0))
        self._both.setStretch(0, 1)
        self._both.setStretch(1, 1)
        self.setLayout(self._both)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = sum(one.minimumSizeHint().width() for one in (self.days, self.away)) + px(54)
        ways = QBoxLayout.Direction
        self._both.setDirection(ways.LeftToRight if self.width() >= needed else ways.TopToBottom)

    def show_year(self, year: CalendarYear) -> None:
        """The lists of another year."""
        self._records = [one.record for one in year.away]
        self.days.show_lines(
            _("Special days"), [_day(one, year.year) for one in year.listed],
            _("Every day is as its weekday."),
        )  # fmt: skip
        self.away.show_lines(
            _("Absences"), [_away(one, year.year) for one in year.away],
            _("Nobody is away this year."),
        )  # fmt: skip


def _day(one: DaySpan, year: int) -> Line:
    kinds = {OFF: _("Day off"), SHORT: _("Short day"), WORKING: _("Working day")}
    kind = kinds.get(one.kind, "")
    what = f"{kind}: {one.name}" if one.name and one.kind != OFF else one.name or kind
    return _span(one.since, one.until, year), what, _("changed here") if one.own else ""


def _away(one: Away, year: int) -> Line:
    return _span(one.since, one.until, year), one.name, _("repeats") if one.again else ""


def _span(since: date, until: date, year: int) -> str:
    """The days; the year is said where it is another one."""
    language = i18n.language()
    first, last = (format_date(day, language).removesuffix(f" {year}") for day in (since, until))
    return first if since == until else f"{first} – {last}"
