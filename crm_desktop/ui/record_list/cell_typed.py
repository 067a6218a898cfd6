"""A cell of a list that is typed into: what stood there, what is said of it, what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.labels import Label

if TYPE_CHECKING:
    from crm_desktop.services.series.card import DateOfSeries


@dataclass(frozen=True)
class Cell:
    """The cell that is edited: what stood there when the editor opened, at which version."""

    record: int
    field: Field
    value: Any
    version: int | None
    date: DateOfSeries | None = None
    """Of a series the date that is meant: the next one."""


@dataclass(eq=False)
class Refused:
    """A value that was not saved, as it was typed (`raw`), for which dates of a series, and why."""

    cell: Cell
    value: Any
    raw: Any
    extent: str
    why: str = ""

    def in_words(self, sentence: str, entity: EntityDef) -> str:
        """The sentence with what was `typed` and `why` it was not saved."""
        from crm_desktop.ui.drafts.local import in_words

        typed = in_words(entity, {self.cell.field.key: self.raw})
        return sentence.format(typed=typed, why=self.why)


class CellNote(Label):
    """What is wrong, or how words are taken, on a ground of its own under the cell."""

    def __init__(self, sentence: str, ink: str) -> None:
        super().__init__(sentence, "small", ink, wrap=True)
        self.setAutoFillBackground(True)
        self.setMargin(px(6))


def ref_of(f: Field, value: Any) -> Ref | None:
    """The record that a value leads to."""
    if isinstance(f, LinkField):
        return Ref(f.target, value)
    return value if isinstance(value, Ref) else None
