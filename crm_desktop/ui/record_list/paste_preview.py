"""What a paste would change, cell by cell, before anything is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.record_list.numbers import count_text
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import CheckBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from crm_desktop.services.lists.paste import CellChange, PastePlan

_MOST_SHOWN = 500
_MOST_NAMED = 5


class PastePreview(Dialog):
    """Errors first, then the changes; a tick makes records for names that nobody has."""

    agreed = Signal(bool)
    """Go ahead; whether missing records are to be made."""

    def __init__(
        self, plan: PastePlan, beyond: int, headings: Mapping[str, str], parent: QWidget
    ) -> None:
        """`beyond`: rows of the clipboard for which the list has no rows."""
        body = QWidget()
        super().__init__(_("Paste into the list"), body, parent)
        self._plan, self._headings = plan, headings
        self._said = Label(self._sentences(beyond), "body", "text2", wrap=True)
        self.create_missing = CheckBox(self._missing_text())
        self.create_missing.setVisible(bool(plan.missing))
        self.create_missing.setChecked(True)
        self.create_missing.toggled.connect(lambda _on: self._count())
        self.table = TableView(name=_("What will change"))
        self._model = PagedTableModel(self)
        self._show_rows()
        self.table.setModel(self._model)
        self.table.set_tickable(False)
        self.table.set_density("compact")
        self.table.size_columns()
        self.table.head.setStretchLastSection(True)
        self.table.setMinimumHeight(px(280))
        body.setLayout(column(self._said, self.create_missing, self.table, gap=10))
        self.setMinimumWidth(px(780))
        self.add_button(_("Cancel"), result=0)
        self.go = self.add_button("", kind="primary")
        self.go.clicked.connect(self._accept)
        self.go.setDefault(True)
        self._count()

    def said(self) -> str:
        """What is said over the table."""
        return self._said.text()

    # --- words ------------------------------------------------------------------------------------

    def _sentences(self, beyond: int) -> str:
        plan, said = self._plan, []
        if plan.errors:
            text = ngettext(
                "{count} cell cannot be read and is left out.",
                "{count} cells cannot be read and are left out.", len(plan.errors),
            )  # fmt: skip
            said.append(text.format(count=count_text(len(plan.errors))))
        if plan.skipped:
            names = ", ".join(self._headings.get(path, path) for path in plan.skipped)
            said.append(_("Passed over, for the program keeps them: {names}.").format(names=names))
        if beyond:
            text = ngettext(
                "{count} row finds no place under the last row of the list.",
                "{count} rows find no place under the last row of the list.", beyond,
            )  # fmt: skip
            said.append(text.format(count=count_text(beyond)))
        return " ".join(said) or _("Nothing is changed yet. One undo takes all of it back.")

    def _missing_text(self) -> str:
        names = [missing.name for missing in self._plan.missing]
        shown = ", ".join(names[:_MOST_NAMED]) + ("…" if len(names) > _MOST_NAMED else "")
        return _("Create what is not there yet: {names}").format(names=shown)

    def _count(self) -> None:
        self._show_rows()
        named = sum(len(row) for row in self._plan.names.values())
        count = len(self._plan.changes) - (0 if self.create_missing.isChecked() else named)
        text = ngettext("Change {count} cell", "Change {count} cells", count)
        self.go.setText(text.format(count=count_text(count)))
        self.go.setEnabled(count > 0)

    # --- rows -------------------------------------------------------------------------------------

    def _show_rows(self) -> None:
        columns = (
            Column("record", _("Record"), 200), Column("field", _("Field"), 110),
            Column("old", _("Was"), 210), Column("new", _("Becomes"), 230),
        )  # fmt: skip
        rows = list(self._rows())[:_MOST_SHOWN]
        self._model.open(columns, len(rows), rows)

    def _rows(self) -> Iterator[Row]:
        for number, change in enumerate(self._plan.errors):
            yield self._row(number + 1, change, Cell(change.error, bad=True))
        for number, change in enumerate(self._plan.changes, len(self._plan.errors)):
            if not self.create_missing.isChecked() and self._is_named(change):
                continue
            yield self._row(number + 1, change, Cell(change.new or _("(empty)")))

    def _is_named(self, change: CellChange) -> bool:
        """Whether it leads to a record that would have to be made."""
        return change.field in self._plan.names.get(change.record, {})

    def _row(self, number: int, change: CellChange, new: Cell) -> Row:
        heading = self._headings.get(change.field, change.field)
        name = self._plan.titles.get(change.record, f"#{change.record}")
        return Row(number, (Cell(name), Cell(heading, "muted"), Cell(change.old, "muted"), new))

    def _accept(self) -> None:
        self.agreed.emit(self.create_missing.isChecked() and bool(self._plan.missing))
        self.accept()
