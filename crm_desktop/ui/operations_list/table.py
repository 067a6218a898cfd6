"""The table of operations: rows by block from a list of ids, a picture before each title."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.text.numbers import format_number
from crm_desktop.services.clock import Clock
from crm_desktop.services.operations import Operation
from crm_desktop.ui.delegates.table import TableDelegate
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.operations_list.wording import icon_of, said_moment, state_of
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.table_view import TableView

_PERSON, _MOMENT, _COUNT, _STATE = 150, 150, 92, 128
_LEAST = 200


def columns() -> tuple[Column, ...]:
    """What is seen of an operation, in the language of the moment."""
    return (
        Column("title", _("Operation"), 320, sortable=False),
        Column("who", _("Who"), _PERSON, sortable=False),
        Column("moment", _("When"), _MOMENT, sortable=False),
        Column("total", _("Changes"), _COUNT, right=True, sortable=False),
        Column("state", _("State"), _STATE, sortable=False),
    )


def rows_of(operations: Sequence[Operation], people: dict[int, str]) -> list[Row]:
    """The cells of operations. The picture of the kind rides along as the tag of the title."""
    now = Clock().local()
    return [
        _row(o, people.get(o.author or 0, ""), said_moment(o.started_at, now)) for o in operations
    ]


def _row(operation: Operation, person: str, moment: str) -> Row:
    word, tone = state_of(operation)
    cells = (
        Cell(operation.title.text(), "title", tag=icon_of(operation)),
        Cell(person or "—", "muted"),
        Cell(moment, "date"),
        Cell(format_number(operation.total, 0, i18n.language()), "number"),
        Cell(word, "pill", tone),
    )
    return Row(operation.id, cells)


class OperationDelegate(TableDelegate):
    """Paints the picture of the kind where other tables have an avatar."""

    def _title(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        top = rect.top() + (rect.height() - px(20)) // 2
        painter.drawPixmap(rect.left() + px(12), top, pixmap(cell.tag, "text2", 20))
        self._text(
            painter, rect.adjusted(px(32), 0, 0, 0), cell.text, ink="text", right=False
        )  # fmt: skip


class OperationTable(TableView):
    """One line an operation; the title takes the room that the others leave."""

    def __init__(self) -> None:
        super().__init__(name=_("Operations"))
        self.setItemDelegate(OperationDelegate(self, self))
        self.set_tickable(False)
        self.head.setSectionsMovable(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def fit(self) -> None:
        """Gives the columns their widths."""
        self.size_columns()
        self.head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        room = self.viewport().width() - px(_PERSON + _MOMENT + _COUNT + _STATE)
        self.setColumnHidden(1, room < px(_LEAST))
        if self.isColumnHidden(1):
            room += px(_PERSON)
        self.setColumnWidth(0, max(px(_LEAST), room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.model() is not None:
            self.fit()
