"""Reminders of one base: what has come up for somebody, what was said to it, when to look again.

Nothing is kept in the program: whether something came up in a place, was put off or answered
stands in the base, so that a crash, a sleep of the computer or another clock loses and doubles
nothing. The activity itself decides whether it still matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.traits import Recurring
from crm_desktop.services.reminders.latest_dates import LatestDates
from crm_desktop.services.reminders.moments import DayZones, zone_of
from crm_desktop.services.reminders.question import EVERYBODY, Found, Question
from crm_desktop.services.reminders.series import SeriesTurns
from crm_desktop.services.writing.changes import ChangeSet

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

_ANSWER = ("rid", "about", "until_at", "said_at", "said_by")
_SHOWN = ("rid", "seat_place", "fired", "shown_at")


@dataclass(frozen=True, slots=True)
class Firing:
    """A reminder that has come up and waits for an answer.

    `moment`: when it came up, or comes up again after being put off; `about`: when it was due at
    first. `takes_place`: start or deadline of the activity, of this occurrence if it recurs;
    `original` is that occurrence, None for what does not recur. `fresh`: it never came up in the
    place that was asked for.
    """

    id: int
    event: Ref
    moment: datetime
    about: datetime
    subject: str
    kind: str
    whom: int | None
    takes_place: datetime | None
    channel: str
    record: Ref | None
    all_day: bool = False
    original: datetime | None = None
    fresh: bool = True
    level: int | None = None
    """So many working minutes it was overdue when the head was told; None for one's own."""
    who: int | None = None
    """Whose activity it is; `whom` is who is reminded."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found: everything unanswered, the latest first, and when to look again."""

    standing: tuple[Firing, ...]
    next: datetime | None

    @property
    def fresh(self) -> tuple[Firing, ...]:
        """What comes up in this place for the first time."""
        return tuple(firing for firing in self.standing if firing.fresh)


class Reminders:
    """Asks, and keeps what was said."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._backend = workspace.backend
        self.question = Question(workspace.reader)
        self._turns = SeriesTurns(self._is_workday, self._day_zones)
        self.latest = LatestDates(self._is_workday)

    def _is_workday(self, day: date) -> bool:
        return self._workspace.worktime.of(None).is_workday(day)

    def _day_zones(self, whom: int | None) -> DayZones:
        calendars = self._workspace.worktime.calendars()
        return DayZones(calendars.of(whom).zone, calendars.office)

    # --- looking ----------------------------------------------------------------------------------

    def due(self, whom: int | None, place: str = "", now: datetime | None = None) -> Look:
        """What has come up for somebody (`question.EVERYBODY` for all); changes nothing."""
        with self._backend.read() as connection:
            return self._look(connection, whom, place, now or self._workspace.clock.now())

    def look(self, whom: int | None, place: str) -> Look:
        """The same, and what is fresh counts as shown in that place from now on."""
        found = self.due(whom, place)
        if not found.fresh:
            return found
        now = self._workspace.clock.now()
        with self._backend.write() as connection:
            found = self._look(connection, whom, place, now)
            fresh = found.fresh
            keys = [(firing.id, place) for firing in fresh]
            shown = self.question.shown
            self._backend.delete_keys(connection, shown, ("rid", "seat_place"), keys)
            rows = [(firing.id, place, firing.moment, now) for firing in fresh]
            self._backend.insert_many(connection, shown, _SHOWN, rows)
        return found

    def _look(self, connection: sa.Connection, whom: int | None, place: str, now: datetime) -> Look:
        rows = self.question.come_up(connection, now, whom, place)
        standing = self._firings(connection, rows, now)
        moments = self.question.next_moments(connection, now)
        coming = self._turns.next(now)
        moments += [coming] if coming is not None else []
        ordered = sorted(standing, key=lambda f: (f.moment, f.id), reverse=True)
        return Look(tuple(ordered), min(moments, default=None))

    def _firings(
        self, connection: sa.Connection, rows: Sequence[Found], now: datetime
    ) -> list[Firing]:
        series = [row.event for row in rows if row.rule]
        without = self.question.exceptions(connection, series) if series else {}
        firings = [self._firing(row, now, without.get(row.event, set())) for row in rows]
        return [firing for firing in firings if firing is not None]

    def outgoing(self, connection: sa.Connection) -> list[Firing]:
        """What is to go out by letter or text message now, for everybody (`outgoing`)."""
        now = self._workspace.clock.now()
        rows = self.question.come_up(connection, now, EVERYBODY, "", outgoing=True)
        return self._firings(connection, rows, now)

    def _firing(self, row: Found, now: datetime, without: set[datetime]) -> Firing | None:
        original: datetime | None = None
        about, place = row.due, row.starts or row.deadline
        if row.rule and row.level is not None and row.counted_from != Recurring.from_done:
            place = original = self._told_date(row)
            if original is None or original in without:
                return None
        elif row.rule and row.level is None:
            turn = self._turns.last(row, now, without)
            if turn is not None:
                about, original = turn.due, turn.starts
            elif row.put_off is not None and row.said_about is not None:
                about = row.said_about
                original = self._turns.starts_of(row, about)
            else:
                return None
            place = original or place
        moment = about
        if row.said_about == about:
            if row.put_off is None or row.put_off > now:
                return None
            moment = row.put_off
        return Firing(
            row.id, Ref(self.question.event.key, row.event), moment, about, row.subject, row.kind,
            row.whom, place, row.channel, row.about, row.all_day, original,
            fresh=row.fired != moment, level=row.level, who=row.who,
        )  # fmt: skip

    def _told_date(self, row: Found) -> datetime | None:
        """The date of a series that a head was told of."""
        office = self._workspace.clock.zone()
        zone = zone_of(row.zone, office) or office
        at = row.due - timedelta(days=1) if row.all_day else row.due  # late when its day has passed
        return row.starts and self.latest.told((row.rule, row.starts, zone), at)

    # --- answering --------------------------------------------------------------------------------

    def answer(self, firings: Iterable[Firing]) -> None:
        """They were seen: they come up nowhere any more, until their activity is moved."""
        self._say([(f.id, f.about) for f in firings], None)

    def complete(self, firing: Firing, result: int | None = None) -> int:
        """The activity is done, or this occurrence of a series; the operation, to be undone by.

        `InvalidInput` for the field `result` if its kind asks for one first.
        """
        from crm_desktop.services.activities.service import Dates, done

        dates = Dates(firing.original)
        return done(self._workspace, firing.event.id, result=result, dates=dates).operation

    def put_off(self, firings: Iterable[Firing], until: datetime) -> None:
        """They come up again then, wherever the person is."""
        self._say([(f.id, f.about) for f in firings], until)

    def _say(self, said: Sequence[tuple[int, datetime]], until: datetime | None) -> None:
        with self._backend.write() as connection:
            self.note(connection, said, until)
        ids = frozenset(rid for rid, _about in said)
        self._workspace.publish(ChangeSet(0, {self.question.entity.key: ids}))

    def note(
        self, connection: sa.Connection, said: Sequence[tuple[int, datetime]],
        until: datetime | None,
    ) -> None:  # fmt: skip
        """Keeps answers, (reminder, the moment it was due at) each, in a transaction."""
        now, who = self._workspace.clock.now(), self._workspace.user_id
        answers = self.question.answers
        self._backend.delete_keys(connection, answers, ("rid",), [(rid,) for rid, _a in said])
        rows = [(rid, about, until, now, who) for rid, about in said]
        self._backend.insert_many(connection, answers, _ANSWER, rows)

    # --- of one activity --------------------------------------------------------------------------

    def of(self, event: int) -> dict[int, dict[str, object]]:
        """The values of an activity's reminders by id, the earliest first; not what heads were
        told."""
        entity, trait = self.question.entity, self.question.trait
        found = self._workspace.reader.linked(entity.key, trait.event, [event])
        own = ((id_, row) for id_, row in found.items() if row.values.get(trait.level) is None)
        rows = sorted(own, key=lambda one: -int(one[1].values[trait.offset] or 0))
        return {id_: dict(row.values) for id_, row in rows}
