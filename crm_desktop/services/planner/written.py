"""Looks before every save, whoever asked for it, who would be taken twice by what is saved.

Only what is open and still to come takes time here: the past cannot be booked any more, and a note
of what was done asks nobody. Who may not take a time twice is refused always; who may is asked
where somebody can be asked (`services/interactive`). What the program does by itself, restores and
what follows from rules asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.traits import Recurring
from crm_desktop.models.recurrence.occurrences import occurrences
from crm_desktop.services.interactive import is_interactive
from crm_desktop.services.office.zone import zone_in
from crm_desktop.services.planner.bars import HALF_HOUR, Bar, moment, seconds
from crm_desktop.services.planner.double_booking import (
    Pair,
    clashes_among,
    may_double_book,
    said_clashes,
)
from crm_desktop.services.planner.load import clashes
from crm_desktop.services.planner.question import Question
from crm_desktop.services.planner.repeated import repeated_bars
from crm_desktop.services.planner.service import Planner

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.writing.batch import Batch, Staged

AHEAD = timedelta(days=92)
MOST_DATES = 60
"""So far, and so many dates, a series that is new or has other times is looked at."""


def check_written(base: Workspace, batch: Batch, asked: Sequence[Ref]) -> None:
    """`DoubleBooked` if the records that were asked for take a time that is taken already."""
    written = Written(base, batch)
    bars = written.bars(asked)
    if not bars:
        return
    allowed = may_double_book(base)
    if allowed and not is_interactive():
        return
    pairs = written.new_clashes(bars)
    if pairs:
        raise said_clashes(written.planner, pairs, allowed=allowed)


class Written:
    """What a batch changes of the times that are taken."""

    def __init__(self, base: Workspace, batch: Batch) -> None:
        self.planner = Planner(base)
        self._batch = batch
        self._now = seconds(batch.now)

    # --- what is written --------------------------------------------------------------------------

    def bars(self, asked: Sequence[Ref]) -> list[Bar]:
        """What newly takes time, in the rows of everybody and everything that takes part."""
        schedule, found = self.planner.schedule, list[Bar]()
        for ref in asked:
            staged = self._batch.seen(ref)
            if staged is None or staged.after is None:
                continue
            if ref.entity == schedule.event.key:
                found += self._of_event(staged) if self._takes_other_time(staged) else ()
            elif ref.entity == schedule.part.key:
                found += self._of_part(staged)
        return list({(bar.key, bar.row): bar for bar in found}.values())

    def _takes_other_time(self, staged: Staged) -> bool:
        when, before, after = self.planner.schedule.scheduled, staged.before, staged.after or {}
        keys = (when.starts, when.ends, when.who, when.state, when.kind, when.rule)
        return before is None or any(before.get(key) != after.get(key) for key in keys)

    def _of_event(self, staged: Staged) -> list[Bar]:
        values = staged.after or {}
        return [bar for row, part in self._rows(staged) for bar in self._placed(staged, row, part)
                ] if self._counts(values) else []  # fmt: skip

    def _of_part(self, staged: Staged) -> list[Bar]:
        """Whoever or whatever takes part newly."""
        names, values = self.planner.schedule.takes_part, staged.after or {}
        keys = (names.event, names.staff, names.resource)
        old = staged.before
        if old is not None and all(old.get(key) == values.get(key) for key in keys):
            return []
        if values.get(names.event) is None:
            return []
        event = self._batch.row(self.planner.schedule.event, values[names.event])
        row = self._row_of(values)
        if row is None or not self._counts(event.after or {}):
            return []
        return list(self._placed(event, row, staged.id))

    def _counts(self, values: Mapping[str, Any]) -> bool:
        """Whether it is still to be done and to come: it takes time of somebody."""
        when = self.planner.schedule.scheduled
        begin, end = values.get(when.starts), values.get(when.ends)
        if not isinstance(begin, datetime) or values.get(when.state) in (*when.closed, when.done):
            return False
        return bool(values.get(when.rule)) or seconds(end or begin) > self._now

    def _rows(self, staged: Staged) -> Iterator[tuple[Ref, int]]:
        """Who is responsible, and everybody and everything that takes part, by participation."""
        schedule = self.planner.schedule
        who = (staged.after or {}).get(schedule.scheduled.who)
        if who:
            yield Ref(schedule.staff.key, who), 0
        link = schedule.part.field(schedule.takes_part.event)
        for part in self._batch.linked(schedule.part, link, staged.id):
            row = self._row_of(part.after or {})
            if row is not None and row != Ref(schedule.staff.key, who or 0):
                yield row, part.id

    def _row_of(self, part: Mapping[str, Any]) -> Ref | None:
        schedule, names = self.planner.schedule, self.planner.schedule.takes_part
        if part.get(names.staff):
            return Ref(schedule.staff.key, part[names.staff])
        thing = part.get(names.resource)
        return Ref(schedule.resource.key, thing) if thing else None

    def _placed(self, staged: Staged, row: Ref, part: int) -> Iterator[Bar]:
        """The bar of a record in a row; of a series one for each of its next dates."""
        values, when = staged.after or {}, self.planner.schedule.scheduled
        bar = self._bar(staged, values, row)._replace(part=part)
        if bar.idle:
            return
        if not values.get(when.rule):
            yield bar
            return
        length = bar.ends - bar.starts
        for date in self._dates(values):
            begin = seconds(date)
            yield bar._replace(starts=begin, ends=begin + length, series=True, origin=begin)

    def _dates(self, values: Mapping[str, Any]) -> list[datetime]:
        base, batch = self.planner.base, self._batch
        _entity, recurring = base.catalogue.with_trait(Recurring)
        zone = zone_in(base.tables, batch.connection, values.get(recurring.zone))
        starts = values[self.planner.schedule.scheduled.starts]
        found = occurrences(
            str(values[recurring.rule]), starts, zone,
            after=max(starts, batch.now), before=max(starts, batch.now) + AHEAD,
            is_workday=lambda day: base.worktime.of(None).is_workday(day),
        )  # fmt: skip
        return found[:MOST_DATES]

    def _bar(self, staged: Staged, values: Mapping[str, Any], row: Ref) -> Bar:
        when, event = self.planner.schedule.scheduled, self.planner.schedule.event
        starts, end = seconds(values[when.starts]), values.get(when.ends)
        ends = max(seconds(end), starts + 60) if end is not None else starts + HALF_HOUR
        return Bar(
            staged.id, row, starts, ends, str(values.get(when.kind) or ""),
            str(values.get(when.state) or ""), str(values.get(event.title_field) or ""),
            values.get(when.about), 0, int(values.get(when.who) or 0),
        )  # fmt: skip

    # --- what stands already ----------------------------------------------------------------------

    def new_clashes(self, bars: Sequence[Bar]) -> list[Pair]:
        """Pairs (written, other) that would clash and do not yet."""
        by_row: dict[Ref, list[Bar]] = {}
        rows = list({bar.row for bar in bars})
        since, until = min(b.starts for b in bars), max(b.ends for b in bars)
        for bar in self._standing(rows, (moment(since), moment(until))):
            if not self._is_written(bar):
                by_row.setdefault(bar.row, []).append(bar)
        found = clashes(bars, by_row, {bar.key for bar in bars}) + self._among(bars)
        return [pair for pair in found if not self._stood(*pair)]

    def _standing(self, rows: list[Ref], between: tuple[datetime, datetime]) -> list[Bar]:
        """What stands in the rows as the base has it."""
        base = self.planner.base
        question = Question(base.backend, self.planner.schedule, base.privacy)
        found = question.of_moments(self._batch.connection, rows, between)
        return found + repeated_bars(base, question, (rows, *between))

    def _among(self, bars: Sequence[Bar]) -> list[Pair]:
        """Of one save with one another; one step that is planned for many records is meant so."""
        once = {(bar.row, bar.starts, bar.ends, bar.subject, bar.kind): bar for bar in bars}
        return clashes_among(list(once.values()))

    def _is_written(self, bar: Bar) -> bool:
        """Whether it will not stand there any more as the base has it: it is written itself, or it
        is the date of a series that a written record takes the place of."""
        event = self.planner.schedule.event
        staged = self._batch.seen(Ref(event.key, bar.id))
        if staged is not None and (staged.after is None or self._takes_other_time(staged)):
            return True
        return bar.series and (bar.id, bar.origin) in self._replaced()

    def _replaced(self) -> set[tuple[int, int]]:
        event, recurring = self.planner.base.catalogue.with_trait(Recurring)
        found = set[tuple[int, int]]()
        for (entity, _id), staged in self._batch.rows.items():
            values = staged.after or {}
            if entity == event.key and values.get(recurring.occurrence) is not None:
                series = int(values.get(recurring.series) or 0)
                found.add((series, seconds(values[recurring.occurrence])))
        return found

    def _stood(self, bar: Bar, other: Bar) -> bool:
        """Whether the two clashed in that row before."""
        staged = self._batch.seen(Ref(self.planner.schedule.event.key, bar.id))
        before = staged.before if staged is not None else None
        if before is None or not self._counts(before) or not self._was_in(bar, before):
            return False
        was = self._bar(staged, before, bar.row)  # type: ignore[arg-type]
        beside = self._before(other)
        return was.starts < beside.ends and beside.starts < was.ends

    def _was_in(self, bar: Bar, before: Mapping[str, Any]) -> bool:
        schedule = self.planner.schedule
        if bar.row == Ref(schedule.staff.key, before.get(schedule.scheduled.who) or 0):
            return True
        part = self._batch.seen(Ref(schedule.part.key, bar.part))
        return part is not None and self._row_of(part.before or {}) == bar.row

    def _before(self, other: Bar) -> Bar:
        staged = self._batch.seen(Ref(self.planner.schedule.event.key, other.id))
        if staged is None or staged.before is None or other.series:
            return other
        starts = staged.before.get(self.planner.schedule.scheduled.starts)
        return other if starts is None else self._bar(staged, staged.before, other.row)
