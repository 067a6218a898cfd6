"""Which activities go into a calendar file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from crm_desktop.models.catalogue.traits import Scheduled, TakesPart
from crm_desktop.models.query import Condition, Group, Query, Where
from crm_desktop.services.reader import parts_of
from crm_desktop.services.workspace import Workspace


def ids_between(
    workspace: Workspace, since: datetime | None, until: datetime | None, who: int | None = None
) -> list[int]:
    """Activities that begin, are due or happened from `since` to before `until`, and all series
    that have begun by then; of the colleague `who`: those they lead or take part in."""
    entity, _trait = workspace.catalogue.with_trait(Scheduled)
    times = [_span(key, since, until) for key in ("starts", "due", "moment")]
    series = [Condition("rule", "filled")]
    series += [Condition("starts", "lt", until.isoformat())] if until is not None else []
    wanted: list[Where] = [_any(*(t for t in times if t is not None), _all(*series))]
    if since is None and until is None:
        wanted = []
    found = _asked(workspace, entity.key, wanted)
    if who is not None:
        found = _of(workspace, found, who)
    return sorted(found)


def _span(key: str, since: datetime | None, until: datetime | None) -> Where | None:
    parts: list[Where] = []
    if since is not None:
        parts.append(Condition(key, "ge", since.isoformat()))
    if until is not None:
        parts.append(Condition(key, "lt", until.isoformat()))
    return _all(*parts) if parts else None


def _all(*parts: Where) -> Where:
    return parts[0] if len(parts) == 1 else Group("and", parts)


def _any(*parts: Where) -> Where:
    return parts[0] if len(parts) == 1 else Group("or", parts)


def _asked(workspace: Workspace, entity: str, wanted: list[Where]) -> list[int]:
    return list(workspace.lists.open(Query(entity).narrowed(*wanted)).ids())


def _of(workspace: Workspace, ids: list[int], who: int) -> list[int]:
    entity, trait = workspace.catalogue.with_trait(Scheduled)
    taking, part = workspace.catalogue.with_trait(TakesPart)
    reader = workspace.reader
    mine = {id_ for id_, row in reader.many(entity.key, ids, [trait.who]).items()
            if row[trait.who] == who}  # fmt: skip
    rows = reader.linked(taking.key, part.staff, [who])
    mine |= {row.values[part.event] for row in rows.values()}
    return [id_ for id_ in ids if id_ in mine]


def with_series(workspace: Workspace, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The values of these activities, with the series of exceptions and what replaces in series."""
    entity, _trait = workspace.catalogue.with_trait(Scheduled)
    reader = workspace.reader
    wanted = list(ids)
    others = workspace.privacy.outside(entity.key, wanted)
    rows = reader.many(entity.key, [id_ for id_ in wanted if id_ not in others], None)
    masters = {row["series"] for row in rows.values() if row.get("series")} - rows.keys()
    rows |= reader.many(entity.key, sorted(masters), None)
    recurring = [id_ for id_, row in rows.items() if row.get("rule")]
    for part in parts_of(recurring):
        found = reader.linked(entity.key, "series", part)
        others = workspace.privacy.outside(entity.key, found)
        rows |= {id_: row.values for id_, row in found.items() if id_ not in others}
    return dict(sorted(rows.items(), key=lambda one: (one[1].get("series") is not None, one[0])))
