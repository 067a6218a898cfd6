"""A table of any length of which only the looked-at part is in memory.

The whole number of rows is known at once, so that the scroll bar is true. Rows are held in blocks
of 40, about a screen, the least used dropped first. What is missing where the person looks is asked
for by the signal `block_wanted`, one request at a time; whoever owns the model answers with
`set_block`. A request for rows that have been scrolled away is given up for the newest one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from crm_desktop.ui.itemmodels.cells import CELL_ROLE, ID_ROLE, Cell, Column, Row
from crm_desktop.ui.itemmodels.ticks import Ticks

BLOCK = 40  # in a huge base each row is a look somewhere else: what is not seen is read later
_KEEP = 200
_AHEAD = 3 * BLOCK
_COALESCE_MS = 8
_LATE_MS = 150
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class _Block:
    """Some rows; stale ones are still shown until the new ones arrive."""

    __slots__ = ("rows", "stale")

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.stale = False


class PagedTableModel(QAbstractTableModel):
    """Rows by block. Never touches a database and never blocks."""

    block_wanted = Signal(int, int)
    """(start, count): please answer with `set_block(start, rows)`; older wishes are void."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ticks = Ticks(self)
        self.ticks.changed.connect(self._repaint)
        self.late = False
        """Rows have been missing long enough for skeletons to be shown."""
        self._columns: tuple[Column, ...] = ()
        self._count = 0
        self._blocks: OrderedDict[int, _Block] = OrderedDict()
        self._visible = (0, 40)
        self._asked: tuple[int, int] | None = None
        self._soon = _timer(self, _COALESCE_MS, self._ask)
        self._late_soon = _timer(self, _LATE_MS, self._say_late)

    # --- filling ----------------------------------------------------------------------------------

    def open(
        self, columns: Sequence[Column], count: int, first: Sequence[Row] = (), start: int = 0
    ) -> None:
        """Shows another query: `count` rows, of which `first` from `start` are there already."""
        self.beginResetModel()
        self._columns = tuple(columns)
        self._count = count
        self._forget()
        self._store(start, first)
        self.endResetModel()

    def refresh(self, count: int) -> None:
        """The base has changed: keeps what is shown until the new rows arrive, asks for them."""
        for block in self._blocks.values():
            block.stale = True
        self._asked = None
        self._resize(count)
        self._ask()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Other columns of the same query: all rows are asked for anew."""
        self.beginResetModel()
        self._columns = tuple(columns)
        self._forget()
        self.endResetModel()
        self._soon.start()

    def set_count(self, count: int) -> None:
        """The number of rows became known or has changed; rows that are loaded stay."""
        self._resize(count)

    def set_block(self, start: int, rows: Sequence[Row]) -> None:
        """Takes rows from `start` on; `start` is the one that was asked for."""
        self._store(start, rows)
        if self._asked and self._asked[0] == start:
            self._asked = None
        self.late = False
        self._late_soon.stop()
        if rows:
            last = min(self._count, start + len(rows)) - 1
            self._changed(start, last)
        self._soon.start()

    def block_failed(self, start: int) -> None:
        """The wish was not granted: it is made again when the person scrolls or refreshes."""
        if self._asked and self._asked[0] == start:
            self._asked = None

    def set_row(self, row: Row) -> bool:
        """Replaces a record where it stands; False if it is not loaded."""
        place = self.row_of(row.id)
        if place is None:
            return False
        block = self._blocks[place // BLOCK]
        rows = list(block.rows)
        rows[place % BLOCK] = row
        block.rows = rows
        self._changed(place, place)
        return True

    # --- looking ----------------------------------------------------------------------------------

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns shown."""
        return self._columns

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell, or None while its row is not loaded. What delegates call."""
        found = self._row(row)
        return found.cells[column] if found is not None and column < len(found.cells) else None

    def id_of(self, row: int) -> int | None:
        """The record in that row; None while it is not loaded, and for the head of a group."""
        found = self._row(row)
        return found.id if found is not None and found.id >= 0 else None

    def head_at(self, row: int) -> int:
        """The number of the group whose head the row is, from 0; -1 for a record."""
        found = self._row(row)
        return -found.id - 1 if found is not None and found.id < 0 else -1

    def places(self) -> dict[int, int]:
        """Where each of the loaded records stands."""
        return {
            row.id: number * BLOCK + place
            for number, block in self._blocks.items() for place, row in enumerate(block.rows)
        }  # fmt: skip

    def row_of(self, record: int) -> int | None:
        """Where a loaded record stands; None if it is not among the loaded rows."""
        for number, block in reversed(self._blocks.items()):
            for place, row in enumerate(block.rows):
                if row.id == record:
                    return number * BLOCK + place
        return None

    def ids_between(self, first: int, last: int) -> list[int] | None:
        """The ids of a range of rows, ends included; None if some are not loaded."""
        ids = [self.id_of(row) for row in range(first, last + 1)]
        return None if None in ids else [i for i in ids if i is not None]

    def is_ticked(self, row: int) -> bool:
        """Whether the record in that row is ticked."""
        return self.ticks.holds(self.id_of(row))

    def set_visible(self, first: int, last: int) -> None:
        """Where the person looks now, both ends included; the view says it at every scroll."""
        self._visible = (first, last)
        if self._missing() is not None:
            if self._asked is None and self._columns:
                self._ask()
            elif not self._soon.isActive():
                self._soon.start()
        elif self._asked is None:
            self.late = False

    def loaded_blocks(self) -> int:
        """How many blocks are in memory."""
        return len(self._blocks)

    # --- inside -----------------------------------------------------------------------------------

    def _row(self, row: int) -> Row | None:
        block = self._blocks.get(row // BLOCK)
        place = row % BLOCK
        return block.rows[place] if block is not None and place < len(block.rows) else None

    def _store(self, start: int, rows: Sequence[Row]) -> None:
        for offset in range(0, len(rows), BLOCK):
            number = (start + offset) // BLOCK
            self._blocks[number] = _Block(rows[offset : offset + BLOCK])
            self._blocks.move_to_end(number)
        while len(self._blocks) > _KEEP:
            self._blocks.popitem(last=False)

    def _forget(self) -> None:
        self._blocks.clear()
        self._asked = None
        self.late = False

    def _resize(self, count: int) -> None:
        old = self._count
        if count > old:
            self.beginInsertRows(_NOWHERE, old, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < old:
            self.beginRemoveRows(_NOWHERE, count, old - 1)
            self._count = count
            for number in [n for n in self._blocks if n * BLOCK >= count]:
                del self._blocks[number]
            self.endRemoveRows()

    def _missing(self) -> tuple[int, int] | None:
        """The first and last block that are looked at and not there."""
        if self._count == 0:
            return None
        first = max(0, self._visible[0]) // BLOCK
        last = min(self._count - 1, max(self._visible)) // BLOCK
        lacking = [n for n in range(first, last + 1) if self._lacks(n)]
        return (lacking[0], lacking[-1]) if lacking else None

    def _lacks(self, number: int) -> bool:
        block = self._blocks.get(number)
        if block is None or block.stale:
            return True
        self._blocks.move_to_end(number)
        return len(block.rows) < min(BLOCK, self._count - number * BLOCK)

    def _ask(self) -> None:
        missing = self._missing() or self._neighbour()
        if missing is None:
            return
        start, count = missing[0] * BLOCK, (missing[1] - missing[0] + 1) * BLOCK
        if self._asked == (start, count):
            return
        self._asked = (start, count)
        if not self._late_soon.isActive():
            self._late_soon.start()
        self.block_wanted.emit(start, count)

    def _neighbour(self) -> tuple[int, int] | None:
        """Blocks ahead of where the person looks, then behind, when nothing else is under way."""
        if self._asked is not None or self._count == 0:
            return None
        first, last = self._visible
        far = min(last + _AHEAD, self._count - 1) // BLOCK
        ahead = [n for n in range(last // BLOCK, far + 1) if self._lacks(n)]
        if ahead:
            return ahead[0], ahead[-1]
        behind = max(0, first - BLOCK) // BLOCK
        return (behind, behind) if self._lacks(behind) else None

    def _say_late(self) -> None:
        if self._asked is not None and self._missing() is not None:
            self.late = True
            self._repaint()

    def _repaint(self) -> None:
        first, last = self._visible
        self._changed(max(0, first), min(last, self._count - 1))

    def _changed(self, first: int, last: int) -> None:
        if self._columns and 0 <= first <= last < self._count:
            corner = self.index(last, len(self._columns) - 1)
            self.dataChanged.emit(self.index(first, 0), corner)

    # --- what Qt asks -----------------------------------------------------------------------------

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == CELL_ROLE:
            return self.cell(index.row(), index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            cell = self.cell(index.row(), index.column())
            return cell.text if cell is not None else "…"
        if role == ID_ROLE:
            return self.id_of(index.row())
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        across = orientation == Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.DisplayRole and across and section < len(self._columns):
            return self._columns[section].title
        return None


def _timer(owner: PagedTableModel, wait_ms: int, due: object) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(wait_ms)
    timer.timeout.connect(due)
    return timer
