"""The planner of one open base: asks for rows and bars, carries gestures out as operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.batch import Batch
from crm_desktop.services.changes import Title
from crm_desktop.services.planner.bars import Bar, PlanRow, Undated, moment
from crm_desktop.services.planner.moving import Move, Moving
from crm_desktop.services.planner.question import Question
from crm_desktop.services.planner.repeated import repeated_bars, series_writes
from crm_desktop.services.planner.rows import read_rows
from crm_desktop.services.planner.schedule import Schedule
from crm_desktop.services.records import Outcome
from crm_desktop.services.staging import Create, Delete, Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOVED = Title(N_("Moved in the planner"))
COPIED = Title(N_("Copied in the planner"))
PLANNED = Title(N_("Planned in the planner"))
DELETED = Title(N_("Deleted in the planner"))


class Planner:
    """Cheap to make; made anew when the catalogue has changed. KeyError if nothing is scheduled."""

    def __init__(self, workspace: Workspace) -> None:
        self._base = workspace
        self.schedule = Schedule.of(workspace.tables)
        self.moving = Moving(self.schedule)

    # --- asking -----------------------------------------------------------------------------------

    def rows(self) -> list[PlanRow]:
        """Everybody and everything, people first."""
        base = self._base
        with base.backend.read() as connection:
            return read_rows(connection, base.backend, base.tables, base.titles)

    def bars(self, rows: Sequence[Ref], since: datetime, until: datetime) -> list[Bar]:
        """What takes place in the rows between two moments, by start; series unfolded."""
        question = Question(self._base.backend, self.schedule, self._base.user_id)
        with self._base.backend.read() as connection:
            found = question.bars(connection, rows, since, until)
        found += repeated_bars(self._base, question, (rows, since, until))
        found.sort(key=_by_start)
        return found

    def undated(self, staff: Sequence[int]) -> list[Undated]:
        """What is planned without a start, of these people and of nobody, by deadline."""
        question = Question(self._base.backend, self.schedule, self._base.user_id)
        with self._base.backend.read() as connection:
            return question.undated(connection, staff)

    def names(self, bars: Iterable[Bar | Undated]) -> dict[Ref, str]:
        """What the records are called that the bars are about."""
        found = self._base.titles.of({bar.about for bar in bars if bar.about is not None})
        return {ref: title.text for ref, title in found.items()}

    # --- acting -----------------------------------------------------------------------------------

    def move(self, moves: Sequence[Move], extent: str = "") -> Outcome:
        """Carries all the moves out as one operation. `extent`: of a series this occurrence, or
        this and the following ones (`services/series`)."""
        of_series = series_writes(self._base, extent)
        return self._base.records.apply(self.moving.writes(moves, of_series), MOVED)

    def copy(self, moves: Sequence[Move]) -> Outcome:
        """The bars once more, where the moves say; what they were stays."""
        event, names = self.schedule.event.key, self.schedule.takes_part
        reader = self._base.reader

        def plan(batch: Batch) -> list[Write]:
            writes: list[Write] = []
            for move in _once(moves):
                self.moving.check(move)
                record = reader.get(event, move.bar.id, connection=batch.connection)
                if record is None:
                    continue
                parts = reader.linked(
                    self.schedule.part.key, names.event, [move.bar.id], connection=batch.connection
                )
                took = [_other(row.values, names, move) for row in parts.values()]
                writes += self.moving.copy(move.changed, record.values, took, batch.new_id())
            return writes

        return self._base.records.apply(plan, COPIED)

    def create(self, row: Ref, starts: int, ends: int, *, subject: str, kind: str) -> Outcome:
        """Something new in a row; for a resource it is booked, by whoever works here."""
        values = self.moving.new(row, starts, ends, subject=subject, kind=kind)

        def plan(batch: Batch) -> list[Write]:
            new = batch.new_id()
            writes: list[Write] = [Create(self.schedule.event.key, values, id=new)]
            if row.entity != self.schedule.staff.key:
                writes.append(self.moving.booking(new, row))
            return writes

        return self._base.records.apply(plan, PLANNED)

    def give_time(self, undated: Undated, row: Ref, starts: int, ends: int) -> Outcome:
        """What had no time yet gets one, and the person in whose row it was dropped."""
        scheduled = self.schedule.scheduled
        values: dict[str, Any] = {scheduled.starts: moment(starts), scheduled.ends: moment(ends)}
        writes: list[Write] = []
        if row.entity == self.schedule.staff.key:
            values[scheduled.who] = row.id
        else:
            writes.append(self.moving.booking(undated.id, row))
        event = self.schedule.event.key
        writes.insert(0, Update(event, undated.id, values, undated.version))
        return self._base.records.apply(writes, PLANNED)

    def delete(self, bars: Iterable[Bar], extent: str = "") -> Outcome:
        """Deletes what the bars stand for; of a series as `extent` says."""
        from crm_desktop.services.planner.repeated import series_deletes

        found: dict[tuple[int, int], list[Write]] = {}
        for bar in bars:
            if bar.series:
                found[bar.key] = list(series_deletes(self._base, bar, extent))
            else:
                found[bar.key] = [Delete(self.schedule.event.key, bar.id)]
        return self._base.records.apply([w for writes in found.values() for w in writes], DELETED)


def _by_start(bar: Bar) -> tuple[int, int, int]:
    return bar.starts, bar.ends, bar.id


def _once(moves: Sequence[Move]) -> list[Move]:
    """One move for every record, although it stands in several rows."""
    return list({move.bar.key: move for move in reversed(moves)}.values())[::-1]


def _other(values: Mapping[str, Any], names: Any, move: Move) -> dict[str, Any]:
    """A participation as the copy has it: whoever's row it was dropped in takes the place."""
    found = dict(values)
    for key in (names.staff, names.resource):
        if move.bar.part and move.row != move.bar.row and found.get(key) == move.bar.row.id:
            found[key] = move.row.id
    return found
