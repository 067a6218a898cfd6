"""How often an activity was put off: when, from what moment to what other, why and by whom.

Nothing is kept for that beside the number: it is read from the change log, which holds both
moments and the reason of every change. What was undone counts no more.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import UPDATED

COUNT, REASON, TIMES = "attempt", "reason", ("starts", "due")
MOST = 100
"""The newest changes that are looked at."""


@dataclass(frozen=True)
class Attempt:
    """One time it was put off. `since` and `until`: the moments it was moved from and to."""

    made_at: datetime
    author: str
    since: datetime | None
    until: datetime | None
    reason: str = ""


def attempts_of(workspace: Workspace, entity: EntityDef, id_: int) -> list[Attempt]:
    """The newest first; none without a question to the log where it was never put off."""
    now = workspace.reader.many(entity.key, [id_], (COUNT, REASON)).get(id_, {})
    if not now.get(COUNT):
        return []
    rows = _rows(workspace, entity, id_)
    found = _counted(rows, str(now.get(REASON) or ""))
    staff = workspace.catalogue.staff().key
    names = workspace.titles.of({Ref(staff, row.author) for row, *_rest in found if row.author})
    said = {ref.id: title.text for ref, title in names.items()}
    return [
        Attempt(row.made_at, said.get(row.author, ""), *_times(entity, delta), reason)
        for row, delta, reason in found
    ]


def _rows(workspace: Workspace, entity: EntityDef, id_: int) -> Sequence[Any]:
    log = workspace.tables.system("change_row")
    told = [log.c.delta.like(f'%"{key}":[%') for key in (COUNT, REASON)]
    wanted = (
        sa.select(log)
        .where(log.c.rid == id_, log.c.ent == entity.number, log.c.kind == UPDATED)
        .where(sa.or_(*told, log.c.overflow.is_not(None)))
        .order_by(log.c.rid.desc(), log.c.seq.desc())
    )
    with workspace.backend.read() as connection:
        return connection.execute(workspace.backend.limit(wanted, MOST)).all()


def _counted(rows: Sequence[Any], reason: str) -> list[tuple[Any, dict[str, Any], str]]:
    """The changes that put it off, each with the reason that stood after it."""
    found: list[tuple[Any, dict[str, Any], str]] = []
    taken_back = 0
    for row in rows:
        delta = json.loads(row.overflow or row.delta)
        before, after = (int(n or 0) for n in delta.get(COUNT, (0, 0)))
        if after < before:
            taken_back += before - after
        elif after > before and taken_back:
            taken_back -= 1
        elif after > before:
            found.append((row, delta, reason))
        if REASON in delta:
            reason = str(delta[REASON][0] or "")
    return found


def _times(entity: EntityDef, delta: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
    key = next((key for key in TIMES if key in delta), "")
    since, until = delta.get(key, (None, None))
    f = entity.field(key) if key else None
    return (
        f.unplain(since) if f is not None and since else None,
        f.unplain(until) if f is not None and until else None,
    )
