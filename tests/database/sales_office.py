"""A small office for the tests of leads: three colleagues, a queue, working time in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from crm_desktop.models.query import Query
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

MONDAY = datetime(2026, 3, 2, 9, 10, tzinfo=UTC)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


class Office:
    """Kirill, the director; Anna and Boris, who stand in the queue in this order."""

    def __init__(self, address: str) -> None:
        self.clock = MovedClock(MONDAY)
        self.base: Workspace = ready_base(address, clock=self.clock)
        company = self.base.lists.open(Query("working_calendar")).ids()[0]
        hours = dict.fromkeys(DAYS, "9:00-13:00 14:00-18:00")
        self.base.records.update(
            "working_calendar", company, {"zone": "UTC", "country": "", **hours}
        )
        self.kirill = self.add("staff", name="Kirill")
        self.anna = self.add("staff", name="Anna", head=self.kirill)
        self.boris = self.add("staff", name="Boris", head=self.kirill)
        self.queue = self.add("queue", name="Calls")
        self.places = [self.place(one) for one in (self.anna, self.boris)]

    def add(self, entity: str, **values: Any) -> int:
        return int(self.base.records.create(entity, values).ids[0])

    def place(self, staff: int, **values: Any) -> int:
        return self.add("queue_member", queue=self.queue, staff=staff, **values)

    def away(self, staff: int, starts: datetime, ends: datetime, **values: Any) -> int:
        """Leave of a colleague."""
        given = {"kind": "leave", "state": "planned", "subject": "Leave", "author": staff}
        return self.add("activity", **given, starts=starts, ends=ends, **values)

    def row(self, entity: str, id_: int) -> dict[str, Any]:
        found = self.base.reader.get(entity, id_)
        assert found is not None
        return found.values

    def ids(self, entity: str) -> list[int]:
        return list(self.base.lists.open(Query(entity)).ids())
