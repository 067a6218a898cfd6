"""In which currency an amount of the change log was: that of its record at that moment.

A change names the currency only where it changed it too; else it is the one before the first later
change of it, or that of today. An amount that belongs to another record has that one's.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.schema import Tables
from crm_desktop.services.money.currencies import Unit, units_of
from crm_desktop.services.reader import Reader, parts_of
from crm_desktop.services.writing.changes import CREATED, UPDATED

Told = tuple[EntityDef, Any, dict[str, Any]]
"""The object, the row of the log and its values as JSON holds them."""


class _Past(NamedTuple):
    """Whose currency is asked for: by which field of which object, after which change. A record
    that owns others is asked for the end of an operation."""

    entity: str
    key: str
    record: int
    seq: int
    operation: int


class PastCurrencies:
    """Reads the currencies of amounts in the change log."""

    def __init__(self, backend: Backend, tables: Tables) -> None:
        self._backend, self._tables = backend, tables
        self._reader = Reader(backend, tables)
        self._rows = tables.system("change_row")

    def named(self, changes: Sequence[Told]) -> list[Told]:
        """The changes, their amounts in other currencies than the base's as `Amount`s."""
        asked = {
            (row.seq, unit.own.key): past
            for entity, row, delta in changes
            for unit in units_of(entity, delta)
            if (past := self._past(entity, unit, row, delta)) is not None
        }
        if not any(units_of(entity, delta) for entity, _row, delta in changes):
            return list(changes)
        found = self._found(list(asked.values()))
        told = []
        for entity, row, delta in changes:
            known = {own: found.get(past) for (seq, own), past in asked.items() if seq == row.seq}
            told.append((entity, row, _in_currencies(entity, row.kind, delta, known)))
        return told

    def _past(self, entity: EntityDef, unit: Unit, row: Any, delta: dict[str, Any]) -> _Past | None:
        """What has to be found out; None where the change itself says it."""
        own = unit.own
        if not isinstance(own, LinkField):
            if own.key in delta or row.kind != UPDATED:
                return None
            return _Past(entity.key, own.key, row.rid, row.seq, 0)
        owner = delta.get(own.key)
        if row.kind == UPDATED and owner is not None:
            owner = owner[1]
        elif row.kind == UPDATED:
            read = self._reader.many(entity.key, [row.rid], [own.key])
            owner = read[row.rid][own.key] if row.rid in read else self._left(row.rid, own.key)
        return None if owner is None else _Past(own.target, unit.theirs, owner, 0, row.op)

    def _left(self, record: int, key: str) -> Any:
        """What a deleted record pointed to at last."""
        rows = self._rows
        wanted = sa.select(rows.c.delta, rows.c.overflow).where(
            rows.c.rid == record, rows.c.kind != UPDATED
        )
        with self._backend.read() as connection:
            row = connection.execute(wanted.order_by(rows.c.seq.desc())).first()
        return None if row is None else json.loads(row.overflow or row.delta).get(key)

    def _found(self, asked: Sequence[_Past]) -> dict[_Past, str | None]:
        found: dict[_Past, str | None] = {}
        for entity, key in dict.fromkeys((past.entity, past.key) for past in asked):
            wanted = [past for past in asked if (past.entity, past.key) == (entity, key)]
            ids = {past.record for past in wanted}
            logs = self._logs(ids)
            today = self._reader.many(entity, ids, [key])
            for past in wanted:
                named = today.get(past.record, {}).get(key)
                found[past] = _walked_back(past, logs.get(past.record, []), named)
        return found

    def _logs(self, ids: set[int]) -> dict[int, list[Any]]:
        """The changes of the records, the oldest first."""
        rows = self._rows
        wanted = sa.select(
            rows.c.rid, rows.c.seq, rows.c.op, rows.c.kind, rows.c.delta, rows.c.overflow
        ).where(self._backend.among(rows.c.rid, alone=True))
        found: dict[int, list[Any]] = {}
        with self._backend.read() as connection:
            for part in parts_of(ids):
                for row in connection.execute(wanted, {"ids": part}):
                    found.setdefault(row.rid, []).append(row)
        for log in found.values():
            log.sort(key=lambda row: row.seq)
        return found


def _walked_back(past: _Past, log: Sequence[Any], today: str | None) -> str | None:
    for row in log:
        if row.seq <= past.seq or row.op < past.operation or row.kind == CREATED:
            continue
        delta = json.loads(row.overflow or row.delta)
        if row.kind != UPDATED:
            return delta.get(past.key)  # type: ignore[no-any-return]
        if past.key in delta:
            before, after = delta[past.key]
            return after if row.op == past.operation else before  # type: ignore[no-any-return]
    return today


def _in_currencies(
    entity: EntityDef, kind: str, delta: dict[str, Any], known: dict[str, str | None]
) -> dict[str, Any]:
    told = dict(delta)
    for unit in units_of(entity, delta):
        f, own = unit.amount, unit.own.key
        named = known[own] if own in known else None if unit.theirs else delta.get(own)
        values = delta[f.key] if kind == UPDATED else [delta[f.key]]
        each = named if isinstance(named, list) else [named] * len(values)
        said = [
            f.in_currency(f.unplain(value), code) for value, code in zip(values, each, strict=True)
        ]
        told[f.key] = said if kind == UPDATED else said[0]
    return told
