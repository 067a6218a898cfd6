"""Titles: what a link to a record shows, read in batches and remembered.

A title is the value of the object's title field; its tone is the value of the choice field whose
values are tones (the colour of a status), if the object has one.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import TONES, EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.models.catalogue.planner_traits import PlannerRows
from crm_desktop.models.catalogue.traits import Book
from crm_desktop.models.schema import KEY, Tables
from crm_desktop.models.text.layouts import other_layout
from crm_desktop.models.text.normalise import norm, sort_key
from crm_desktop.services.paths import Scope
from crm_desktop.services.private.service import Privacy
from crm_desktop.services.reader import parts_of

MOST_KEPT = 50_000
MOST_FOUND = 200


class Title(NamedTuple):
    """The text of a link and its colour (one of `TONES`)."""

    text: str
    tone: str = "neutral"


class Linked(NamedTuple):
    """A link as a list or a card shows it: whose record, and its title."""

    ref: Ref
    text: str
    tone: str = "neutral"


def tone_field(entity: EntityDef) -> Field | None:
    """The choice field that colours the records of an object."""
    for f in entity.fields:
        if isinstance(f, ChoiceField) and f.choices and all(c.key in TONES for c in f.choices):
            return f
    return None


class _Naming:
    """How the records of one object are named."""

    def __init__(self, backend: Backend, tables: Tables, entity: EntityDef) -> None:
        self.entity = entity
        self.scope = scope = Scope(tables, entity)
        self.title = entity.title
        self.key = scope.key(self.title)
        tone = tone_field(entity)
        colour: sa.ColumnElement[Any] = sa.null() if tone is None else scope.column(tone)
        book = entity.trait(Book)
        self.book = None if book is None else scope.column(entity.field(book.field))
        self.place = scope.column(entity.field(book.place)) if book and book.place else None
        rows = entity.trait(PlannerRows)
        retired = rows.hidden if rows else book.retired if book else ""
        self.retired = scope.column(entity.field(retired)) if retired else None
        self.select = sa.select(scope.id, scope.column(self.title), colour.label("tone"))
        self.select = self.select.select_from(scope.source())
        self.several = self.select.where(backend.among(scope.id, alone=not scope.side_used))

    def name(self, id_: int, value: Any, tone: str | None) -> Title:
        """The title of a row."""
        text = self.title.format(value, "en") if value is not None else ""
        if not text:
            text = _("{object} {number}").format(object=_(self.entity.label), number=id_)
        return Title(text, tone or "neutral")

    def of_book(self, select: sa.Select[Any], book: str | None) -> sa.Select[Any]:
        """Only the values of one reference book, where the object holds such."""
        if self.book is None or not book:
            return select
        return select.where(self.book == book)

    def offered(self, select: sa.Select[Any], retired: bool) -> sa.Select[Any]:
        """Without the records that are no longer to be chosen, unless these are wanted too."""
        if self.retired is None or retired:
            return select
        here = self.retired == sa.literal(False, self.retired.type)
        return select.where(sa.or_(self.retired.is_(None), here))


class Titles:
    """The titles of one open base; safe to use from several threads."""

    def __init__(self, backend: Backend, tables: Tables, *, most: int = MOST_KEPT) -> None:
        self._backend = backend
        self._tables = tables
        self._most = most
        self.privacy: Privacy | None = None
        """Whose records are not called by their names."""
        self._kept: OrderedDict[Ref, Title] = OrderedDict()
        self._lock = threading.Lock()
        self._namings: dict[str, _Naming] = {}
        self._age = 0
        self._ages: dict[str, int] = defaultdict(int)

    def age(self, entity: str) -> int:
        """Another number whenever records of the object have changed."""
        return self._ages[entity]

    def of(
        self, refs: Iterable[Ref], *, connection: sa.Connection | None = None
    ) -> dict[Ref, Title]:
        """The titles of the records; those that are not there are left out."""
        found: dict[Ref, Title] = {}
        missing: dict[str, list[int]] = defaultdict(list)
        with self._lock:
            age = self._age
            for ref in dict.fromkeys(refs):
                title = self._kept.get(ref)
                if title is None:
                    missing[ref.entity].append(ref.id)
                else:
                    self._kept.move_to_end(ref)
                    found[ref] = title
        if missing:
            read = self._read(missing, connection)
            self._keep(read, age)
            found.update(read)
        return found if self.privacy is None else self._discreet(found)

    def _discreet(self, found: dict[Ref, Title]) -> dict[Ref, Title]:
        """Without the names of what is others' private business."""
        assert self.privacy is not None
        for key in {ref.entity for ref in found}:
            if self.privacy.concerns(key):
                ids = [ref.id for ref in found if ref.entity == key]
                for id_ in self.privacy.unnamed(key, ids):
                    found[Ref(key, id_)] = Title("…")
        return found

    def forget(self, entity: str, ids: Iterable[int]) -> None:
        """Call it when records have changed: their titles are read again."""
        with self._lock:
            self._age += 1
            self._ages[entity] += 1
            changed = ids if isinstance(ids, frozenset) else frozenset(ids)
            if len(changed) < len(self._kept):
                for id_ in changed:
                    self._kept.pop(Ref(entity, id_), None)
            else:
                for ref in [ref for ref in self._kept if ref[0] == entity and ref[1] in changed]:
                    del self._kept[ref]

    def forget_all(self) -> None:
        """Call it when the language or many records have changed."""
        with self._lock:
            self._age += 1
            self._kept.clear()

    def find(self, entity: str, text: str, book: str | None = None) -> list[int]:
        """The records whose title is `text` in its normal form, the oldest first.

        `book` narrows to the values of one reference book.
        """
        naming = self._naming(entity)
        wanted = self._wanted(naming, text)
        if wanted is None:
            return []
        select = naming.of_book(naming.select.where(naming.key == wanted), book)
        with self._backend.read() as connection:
            rows = connection.execute(select.order_by(naming.scope.id).limit(MOST_FOUND)).all()
        whole = norm(text)
        cut = naming.title.keyed and len(whole) > KEY
        return [row[0] for row in rows if not cut or norm(row[1]) == whole]

    def suggest(
        self, entity: str, text: str, book: str | None = None, limit: int = 20, *,
        retired: bool = False,
    ) -> list[tuple[Ref, Title]]:  # fmt: skip
        """Records whose title begins with `text`, in the order of the alphabet; the values of a
        reference book in their own. What is retired and who has left only if `retired`. Where
        nothing begins so, the same keys of the other layout are tried."""
        found = self._beginning(entity, text, book, limit, retired)
        other = other_layout(text) if text and not found else None
        found = self._beginning(entity, other, book, limit, retired) if other else found
        if self.privacy is None:
            return found
        others = self.privacy.outside(entity, [ref.id for ref, _title in found])
        return [one for one in found if one[0].id not in others]

    def _beginning(
        self, entity: str, text: str, book: str | None, limit: int, retired: bool
    ) -> list[tuple[Ref, Title]]:
        naming = self._naming(entity)
        select = naming.offered(naming.of_book(naming.select, book), retired)
        begins = sort_key(text)
        if begins and naming.title.keyed:
            select = select.where(self._backend.prefix(naming.key, begins))
        if book and naming.place is not None:
            last = sa.case((naming.place.is_(None), 1), else_=0)
            select = select.order_by(last, naming.place)
        select = select.order_by(naming.key, naming.scope.id)
        with self._backend.read() as connection:
            rows = connection.execute(self._backend.limit(select, limit)).all()
        return [(Ref(entity, row[0]), naming.name(*row)) for row in rows]

    # --- how --------------------------------------------------------------------------------------

    def _wanted(self, naming: _Naming, text: str) -> Any:
        if naming.title.keyed:
            return sort_key(text) or None
        try:
            return naming.title.unplain(text.strip()) if text.strip() else None
        except (InvalidInput, ValueError, ArithmeticError):
            return None

    def _naming(self, entity: str) -> _Naming:
        naming = self._namings.get(entity)
        if naming is None:
            naming = _Naming(self._backend, self._tables, self._tables.catalogue[entity])
            self._namings[entity] = naming
        return naming

    def _read(
        self, missing: Mapping[str, Sequence[int]], connection: sa.Connection | None
    ) -> dict[Ref, Title]:
        reading: AbstractContextManager[sa.Connection]
        reading = self._backend.read() if connection is None else nullcontext(connection)
        found: dict[Ref, Title] = {}
        with reading as opened:
            for entity, ids in missing.items():
                naming = self._naming(entity)
                for part in parts_of(ids):
                    for row in opened.execute(naming.several, {"ids": part}):
                        found[Ref(entity, row[0])] = naming.name(*row)
        return found

    def _keep(self, read: Mapping[Ref, Title], age: int) -> None:
        """Not what was read before somebody called `forget`: it may be the old title."""
        with self._lock:
            if self._age != age:
                return
            self._kept.update(read)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
