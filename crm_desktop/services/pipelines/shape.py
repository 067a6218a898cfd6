"""Pipelines and their stages as plain values, in their order; read once for a transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import sqlalchemy as sa

from crm_desktop.models.catalogue.builtin.pipeline import CHANCES
from crm_desktop.models.catalogue.builtin.queue import QUEUE
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.sales_traits import Funnel, StageLog, StageTable
from crm_desktop.services.reader import Reader
from crm_desktop.services.writing.batch import Batch, Staged

OPEN, WON, LOST = "open", "won", "lost"
BY_STAGE = CHANCES[0].key
LAST = 1_000_000
"""The place of what has none."""
_MADE = "stages made"
_Rows = dict[int, dict[str, Any]]


@dataclass(frozen=True)
class Stage:
    """One step of a pipeline. `outcome`: open, won or lost; `probability` in percent; `stuck_days`:
    after so many days a record stands here too long; `to_enter`, `to_leave`: names of what is
    needed; `back`, `skip`: who may (`MOVERS`)."""

    id: int
    name: str
    pipeline: int
    position: int
    outcome: str
    tone: str
    probability: int | None
    stuck_days: int | None
    to_enter: tuple[str, ...]
    to_leave: tuple[str, ...]
    back: str
    skip: str
    retired: bool = False

    @property
    def is_open(self) -> bool:
        """Whether what stands here is still to be decided."""
        return self.outcome == OPEN


@dataclass(frozen=True)
class Pipeline:
    """One way with its stages in their order, those that are no longer offered left out."""

    id: int
    name: str
    stages: tuple[Stage, ...]
    chance_by: str = BY_STAGE
    moves: str = "all"
    unit: int | None = None
    queue: int | None = None
    vat_rate: Any = None
    vat_included: bool = False
    retired: bool = False

    @property
    def first(self) -> Stage | None:
        """Where records begin: the first stage in progress."""
        return next((one for one in self.stages if one.is_open), None)


@dataclass(frozen=True)
class Shape:
    """Everything about pipelines that a transaction needs; retired ones are known, too."""

    pipelines: Mapping[int, Pipeline]
    stages: Mapping[int, Stage]
    places: Mapping[int, int]
    """How far on its way each stage is, among all of its pipeline."""

    def offered(self) -> list[Pipeline]:
        """Those that are offered, in their order."""
        return [one for one in self.pipelines.values() if not one.retired]

    def first(self) -> Pipeline | None:
        """Where a record goes if nobody says: the first one that has a stage to begin with."""
        return next((one for one in self.offered() if one.first is not None), None)

    def place(self, stage: int | None) -> int:
        """How far on its way a stage is; -1 for none."""
        return self.places.get(stage or 0, -1)

    def between(self, one: Stage, other: Stage) -> list[Stage]:
        """The stages in progress that are passed over from one to another further on."""
        since, until = self.place(one.id), self.place(other.id)
        return [
            s for s in self.pipelines[other.pipeline].stages
            if s.is_open and since < self.place(s.id) < until
        ]  # fmt: skip


def funnel_of(catalogue: Catalogue) -> tuple[EntityDef, Funnel]:
    """The object whose records go through stages."""
    return catalogue.with_trait(Funnel)


def log_of(catalogue: Catalogue) -> tuple[EntityDef, StageLog]:
    """The object whose records are stays in stages."""
    return catalogue.with_trait(StageLog)


def pipelines_of(catalogue: Catalogue) -> EntityDef:
    """The object whose records are pipelines."""
    entity, trait = funnel_of(catalogue)
    return catalogue[cast(LinkField, entity.field(trait.pipeline)).target]


def words(text: Any) -> tuple[str, ...]:
    """The names in a field such as "needed to enter"."""
    parts = str(text or "").replace(";", ",").split(",")
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def read_shape(
    reader: Reader, connection: sa.Connection, made: Mapping[str, _Rows] | None = None
) -> Shape:
    """All pipelines of the base, by one question for them and one for their stages. `made`: those
    that are only being made, by object."""
    catalogue = reader.tables.catalogue
    entity, (stages, trait) = pipelines_of(catalogue), catalogue.with_trait(StageTable)
    found: dict[int, list[Stage]] = defaultdict(list)
    for id_, values in _rows(reader, stages.key, connection, made):
        one = _stage(id_, values, trait)
        found[one.pipeline].append(one)
    ways = [_pipeline(id_, values, found[id_]) for id_, values in
            _rows(reader, entity.key, connection, made)]  # fmt: skip
    everything = [one for several in found.values() for one in several]
    places = {one.id: n for several in found.values() for n, one in enumerate(several)}
    return Shape({one.id: one for one in ways}, {one.id: one for one in everything}, places)


def shapes_ahead(reader: Reader, connection: sa.Connection) -> Iterator[Callable[[], object]]:
    """What `read_shape` asks, question by question (`Backend.ask_first`)."""
    catalogue = reader.tables.catalogue
    for entity in (catalogue.with_trait(StageTable)[0], pipelines_of(catalogue)):
        yield partial(reader.everything, entity.key, connection)


def shape_in(batch: Batch) -> Shape:
    """The same for the base of a batch, asked for once in it."""
    known = batch.asked.get("pipelines")
    if not isinstance(known, Shape):
        made = _made_in(batch)
        known = batch.asked["pipelines"] = read_shape(batch.reader, batch.connection, made)
    return known


def note_made(batch: Batch, staged: Staged) -> None:
    """A stage is made in the batch: later rows of it may stand there."""
    batch.asked[_MADE] = (*_stages_made(batch), staged)
    batch.asked.pop("pipelines", None)


def _stages_made(batch: Batch) -> tuple[Staged, ...]:
    found = batch.asked.get(_MADE)
    return found if isinstance(found, tuple) else ()


def _made_in(batch: Batch) -> dict[str, _Rows]:
    """The stages made in a batch, and the pipelines that are made with them."""
    found: dict[str, _Rows] = defaultdict(dict)
    for stage in _stages_made(batch):
        found[stage.entity.key][stage.id] = stage.after or {}
        trait = stage.entity.trait(StageTable)
        if trait is not None:
            above = batch.row(pipelines_of(batch.catalogue), (stage.after or {})[trait.pipeline])
            found[above.entity.key][above.id] = above.after or {}
    return found


def _rows(
    reader: Reader, entity: str, connection: sa.Connection,
    made: Mapping[str, _Rows] | None = None,
) -> list[tuple[int, dict[str, Any]]]:  # fmt: skip
    """The records of an object in the order of their places, then of their making."""
    rows = {**reader.everything(entity, connection), **(made or {}).get(entity, {})}

    def place(one: tuple[int, dict[str, Any]]) -> tuple[int, int]:
        position = one[1].get("position")
        return (LAST if position is None else int(position), one[0])

    return sorted(rows.items(), key=place)


def _stage(id_: int, values: Mapping[str, Any], trait: StageTable) -> Stage:
    position = values.get(trait.position)
    return Stage(
        id_, str(values.get("name") or ""), int(values[trait.pipeline]),
        LAST if position is None else int(position), str(values.get(trait.outcome) or OPEN),
        str(values.get("tone") or "accent"), values.get("probability"), values.get("stuck_days"),
        words(values.get("to_enter")), words(values.get("to_leave")),
        str(values.get("back") or "all"), str(values.get("skip") or "all"),
        bool(values.get("retired")),
    )  # fmt: skip


def _pipeline(id_: int, values: Mapping[str, Any], stages: list[Stage]) -> Pipeline:
    return Pipeline(
        id_, str(values.get("name") or ""), tuple(one for one in stages if not one.retired),
        str(values.get("chance_by") or BY_STAGE), str(values.get("moves") or "all"),
        values.get("unit"), values.get(QUEUE.key), values.get("vat_rate"),
        bool(values.get("vat_included")), bool(values.get("retired")),
    )  # fmt: skip
