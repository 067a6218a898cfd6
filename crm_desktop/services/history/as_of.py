"""A record as it was at a former moment: what stands now, walked back through the change log.

Nothing is guessed: every value is one that the log gives as "before" of a later change, or one
that no change has touched since. Kept fields are no part of the log and are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import NotFound
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.schema import column_names
from crm_desktop.services.money.currencies import in_own_currency, units_of
from crm_desktop.services.private.past import PrivatePast
from crm_desktop.services.reader import Reader, parts_of
from crm_desktop.services.titles import Titles
from crm_desktop.services.writing.batch import same
from crm_desktop.services.writing.changes import CREATED, DELETED
from crm_desktop.services.writing.departures import title_of

THERE, NOT_YET, GONE = "there", "not yet", "gone"
MOST_CHILDREN = 200  # of one kind


@dataclass(frozen=True)
class PastRecord:
    """A record at a moment. `state`: `there`, `not yet` (made later) or `gone` (deleted before).

    `values`: by field key, the last ones it had if it was gone; `now`: those of today, None if it
    is not in the base any more. `since`, `until`: when it was made and deleted, as far as the
    change log knows.
    """

    ref: Ref
    moment: datetime
    state: str
    values: Mapping[str, Any]
    now: Mapping[str, Any] | None
    since: datetime | None = None
    until: datetime | None = None

    def differs(self, key: str) -> bool:
        """Whether the field says something else today."""
        return self.now is None or not same(self.values.get(key), self.now.get(key))


@dataclass(frozen=True)
class PastChild:
    """A record that belonged to another at a moment, by which link, and what it was called."""

    link: Link
    title: str
    record: PastRecord


@dataclass(frozen=True)
class PastCard:
    """A record and what belonged to it; `names`: what its links are or were called."""

    record: PastRecord
    entity: EntityDef
    children: tuple[PastChild, ...] = ()
    names: Mapping[Ref, str] = field(default_factory=dict)

    def shown(self, f: Field, value: Any, language: str) -> str:
        """A value as people read it."""
        ref = ref_of(f, value)
        if ref is not None:
            return self.names.get(ref, str(ref.id))
        return "" if value is None else f.format(value, language)


def ref_of(f: Field, value: Any) -> Ref | None:
    """The record that a value points to."""
    if isinstance(value, Ref):
        return value
    return Ref(f.target, value) if isinstance(f, LinkField) and value is not None else None


class AsOf:
    """Former states of records of one open base."""

    def __init__(self, reader: Reader, titles: Titles) -> None:
        self._reader = reader
        self._backend = reader.backend
        self._tables = reader.tables
        self._titles = titles
        self._rows = self._tables.system("change_row")
        self.past: PrivatePast | None = None
        """Whose records are left out."""

    def card(self, entity: EntityDef, id_: int, moment: datetime) -> PastCard:
        """The record and its children at the end of `moment`; `NotFound` if it never was,
        `Private` if it is others' business."""
        if self.past is not None:
            self.past.check(Ref(entity.key, id_))
        with self._backend.read() as connection:
            found = self._states(connection, entity, [id_], moment)
            if id_ not in found:
                raise NotFound(
                    _("{object} {id} has never been in the base").format(
                        object=_(entity.label), id=id_
                    )
                )
            record = _in_currency(entity, found[id_])
            children = self._seen(self._children(connection, entity, record))
            names = self._names(connection, [(entity, record), *(
                (child.link.entity, child.record) for child in children
            )])  # fmt: skip
        return PastCard(record, entity, tuple(_named(c, names) for c in children), names)

    def _seen(self, children: Iterable[PastChild]) -> tuple[PastChild, ...]:
        """Without others' private records."""
        found = tuple(children)
        if self.past is None:
            return found
        others = self.past.outside(child.record.ref for child in found)
        return tuple(child for child in found if child.record.ref not in others)

    # --- one record -------------------------------------------------------------------------------

    def _states(
        self, connection: sa.Connection, entity: EntityDef, ids: Sequence[int], moment: datetime
    ) -> dict[int, PastRecord]:
        """Records of one object at a moment; those that never were are left out."""
        stored = self._reader.load(entity.key, ids, connection)
        logs = self._logs(connection, entity, ids)
        found = {}
        for id_ in ids:
            row = stored.get(id_)
            if row is None and id_ not in logs:
                continue
            now = None if row is None else _without_kept(entity, row.values)
            since = row.created_at if row is not None else None
            found[id_] = _walked_back(entity, id_, moment, now, logs.get(id_, []), since)
        return found

    def _logs(
        self, connection: sa.Connection, entity: EntityDef, ids: Iterable[int]
    ) -> dict[int, list[Any]]:
        """The change rows of the records, the newest first."""
        rows = self._rows
        among = self._backend.among(rows.c.rid, alone=True)
        wanted = sa.select(
            rows.c.seq, rows.c.rid, rows.c.ent, rows.c.kind, rows.c.made_at,
            rows.c.delta, rows.c.overflow,
        ).where(among)  # fmt: skip
        found: dict[int, list[Any]] = {}
        for part in parts_of(ids):
            for row in connection.execute(wanted, {"ids": part}):
                if row.ent == entity.number:
                    found.setdefault(row.rid, []).append(row)
        for log in found.values():
            log.sort(key=lambda row: -row.seq)
        return found

    # --- its children -----------------------------------------------------------------------------

    def _children(
        self, connection: sa.Connection, entity: EntityDef, owner: PastRecord
    ) -> Iterator[PastChild]:
        if owner.state != THERE:
            return
        left = self._departed(connection, owner.ref.id)
        for link in self._tables.catalogue.children(entity):
            ids = self._present(connection, link, entity, owner)
            ids += sorted(left.get(link.entity.number, set()) - set(ids))[-MOST_CHILDREN:]
            states = self._states(connection, link.entity, ids, owner.moment)
            for id_, record in sorted(states.items()):
                pointed = ref_of(link.field, record.values.get(link.field.key))
                if record.state == THERE and pointed == owner.ref:
                    title = title_of(link.entity, record.values, id_)
                    yield PastChild(link, title, _of_owner(link, record, owner))

    def _present(
        self, connection: sa.Connection, link: Link, entity: EntityDef, owner: PastRecord
    ) -> list[int]:
        """The newest of those that point to it now and were made before that moment."""
        table = self._tables.main[link.entity.key]
        columns = [table.c[name] for name in column_names(link.field)]
        wanted = sa.select(table.c.id).where(
            columns[0] == owner.ref.id, table.c.created_at <= owner.moment
        )
        if link.field.storage == "record":
            wanted = wanted.where(columns[1] == entity.number)
        newest = self._backend.limit(wanted.order_by(table.c.id.desc()), MOST_CHILDREN)
        return list(connection.execute(newest).scalars())

    def _departed(self, connection: sa.Connection, owner: int) -> dict[int, set[int]]:
        """What once belonged to it and was deleted or moved since, by the object's number."""
        table = self._tables.system("departed")
        found: dict[int, set[int]] = {}
        wanted = sa.select(table.c.ent, table.c.rid).where(table.c.owner == owner)
        for row in connection.execute(wanted):
            found.setdefault(row.ent, set()).add(row.rid)
        return found

    # --- names ------------------------------------------------------------------------------------

    def _names(
        self, connection: sa.Connection, records: Iterable[tuple[EntityDef, PastRecord]]
    ) -> dict[Ref, str]:
        """What everything is called that the values point to, deleted records included."""
        refs: set[Ref] = set()
        for entity, record in records:
            for values in (record.values, record.now or {}):
                found = (ref_of(f, values.get(f.key)) for f in entity.fields)
                refs.update(ref for ref in found if ref is not None)
        names = {ref: t.text for ref, t in self._titles.of(refs, connection=connection).items()}
        missing = {ref.id: ref for ref in refs if ref not in names}
        table = self._tables.system("departed")
        among = self._backend.among(table.c.rid, alone=True)
        wanted = sa.select(table.c.rid, table.c.title).where(among)
        for part in parts_of(missing):
            for row in connection.execute(wanted, {"ids": part}):
                names[missing[row.rid]] = row.title
        return names


def _in_currency(entity: EntityDef, record: PastRecord) -> PastRecord:
    """Amounts in the currency that the record named then, and names now."""
    now = None if record.now is None else in_own_currency(entity, record.now)
    return replace(record, values=in_own_currency(entity, record.values), now=now)


def _of_owner(link: Link, record: PastRecord, owner: PastRecord) -> PastRecord:
    """A child whose amounts are in the currency of its owner."""
    record = _in_currency(link.entity, record)
    values, now = dict(record.values), dict(record.now or {})
    for unit in units_of(link.entity, link.entity.currencies):
        if unit.own.key == link.field.key:
            key, amount = unit.amount.key, unit.amount
            values[key] = amount.in_currency(values.get(key), owner.values.get(unit.theirs))
            now[key] = amount.in_currency(now.get(key), (owner.now or {}).get(unit.theirs))
    return replace(record, values=values, now=now if record.now is not None else None)


def _named(child: PastChild, names: Mapping[Ref, str]) -> PastChild:
    """Without a title of its own it is called after what else it belongs to: a job, its person."""
    entity, values = child.link.entity, child.record.values
    if values.get(entity.title_field) is not None:
        return child
    for f in entity.fields:
        ref = ref_of(f, values.get(f.key)) if getattr(f, "parent", False) else None
        if ref is not None and f.key != child.link.field.key and ref in names:
            return replace(child, title=names[ref])
    return child


def _walked_back(
    entity: EntityDef,
    id_: int,
    moment: datetime,
    now: Mapping[str, Any] | None,
    log: Sequence[Any],
    since: datetime | None,
) -> PastRecord:
    """Takes back every change after the moment, the newest first."""
    values: dict[str, Any] | None = None if now is None else dict(now)
    last: Mapping[str, Any] = now or {}
    ref, until = Ref(entity.key, id_), None
    for row in log:
        delta = _known(entity, json.loads(row.overflow or row.delta))
        later = row.made_at > moment
        if row.kind == DELETED:
            former = {k: _unplain(entity, k, v) for k, v in delta.items()}
            if not later:
                return PastRecord(ref, moment, GONE, former, now, since, row.made_at)
            values, last, until = former, former, row.made_at
        elif row.kind == CREATED:
            since = row.made_at
            if later:
                values = None
        elif later and values is not None:
            values |= {k: _unplain(entity, k, old) for k, (old, _n) in delta.items()}
        if not later:
            break
    if values is None:
        return PastRecord(ref, moment, NOT_YET, last, now, since, until)
    return PastRecord(ref, moment, THERE, values, now, since, until)


def _known(entity: EntityDef, delta: Mapping[str, Any]) -> dict[str, Any]:
    """What the log says of fields that there are still."""
    return {key: value for key, value in delta.items() if entity.has(key)}


def _unplain(entity: EntityDef, key: str, plain: Any) -> Any:
    return None if plain is None else entity.field(key).unplain(plain)


def _without_kept(entity: EntityDef, values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in entity.kept}
