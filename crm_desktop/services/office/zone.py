"""The zone of the office: that of the company's calendar, else that of this computer."""

from __future__ import annotations

from datetime import UTC, date, tzinfo
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.models.catalogue.traits import WorkHours
from crm_desktop.models.recurrence.zones import zone_named

if TYPE_CHECKING:
    from crm_desktop.models.schema import Tables
    from crm_desktop.services.workspace import Workspace


def zone_in(tables: Tables, connection: sa.Connection, name: str | None = None) -> tzinfo:
    """The zone of this name, else the office's."""
    found = zone_named(name)
    return found or office_zone(tables, connection)


def office_zone(tables: Tables, connection: sa.Connection) -> tzinfo:
    """The zone of the oldest company calendar that names one; else this computer's."""
    entity, trait = tables.catalogue.with_trait(WorkHours)
    table = tables.main[entity.key]
    scope, zone = (table.c[entity.field(key).name] for key in (trait.scope, trait.zone))
    asked = sa.select(zone).where(scope == trait.company, zone.is_not(None)).order_by(table.c.id)
    for name in connection.execute(asked).scalars():
        found = zone_named(name)
        if found is not None:
            return found
    return zone_named(zone_here()) or UTC


def office_today(workspace: Workspace) -> date:
    """The day of the office, wherever whoever asks sits."""
    return workspace.clock.now().astimezone(workspace.worktime.office_zone()).date()


def zone_here() -> str:
    """The IANA name of this computer's zone; `UTC` where it has none."""
    from tzlocal import get_localzone_name

    try:
        return str(get_localzone_name() or "UTC")
    except (KeyError, OSError, ValueError):  # a zone that only this computer knows
        return "UTC"
