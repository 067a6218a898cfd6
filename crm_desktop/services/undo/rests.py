"""Series that a hand-over has parted in two: the dates that were stay with the series, the rest of
it is a record of its own. Where somebody has worked on the rest, an undo gives that back as it is
and leaves the series short; both whole would be every date twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.traits import Recurring, Scheduled
from crm_desktop.models.recurrence.moving import ended_before
from crm_desktop.models.schema import Tables
from crm_desktop.services.office.zone import zone_in
from crm_desktop.services.reader import parts_of
from crm_desktop.services.series.dates import read_rule
from crm_desktop.services.writing.changes import CREATED, UPDATED


class Rests(NamedTuple):
    """What an operation has parted: the object, by what a date belongs to its series, and of each
    rest the series that it was taken from."""

    entity: str = ""
    belongs: tuple[str, ...] = ()
    series: Mapping[int, int] = {}


def rests_of(backend: Backend, tables: Tables, operation: int) -> Rests:
    """By the change log."""
    for entity in tables.catalogue:
        trait = entity.trait(Recurring)
        if trait is None:
            continue
        with backend.read() as connection:
            made, cut = _written(connection, tables, operation, entity, trait)
            found = dict(_pairs(connection, tables, entity, trait, made, cut))
        if found:
            return Rests(entity.key, (trait.series, trait.occurrence), found)
    return Rests()


def _written(
    connection: sa.Connection, tables: Tables, operation: int, entity: EntityDef, trait: Recurring
) -> tuple[dict[int, Mapping[str, Any]], dict[int, tuple[str, str]]]:
    """What was said of new series, and the rules of others before and after."""
    rows = tables.system("change_row").c
    wanted = sa.select(rows.rid, rows.kind, rows.delta, rows.overflow).where(
        rows.op == operation, rows.ent == entity.number, rows.kind.in_((CREATED, UPDATED))
    )
    made, cut = {}, {}
    for id_, kind, delta, overflow in connection.execute(wanted):
        values = json.loads(overflow or delta)
        rule = values.get(trait.rule)
        if kind == CREATED and rule:
            made[id_] = values
        elif kind == UPDATED and rule and all(rule):
            cut[id_] = (rule[0], rule[1])
    return made, cut


def _pairs(
    connection: sa.Connection, tables: Tables, entity: EntityDef, trait: Recurring,
    made: Mapping[int, Mapping[str, Any]], cut: dict[int, tuple[str, str]],
) -> Iterator[tuple[int, int]]:  # fmt: skip
    """A rest begins where the series that is called the same ends since."""
    times = entity.trait(Scheduled)
    if times is None or not made:
        return
    names = _names(connection, tables, entity, list(cut))
    for rest, values in made.items():
        begins = entity.field(times.starts).unplain(values[times.starts])
        zone = zone_in(tables, connection, values.get(trait.zone))
        fits = [
            series for series, (before, after) in cut.items()
            if ended_before(read_rule(before, zone), begins).text() == after
        ]  # fmt: skip
        named = [one for one in fits if names.get(one) == values.get(entity.title_field)]
        for series in (*named, *fits)[:1]:
            del cut[series]
            yield rest, series


def _names(
    connection: sa.Connection, tables: Tables, entity: EntityDef, ids: list[int]
) -> dict[int, Any]:
    main, found = tables.main[entity.key], dict[int, Any]()
    wanted = sa.select(main.c.id, tables.column(entity, entity.title))
    for part in parts_of(ids):
        rows = connection.execute(wanted.where(main.c.id.in_(part)))
        found.update((row[0], row[1]) for row in rows)
    return found
