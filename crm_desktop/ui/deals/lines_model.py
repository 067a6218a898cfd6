"""The lines of a deal as a table: what is typed, what is reckoned, and an empty row at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from crm_desktop import i18n
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef, ParseContext
from crm_desktop.models.catalogue.fieldtypes import DecimalField
from crm_desktop.models.text.numbers import format_number
from crm_desktop.services.line_entry import TYPED
from crm_desktop.services.money.pricing import Sums, priced, sums

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_NONE: Mapping[int, int] = {}
COLUMNS = (*TYPED, "total", "vat")
SHORT = {"quantity": N_("Qty"), "discount": N_("Disc., %")}
"""Words for narrow columns, where the label of the field is longer."""
NUMBERS = frozenset(COLUMNS) - {"name", "measure"}


@dataclass
class LineRow:
    """One line as the grid holds it. `id` 0: it is not in the base yet."""

    id: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    making: bool = False
    """Whether it is being made at the moment."""
    unsure: int | None = None
    """The operation that made it, if nobody knows whether the server has kept that."""
    version: int = 0
    """Of the line as it was seen; `stood` are its values."""
    stood: dict[str, Any] = field(default_factory=dict)


class LinesModel(QAbstractTableModel):
    """The lines and, at the end, the row in which another one is begun."""

    typed = Signal(object, str)
    """(`LineRow`, key): a value was typed and stands in the row."""
    refused = Signal(str)
    """Why what was typed is no value; nothing has changed."""

    def __init__(self, entity: EntityDef, context: ParseContext) -> None:
        super().__init__()
        self.entity, self._context = entity, context
        self.rows: list[LineRow] = [LineRow()]
        self.closed = False
        """Whether no cell may be typed into now."""

    # --- what stands in it ------------------------------------------------------------------------

    def show(
        self, lines: Sequence[tuple[int, dict[str, Any]]], versions: Mapping[int, int] = _NONE
    ) -> None:
        """Takes over what the base says; a row that is only begun stays at the end."""
        begun = self.rows[-1] if not self.rows[-1].id else LineRow()
        made = [
            LineRow(id_, dict(values), version=versions.get(id_, 0), stood=dict(values))
            for id_, values in lines
        ]
        if [row.id for row in made] == [row.id for row in self.rows[:-1]]:
            for row, new in zip(self.rows, made, strict=False):
                row.values, row.stood, row.version = new.values, new.stood, new.version
            self.dataChanged.emit(self.index(0, 0), self.index(len(made), len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self.rows = [*made, LineRow() if begun.making else begun]
        self.endResetModel()

    def ids(self) -> list[int]:
        """The lines that are in the base, in the order of the rows."""
        return [row.id for row in self.rows if row.id]

    def sums(self) -> Sums:
        """What the lines come to."""
        return sums([row.values for row in self.rows])

    def extend(self) -> None:
        """Another empty row at the end, once the last one has become a line."""
        place = len(self.rows)
        self.beginInsertRows(_NO_INDEX, place, place)
        self.rows.append(LineRow())
        self.endInsertRows()

    def put(self, place: int, key: str, text: str) -> bool:
        """Takes typed text as the value of a cell; False if it is none or nothing changes."""
        row, f = self.rows[place], self.entity.field(key)
        try:
            value = f.parse(text.strip().removesuffix("%"), self._context)
            if value == row.values.get(key) or (value in (None, "") and not row.values.get(key)):
                return False
            values = {**row.values, key: value}
            priced(self.entity, values)
        except InvalidInput as wrong:
            self.refused.emit(wrong.message)
            return False
        row.values = values
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(COLUMNS) - 1))
        self.typed.emit(row, key)
        return True

    # --- what Qt asks -----------------------------------------------------------------------------

    def text(self, place: int, key: str) -> str:
        """What a cell shows."""
        row = self.rows[place]
        value = row.values.get(key)
        if value is None or value == "":
            return ""
        if not isinstance(value, Decimal):
            return str(value)
        said = _plain(value, 2 if key in ("price", "total", "vat") else None)
        on_top = key == "vat_rate" and not row.values.get("vat_included")
        return f"+{said}" if on_top and row.id else said

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(index.row(), COLUMNS[index.column()])
        if role == Qt.ItemDataRole.EditRole:
            value = self.rows[index.row()].values.get(COLUMNS[index.column()])
            return _plain(value) if isinstance(value, Decimal) else str(value or "")
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1) if section < len(self.rows) - 1 else ""
        key = COLUMNS[section]
        return _(SHORT[key]) if key in SHORT else _(self.entity.field(key).label)

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        return self.put(index.row(), COLUMNS[index.column()], str(value))

    def flags(self, index: _Index) -> Qt.ItemFlag:
        own = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        typed = index.column() < len(TYPED) and not self.closed
        return own | Qt.ItemFlag.ItemIsEditable if typed else own


def _plain(value: Decimal, places: int | None = None) -> str:
    """A number as it is read and typed; without `places` no noughts at its end."""
    if places is None:
        places = max(0, -int(value.normalize().as_tuple().exponent))
    return format_number(value, places, i18n.language())


def is_number(entity: EntityDef, key: str) -> bool:
    """Whether the column stands at the right."""
    return isinstance(entity.field(key), DecimalField)
