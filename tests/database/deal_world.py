"""A base with the pipeline of a window installer and its people, for tests of deals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from crm_desktop.models.backend.connect import is_server_address
from crm_desktop.models.query import Query
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import copied_base, ready_base

MONDAY = datetime(2026, 3, 2, 6, 10, tzinfo=UTC)  # 09:10 in Moscow
HOURS = "09:00-13:00 14:00-18:00"
STAGES = ("First call", "Measurement", "Approval", "Payment", "Installation", "Done", "Lost")
OUTCOMES = {"Done": "won", "Lost": "lost"}


@dataclass
class DealWorld:
    """The base, its clock, colleagues and stages by name."""

    base: Workspace
    clock: MovedClock
    pipeline: int
    stages: dict[str, int]
    people: dict[str, int] = field(default_factory=dict)

    def make(self, entity: str, **values: Any) -> int:
        """A new record."""
        return int(self.base.records.create(entity, values).ids[0])

    def deal(self, **values: Any) -> int:
        """A new deal in the pipeline."""
        return self.make("deal", **{"name": "Two windows", "pipeline": self.pipeline, **values})

    def of(self, id_: int, entity: str = "deal") -> dict[str, Any]:
        """The values of a record."""
        record = self.base.reader.get(entity, id_)
        assert record is not None
        return record.values

    def linked(self, entity: str, key: str, owner: int) -> list[dict[str, Any]]:
        """The records of an object that point to one, the oldest first."""
        rows = self.base.reader.linked(entity, key, [owner])
        return [row.values for _id, row in sorted(rows.items())]

    def move(self, deal: int, stage: str, **values: Any) -> int:
        """Moves a deal; the operation."""
        return self.base.pipelines.move([deal], self.stages[stage], values).operation


_made: dict[tuple[bool, str], tuple[int, dict[str, int], dict[str, int]]] = {}
"""Pipeline, stages and people of the worlds that stand ready, on a server or not."""


def deal_world(address: str, **stages: dict[str, Any]) -> DealWorld:
    """The world of the installer in an empty base, filled once and then copied; `stages`: more
    values by stage (`_` a blank)."""
    which = (is_server_address(address), repr(stages))

    def make() -> None:
        made = _filled(address, stages)
        _made[which] = made.pipeline, made.stages, made.people
        made.base.close()

    copied_base(("deals", which[1]), address, make)
    clock = MovedClock(MONDAY)
    pipeline, places, people = _made[which]
    return DealWorld(open_base(address, clock=clock), clock, pipeline, {**places}, {**people})


def _filled(address: str, stages: dict[str, dict[str, Any]]) -> DealWorld:
    clock = MovedClock(MONDAY)
    base = ready_base(address, clock=clock)
    week = ("monday", "tuesday", "wednesday", "thursday", "friday")
    (company,) = base.lists.open(Query("working_calendar")).ids()
    hours = {"zone": "Europe/Moscow", "country": "-", **dict.fromkeys(week, HOURS)}
    base.records.update("working_calendar", company, hours)
    create = base.records.create
    pipeline = create("pipeline", {"name": "Windows", "vat_rate": 20, "vat_included": True}).ids[0]
    made = {}
    for place, name in enumerate(STAGES, start=1):
        values = {"name": name, "pipeline": pipeline, "position": place, "probability": 10 * place,
                  "outcome": OUTCOMES.get(name, "open"),
                  **stages.get(name.replace(" ", "_"), {})}  # fmt: skip
        made[name] = create("stage", values).ids[0]
    world = DealWorld(base, clock, pipeline, made)
    kirill = world.make("staff", name="Kirill", job_title="Director")
    world.people["Kirill"] = kirill
    for name, job in (("Anna", "Manager"), ("Boris", "Manager"), ("Marat", "Measurer"),
                      ("Ivan", "Installer")):  # fmt: skip
        world.people[name] = world.make("staff", name=name, job_title=job, head=kirill)
    return world


def own_field(world: DealWorld, kind: str, label: str, entity: str = "deal") -> str:
    """A field of one's own; its key."""
    definition = {"key": label.lower().replace(" ", "_"), "type": kind, "label": label}
    world.base.constructor.add_field(world.base.catalogue[entity], definition)
    return str(world.base.catalogue.field(world.base.catalogue[entity], label).key)
