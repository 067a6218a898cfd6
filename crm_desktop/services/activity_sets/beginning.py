"""Activity sets that begin by themselves, when a record is saved with a field at a certain value.

The steps are planned in the operation of the save itself, around its day or the working day after
it. A set does not begin again while steps of it are open for the record. Imports and changes of
many records at once begin nothing: thousands of steps would be nobody's plan.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.builtin.activity import ACTIVITY, OPEN_STATES
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.planner_traits import StepSets
from crm_desktop.models.schema import Tables, column_names
from crm_desktop.models.worktime.arithmetic import WorkTime
from crm_desktop.services.activity_sets.steps import step_writes, workday
from crm_desktop.services.worktime.reading import read_calendars
from crm_desktop.services.writing.batch import Batch, Staged
from crm_desktop.services.writing.remembered import Remembered
from crm_desktop.services.writing.staging import Create

_log = logging.getLogger(__name__)
MOST_RECORDS = 50
"""Records saved at once for which sets begin."""
MOST_STEPS = 200


class Beginning(NamedTuple):
    """When a set begins: a field of an object takes a value, written as text."""

    set: int
    field: str
    value: str


Beginnings = Mapping[str, Sequence[Beginning]]
"""By the key of the object."""


class SetBeginnings(Remembered[Beginnings]):
    """What sets begin by themselves, by the object they are about."""

    def __init__(self, tables: Tables, *, alone: bool) -> None:
        """`alone`: nobody else changes the base."""
        catalogue = tables.catalogue
        super().__init__(
            next((e for e in catalogue if e.trait(StepSets) is not None), None), alone=alone
        )
        self._tables = tables

    def _read(self, connection: sa.Connection) -> Beginnings:
        found: dict[str, list[Beginning]] = defaultdict(list)
        if self._entity is None:
            return found
        trait = self._entity.trait(StepSets)
        assert trait is not None
        table = self._tables.main[self._entity.key]
        of, when, becomes, retired = (
            table.c[self._entity.field(key).name]
            for key in (trait.of, trait.when, trait.becomes, trait.retired)
        )
        wanted = sa.select(table.c.id, of, when, becomes, retired).where(of.is_not(None))
        for id_, object_, field_, value, gone in connection.execute(wanted.order_by(table.c.id)):
            if object_ and field_ and value and not gone:
                found[object_].append(Beginning(id_, field_, value))
        return found


class SetStarter:
    """Notes in one transaction which sets begin, and plans their steps."""

    def __init__(self, batch: Batch, beginnings: Beginnings) -> None:
        self._batch, self._beginnings = batch, beginnings
        self._due: dict[tuple[int, Ref], None] = {}

    def written(self, staged: Staged, given: Collection[str]) -> None:
        """A record was staged; `given`: the fields that were written."""
        for one in self._beginnings.get(staged.entity.key, ()):
            stood = as_text((staged.before or {}).get(one.field))
            stands = as_text((staged.after or {}).get(one.field))
            if stands == one.value != stood and (staged.before is None or one.field in given):
                self._due[one.set, Ref(staged.entity.key, staged.id)] = None

    def begin(self, set_: int, about: Ref) -> None:
        """A rule begins a set for a record."""
        self._due[set_, about] = None

    def writes(self) -> Iterator[Create]:
        """The steps of the sets that begin; one that cannot be planned is left out, and the save
        it hangs on is not refused for it."""
        due, self._due = self._due, {}
        work: WorkTime | None = None
        for set_, about in due:
            steps = self._steps(set_)
            if not steps or self._is_open(about, steps):
                continue
            if work is None:
                calendars = read_calendars(self._batch.reader, self._batch.connection)
                work = WorkTime(calendars.of(None))
            anchor = workday(self._batch.now.astimezone(work.zone).date(), 0, work)
            try:
                yield from step_writes(steps, about, anchor, work)
            except InvalidInput as wrong:
                _log.warning("set %s does not begin: %s", set_, wrong.message)

    def _steps(self, set_: int) -> dict[int, Mapping[str, Any]]:
        entity = next(e for e in self._batch.catalogue if e.trait(StepSets) is not None)
        trait = entity.trait(StepSets)
        assert trait is not None
        reader = self._batch.reader
        rows = reader.linked(trait.steps, trait.owner, [set_], self._batch.connection)
        return {id_: row.values for id_, row in sorted(rows.items())}

    def _is_open(self, about: Ref, steps: Collection[int]) -> bool:
        """Whether steps of the set are still to be done for the record."""
        tables = self._batch.reader.tables
        table = tables.main[ACTIVITY.key]
        entity = self._batch.catalogue[ACTIVITY.key]
        id_, number = (table.c[name] for name in column_names(entity.field("about")))
        wanted = sa.select(table.c.id).where(
            id_ == about.id, number == self._batch.catalogue[about.entity].number,
            table.c[entity.field("state").name].in_(OPEN_STATES),
            table.c[entity.field("step").name].in_(list(steps)[:MOST_STEPS]),
        )  # fmt: skip
        few = self._batch.backend.limit(wanted, 1)
        return self._batch.connection.execute(few).first() is not None


def as_text(value: Any) -> str:
    """A value of a choice or a link as a set keeps it."""
    return "" if value is None else str(value)
