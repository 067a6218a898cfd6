"""Reference books in place: values with their uses, their order and tree, merged and retired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _, ngettext
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField
from crm_desktop.models.catalogue.traits import Book, Joining, Tagging, Tree
from crm_desktop.models.query import Condition, Query
from crm_desktop.services.bulk.service import BulkResult
from crm_desktop.services.selections.writes import write_all
from crm_desktop.services.trees import in_tree_order
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.records import Outcome
from crm_desktop.services.writing.staging import Delete, Update, Write

TAGS = "#"
"""Stands for the tags among the books: they are renamed, coloured and merged in the same way."""
MOST_VALUES = 20_000
Progress = Callable[[int, int], None]
Check = Callable[[], None]


def _nothing(*_numbers: int) -> None:
    """Nobody looks."""


@dataclass(frozen=True)
class BookRow:
    """One reference book, or the tags (`TAGS`)."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class BookValue:
    """One value with its depth in the tree and how many records hold it."""

    id: int
    name: str
    tone: str
    depth: int = 0
    parent: int | None = None
    retired: bool = False
    inverse: str = ""
    uses: int = 0
    version: int = 0


@dataclass(frozen=True)
class _Shape:
    """Where the values of a book are: object, what tells the book, what else they hold."""

    entity: EntityDef
    book: Book | None
    parent: str

    @property
    def where(self) -> str:
        return self.book.field if self.book else ""


def shape_of(workspace: Workspace, book: str) -> _Shape:
    """The shape of a book's values."""
    if book == TAGS:
        tagging, trait = workspace.catalogue.with_trait(Tagging)
        target = getattr(tagging.field(trait.tag), "target", "")
        return _Shape(workspace.catalogue[target], None, "")
    entity = workspace.catalogue.books()
    tree = entity.trait(Tree)
    return _Shape(entity, entity.trait(Book), tree.parent if tree else "")


def books(workspace: Workspace) -> list[BookRow]:
    """Every book with the number of its values, the tags last."""
    shape = shape_of(workspace, "")
    f = shape.entity.field(shape.where)
    assert isinstance(f, ChoiceField)
    column = workspace.tables.column(shape.entity, f)
    counted = sa.select(column, sa.func.count()).group_by(column)
    with workspace.backend.read() as connection:
        counts = {row[0]: row[1] for row in connection.execute(counted)}
    tags = shape_of(workspace, TAGS).entity
    rows = [BookRow(c.key, _(c.label), counts.get(c.key, 0)) for c in f.choices]
    return [*rows, BookRow(TAGS, _(tags.plural), workspace.lists.count(Query(tags.key)))]


def values(workspace: Workspace, book: str) -> list[BookValue]:
    """The values of a book in their order, children behind their parents, retired ones last."""
    shape = shape_of(workspace, book)
    entity, trait = shape.entity, shape.book
    where = Condition(trait.field, "eq", book) if trait else None
    ids = list(workspace.lists.open(Query(entity.key, ("id",), where)).ids(0, MOST_VALUES))
    rows = workspace.reader.many(
        entity.key, ids, [*(f.key for f in entity.fields if not f.kept), "version"]
    )
    used = uses(workspace, book)

    def order(id_: int) -> tuple[Any, ...]:
        place = rows[id_].get(trait.place) if trait and trait.place else None
        retired = bool(trait and rows[id_].get(trait.retired))
        return retired, place is None, place or 0, str(rows[id_][entity.title_field]).casefold()

    present = sorted((id_ for id_ in ids if id_ in rows), key=order)
    parents = {i: rows[i][shape.parent] for i in present if shape.parent and rows[i][shape.parent]}
    return [
        _value(shape, id_, rows[id_], depth, used.get(id_, 0))
        for id_, depth in in_tree_order(present, parents)
    ]


def _value(shape: _Shape, id_: int, row: Mapping[str, Any], depth: int, used: int) -> BookValue:
    trait = shape.book
    return BookValue(
        id_, str(row[shape.entity.title_field] or ""), str(row.get("tone") or "neutral"), depth,
        row.get(shape.parent) if shape.parent else None,
        bool(trait and row.get(trait.retired)),
        str(row.get(trait.inverse) or "") if trait and trait.inverse else "",
        used, int(row["version"]),
    )  # fmt: skip


def uses(workspace: Workspace, book: str) -> dict[int, int]:
    """How many records hold each value of a book."""
    found: dict[int, int] = defaultdict(int)
    for link in _links(workspace, book):
        column = workspace.tables.column(link.entity, link.field)
        counted = sa.select(column, sa.func.count()).where(column.is_not(None)).group_by(column)
        with workspace.backend.read() as connection:
            for value, count in connection.execute(counted):
                found[value] += count
    return dict(found)


def _links(workspace: Workspace, book: str) -> Iterator[Link]:
    """The links by which records hold values of the book."""
    shape = shape_of(workspace, book)
    for link in workspace.catalogue.links_to(shape.entity):
        f = link.field
        inside = link.entity.key == shape.entity.key and f.key == shape.parent
        if isinstance(f, LinkField) and not inside and (not shape.book or f.book == book):
            yield link


# --- changing ---------------------------------------------------------------------------------


def has_inverse(workspace: Workspace, book: str) -> bool:
    """Whether the values of a book are kinds of relations, which have two names."""
    return any(link.entity.trait(Joining) is not None for link in _links(workspace, book))


def add_value(workspace: Workspace, book: str, name: str, tone: str, inverse: str = "") -> Outcome:
    """A new value at the end of a book; `InvalidInput` if there is one of this name."""
    shape = shape_of(workspace, book)
    _refuse_known(workspace, shape, book, name, None)
    given: dict[str, Any] = {shape.entity.title_field: name, "tone": tone}
    trait = shape.book
    if trait is not None:
        given[trait.field] = book
        last = [v for v in values(workspace, book) if not v.retired]
        given[trait.place] = len(last) + 1
        given[trait.inverse] = inverse or None
    return workspace.records.create(shape.entity.key, given)


def change_value(
    workspace: Workspace, book: str, value: BookValue, given: tuple[str, str, str]
) -> int:
    """Another name, tone and other name; the operation. Records show the new name at once."""
    shape = shape_of(workspace, book)
    name, tone, inverse = given
    _refuse_known(workspace, shape, book, name, value.id)
    written: dict[str, Any] = {shape.entity.title_field: name, "tone": tone}
    if shape.book is not None and shape.book.inverse:
        written[shape.book.inverse] = inverse or None
    records = workspace.records
    return records.update(shape.entity.key, value.id, written, value.version).operation


def _refuse_known(
    workspace: Workspace, shape: _Shape, book: str, name: str, own: int | None
) -> None:
    known = workspace.titles.find(shape.entity.key, name, book if shape.book else None)
    if [id_ for id_ in known if id_ != own]:
        sentence = _("There is a value “{name}” already: merge the two, or choose another name")
        raise InvalidInput(sentence.format(name=name))


def arrange(workspace: Workspace, book: str, order: Sequence[tuple[int, int | None]]) -> int | None:
    """Puts the values of a book into this order, each below its parent (id, parent); the
    operation, None if they stood so."""
    shape = shape_of(workspace, book)
    if shape.book is None or not shape.book.place:
        raise InvalidInput(_("These stand in the order of the alphabet"))
    place, parent = shape.book.place, shape.parent
    rows = workspace.reader.many(shape.entity.key, [id_ for id_, _above in order], [place, parent])
    writes: list[Write] = []
    for number, (id_, above) in enumerate(order, start=1):
        wanted = {place: number, parent: above} if parent else {place: number}
        changed = {k: v for k, v in wanted.items() if id_ in rows and rows[id_][k] != v}
        if changed:
            writes.append(Update(shape.entity.key, id_, changed))
    if not writes:
        return None
    title = Title(N_("Order of “{name}” changed"), {"name": _label(workspace, book)})
    return workspace.records.apply(writes, title).operation


def _label(workspace: Workspace, book: str) -> str:
    return next((row.label for row in books(workspace) if row.key == book), book)


def retire(workspace: Workspace, book: str, ids: Sequence[int], *, on: bool) -> int:
    """No longer offers values, or offers them again; the operation. Records keep them."""
    shape = shape_of(workspace, book)
    if shape.book is None:
        raise InvalidInput(_("Tags are not retired: delete the tag or merge it into another"))
    writes = [Update(shape.entity.key, id_, {shape.book.retired: on}) for id_ in ids]
    return workspace.records.apply(writes).operation


def remove_values(workspace: Workspace, book: str, ids: Sequence[int]) -> int:
    """Deletes values that no record holds; the operation."""
    used = uses(workspace, book)
    count = sum(used.get(id_, 0) for id_ in ids)
    if count:
        sentence = ngettext(
            "It is used in {count} record: retire it or merge it into another value",
            "It is used in {count} records: retire it or merge it into another value", count,
        )  # fmt: skip
        raise InvalidInput(sentence.format(count=count))
    key = shape_of(workspace, book).entity.key
    return workspace.records.apply([Delete(key, id_) for id_ in ids]).operation


def merge_values(
    workspace: Workspace, book: str, ids: Sequence[int], into: int,
    progress: Progress = _nothing, check: Check = _nothing,
) -> BulkResult:  # fmt: skip
    """Moves every record from these values to one of the book, and retires them; tags go.

    They stay in the base, retired, so that the history of records still names them.
    """
    shape = shape_of(workspace, book)
    old = [id_ for id_ in dict.fromkeys(ids) if id_ != into]
    known = workspace.reader.many(shape.entity.key, [into, *old], [shape.entity.title_field])
    if into not in known or len(known) != len(old) + 1 or not old:
        raise InvalidInput(_("Choose two values or more that are still there"))
    writes = [
        write for link in _links(workspace, book) for write in _moves(workspace, link, old, into)
    ]
    writes += _ends(workspace, shape, old, into)
    title = Title(
        N_("{count} value merged into “{name}”"),
        {"count": len(old), "name": known[into][shape.entity.title_field]},
        N_("{count} values merged into “{name}”"),
    )
    return write_all(workspace, writes, title, progress, check)


def _moves(workspace: Workspace, link: Link, old: Sequence[int], into: int) -> Iterator[Write]:
    """The records that hold the old values get the new one; one that would have it twice goes."""
    trait = link.entity.trait(Tagging)
    seen: set[Any] = set()
    if trait is not None:
        rows = workspace.reader.linked(link.entity.key, trait.tag, [into])
        seen = {row.values[trait.record] for row in rows.values()}
    for id_, owner in _holding(workspace, link, old, trait.record if trait else ""):
        if trait is not None and owner in seen:
            yield Delete(link.entity.key, id_)
            continue
        seen.add(owner)
        yield Update(link.entity.key, id_, {link.field.key: into})


def _holding(
    workspace: Workspace, link: Link, old: Sequence[int], owner: str
) -> Iterator[tuple[int, Any]]:
    if owner:
        rows = workspace.reader.linked(link.entity.key, link.field.key, old)
        yield from ((id_, row.values[owner]) for id_, row in rows.items())
        return
    column = workspace.tables.column(link.entity, link.field)
    wanted = sa.select(column.table.c.id).where(column.in_(list(old)))
    with workspace.backend.read() as connection:
        found = connection.execute(wanted.order_by(column.table.c.id)).scalars().all()
    yield from ((id_, id_) for id_ in found)


def _ends(workspace: Workspace, shape: _Shape, old: Sequence[int], into: int) -> Iterator[Write]:
    if shape.parent:
        below = workspace.reader.linked(shape.entity.key, shape.parent, old)
        for id_ in below:
            if id_ != into and id_ not in old:
                yield Update(shape.entity.key, id_, {shape.parent: into})
    if shape.parent and workspace.reader.many(shape.entity.key, [into], [shape.parent])[into][
        shape.parent
    ] in set(old):
        yield Update(shape.entity.key, into, {shape.parent: None})
    for id_ in old:
        if shape.book is None:
            yield Delete(shape.entity.key, id_)
        else:
            yield Update(shape.entity.key, id_, {shape.book.retired: True})


# --- books of one's own -------------------------------------------------------------------------


def add_book(workspace: Workspace, label: str, owner: EntityDef) -> str:
    """A new reference book, and a field of `owner` that holds a value of it; the book's key."""
    name = " ".join(label.split())
    if not name:
        raise InvalidInput(_("A reference book needs a name"))
    if any(row.label.casefold() == name.casefold() for row in books(workspace)):
        raise InvalidInput(
            _("There is a reference book “{name}” already: choose another name").format(name=name)
        )
    known = {row.key for row in books(workspace)}
    number = next(n for n in range(1, 10_000) if f"book_{n}" not in known)
    key = f"book_{number}"
    workspace.constructor.add_field(owner, {
        "key": key, "type": "link", "label": name, "target": workspace.catalogue.books().key,
        "book": key, "indexed": True, "create": True, "listed": True,
    })  # fmt: skip
    return key
