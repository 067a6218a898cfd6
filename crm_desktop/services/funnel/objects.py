"""Which objects, fields and stages a funnel is counted by; asked of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.sales_traits import Funnel, StageLog, StageTable
from crm_desktop.models.schema import Tables

OPEN, WON, LOST = "open", "won", "lost"


@dataclass(frozen=True)
class SalesObjects:
    """What goes through stages (`deal`), the stages, and the stays in them."""

    deal: EntityDef
    names: Funnel
    stage: EntityDef
    steps: StageTable
    log: EntityDef
    stays: StageLog

    @classmethod
    def of(cls, catalogue: Catalogue) -> SalesObjects:
        """Those of the catalogue; KeyError without them."""
        return cls(
            *catalogue.with_trait(Funnel),
            *catalogue.with_trait(StageTable),
            *catalogue.with_trait(StageLog),
        )

    def column(self, tables: Tables, entity: EntityDef, name: str) -> sa.Column[Any]:
        """The physical column of a field of one of them."""
        return tables.column(entity, entity.field(name))

    def pipeline_ref(self, id_: int) -> Ref:
        """The record of a pipeline."""
        field: Any = self.deal.field(self.names.pipeline)
        return Ref(field.target, id_)


@dataclass(frozen=True)
class Step:
    """A stage of the way: `place` counts from 0, `ids` are its own and all later ones."""

    id: int
    name: str
    place: int
    outcome: str
    tone: str
    retired: bool
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Way:
    """The stages of a pipeline in their order, won behind those in progress, lost apart."""

    steps: tuple[Step, ...]
    lost: tuple[int, ...]
    places: dict[int, int]
    """The place of each stage; a lost one stands at the beginning: it was there, no further."""
    zone: tzinfo | None = None
    """That of the office, where whoever asks has another one (`office_days`)."""
    guests: bool = False
    """Whether there are deals that came so far and were moved to another pipeline then."""

    def shown(self) -> tuple[Step, ...]:
        """Without those that are no longer offered."""
        return tuple(step for step in self.steps if not step.retired)

    def top(self, reached: int | None) -> int:
        """The place of the furthest stage of what is not won: at most the last one in progress."""
        return min(self.places.get(reached or 0, 0), max(self.won_at - 1, 0))

    def came(self, reached: int | None, state: str | None) -> int:
        """The place of the furthest stage of what is in this pipeline."""
        return len(self.steps) - 1 if state == WON else self.top(reached)

    def stood(self, stage: int, *, won: bool) -> int | None:
        """How far a stay in a stage counts: one in which it was won by mistake no further than the
        beginning. None for a stage of another way."""
        place = self.places.get(stage)
        return 0 if place is not None and place >= self.won_at and not won else place

    @property
    def won_at(self) -> int:
        """The place of the first stage in which deals are won."""
        return next((one.place for one in self.steps if one.outcome == WON), len(self.steps))

    @property
    def ids(self) -> tuple[int, ...]:
        """All stages, lost ones too."""
        return tuple(self.places)


def read_way(
    connection: sa.Connection, tables: Tables, objects: SalesObjects, pipeline: int
) -> Way:
    """The way of one pipeline."""
    stage, names = objects.stage, objects.steps
    table = tables.main[stage.key]
    position, outcome = (
        objects.column(tables, stage, name) for name in (names.position, names.outcome)
    )
    found = connection.execute(
        sa.select(table.c.id, objects.column(tables, stage, stage.title_field), outcome,
                  table.c.tone, table.c.retired, position)
        .where(objects.column(tables, stage, names.pipeline) == pipeline)
    ).all()  # fmt: skip
    rows = sorted(found, key=lambda row: (row[2] == WON, row[5] or 0, row[0]))
    return _way([row for row in rows if row[2] != LOST], [row[0] for row in rows if row[2] == LOST])


def _way(rows: Sequence[Any], lost: list[int]) -> Way:
    ids = tuple(row[0] for row in rows)
    steps = tuple(
        Step(row[0], row[1] or "", place, row[2] or OPEN, row[3] or "accent", bool(row[4]),
             ids[place:])
        for place, row in enumerate(rows)
    )  # fmt: skip
    places = {id_: place for place, id_ in enumerate(ids)}
    return Way(steps, tuple(lost), places | dict.fromkeys(lost, 0))
