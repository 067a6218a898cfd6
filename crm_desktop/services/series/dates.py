"""Series of activities: their dates between two moments, and what a change of some of them writes.

A series is one record with a rule. An occurrence that was changed is a record of its own that
points to the series and names the start it replaces; a deleted one is an EXDATE of the rule. What
is changed here comes as plain writes for `records.apply`, so that one undo takes it all back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.traits import Recurring, Scheduled
from crm_desktop.models.recurrence.moving import shifted
from crm_desktop.models.recurrence.occurrences import IsWorkday, occurrences
from crm_desktop.models.recurrence.rule import Recurrence, parse_recurrence
from crm_desktop.models.recurrence.zones import zone_named
from crm_desktop.services.reader import parts_of

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

_CLOCK_CHANGE = timedelta(hours=2)


class Occurrence(NamedTuple):
    """One date of a series. `original` is its start by the rule; `record` the series itself, or
    the record that stands in its place, with the times of that."""

    series: int
    original: datetime
    starts: datetime
    ends: datetime | None
    record: int


class SeriesDates:
    """The dates of the series of one base; two questions whatever their number."""

    def __init__(self, workspace: Workspace) -> None:
        self._base = workspace
        self.entity, self.trait = workspace.catalogue.with_trait(Recurring)
        times = self.entity.trait(Scheduled)
        assert times is not None  # what recurs takes place at a time
        self.times = times

    def between(
        self, after: datetime, before: datetime, ids: Iterable[int] | None = None
    ) -> list[Occurrence]:
        """What begins or lasts from `after` up to `before`, by start; deleted dates left out.

        `ids`: only of these series. One without an end takes a moment.
        """
        series = self._series(after, before, ids)
        if not series:
            return []
        replaced = self._exceptions(series)
        office: tzinfo | None = None
        is_workday = self._workday_of()
        found: list[Occurrence] = []
        for id_, values in series.items():
            zone = zone_named(values[self.trait.zone])
            if zone is None:
                zone = office = office or self._office_zone()
            own = replaced.get(id_, {})
            found += own.values()
            for one in self._dates(id_, values, zone, (after, before), is_workday):
                if one.original not in own:
                    found.append(one)
        inside = (one for one in found if _overlaps(one, after, before))
        return sorted(inside, key=lambda one: (one.starts, one.series))

    # --- how --------------------------------------------------------------------------------------

    def _office_zone(self) -> tzinfo:
        from crm_desktop.services.office.zone import office_zone

        with self._base.backend.read() as connection:
            return office_zone(self._base.tables, connection)

    def _workday_of(self) -> IsWorkday | None:
        """Asks the office's calendar, when a rule wants to know."""
        return lambda day: self._base.worktime.of(None).is_workday(day)

    def _keys(self) -> tuple[str, ...]:
        t, s = self.trait, self.times
        return (s.starts, s.ends, s.state, t.rule, t.zone, t.count_from, t.until)

    def _series(
        self, after: datetime, before: datetime, ids: Iterable[int] | None
    ) -> dict[int, dict[str, Any]]:
        """The series that may have a date between the two, by the index of their ends."""
        if ids is None:
            table = self._base.tables.main[self.entity.key]
            ends, starts = self._column(self.trait.until), self._column(self.times.starts)
            # Not by the start in SQL: SQLite would walk its index, which is all the past.
            asked = sa.select(table.c.id, starts).where(ends >= after)
            with self._base.backend.read() as connection:
                rows = connection.execute(asked).all()
            ids = [id_ for id_, begins in rows if begins is not None and begins < before]
        found = self._base.reader.many(self.entity.key, ids, self._keys())
        closed = self.times.closed
        return {
            id_: row
            for id_, row in found.items()
            if row[self.trait.rule]
            and row[self.times.starts]
            and row[self.times.state] not in closed
        }

    def _column(self, key: str) -> sa.Column[Any]:
        return self._base.tables.column(self.entity, self.entity.field(key))

    def _exceptions(self, series: Iterable[int]) -> dict[int, dict[datetime, Occurrence]]:
        """The records in place of occurrences, by series and original start; one that was moved
        into a later week takes its first date with it all the same."""
        keys = (self.trait.series, self.trait.occurrence, self.times.starts, self.times.ends)
        table = self._base.tables.main[self.entity.key]
        columns = [self._column(key) for key in keys]
        asked = sa.select(table.c.id, *columns).where(
            self._base.backend.among(columns[0], alone=True), columns[1].is_not(None)
        )
        found: dict[int, dict[datetime, Occurrence]] = defaultdict(dict)
        with self._base.backend.read() as connection:
            for part in parts_of(series):
                for id_, owner, original, starts, ends in connection.execute(asked, {"ids": part}):
                    found[owner][original] = Occurrence(
                        owner, original, starts or original, ends, id_
                    )
        return found

    def _dates(
        self,
        id_: int,
        values: Mapping[str, Any],
        zone: tzinfo,
        between: tuple[datetime, datetime],
        is_workday: IsWorkday | None,
    ) -> Iterator[Occurrence]:
        starts, ends = values[self.times.starts], values[self.times.ends]
        length = ends - starts if ends is not None else None
        if values[self.trait.count_from] == self.trait.from_done:
            yield Occurrence(id_, starts, starts, ends, id_)  # the next one is not known yet
            return
        try:
            rule = read_rule(values[self.trait.rule], zone)
        except InvalidInput:  # written by another program; the record itself can still be seen
            yield Occurrence(id_, starts, starts, ends, id_)
            return
        reach = (length or timedelta()) + _CLOCK_CHANGE
        for one in occurrences(
            rule, starts, zone, after=between[0] - reach, before=between[1], is_workday=is_workday
        ):
            yield Occurrence(id_, one, one, end_of(one, starts, ends, zone), id_)


def end_of(
    date: datetime, starts: datetime, ends: datetime | None, zone: tzinfo
) -> datetime | None:
    """When an occurrence ends: whole days on the wall clock, so that a day keeps to midnight when
    the clocks are changed; else as long as the first one."""
    if ends is None:
        return None
    length = ends - starts
    if length % timedelta(days=1) and not _whole_days(starts, ends, zone):
        return date + length
    by = _wall(ends, zone) - _wall(starts, zone)
    return shifted(date, by, zone)


def _whole_days(starts: datetime, ends: datetime, zone: tzinfo) -> bool:
    return not (_wall(ends, zone) - _wall(starts, zone)) % timedelta(days=1)


def _wall(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _overlaps(one: Occurrence, after: datetime, before: datetime) -> bool:
    ends = one.ends if one.ends is not None else one.starts
    return one.starts < before and (ends > after or one.starts >= after)


@lru_cache(maxsize=4096)
def read_rule(text: str, zone: tzinfo) -> Recurrence:
    """A rule, remembered: the planner reads the same ones at every step it scrolls."""
    return parse_recurrence(text, zone)
