"""Which days come round every year, and the times of what is planned for one of them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.traits import AnnualDay, Scheduled
from crm_desktop.models.schema import is_yearly
from crm_desktop.models.text.annual import parts

LEAD = 14
"""Days before, where the record says nothing."""
DAY = timedelta(days=1)


def own_days(entity: EntityDef) -> tuple[Field, ...]:
    """The fields of an object that hold a day which comes round: dates that are marked as such in
    the catalogue (a birthday), days of the year; not those of records that are days of others."""
    return tuple(f for f in entity.fields if is_own_day(entity, f))


def is_own_day(entity: EntityDef, f: Field) -> bool:
    """Whether the field is one of them."""
    if f.storage != "yearly":
        return is_yearly(f)
    trait = entity.trait(AnnualDay)
    return trait is None or f.key != trait.day


def day_of(value: date | int | None) -> tuple[int, int, int]:
    """(month, day, year or 0) of what such a field holds; zeros for nothing."""
    if value is None:
        return 0, 0, 0
    return (value.month, value.day, value.year) if isinstance(value, date) else parts(value)


def annual_link(event: EntityDef, annual: EntityDef) -> tuple[EntityDef, LinkField]:
    """The scheduled object, and its link to an annual date."""
    links = (f for f in event.fields if isinstance(f, LinkField) and f.target == annual.key)
    return event, next(links)


def day_values(event: EntityDef, day: date, zone: tzinfo) -> dict[str, Any]:
    """The times of an activity that is planned for a day as a whole."""
    when = event.trait(Scheduled)
    assert when is not None
    begins = datetime.combine(day, time(), zone)
    ends = datetime.combine(day + DAY, time(), zone)
    return {when.starts: begins, when.ends: ends, when.due: begins, when.all_day: True,
            "anchor": day}  # fmt: skip
