"""What must hold in a base whose program was killed: nothing lost, nothing in part.

`check_base` finds damage; here the rest is compared: the journal of the victim with the list of
operations, every operation with its change rows, every batch with its size, and every record of
the base with what the change log says about it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.schema import plain_values
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import CREATED, DELETED

SYSTEM_KEY = "@"
Values = dict[str, Any]


def problems_of(workspace: Workspace, journal: list[dict[str, Any]]) -> Iterator[str]:
    """Everything wrong with a base just opened again, in sentences."""
    yield from check_base(workspace).problems
    yield from _operations(workspace, journal)
    yield from _batches(workspace)
    yield from _log(workspace)


def read_journal(path: Path) -> list[dict[str, Any]]:
    """What the victim said before its end."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _operations(workspace: Workspace, journal: list[dict[str, Any]]) -> Iterator[str]:
    """What was reported as done is there; what is there has all its change rows."""
    log, rows = (workspace.tables.system(name) for name in ("operation_log", "change_row"))
    counted = sa.select(rows.c.op, sa.func.count()).group_by(rows.c.op)
    with workspace.backend.read() as connection:
        known = {row.id: row for row in connection.execute(sa.select(log))}
        amounts = {row[0]: row[1] for row in connection.execute(counted)}
    for line in journal:
        operation = line.get("operation")
        if operation and operation not in known and operation in amounts:
            yield f"operation {operation} was done and is not in the list"
    for id_, row in known.items():
        if row.state == "running":
            yield f"operation {id_} is still running"
        elif row.total != amounts.get(id_, 0):
            yield f"operation {id_} has {amounts.get(id_, 0)} change rows instead of {row.total}"
    for id_ in amounts.keys() - known.keys():
        yield f"change rows of operation {id_}, which is not in the list"


def _batches(workspace: Workspace) -> Iterator[str]:
    """Every batch is there as a whole or not at all, and edited as a whole."""
    table = workspace.tables.main["client"]
    wanted = sa.select(table.c.city, table.c.address, table.c.phone).where(
        table.c.city.is_not(None)
    )
    found: dict[str, list[str]] = defaultdict(list)
    with workspace.backend.read() as connection:
        for city, address, _phone in connection.execute(wanted):
            found[city].append(address)
    for name, addresses in found.items():
        size = int(name.rsplit(":", 1)[1])
        if len(addresses) != size:
            yield f"{len(addresses)} clients of a batch of {size}"
        if len(set(addresses)) > 1:
            yield f"a batch with {len(set(addresses))} addresses"


def _log(workspace: Workspace) -> Iterator[str]:
    """The change log, read from its beginning, gives exactly what stands in the base."""
    told = _told(workspace)
    for entity in workspace.catalogue:
        table = workspace.tables.main[entity.key]
        with workspace.backend.read() as connection:
            ids = list(connection.scalars(sa.select(table.c.id)))
        stored = workspace.reader.load(entity.key, ids)
        for id_ in ids:
            there = plain_values(entity, stored[id_].values)
            said = told.pop((entity.number, id_), None)
            if _filled(said or {}) != _filled(json.loads(json.dumps(there))):
                yield f"{entity.key} {id_}: the log says {said}, the base {there}"
    for number, id_ in told:
        yield f"record {id_} of object {number} is in the log and not in the base"


def _told(workspace: Workspace) -> dict[tuple[int, int], Values]:
    rows = workspace.tables.system("change_row")
    found: dict[tuple[int, int], Values] = {}
    with workspace.backend.read() as connection:
        for row in connection.execute(sa.select(rows).order_by(rows.c.seq)):
            delta, key = json.loads(row.overflow or row.delta), (row.ent, row.rid)
            if row.kind == CREATED:
                found[key] = delta
            elif row.kind == DELETED:
                found.pop(key, None)
            else:
                found.setdefault(key, {}).update({k: pair[1] for k, pair in delta.items()})
    return found


def _filled(values: Values) -> Values:
    return {
        key: value
        for key, value in values.items()
        if key != SYSTEM_KEY and value not in (None, "", False, [])
    }
