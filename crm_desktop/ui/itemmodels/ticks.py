"""Which records are ticked: by id, so that it outlives a refresh, or all but a few."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal


class Ticks(QObject):
    """Ticked ids, or every row of the query but some: a million ticks cost nothing."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all = False
        self._ids: set[int] = set()

    @property
    def everything(self) -> bool:
        """Whether all rows are ticked but those in `exceptions`."""
        return self._all

    @property
    def ids(self) -> frozenset[int]:
        """The ticked ids; empty while `everything` is true."""
        return frozenset() if self._all else frozenset(self._ids)

    @property
    def exceptions(self) -> frozenset[int]:
        """The ids that are not ticked while `everything` is true."""
        return frozenset(self._ids) if self._all else frozenset()

    def holds(self, record: int | None) -> bool:
        """Whether the record is ticked; a row not loaded yet is ticked when everything is."""
        return self._all != (record in self._ids)

    def count(self, total: int) -> int:
        """How many of `total` rows are ticked."""
        return max(0, total - len(self._ids)) if self._all else len(self._ids)

    def toggle(self, record: int) -> None:
        """Ticks or unticks one record."""
        self._ids.symmetric_difference_update((record,))
        self.changed.emit()

    def add(self, records: Iterable[int]) -> None:
        """Ticks these too."""
        if self._all:
            self._ids.difference_update(records)
        else:
            self._ids.update(records)
        self.changed.emit()

    def drop(self, records: Iterable[int]) -> None:
        """Unticks these: they were deleted, or have left the list."""
        if self._all:
            self._ids.update(records)
        else:
            self._ids.difference_update(records)
        self.changed.emit()

    def tick_all(self) -> None:
        """Ticks every row of the query, loaded or not."""
        self._all = True
        self._ids.clear()
        self.changed.emit()

    def clear(self) -> None:
        """Unticks everything."""
        if self._all or self._ids:
            self._all = False
            self._ids.clear()
            self.changed.emit()
