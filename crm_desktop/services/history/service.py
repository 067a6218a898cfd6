"""History of a record: who changed what and when, from the change log."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_desktop.i18n import _
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.traits import Reminds
from crm_desktop.models.schema import Tables, column_names
from crm_desktop.models.text.lead_times import before
from crm_desktop.services.merging.lineage import Lineage
from crm_desktop.services.money.past_currencies import PastCurrencies
from crm_desktop.services.private.past import PrivatePast
from crm_desktop.services.reader import parts_of
from crm_desktop.services.titles import Titles
from crm_desktop.services.writing.changes import CREATED, DELETED, UPDATED


@dataclass(frozen=True)
class FieldChange:
    """One field's former and later value, as people read them."""

    field: Field
    old: str
    new: str


@dataclass(frozen=True)
class HistoryEntry:
    """One change of a record; `kind` is `c` created, `u` changed, `d` deleted. `again`: what was
    created had been there before, and was deleted."""

    seq: int
    operation: int
    moment: datetime
    author: int | None
    author_name: str
    kind: str
    fields: tuple[FieldChange, ...]
    again: bool = False


@dataclass(frozen=True)
class RecordChange:
    """What an operation did to one record.

    `kind` is as in `HistoryEntry`; `alive` tells whether the record is there now.
    """

    seq: int
    ref: Ref
    title: str
    kind: str
    fields: tuple[FieldChange, ...]
    alive: bool


@dataclass(frozen=True)
class TitledEntry:
    """A change with the name of its record."""

    seq: int
    title: str
    entry: HistoryEntry


class History:
    """Reads the change log: of single records, and of single operations."""

    def __init__(self, backend: Backend, tables: Tables, titles: Titles) -> None:
        self._backend = backend
        self._tables = tables
        self._titles = titles
        self._rows = tables.system("change_row")
        self._lineage = Lineage(backend, tables)
        self._currencies = PastCurrencies(backend, tables)
        self.past: PrivatePast | None = None
        """Of whose records no values are told."""

    def of(
        self,
        entity: EntityDef,
        id_: int,
        *,
        limit: int = 100,
        before: int = 0,
        language: str = "en",
    ) -> list[HistoryEntry]:
        """The changes of the record and of those that were merged into it, newest first;
        `before` the change of that `seq`. `Private`: it is others' business."""
        if self.past is not None:
            self.past.check(Ref(entity.key, id_))
        rows = self._rows
        with self._backend.read() as connection:
            lines = [id_, *self._lineage.merged_into(connection, entity.key, id_)]
            of_it = rows.c.rid == id_ if len(lines) == 1 else rows.c.rid.in_(lines)
            wanted = sa.select(rows).where(of_it).order_by(rows.c.seq.desc())
            if before:
                wanted = wanted.where(rows.c.seq < before)
            found = connection.execute(self._backend.limit(wanted, limit)).all()
        own = [row for row in found if row.ent == entity.number]  # none if it is another's number
        told = [(entity, row, json.loads(row.overflow or row.delta)) for row in own]
        deltas = [(row, delta) for _entity, row, delta in self._currencies.named(told)]
        names, again = self._names(entity, deltas), self._restored(own)
        return [
            replace(self._entry(entity, row, delta, names, language), again=row.seq in again)
            for row, delta in deltas
        ]

    def of_operation(
        self, operation: int, *, limit: int = 200, after: int = 0, language: str = "en"
    ) -> list[RecordChange]:
        """The records an operation touched, in its own order, `after` the change of that `seq`.

        Records of objects that are no longer in the catalogue are left out.
        """
        rows, catalogue = self._rows, self._tables.catalogue
        wanted = sa.select(rows).where(rows.c.op == operation).order_by(rows.c.op, rows.c.seq)
        if after:
            wanted = wanted.where(rows.c.seq > after)
        with self._backend.read() as connection:
            found = connection.execute(self._backend.limit(wanted, limit)).all()
        known = {entity.number: entity for entity in catalogue}
        changes = [
            (known[row.ent], row, json.loads(row.overflow or row.delta))
            for row in found
            if row.ent in known
        ]
        changes = self._currencies.named(changes)
        others, owners = self._others(changes), self._owners(changes)
        alive = self._titles_of(changes, owners.values())
        names = _last_titles(changes, language) | dict.fromkeys(others, "…") | alive
        names |= _by_owners(owners, names, self._tables.catalogue)
        made = [self._change(*change, names, language) for change in changes]
        return [
            replace(one, alive=one.ref in alive, fields=() if one.ref in others else one.fields)
            for one in made
        ]

    def _others(self, changes: Iterable[tuple[EntityDef, Any, Any]]) -> set[Ref]:
        """The changed records that are others' private business."""
        refs = {Ref(entity.key, row.rid) for entity, row, _delta in changes}
        return self.past.outside(refs) if self.past is not None else set()

    def entries(self, seqs: Iterable[int], language: str = "en") -> list[TitledEntry]:
        """Single changes of any records by their `seq`, with the names of the records; without
        those of others' private records."""
        rows, catalogue = self._rows, self._tables.catalogue
        wanted = sa.select(rows).where(rows.c.seq.in_(list(seqs)))
        with self._backend.read() as connection:
            found = connection.execute(wanted).all()
        known = {entity.number: entity for entity in catalogue}
        changes = [
            (known[row.ent], row, json.loads(row.overflow or row.delta))
            for row in found
            if row.ent in known
        ]
        others = self._others(changes)
        changes = [one for one in changes if Ref(one[0].key, one[1].rid) not in others]
        changes = self._currencies.named(changes)
        names = self._titles_of(changes)
        staff = catalogue.staff().key
        authors = {Ref(staff, row.author) for row in found if row.author is not None}
        names |= {ref: title.text for ref, title in self._titles.of(authors).items()}
        again = self._restored(found)
        return [
            TitledEntry(
                row.seq,
                self._change(entity, row, delta, names, language).title,
                replace(self._entry(entity, row, delta, names, language), again=row.seq in again),
            )
            for entity, row, delta in changes
        ]

    def _restored(self, found: Sequence[Any]) -> set[int]:
        """The changes among these that brought a deleted record back."""
        rows, made = self._rows, [row for row in found if row.kind == CREATED]
        if not made:
            return set()
        wanted = (
            sa.select(rows.c.rid, sa.func.min(rows.c.seq))
            .where(rows.c.rid.in_(sorted({row.rid for row in made})), rows.c.kind == DELETED)
            .group_by(rows.c.rid)
        )
        with self._backend.read() as connection:
            first = {row.rid: row[1] for row in connection.execute(wanted)}
        return {row.seq for row in made if first.get(row.rid, row.seq) < row.seq}

    def _owners(self, changes: Iterable[tuple[EntityDef, Any, Any]]) -> dict[Ref, Ref]:
        """What the changed records belong to: a change that made or deleted one names it, one that
        is there is looked up."""
        found: dict[Ref, Ref] = {}
        kept: dict[str, list[int]] = defaultdict(list)
        for entity, row, delta in changes:
            f = _owner_field(entity)
            if f is None:
                continue
            if f.key in delta:
                pointed = [ref for one in _both(row.kind, delta[f.key]) for ref in _ref(f, one)]
                found.update({Ref(entity.key, row.rid): ref for ref in pointed})
            elif row.kind == UPDATED:
                kept[entity.key].append(row.rid)
        for key, ids in kept.items():
            f, table = _owner_field(self._tables.catalogue[key]), self._tables.main[key]
            assert f is not None
            owner = table.c[column_names(f)[0]]
            several = sa.select(table.c.id, owner).where(
                self._backend.among(table.c.id, alone=True)
            )
            with self._backend.read() as connection:
                for part in parts_of(ids):
                    rows = connection.execute(several, {"ids": part})
                    found |= {Ref(key, row[0]): Ref(f.target, row[1]) for row in rows if row[1]}
        return found

    def _titles_of(
        self, changes: list[tuple[EntityDef, Any, dict[str, Any]]], more: Iterable[Ref] = ()
    ) -> dict[Ref, str]:
        """The titles of the records themselves and of all that their values point to."""
        refs = {Ref(entity.key, row.rid) for entity, row, _delta in changes} | set(more)
        for entity, row, delta in changes:
            refs.update(_pointed(entity, row.kind, delta))
        return {ref: title.text for ref, title in self._titles.of(refs).items()}

    def _change(
        self,
        entity: EntityDef,
        row: Any,
        delta: dict[str, Any],
        names: dict[Ref, str],
        language: str,
    ) -> RecordChange:
        ref = Ref(entity.key, row.rid)
        title = names.get(ref, "")
        if not title and row.kind != UPDATED and entity.title_field in delta:
            title = _shown(entity.title, delta[entity.title_field], names, language)
        if not title:
            title = _("{object} {number}").format(object=_(entity.label), number=row.rid)
        fields = self._entry(entity, row, delta, names, language).fields
        return RecordChange(row.seq, ref, title, row.kind, fields, ref in names)

    def count(self, id_: int) -> int:
        """How many changes the record has had."""
        rows = self._rows
        wanted = sa.select(sa.func.count()).select_from(rows).where(rows.c.rid == id_)
        with self._backend.read() as connection:
            return int(connection.execute(wanted).scalar_one())

    def _names(self, entity: EntityDef, deltas: Iterable[tuple[Any, Any]]) -> dict[Ref, str]:
        refs: set[Ref] = set()
        staff = self._tables.catalogue.staff().key
        for row, delta in deltas:
            if row.author is not None:
                refs.add(Ref(staff, row.author))
            refs.update(_pointed(entity, row.kind, delta))
        return {ref: title.text for ref, title in self._titles.of(refs).items()}

    def _entry(
        self,
        entity: EntityDef,
        row: Any,
        delta: dict[str, Any],
        names: dict[Ref, str],
        language: str,
    ) -> HistoryEntry:
        changes = []
        for f in entity.fields:
            if f.key in delta:
                old, new = (
                    _told(entity, f, value) or _shown(f, value, names, language)
                    for value in _both(row.kind, delta[f.key])
                )
                changes.append(FieldChange(f, old, new))
        author = Ref(self._tables.catalogue.staff().key, row.author) if row.author else None
        name = names.get(author, "") if author else ""
        return HistoryEntry(
            row.seq, row.op, row.made_at, row.author, name, row.kind, tuple(changes)
        )


def _last_titles(
    changes: list[tuple[EntityDef, Any, dict[str, Any]]], language: str
) -> dict[Ref, str]:
    """What the records that were made or deleted here were called: those that point to them say
    it, though they are gone."""
    return {
        Ref(entity.key, row.rid): _shown(entity.title, delta[entity.title_field], {}, language)
        for entity, row, delta in changes
        if row.kind != UPDATED and entity.title_field in delta
    }


def _owner_field(entity: EntityDef) -> LinkField | None:
    """What a record of this object belongs to, if it is one of a single other object."""
    found = [f for f in entity.fields if isinstance(f, LinkField) and f.parent]
    return found[0] if len(found) == 1 else None


def _by_owners(
    owners: dict[Ref, Ref], names: dict[Ref, str], catalogue: Catalogue
) -> dict[Ref, str]:
    """What has no name is called by what it belongs to."""
    found = {}
    for ref, owner in owners.items():
        label = _(catalogue[ref.entity].label)
        number = _("{object} {number}").format(object=label, number=ref.id)
        if names.get(ref, number) in ("", number) and owner in names:
            found[ref] = _("{object}: {name}").format(object=label, name=names[owner])
    return found


def _both(kind: str, value: Any) -> tuple[Any, Any]:
    if kind == CREATED:
        return (None, value)
    return (value, None) if kind == DELETED else (value[0], value[1])


def _pointed(entity: EntityDef, kind: str, delta: dict[str, Any]) -> Iterator[Ref]:
    """What the values before and after a change point to."""
    for key, value in delta.items():
        if entity.has(key):
            for one in _both(kind, value):
                yield from _ref(entity.field(key), one)


def _ref(f: Field, plain: Any) -> list[Ref]:
    value = None if plain is None else f.unplain(plain)
    if isinstance(value, Ref):
        return [value]
    return [Ref(f.target, value)] if isinstance(f, LinkField) and value is not None else []


def _told(entity: EntityDef, f: Field, plain: Any) -> str:
    """A number of minutes before something begins in words; '' for any other value. A negative one
    is a time of the day itself."""
    reminds = entity.trait(Reminds)
    if reminds is None or reminds.offset != f.key or plain is None:
        return ""
    return before(int(plain), all_day=int(plain) < 0)


def _shown(f: Field, plain: Any, names: dict[Ref, str], language: str) -> str:
    if plain is None:
        return ""
    refs = _ref(f, plain)
    return names.get(refs[0], str(refs[0].id)) if refs else f.format(f.unplain(plain), language)
