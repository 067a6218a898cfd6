"""Which fields a list may show, filter and sort by: its own, those of the program, and those of
records it links to, one step away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import LinkField, TextField
from crm_desktop.models.catalogue.traits import Book
from crm_desktop.ui.itemmodels.cells import Column

if TYPE_CHECKING:
    from crm_desktop.services.lists.children import ChildPath

_SYSTEM = ("created_at", "created_by", "updated_at", "updated_by", "id")
_WIDTHS = {
    "number": 110, "money": 130, "date": 120, "pill": 130, "check": 90, "link": 150,
}  # fmt: skip
_WIDTHS_BY_TYPE = {
    "phone": 150, "email": 200, "contact": 180, "long_text": 260, "address": 240, "url": 180,
    "datetime": 132, "duration": 110,
}  # fmt: skip
_TITLE_WIDTH = 240
_WORD_WIDTH = 124  # a value of a reference book
_ACCOUNT, _ACCOUNT_WIDTH = 20, 200  # a number of twenty digits is read whole or not at all
_RIGHT = ("number", "money")
HIDDEN_SECTION = "-"


@dataclass(frozen=True)
class FieldChoice:
    """A field that can be chosen: its path, the field it leads to, the link it leads over; or a
    column over `child`ren. `group`: the heading of the records that point here."""

    path: str
    field: Field
    over: Field | None = None
    child: ChildPath | None = None
    group: str = ""

    @property
    def sortable(self) -> bool:
        """Whether a list can be sorted by it."""
        return self.field.sortable if self.child is None else self.child.sortable

    @property
    def label(self) -> str:
        """Its name as a heading: of the linked record's field with the link before it."""
        own = _(self.field.label)
        if self.group:
            return _("{link}: {field}").format(link=_(self.group), field=own)
        if self.over is None:
            return own
        return _("{link}: {field}").format(link=_(self.over.label), field=own)

    @property
    def short(self) -> str:
        """Its name under the heading of its link or of the children."""
        return _(self.field.label) if self.child is None else self.child.short


def own_choices(catalogue: Catalogue, entity: EntityDef) -> list[FieldChoice]:
    """The fields of the object in their order, then those that the program keeps."""
    from crm_desktop.services.paths import system_field

    own = [FieldChoice(f.key, f) for f in entity.fields if f.section != HIDDEN_SECTION]
    system = [(key, system_field(catalogue, key)) for key in _SYSTEM]
    return own + [FieldChoice(key, f) for key, f in system if f is not None]


def linked_choices(catalogue: Catalogue, entity: EntityDef) -> Iterator[list[FieldChoice]]:
    """For each link to an object that is more than a word: the fields of the linked record."""
    for link in entity.fields:
        if not isinstance(link, LinkField) or not catalogue.has(link.target):
            continue
        target = catalogue[link.target]
        if target.trait(Book) is None:
            yield [
                FieldChoice(f"{link.key}.{f.key}", f, link)
                for f in target.fields
                if f.section != HIDDEN_SECTION
            ]


def child_choices(
    catalogue: Catalogue, entity: EntityDef
) -> Iterator[tuple[str, list[FieldChoice]]]:
    """For each kind of record that points here: its heading and what can be calculated of it."""
    from crm_desktop.services.lists.children import offered_columns

    links = catalogue.links_to(entity)
    labels = [link.label for link in links]
    for link in links:
        heading = _(link.label)
        if labels.count(link.label) > 1:
            heading = _("{link}: {field}").format(link=heading, field=_(link.field.label))
        found = (choice_of(catalogue, entity, c) for c in offered_columns(catalogue, entity, link))
        yield heading, [choice for choice in found if choice is not None]


def choice_of(catalogue: Catalogue, entity: EntityDef, path: str) -> FieldChoice | None:
    """The choice behind a path; None if the path leads nowhere any more."""
    from crm_desktop.errors import UserError
    from crm_desktop.services.lists.children import ChildPath, column_path

    try:
        found = column_path(catalogue, entity, path)
    except UserError:
        from crm_desktop.ui.record_list.wider_fields import wider_choice

        return wider_choice(catalogue, entity, path)
    if isinstance(found, ChildPath):
        return FieldChoice(path, found.field, child=found)
    over = found.links[-1][1] if found.links else None
    return FieldChoice(path, found.field, over)


def column_of(choice: FieldChoice, *, is_title: bool, width: int = 0) -> Column:
    """The column of a field, with its usual width unless one is given."""
    f = choice.field
    usual = _TITLE_WIDTH if is_title else _usual_width(f)
    return Column(
        choice.path, choice.label, width or usual, right=f.kind in _RIGHT, sortable=choice.sortable
    )


def _usual_width(f: Field) -> int:
    if isinstance(f, LinkField) and f.book:
        return _WORD_WIDTH
    if isinstance(f, TextField) and f.is_number and f.length >= _ACCOUNT:
        return _ACCOUNT_WIDTH
    return _WIDTHS_BY_TYPE.get(f.type_name, _WIDTHS.get(f.kind, 160))
