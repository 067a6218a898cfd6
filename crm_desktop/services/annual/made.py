"""What was made for days of the year: noted with the base, and found again among the activities.

A record that is a day of another is noted by its number and linked to its activity. A day in a
field of a record is noted by both, and its activity carries an identifier that says the same, so
that no seat can make it twice and a changed day finds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.models.backend.base import IN_LIST, Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.traits import AnnualDay, Scheduled
from crm_desktop.models.schema import Tables, encode
from crm_desktop.services.annual.times import annual_link, day_of, own_days
from crm_desktop.services.writing.batch import Batch, Staged

if TYPE_CHECKING:
    from crm_desktop.services.annual.near import Wanted

FACT = "annual."
LONGEST = 40
"""Letters of the name of a fact."""
UID = "uid"


def mark(tables: Tables, source: Ref, field: str) -> str:
    """The name of the fact that notes the last year for which an activity was made."""
    entity = tables.catalogue[source.entity]
    trait = entity.trait(AnnualDay)
    if trait is not None and trait.day == field:
        return f"{FACT}{source.id}"
    return f"{FACT}{source.id}.{entity.field(field).name}"[:LONGEST]


def noted(tables: Tables, names: Sequence[str], connection: sa.Connection) -> dict[str, int]:
    """The last year for which an activity was made, by the name of the fact."""
    facts, found = tables.system("base_info").c, dict[str, int]()
    for start in range(0, len(names), IN_LIST):
        some = names[start : start + IN_LIST]
        rows = connection.execute(sa.select(facts.name, facts.content).where(facts.name.in_(some)))
        found |= {str(row[0]): int(row[1]) for row in rows if row[1].isdigit()}
    return found


def note(
    backend: Backend, tables: Tables, years: Mapping[str, int], connection: sa.Connection
) -> None:
    """From here on an activity counts as made for these years."""
    facts = tables.system("base_info")
    rows = [(name, str(year)) for name, year in years.items()]
    backend.delete_keys(connection, facts, ("name",), [row[:1] for row in rows])
    backend.insert_many(connection, facts, ("name", "content"), rows)


# --- activities of days in fields -----------------------------------------------------------------


def uid_of(batch: Batch, source: Ref, f: Field, year: int) -> str:
    """The identifier (RFC 5545, 3.8.4.7) of what is planned for the day in a field."""
    return f"annual-{year}-{source.id}-{f.name}@{_guid(batch)}"


def _guid(batch: Batch) -> str:
    facts = batch.reader.tables.system("base_info")
    wanted = sa.select(facts.c.content).where(facts.c.name == "guid")
    return str(batch.connection.execute(wanted).scalar() or "")


Place = tuple[Ref, str]
"""A record and the key of its field."""


def planned_for(
    batch: Batch, days: Iterable[tuple[Ref, Field, int]]
) -> dict[Place, list[Staged]]:  # fmt: skip
    """What was planned for days in fields in the years around the one named."""
    event, guid = batch.catalogue.with_trait(Scheduled)[0], "@" + _guid(batch)
    uids = {
        f"annual-{year}-{source.id}-{f.name}{guid}": (source, f.key)
        for source, f, around in days
        for year in (around - 1, around, around + 1)
    }
    ids = _with_uid(batch, event, list(uids))
    batch.prefetch(event, ids)
    found: dict[Place, list[Staged]] = {}
    for id_ in ids:
        staged = batch.rows.get((event.key, id_))
        values = (staged.after if staged is not None else None) or {}
        place = uids.get(str(values.get(UID)))
        if staged is not None and place is not None:
            found.setdefault(place, []).append(staged)
    return found


def _with_uid(batch: Batch, event: EntityDef, uids: Sequence[str]) -> list[int]:
    tables, f = batch.reader.tables, event.field(UID)
    column, main = tables.order_column(event, f), tables.main[event.key]
    found: list[int] = []
    keys = [encode(tables.catalogue, f, uid)[-1] for uid in uids]
    for start in range(0, len(keys), IN_LIST):
        some = keys[start : start + IN_LIST]
        rows = batch.connection.execute(sa.select(main.c.id).where(column.in_(some)))
        found += [row[0] for row in rows]
    return sorted(found)


# --- one day said twice ---------------------------------------------------------------------------


def twins(batch: Batch, one: Wanted) -> list[Place]:
    """Where the same day of the same record stands besides: a field and a record of its own may
    both say a birthday. The owners are in the batch."""
    if one.is_own:
        entity, trait = batch.catalogue.with_trait(AnnualDay)
        rows = batch.linked(entity, entity.field(trait.owner), one.owner.id)
        return [(row.ref, trait.day) for row in rows if _same_day(row, trait.day, one.day)]
    owner = batch.rows.get(one.owner)
    fields = own_days(owner.entity) if owner is not None else ()
    return [(one.owner, f.key) for f in fields if owner and _same_day(owner, f.key, one.day)]


def stands(batch: Batch, one: Wanted) -> bool:
    """Whether the day is still there and was not changed since it was looked at."""
    staged = batch.rows.get(one.source)
    if staged is None or not _same_day(staged, one.field, one.day):
        return False
    trait = staged.entity.trait(AnnualDay)
    return one.is_own or trait is None or (staged.after or {}).get(trait.owner) == one.owner


def _same_day(staged: Staged, field: str, day: date) -> bool:
    month_day = day_of((staged.after or {}).get(field))[:2]
    return month_day == (day.month, day.day) or (
        month_day == (2, 29) and (day.month, day.day) in ((2, 28), (3, 1))
    )


def was_planned(batch: Batch, one: Wanted, of_fields: Mapping[Place, Sequence[Staged]]) -> bool:
    """Whether an activity stands for that year, moved there from another day for example."""
    if one.is_own:
        rows: Iterable[Staged] = of_fields.get((one.source, one.field), ())
    else:
        entity = batch.catalogue[one.source.entity]
        event, link = annual_link(batch.catalogue.with_trait(Scheduled)[0], entity)
        rows = batch.linked(event, link, one.source.id)
    days = ((row.after or {}).get("anchor") for row in rows)
    return any(isinstance(day, date) and day.year == one.day.year for day in days)
