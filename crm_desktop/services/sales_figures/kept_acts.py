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
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.catalogue.builtin.activity import ACTIVITY
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.models.query import Query, Where
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.heard import Heard
from crm_desktop.services.privacy import HIDDEN
from crm_desktop.services.reader import parts_of
from crm_desktop.services.sales_figures.acts_asked import AUTHOR, FINISHED, LEFT, Done, ask_acts
from crm_desktop.services.sales_figures.asking import Asking
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
        self._heard = Heard(workspace, ACTIVITY.key)
        self._lock = threading.Lock()
        self._zone: tzinfo | None = None
        self._kinds: dict[tuple[int, str], int] = {}
        self._done: dict[int, int] = {}
        self._counts: dict[int, Counter[int]] = defaultdict(Counter)
        self._open: dict[int, tuple[int, int]] = {}
        self._private: set[int] | None = None
        """Those that are not everybody's; None as long as nobody has kept anything private."""

    def answer(self, period: Period) -> tuple[Done, dict[int, int]]:
        """What was done on the days of a period, and by colleague how much is open and overdue.

        As long as nothing is kept, a base that answers by an index alone is asked.
        """
        with self._lock:
            if self._zone is None and self._workspace.backend.covering:
                return ask_acts(self._workspace, period)
            self._renew()
            hidden = self._hidden()
            first, last = (day.toordinal() - _EPOCH for day in (period.since, period.until))
            done: Done = defaultdict(dict)
            for (who, kind), number in self._kinds.items():
                days = self._counts[number].items()
                count = sum(count for day, count in days if first <= day <= last)
                count -= sum(
                    1 for place in map(self._done.get, hidden)
                    if place is not None and place // _DAYS == number
                    and first <= place % _DAYS <= last
                )  # fmt: skip
                if count:
                    done[who][kind] = count
            return dict(done), self._overdue(period, hidden)

    def prepare(self) -> None:
        """Reads what is to be kept; in the background, before it is asked for again."""
        with self._lock:
            self._renew()

    def _overdue(self, period: Period, hidden: set[int]) -> dict[int, int]:
        zone, now = self._workspace.clock.zone(), self._workspace.clock.now().timestamp()
        begin, end = (
            datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()
            for day in (period.since, period.until + timedelta(days=1))
        )
        end = min(end, now)
        rows = self._open.items()
        return Counter(who for id_, (who, due) in rows if begin <= due < end and id_ not in hidden)

    def _hidden(self) -> set[int]:
        if not self._private:
            return set()
        known = [id_ for id_ in self._private if id_ in self._done or id_ in self._open]
        return self._workspace.privacy.outside(ACTIVITY.key, known)

    # --- keeping ----------------------------------------------------------------------------------

    def _renew(self) -> None:
        """As the base is now."""
        touched = self._heard.take()
        zone = self._workspace.clock.zone()
        concerned = self._workspace.privacy.concerns(ACTIVITY.key)
        if touched is None or zone != self._zone or concerned != (self._private is not None):
            self._zone = None  # should reading fail
            self._read_all(zone, concerned=concerned)
            self._zone = zone
        elif touched.get(ACTIVITY.key):
            self._zone = None
            self._replace(sorted(touched[ACTIVITY.key]), zone)
            self._zone = zone

    def _read_all(self, zone: tzinfo, *, concerned: bool) -> None:
        self._kinds = {}
        self._done, self._open = self._read(zone)
        self._counts = defaultdict(Counter)
        for place, count in Counter(self._done.values()).items():
            self._counts[place // _DAYS][place % _DAYS] = count
        self._private = self._read_private() if concerned else None

    def _replace(self, ids: Sequence[int], zone: tzinfo) -> None:
        for id_ in ids:
            self._open.pop(id_, None)
            place = self._done.pop(id_, None)
            if place is not None:
                self._counts[place // _DAYS][place % _DAYS] -= 1
        for part in parts_of(ids):
            found = self._read(zone, part)
            self._open |= found.open
            self._done |= found.done
            for place in found.done.values():
                self._counts[place // _DAYS][place % _DAYS] += 1
        if self._private is not None:
            self._private = self._private.difference(ids) | self._read_private(ids)

    # --- reading ----------------------------------------------------------------------------------

    def _read(self, zone: tzinfo, ids: Sequence[int] | None = None) -> _Rows:
        with self._workspace.backend.read() as connection:
            asking = Asking(self._workspace, connection)
            done, left = (
                self._workspace.backend.columns(connection, wanted)
                for wanted in (
                    self._select(asking, ids, ("kind", "moment"), quiet=FINISHED),
                    self._select(asking, ids, ("due",), leading=LEFT),
                )
            )
        return _Rows(
            dict(zip(done[0], self._places(zone, *done[1:]), strict=True)),
            {id_: (who or 0, due) for id_, who, due in zip(*left, strict=True) if due is not None},
        )

    def _select(
        self, asking: Asking, ids: Sequence[int] | None, names: Sequence[str],
        leading: Where | None = None, quiet: Where | None = None,
    ) -> sa.Select[Any]:  # fmt: skip
        """Ids, colleagues and other columns, whosever private business the activities are."""
        id_ = self._workspace.tables.main[ACTIVITY.key].c.id
        columns = [asking.column(ACTIVITY, name) for name in (AUTHOR, *names)]
        query = Query(ACTIVITY.key, where=leading)
        wanted = asking.select(query, id_, *columns, quiet=quiet, private=True)
        return wanted if ids is None else wanted.where(id_.in_(ids))

    def _places(
        self, zone: tzinfo, people: Sequence[int | None], kinds: Sequence[str],
        moments: Sequence[int],
    ) -> list[int]:  # fmt: skip
        """Where each is counted: a number of who and kind, and the day on the wall."""
        known = self._kinds
        numbers = {
            pair: known.setdefault((pair[0] or 0, pair[1]), len(known)) * _DAYS
            for pair in set(zip(people, kinds, strict=True))
        }
        shifts = {day: _shift(day, zone) for day in {moment // _DAY_S for moment in moments}}
        days = [
            (moment + shift) // _DAY_S
            if (shift := shifts[moment // _DAY_S]) is not None else local_day(moment, zone)
            for moment in moments
        ]  # fmt: skip
        pairs = zip(people, kinds, strict=True)
        return [numbers[pair] + day for pair, day in zip(pairs, days, strict=True)]

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
