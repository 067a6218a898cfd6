"""The times of what is planned for an annual date, and how the two are linked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.traits import Scheduled

LEAD = 14
"""Days before, where the record says nothing."""
DAY = timedelta(days=1)


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
