"""When a list becomes another one by itself: its conditions speak of today, or of now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.query import NESTED, PERIODS, Condition, Group, Query, Where
from crm_desktop.models.schema import Tables
from crm_desktop.services.conditions.values import PASSED
from crm_desktop.services.paths import Path, Scope, find_path


class Turn(NamedTuple):
    """`daily`: with the day. `at`: the next moment of a record that a condition “before now” asks
    about; rows may come and go once it is over. `often`: at moments that nobody looks for."""

    daily: bool = False
    at: datetime | None = None
    often: bool = False


def next_turn(backend: Backend, tables: Tables, query: Query, now: datetime) -> Turn:
    """When the rows of a query, written out in terms of fields, change with nothing written. One
    look into an index for each moment that is compared with now."""
    entity = tables.catalogue.find(query.entity)
    found = list(_leaves(query.where))
    spoken = [one for one in found if _speaks_of_now(one)]
    often = any(_speaks_of_now(one) for outer in found for one in _inside(outer))
    moments: list[datetime] = []
    for path in _moments(tables, entity, spoken):
        if not path.field.indexed:
            often = True
            continue
        coming = _first_after(backend, tables, path, now)
        moments += [coming] if coming is not None else []
    return Turn(bool(spoken), min(moments, default=None), often)


def _leaves(where: Where | None) -> Iterator[Condition]:
    if isinstance(where, Condition):
        yield where
    elif where is not None:
        for item in where.items:
            yield from _leaves(item)


def _inside(one: Condition) -> Iterator[Condition]:
    """What is asked of the records that belong to one."""
    if one.op in NESTED and isinstance(one.value, Condition | Group):
        for inner in _leaves(one.value):
            yield from (inner, *_inside(inner))


def _speaks_of_now(one: Condition) -> bool:
    return one.op == "period" and str(one.value) in PERIODS


def _moments(tables: Tables, entity: EntityDef, spoken: list[Condition]) -> Iterator[Path]:
    """What is compared with this very moment, not with a day."""
    for one in spoken:
        if one.value == PASSED:
            path = find_path(tables.catalogue, entity, one.path)
            if path.field.storage == "datetime":
                yield path


def _first_after(backend: Backend, tables: Tables, path: Path, now: datetime) -> datetime | None:
    scope = Scope(tables, path.entity)
    column = scope.column(path.field)
    wanted = sa.select(sa.func.min(column)).select_from(scope.source()).where(column >= now)
    with backend.read() as connection:
        found: datetime | None = connection.execute(wanted).scalar()
    return found
