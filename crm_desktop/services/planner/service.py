"""The planner of one open base: asks for rows and bars, carries gestures out as operations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.activities.concerns import Shape, concerned
from crm_desktop.services.planner.bars import (
    HALF_HOUR,
    Bar,
    PlanRow,
    Undated,
    moment,
    seconds,
    undated_bar,
)
from crm_desktop.services.planner.double_booking import as_copies, check_double_booking
from crm_desktop.services.planner.moving import Move, Moving, NewEntry
from crm_desktop.services.planner.question import Question
from crm_desktop.services.planner.repeated import repeated_bars, series_deletes, series_writes
from crm_desktop.services.planner.rows import read_rows
from crm_desktop.services.planner.schedule import Schedule
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.records import Outcome
from crm_desktop.services.writing.staging import Create, Delete, Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOVED = Title(N_("Moved in the planner"))
COPIED = Title(N_("Copied in the planner"))
PLANNED = Title(N_("Planned in the planner"))
GONE = Title(N_("Deleted in the planner"))
_BY_START = itemgetter(Bar._fields.index("starts"))


class Planner:
    """Cheap to make; made anew when the catalogue has changed. KeyError if nothing is scheduled."""

    def __init__(self, workspace: Workspace) -> None:
        self.base = workspace
        self.schedule = Schedule.of(workspace.tables)
        self.moving = Moving(self.schedule)

    # --- asking -----------------------------------------------------------------------------------

    def rows(self) -> list[PlanRow]:
        """Everybody and everything, people first."""
        base = self.base
        with base.backend.read() as connection:
            found = read_rows(connection, base.backend, base.tables, base.titles)
        return found if base.rights is None else base.rights.calendars(found)

    def bars(self, rows: Sequence[Ref], since: datetime, until: datetime) -> list[Bar]:
        """What takes place in the rows between two moments, by start; series unfolded."""
        return next(self.bars_of([rows], since, until))

    def bars_of(
        self, groups: Sequence[Sequence[Ref]], since: datetime, until: datetime
    ) -> Iterator[list[Bar]]:
        """The same of several groups of rows, one after another: whoever asks can show the first
        ones while the base answers for the others."""
        question = Question(self.base.backend, self.schedule, self.base.privacy)
        everybody = [row for rows in groups for row in rows]
        repeated = partial(repeated_bars, self.base, question, (everybody, since, until))
        if len(groups) == 1 or self.base.backend.halves_well:
            for found in question.bars(groups, since, until, repeated):
                yield sorted(found, key=_BY_START)
            return
        (whole,) = question.bars([everybody], since, until, repeated)
        whole.sort(key=_BY_START)
        for rows in groups:
            among = set(rows)
            yield [bar for bar in whole if bar.row in among]

    def undated(self, staff: Sequence[int]) -> list[Undated]:
        """What is planned without a start, of these people and of nobody, by deadline."""
        question = Question(self.base.backend, self.schedule, self.base.privacy)
        with self.base.backend.read() as connection:
            return question.undated(connection, staff)

    def names(self, bars: Iterable[Bar | Undated]) -> dict[Ref, str]:
        """What the records are called that the bars are about."""
        found = self.base.titles.of({bar.about for bar in bars if bar.about is not None})
        return {ref: title.text for ref, title in found.items()}

    # --- acting -----------------------------------------------------------------------------------

    # Each of them raises `DoubleBooked` where somebody's time would be taken twice, unless `twice`
    # is said by somebody who may (`planner/double_booking`).

    def move(self, moves: Sequence[Move], extent: str = "", *, twice: bool = False) -> Outcome:
        """Carries all the moves out as one operation. `extent`: of a series this occurrence, or
        this and the following ones (`services/series/dates`)."""
        writes = self.moving.writes(moves, series_writes(self.base, extent))
        check_double_booking(self, moves, twice=twice)
        return self.base.records.apply(writes, MOVED)

    def copy(self, moves: Sequence[Move], *, twice: bool = False) -> Outcome:
        """The bars once more, where the moves say; what they were stays."""
        once = _once(moves)
        for move in once:
            self.moving.check(move)
        new, sources = as_copies(once)
        check_double_booking(self, new, twice=twice, copies=sources)

        def plan(batch: Batch) -> list[Write]:
            return [write for move in once for write in self.copy_writes(batch, move)]

        return self.base.records.apply(plan, COPIED)

    def copy_writes(self, batch: Batch, move: Move) -> list[Write]:
        """What copies one record with those who take part and what it is linked to; nothing
        where it is gone."""
        event, names = self.schedule.event.key, self.schedule.takes_part
        reader, connection = self.base.reader, batch.connection
        record = reader.get(event, move.bar.id, connection=connection)
        if record is None:
            return []
        ids = [move.bar.id]
        parts = reader.linked(self.schedule.part.key, names.event, ids, connection=connection)
        took = [_other(row.values, names, move) for row in parts.values()]
        new = batch.new_id()
        further = concerned(self.base, ids, connection).get(move.bar.id, {}).values()
        links = Shape.of(self.base.catalogue).writes(new, further)
        return [*self.moving.copy(move.changed, record.values, took, new), *links]

    def create(self, new: NewEntry, *, twice: bool = False) -> Outcome:
        """Something new in a row; for a resource it is booked, by whoever works here."""
        check_double_booking(self, new.moves(), twice=twice)
        return self.base.records.apply(lambda batch: self.new_writes(batch, new), PLANNED)

    def new_writes(self, batch: Batch, new: NewEntry) -> list[Write]:
        """What makes it, with everybody and everything that takes part."""
        id_ = batch.new_id()
        writes: list[Write] = [Create(self.schedule.event.key, self.moving.new(new), id=id_)]
        booked = () if new.row.entity == self.schedule.staff.key else (new.row,)
        others = [row for row in new.others if row != new.row]
        return [*writes, *(self.moving.booking(id_, row) for row in (*booked, *others))]

    def give_time(
        self, undated: Undated, row: Ref, starts: int, ends: int, *, twice: bool = False
    ) -> Outcome:
        """What had no time yet gets one, and the person in whose row it was dropped."""
        bar = undated_bar(undated, row, starts, ends)
        check_double_booking(self, [Move(bar, starts, ends, row)], twice=twice)
        return self.base.records.apply(self.time_writes(bar), PLANNED)

    def put(self, record: int, starts: int, ends: int, *, twice: bool = False) -> Outcome:
        """One record at another time, whoever takes part; `NotFound` if it is gone."""
        bar = self.bar_of(record)
        if bar.series:
            raise InvalidInput(_("This entry repeats: move one of its dates in the planner"))
        if bar.starts:
            return self.move([Move(bar, starts, ends, bar.row)], twice=twice)
        placed = bar._replace(starts=starts, ends=ends)
        check_double_booking(self, [Move(placed, starts, ends, bar.row)], twice=twice)
        scheduled = self.schedule.scheduled
        values = {scheduled.starts: moment(starts), scheduled.ends: moment(ends)}
        update = Update(self.schedule.event.key, record, values, bar.version)
        return self.base.records.apply([update], PLANNED)

    def bar_of(self, record: int) -> Bar:
        """A record as the bar of its responsible; without a time it starts at 0."""
        scheduled, event = self.schedule.scheduled, self.schedule.event
        found = self.base.reader.get(event.key, record)
        if found is None:
            raise NotFound(_("The entry is not in the base (any more)"))
        values, who = found.values, found.values[scheduled.who] or 0
        times = [values[key] for key in (scheduled.starts, scheduled.ends, scheduled.due)]
        starts, ends, due = (seconds(one) if one is not None else 0 for one in times)
        row = Ref(self.schedule.staff.key, who)
        return Bar(
            record, row, starts, ends or (starts + HALF_HOUR if starts else 0),
            values[scheduled.kind] or "", values[scheduled.state] or "",
            values[event.title_field] or "", values[scheduled.about], found.version, who, due=due,
            series=bool(values[scheduled.rule]),
        )  # fmt: skip

    def time_writes(self, bar: Bar) -> list[Write]:
        """What gives a record the time of the bar and the person in whose row it stands."""
        scheduled, event = self.schedule.scheduled, self.schedule.event.key
        values: dict[str, Any] = {
            scheduled.starts: moment(bar.starts), scheduled.ends: moment(bar.ends)
        }  # fmt: skip
        if bar.row.entity == self.schedule.staff.key:
            return [Update(event, bar.id, {**values, scheduled.who: bar.row.id}, bar.version)]
        return [
            Update(event, bar.id, values, bar.version), self.moving.booking(bar.id, bar.row),
        ]  # fmt: skip

    def delete(self, bars: Iterable[Bar], extent: str = "") -> Outcome:
        """Deletes what the bars stand for; of a series as `extent` says."""
        writes = [w for bar in _one_each(bars) for w in self.delete_writes(bar, extent)]
        return self.base.records.apply(writes, GONE)

    def delete_writes(self, bar: Bar, extent: str) -> Sequence[Write]:
        """What deletes one record, or dates of a series."""
        if bar.series:
            return series_deletes(self.base, bar, extent)
        return [Delete(self.schedule.event.key, bar.id)]


def _once(moves: Sequence[Move]) -> list[Move]:
    """One move for every record, although it stands in several rows."""
    return list({move.bar.key: move for move in reversed(moves)}.values())[::-1]


def _one_each(bars: Iterable[Bar]) -> list[Bar]:
    """One bar for every record or date of a series."""
    return list({bar.key: bar for bar in bars}.values())


def _other(values: Mapping[str, Any], names: Any, move: Move) -> dict[str, Any]:
    """A participation as the copy has it: whoever's row it was dropped in takes the place."""
    found = dict(values)
    for key in (names.staff, names.resource):
        if move.bar.part and move.row != move.bar.row and found.get(key) == move.bar.row.id:
            found[key] = move.row.id
    return found
