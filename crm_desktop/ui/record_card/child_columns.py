"""How wide the columns of a table on a card are: as what stands in them, if there is room."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QStyleOptionViewItem

from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.theme import metrics, px
from crm_desktop.ui.widgets.table_view import TableView

_WIDEST = 340
_HEADING = 30  # the room beside the words of a heading
_LOOKED_AT = 60  # rows; further ones seldom hold longer words
_FIRM = {"number", "money", "date"}  # cut, they would say something else
_LEAST = 0.65  # of its own width, so far a column gives way before the table scrolls sideways


def fit_columns(table: TableView, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """Sizes the columns of a table for its first rows; spare room goes to the first column."""
    model, wide, firm = table.paged(), [], set()
    for place, column in enumerate(columns):
        words = metrics("small").horizontalAdvance(column.title) + px(_HEADING)
        cells = [_width(table, model, n, place) for n in range(min(len(rows), _LOOKED_AT))]
        wide.append(max([words, *cells]))
        if {row.cells[place].kind for row in rows} & _FIRM:
            firm.add(place)
    for place, width in enumerate(shared_out(wide, table.viewport().width(), firm)):
        table.setColumnWidth(place, width)


def shared_out(wide: Sequence[int], room: int, firm: Collection[int] = ()) -> list[int]:
    """The widths within `room`: all but the `firm` give way in proportion, none below its least."""
    found = list(wide)
    if sum(found) > room:
        found = wide = [min(px(_WIDEST), width) for width in wide]
    if not found or sum(found) <= room:
        spare = room - sum(found)
        return [found[0] + min(max(0, spare), px(80)), *found[1:]] if found else []
    soft = [min(width, max(px(80), int(width * _LEAST))) for width in wide]
    least = [wide[n] if n in firm else soft[n] for n in range(len(wide))]
    over = sum(found) - room
    give = sum(found) - sum(least)
    if give > 0:
        share = min(1.0, over / give)
        found = [w - int((w - low) * share + 0.999) for w, low in zip(found, least, strict=True)]
    return found


def _width(table: TableView, model: PagedTableModel, row: int, place: int) -> int:
    """What a cell needs to be read whole."""
    cell: Cell | None = model.cell(row, place)
    if cell is None or not cell.text:
        return 0
    index: QModelIndex = model.index(row, place)
    return table.itemDelegate().sizeHint(QStyleOptionViewItem(), index).width() + px(4)
