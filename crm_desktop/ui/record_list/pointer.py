"""The current row of a list: which record it is, and that it stays with it when rows move."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.record_list.loader import Loader
from crm_desktop.ui.record_list.view import RecordListView

_PAINT_MS = 30  # a card is read and painted by the same processor

_FIRST_LOOKED = 20
"""Rows among which the first record is looked for: heads of groups stand before it."""


class RowPointer(QObject):
    """Says which record the current row holds."""

    record_pointed = Signal(object)
    """The `Ref` of the current row, or None."""

    def __init__(self, view: RecordListView, loader: Loader, entity: str) -> None:
        super().__init__(view)
        self._view, self._loader, self._entity = view, loader, entity
        self._record: int | None = None
        self.has_begun = False
        """Whether any rows have come, or it is known that there are none."""
        self._wanted: int | None = None
        self._painting = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAINT_MS)
        self._soon.timeout.connect(self._say_current)
        view.table.current_row_changed.connect(self._row_changed)
        view.model.dataChanged.connect(self._rows_came)
        loader.refreshed.connect(self._refreshed)
        loader.counted.connect(self._counted)

    def pointed(self) -> Ref | None:
        """The record of the current row."""
        return Ref(self._entity, self._record) if self._record is not None else None

    def begin(self, *, same: bool = False) -> None:
        """Other rows are shown: the first is current, which is said once they are painted.

        The `same` rows with other looks keep the current record.
        """
        self.has_begun = True
        if same and self._record is not None:
            self.go_to_record(self._record)
            return
        self._record = None
        if not self._view.model.rowCount():
            self._soon.stop()
            self.record_pointed.emit(None)
            return
        self._painting = True
        model = self._view.model
        first = range(min(_FIRST_LOOKED, model.rowCount()))
        self._view.table.go_to(next((row for row in first if model.head_at(row) < 0), 0))
        self._painting = False
        self._soon.start()

    def go_to_record(self, record: int) -> None:
        """Makes the row of a record current, once it is in the list."""
        self._wanted = record
        self._find(record)

    # --- inside -----------------------------------------------------------------------------------

    def _row_changed(self, row: int) -> None:
        if self._painting:
            return
        self._soon.stop()
        self._say(self._view.model.id_of(row) if row >= 0 else None)

    def _rows_came(self) -> None:
        """The row that was gone to before it was loaded."""
        if self._record is None and not self._soon.isActive():
            self._say_current()

    def _say_current(self) -> None:
        row = self._view.table.current_row
        self._say(self._view.model.id_of(row) if row >= 0 else None)

    def _say(self, record: int | None) -> None:
        if record != self._record:
            self._record = record
            self.record_pointed.emit(self.pointed())

    def _counted(self, _total: int) -> None:
        if self._wanted is not None:
            self._find(self._wanted)

    def _find(self, record: int) -> None:
        def done(row: int | None) -> None:
            if row is not None and row < self._view.model.rowCount():
                self._wanted = None
                self._view.table.go_to(row)
                self._say(record)
            elif row is None and self._view.table.current_row < 0:
                self.begin()

        self._loader.ask("find", lambda job, source: source.position(job, record), done)

    def _refreshed(self) -> None:
        """The current row stays with its record, which may stand elsewhere now."""
        record = self._record
        if record is None:
            return

        def done(row: int | None) -> None:
            if record != self._record or row == self._view.table.current_row:
                return
            if row is None:
                self._say(None)  # gone; the row that comes in its place is said when it is there
            else:
                self._follow(row, record)

        self._loader.ask("follow", lambda job, source: source.position(job, record), done)

    def _follow(self, row: int, record: int) -> None:
        """The current record stands in another row now: it stays where the eye is."""
        table, bar = self._view.table, self._view.table.verticalScrollBar()
        before = table.rowViewportPosition(table.current_row)
        seen = 0 <= before < table.viewport().height()
        scrolled = bar.value()
        table.blockSignals(True)  # the rows there may still be the old ones
        table.go_to(row)
        table.blockSignals(False)
        if seen:
            bar.setValue(bar.value() + table.rowViewportPosition(row) - before)
        else:
            bar.setValue(scrolled)
        self._say(record)
