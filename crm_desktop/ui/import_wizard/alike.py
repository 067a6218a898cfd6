"""New rows that look like records of the base: a small table that leads to these records."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.import_wizard.state import LikeLine, Outcome
from crm_desktop.ui.import_wizard.table import PlainTable
from crm_desktop.ui.itemmodels.cells import Cell, Column
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import IconLabel, Label
from crm_desktop.ui.widgets.layouts import column, row

_TALL = 190


class Alike(QWidget):
    """Hides itself when nothing looks alike."""

    record_asked = Signal(int)
    all_asked = Signal(list)
    """The records that the import has made and that look like others."""

    def __init__(self) -> None:
        super().__init__()
        self._outcome: Outcome | None = None
        self.title = Label("", "strong", wrap=True)
        self.button = Button("", "merge")
        self.button.clicked.connect(self._ask_all)
        self.table = PlainTable(name=_("Rows that look like records of the base"), opens=True)
        self.table.stretch = 2
        self.table.setMaximumHeight(px(_TALL))
        self.table.row_opened.connect(self._open)
        head = row(IconLabel("warning", "warn"), self.title, self.button, gap=8)
        head.setStretch(1, 1)
        self.setLayout(column(head, self.table, gap=8))
        self.hide()

    def show_outcome(self, outcome: Outcome | None) -> None:
        """Fills the table."""
        self._outcome = outcome
        lines = outcome.like if outcome is not None else ()
        self.setVisible(bool(lines))
        if outcome is None or not lines:
            return
        self.title.setText(ngettext(
            "{count} of the first {looked} new rows looks like a record in the base",
            "{count} of the first {looked} new rows look like records in the base", len(lines),
        ).format(count=len(lines), looked=outcome.looked))  # fmt: skip
        self.button.setText(_("Look through them"))
        self.button.setVisible(any(line.new for line in lines))
        columns = [
            Column("row", _("Row"), 72, right=True, sortable=False),
            Column("name", _("In the file"), 260, sortable=False),
            Column("title", _("In the base"), 260, sortable=False),
            Column("chance", _("Likely"), 110, right=True, sortable=False),
        ]
        self.table.show_rows(columns, [
            (Cell(str(line.row), "number"), Cell(line.name), Cell(line.title, "link"),
             Cell(f"{min(99, round(line.likelihood * 100))} %", "number"))
            for line in lines
        ])  # fmt: skip

    def lines(self) -> tuple[LikeLine, ...]:
        """What is shown."""
        return self._outcome.like if self._outcome is not None else ()

    def _open(self, number: int, _ctrl: bool) -> None:
        if self._outcome is not None and 0 <= number < len(self._outcome.like):
            self.record_asked.emit(self._outcome.like[number].id)

    def _ask_all(self) -> None:
        if self._outcome is not None:
            self.all_asked.emit([line.new for line in self._outcome.like if line.new])
