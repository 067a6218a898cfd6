"""Departures of a base that is older than the table of departures: found in its change log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.text.normalise import norm
from crm_desktop.services.reader import parts_of
from crm_desktop.services.writing.changes import DELETED
from crm_desktop.services.writing.departures import COLUMNS, LONGEST, PART, owners_of, title_of
from crm_desktop.services.writing.departures import DELETED as GONE
from crm_desktop.services.writing.records import Records

BLOCK = 2000


def fill_departures(records: Records) -> int:
    """Notes every deleted record that has not come back; how many. Does nothing if any is noted.

    What a mere undo of its making took away is left out.
    """
    table = records.tables.system("departed")
    with records.backend.read() as connection:
        if connection.execute(records.backend.limit(sa.select(table.c.id), 1)).first():
            return 0
    done = 0
    for rows in _blocks(records):
        made = list(_departures(records, rows))
        with records.backend.write() as connection:
            ids = records.backend.sequence(connection, len(made))
            numbered = [(id_, *row) for id_, row in zip(ids, made, strict=True)]
            if numbered:
                records.backend.insert_many(connection, table, COLUMNS, numbered)
        done += len(made)
    return done


def _blocks(records: Records) -> Iterator[list[Any]]:
    """Deletions in the order of the log; not those by which a making was undone."""
    log, operations = records.tables.system("change_row"), records.tables.system("operation_log")
    target = operations.alias("target")
    unmaking = (
        sa.exists()
        .where(operations.c.id == log.c.op, operations.c.undoes == target.c.id)
        .where(target.c.undoes.is_(None))
    )
    last = 0
    while True:
        wanted = sa.select(log).where(log.c.kind == DELETED, log.c.seq > last, ~unmaking)
        with records.backend.read() as connection:
            newest = records.backend.limit(wanted.order_by(log.c.seq), BLOCK)
            found = connection.execute(newest).all()
        if not found:
            return
        last = found[-1].seq
        yield list(found)


def _departures(records: Records, rows: list[Any]) -> Iterator[tuple[Any, ...]]:
    catalogue = records.tables.catalogue
    known = {entity.number: entity for entity in catalogue}
    alive: set[int] = set()
    for one in catalogue:
        ids = [row.rid for row in rows if row.ent == one.number]
        for part in parts_of(ids):
            alive |= records.reader.exists(one.key, part)
    together = {(row.op, row.rid) for row in rows}
    latest = {row.rid: row.seq for row in rows}
    for row in rows:
        entity = known.get(row.ent)
        if entity is None or row.rid in alive or latest[row.rid] != row.seq:
            continue
        delta = json.loads(row.overflow or row.delta)
        values = {k: entity.field(k).unplain(v) for k, v in delta.items() if entity.has(k)}
        title = title_of(entity, values, row.rid)
        owners = owners_of(entity, values)
        with_it = next((o for o in owners if (row.op, o) in together), None)
        owner = with_it or (owners[0] if owners else None)
        kind = PART if with_it else GONE
        yield (kind, row.ent, row.rid, owner, row.op, row.made_at, row.author, title,
               norm(title)[:LONGEST])  # fmt: skip
