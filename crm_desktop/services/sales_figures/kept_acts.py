"""Calls, meetings and visits of everybody by day, kept in memory between questions.

A base counts hundreds of thousands of activities in seconds on a server; kept as counts by
colleague, kind and day they are summed in milliseconds, and a changed one is moved from one count
to another. What is open is kept one by one with its due moment. Whose private business an activity
is stands apart, so that the counts of each person are those of the rows that open behind them.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.catalogue.builtin.activity import ACTIVITY
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.models.query import Query, Where
from crm_desktop.services.funnel.office_days import span_of
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.private.service import HIDDEN
from crm_desktop.services.reader import parts_of
from crm_desktop.services.sales_figures.acts_asked import AUTHOR, LEFT, Done, ask_acts, finished
from crm_desktop.services.sales_figures.asking import Asking
from crm_desktop.services.stale_records import StaleRecords
from crm_desktop.services.workspace import Workspace

_DAY_S, _EPOCH = 86_400, date(1970, 1, 1).toordinal()
_DAYS = 1 << 20
"""More than any calendar has: a place among the counts is a number of who and kind, then a day."""


class _Rows(NamedTuple):
    """Activities as they stand in the base: finished ones by place, open ones by who and due."""

    done: dict[int, int]
    open: dict[int, tuple[int, int]]


class KeptActs:
    """The activities of one open base that count; asked from several threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stale = StaleRecords(workspace, ACTIVITY.key)
        self._lock, self._preparing = threading.Lock(), threading.Lock()
        self._counts: _Counts | None = None

    def forget(self) -> None:
        """Everything is read anew when it is asked for next."""
        self._stale.forget()

    def answer(self, period: Period) -> tuple[Done, dict[int, int]]:
        """What was done on the days of a period, and by colleague how much is open and overdue.

        As long as nothing is kept the base is asked: nobody waits until all of it is read.
        """
        with self._lock:
            counts, self._counts = self._counts, None  # None should reading fail
            if counts is not None and counts.suits():
                touched = self._stale.take()
                if touched is not None:
                    counts.replace(sorted(touched.get(ACTIVITY.key, ())))
                    self._counts = counts
                    return counts.answer(period)
        return ask_acts(self._workspace, period)

    @property
    def is_ready(self) -> bool:
        """Whether the next question is answered from memory."""
        return self._counts is not None

    def prepare(self) -> None:
        """Reads what is to be kept, if it is not; in the background, before it is asked again."""
        if self.is_ready or not self._preparing.acquire(blocking=False):
            return
        try:
            self._stale.take()  # what is written from now on is read again
            counts = _Counts(self._workspace)
            with self._lock:
                self._counts = counts
        finally:
            self._preparing.release()


class _Counts:
    """What is kept of one base, for one zone of time."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._zone = workspace.worktime.office_zone()
        self._concerned = workspace.privacy.concerns(ACTIVITY.key)
        """Whether anybody has kept anything private."""
        self._kinds: dict[tuple[int, str], int] = {}
        self._done, self._open = self._read()
        self._days: dict[int, Counter[int]] = defaultdict(Counter)
        for place, count in Counter(self._done.values()).items():
            self._days[place // _DAYS][place % _DAYS] = count
        self._private = self._read_private() if self._concerned else set()

    def suits(self) -> bool:
        """Whether days and privacy are still what they were."""
        concerned = self._workspace.privacy.concerns(ACTIVITY.key)
        return self._zone == self._workspace.worktime.office_zone() and concerned == self._concerned

    def answer(self, period: Period) -> tuple[Done, dict[int, int]]:
        """As `KeptActs.answer`."""
        known = [id_ for id_ in self._private if id_ in self._done or id_ in self._open]
        hidden = self._workspace.privacy.outside(ACTIVITY.key, known)
        places = [self._done[id_] for id_ in hidden if id_ in self._done]
        first, last = (day.toordinal() - _EPOCH for day in (period.since, period.until))
        done: Done = defaultdict(dict)
        for (who, kind), number in self._kinds.items():
            low, high = number * _DAYS + first, number * _DAYS + last
            each = self._days[number].items()
            count = sum(count for day, count in each if first <= day <= last)
            count -= sum(low <= place <= high for place in places)
            if count:
                done[who][kind] = count
        return dict(done), self._overdue(period, hidden)

    def _overdue(self, period: Period, hidden: set[int]) -> dict[int, int]:
        span = span_of(self._workspace, period)
        begin, now = span.start.timestamp(), self._workspace.clock.now().timestamp()
        end = min(span.end.timestamp(), now)
        begun = {int(one.timestamp()) for one in self._workspace.worktime.days_begun()}
        return Counter(
            who for id_, (who, due) in self._open.items()
            if begin <= due < end and due not in begun and id_ not in hidden
        )  # fmt: skip

    def replace(self, ids: Sequence[int]) -> None:
        """Reads activities again."""
        for id_ in ids:
            self._open.pop(id_, None)
            place = self._done.pop(id_, None)
            if place is not None:
                self._days[place // _DAYS][place % _DAYS] -= 1
        for part in parts_of(ids):
            found = self._read(part)
            self._open |= found.open
            self._done |= found.done
            for place in found.done.values():
                self._days[place // _DAYS][place % _DAYS] += 1
        if self._concerned and ids:
            self._private = self._private.difference(ids) | self._read_private(ids)

    # --- reading ----------------------------------------------------------------------------------

    def _read(self, ids: Sequence[int] | None = None) -> _Rows:
        leading, quiet = finished(self._workspace.backend.covering)
        with self._workspace.backend.read() as connection:
            asking = Asking(self._workspace, connection)
            done, left = (
                self._workspace.backend.columns(connection, wanted)
                for wanted in (
                    self._select(asking, ids, ("kind", "moment"), leading, quiet),
                    self._select(asking, ids, ("due",), LEFT, None),
                )
            )
        return _Rows(
            dict(zip(done[0], self._places(*done[1:]), strict=True)),
            {id_: (who or 0, due) for id_, who, due in zip(*left, strict=True) if due is not None},
        )

    def _select(
        self, asking: Asking, ids: Sequence[int] | None, names: Sequence[str],
        leading: Where | None, quiet: Where | None,
    ) -> sa.Select[Any]:  # fmt: skip
        """Ids, colleagues and other columns, whosever private business the activities are."""
        id_ = self._workspace.tables.main[ACTIVITY.key].c.id
        columns = [asking.column(ACTIVITY, name) for name in (AUTHOR, *names)]
        query = Query(ACTIVITY.key, where=leading)
        wanted = asking.select(query, id_, *columns, quiet=quiet, private=True)
        return wanted if ids is None else wanted.where(id_.in_(ids))

    def _places(
        self, people: Sequence[int | None], kinds: Sequence[str], moments: Sequence[int]
    ) -> list[int]:
        """Where each is counted: a number of who and kind, and the day on the wall."""
        known, zone = self._kinds, self._zone
        numbers = {
            pair: known.setdefault((pair[0] or 0, pair[1]), len(known)) * _DAYS
            for pair in set(zip(people, kinds, strict=True))
        }
        shifts = {day: _shift(day, zone) for day in {moment // _DAY_S for moment in moments}}
        walls = [
            (moment + shift) // _DAY_S
            if (shift := shifts[moment // _DAY_S]) is not None else local_day(moment, zone)
            for moment in moments
        ]  # fmt: skip
        pairs = zip(people, kinds, strict=True)
        return [numbers[pair] + day for pair, day in zip(pairs, walls, strict=True)]

    def _read_private(self, ids: Sequence[int] | None = None) -> set[int]:
        entity, trait = self._workspace.catalogue.with_trait(Scheduled)
        with self._workspace.backend.read() as connection:
            asking = Asking(self._workspace, connection)
            id_ = self._workspace.tables.main[entity.key].c.id
            wanted = sa.select(id_).where(asking.column(entity, trait.private).in_(HIDDEN))
            parts = [wanted] if ids is None else [wanted.where(id_.in_(p)) for p in parts_of(ids)]
            return {found for part in parts for found in connection.execute(part).scalars()}


def _shift(day: int, zone: tzinfo) -> int | None:
    """The seconds between the clock of a zone and UTC on a day of UTC; None if they change."""
    shifts = {datetime.fromtimestamp(day * _DAY_S + at, zone).utcoffset() for at in (0, _DAY_S - 1)}
    shift = shifts.pop()
    return None if shifts or shift is None else int(shift.total_seconds())


def local_day(moment: int, zone: tzinfo) -> int:
    """The day on the wall, counted from 1970."""
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).toordinal() - _EPOCH
