"""The agenda: the bars of the sheet as a table, for those who read or hear better than they aim."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.services.planner.bars import Bar
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.planner.drawing import Drawing
from crm_desktop.ui.widgets.table_view import TableView

_WIDE = (194, 162, 212, 182, 110)


class Agenda(TableView):
    """When, who, with whom, what, in which state: by day and hour."""

    bar_opened = Signal(object)

    def __init__(self) -> None:
        super().__init__(name=_("Agenda"))
        self.bars: list[Bar] = []
        self.cells_of = PagedTableModel(self)
        self.setModel(self.cells_of)
        self.set_tickable(False)
        self.head.setSectionsMovable(False)
        self.row_opened.connect(self._open)

    def show_sheet(self, drawing: Drawing) -> None:
        """The bars of a sheet, each record once for everybody in whose row it stands."""
        self.bars = sorted(drawing.sheet.bars(), key=lambda bar: (bar.starts, bar.ends, bar.id))
        rows = [Row(n, self._cells(drawing, bar)) for n, bar in enumerate(self.bars, start=1)]
        self.cells_of.open(_columns(), len(rows), rows)
        self.size_columns()
        self.head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.head.setStretchLastSection(True)

    @staticmethod
    def _cells(drawing: Drawing, bar: Bar) -> tuple[Cell, ...]:
        axis, look = drawing.axis, drawing.look
        today = axis.local(drawing.sheet.now).date()
        day = format_date(axis.local(bar.starts).date(), i18n.language(), today)
        hours = f"{axis.clock(bar.starts)}–{axis.clock(bar.ends)}"
        when = f"{day}, {_('all day') if bar.all_day else hours}"
        line = drawing.sheet.by_ref.get(bar.row)
        title, second = drawing.words(bar)
        state = "" if bar.hidden else look.state_word(bar.state)
        return (
            Cell(when, "date"), Cell(line.row.name if line is not None else "", "text"),
            Cell(title, "title"), Cell(second, "text"), Cell(state, "muted"),
        )  # fmt: skip

    def _open(self, place: int, _new_tab: bool) -> None:
        if 0 <= place < len(self.bars):
            self.bar_opened.emit(self.bars[place])

    def take_focus(self) -> None:
        """The keyboard goes to the first line."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)


def _columns() -> tuple[Column, ...]:
    names = (_("When"), _("Who"), _("With whom"), _("What"), _("State"))
    keys = ("when", "whose", "title", "what", "stand")
    return tuple(
        Column(key, name, wide, sortable=False)
        for key, name, wide in zip(keys, names, _WIDE, strict=True)
    )
