"""The table of operations: rows by block from a list of ids, a picture before each title."""

from __future__ import annotations

from collections.abc import Sequence

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.text.numbers import format_number
from crm_desktop.services.clock import Clock
from crm_desktop.services.operations import BY_ITSELF, Operation
from crm_desktop.ui.delegates.pictured import PicturedDelegate
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.operations_list.wording import icon_of, said_moment, state_of
from crm_desktop.ui.widgets.filling_table import FillingTable

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
    if not person and operation.kind == BY_ITSELF:
        person = _("Program")
    cells = (
        Cell(operation.title.text(), "title", tag=icon_of(operation)),
        Cell(person or "—", "muted"),
        Cell(moment, "date"),
        Cell(format_number(operation.total, 0, i18n.language()), "number"),
        Cell(word, "pill", tone),
    )
    return Row(operation.id, cells)


class OperationTable(FillingTable):
    """One line an operation; the title takes the room that the others leave."""

    def __init__(self) -> None:
        super().__init__(name=_("Operations"), least=_LEAST, going=(1,))
        self.setItemDelegate(PicturedDelegate(self, self))
        self.begin_under_title()
