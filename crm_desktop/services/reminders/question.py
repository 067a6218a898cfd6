"""Asks the base which reminders have come up and were not answered yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.base import IN_LIST
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.models.catalogue.traits import Recurring, Reminds, Scheduled
from crm_desktop.services.reader import Reader

EVERYBODY = -1
"""Whose reminders: of all colleagues. None: of nobody in particular, where nobody sits here."""
MOST = 2000
"""Reminders that are looked at together, the latest first."""


class Found(NamedTuple):
    """A reminder that may have come up, with what is to be said of its activity."""

    id: int
    event: int
    offset: int
    channel: str
    due: datetime
    made: datetime
    whom: int | None
    subject: str
    kind: str
    starts: datetime | None
    deadline: datetime | None
    all_day: bool
    zone: str
    rule: str
    about: Ref | None
    said_about: datetime | None
    put_off: datetime | None
    fired: datetime | None
    level: int | None
    who: int | None
    counted_from: str | None


class Question:
    """The statements over reminders, their activities, and what was said to them."""

    def __init__(self, reader: Reader) -> None:
        self.reader, tables = reader, reader.tables
        self.backend, self.catalogue = reader.backend, tables.catalogue
        self.entity, self.trait = tables.catalogue.with_trait(Reminds)
        self.event = event_of(tables.catalogue)
        scheduled = self.event.trait(Scheduled)
        assert scheduled is not None
        self.scheduled = scheduled
        self.answers = tables.system("reminder_answer")
        self.shown = tables.system("reminder_shown")
        self._main = tables.main[self.entity.key]
        self._events = tables.main[self.event.key]

    def _own(self, key: str) -> sa.Column[Any]:
        return self.reader.tables.column(self.entity, self.entity.field(key))

    def _of(self, key: str) -> sa.Column[Any]:
        return self.reader.tables.column(self.event, self.event.field(key))

    def _columns(self) -> list[sa.ColumnElement[Any]]:
        trait, when, main = self.trait, self.scheduled, self._main
        about = self._events.c
        zone = self._of("zone") if self.event.has("zone") else sa.null()
        return [
            main.c.id, self._own(trait.event), self._own(trait.offset), self._own(trait.channel),
            self._own(trait.due), main.c.created_at,
            sa.func.coalesce(self._own(trait.whom), self._of(when.who)),
            self._of(self.event.title_field), self._of(when.kind), self._of(when.starts),
            self._of(when.due), self._of(when.all_day), zone, self._of(when.rule),
            about[when.about + "_id"], about[when.about + "_ent"],
            self.answers.c.about, self.answers.c.until_at, self.shown.c.fired,
            self._own(trait.level), self._of(when.who), self._of(Recurring.count_from),
        ]  # fmt: skip

    def come_up(
        self,
        connection: sa.Connection,
        now: datetime,
        whom: int | None,
        place: str,
        *,
        outgoing: bool = False,
    ) -> list[Found]:
        """What is due at `now` for somebody and not answered for good; series in any case.

        `outgoing`: by letter or text message instead of those that come up in the window.
        """
        due = self._own(self.trait.due)
        answers = self.answers.c
        waits = sa.or_(
            answers.rid.is_(None), answers.about != due, answers.until_at <= now,
            self._of(self.scheduled.rule).is_not(None),
        )  # fmt: skip
        wanted = (
            sa.select(*self._columns()).select_from(self._joined(place))
            .where(due <= now, self.is_open(), waits, self._by(outgoing), *self._whose(whom))
            .order_by(due.desc(), self._main.c.id)
        )  # fmt: skip
        rows = connection.execute(self.backend.limit(wanted, MOST)).all()
        return [self._found(row) for row in rows]

    def _joined(self, place: str) -> sa.FromClause:
        answers, shown, main = self.answers, self.shown, self._main
        here = sa.and_(shown.c.rid == main.c.id, shown.c.seat_place == place)
        return (
            main.join(self._events, self._events.c.id == self._own(self.trait.event))
            .outerjoin(answers, answers.c.rid == main.c.id)
            .outerjoin(shown, here)
        )

    def is_open(self) -> sa.ColumnElement[bool]:
        """The activity is still to be done."""
        return self._of(self.scheduled.state).in_(open_states(self.event))

    def _by(self, outgoing: bool) -> sa.ColumnElement[bool]:
        channel = self._own(self.trait.channel)
        if outgoing:
            return channel != self.trait.window
        return sa.or_(channel.is_(None), channel == self.trait.window)

    def _whose(self, whom: int | None) -> list[sa.ColumnElement[bool]]:
        if whom == EVERYBODY:
            return []
        somebody = sa.func.coalesce(self._own(self.trait.whom), self._of(self.scheduled.who))
        nobody = somebody.is_(None)  # comes up for everybody: else it would for no one
        return [nobody if whom is None else sa.or_(somebody == whom, nobody)]

    def _found(self, row: Sequence[Any]) -> Found:
        entity = self.catalogue.numbered(row[15]) if row[14] is not None else None
        about = Ref(entity.key, row[14]) if entity is not None else None
        return Found(
            row[0], row[1], int(row[2] or 0), row[3] or self.trait.window, row[4], row[5], row[6],
            row[7] or "", row[8] or "", row[9], row[10], bool(row[11]), row[12] or "",
            (row[13] or "").strip(), about, *row[16:22],
        )  # fmt: skip

    def next_moments(self, connection: sa.Connection, now: datetime) -> list[datetime]:
        """The nearest moments, of anybody, at which something may come up."""
        due, until = self._own(self.trait.due), self.answers.c.until_at
        found = [
            connection.execute(sa.select(sa.func.min(due)).where(due > now)).scalar(),
            connection.execute(sa.select(sa.func.min(until)).where(until > now)).scalar(),
        ]
        return [moment for moment in found if moment is not None]

    def exceptions(
        self, connection: sa.Connection, series: Iterable[int]
    ) -> dict[int, set[datetime]]:
        """The original starts that records of their own stand for, by series."""
        link, original = self._of("series"), self._of("occurrence")
        found: dict[int, set[datetime]] = {}
        ids = sorted(set(series))
        for start in range(0, len(ids), IN_LIST):
            wanted = sa.select(link, original).where(link.in_(ids[start : start + IN_LIST]))
            for id_, moment in connection.execute(wanted):
                if moment is not None:
                    found.setdefault(id_, set()).add(moment)
        return found


def event_of(catalogue: Catalogue) -> EntityDef:
    """The object that reminders are about."""
    entity, trait = catalogue.with_trait(Reminds)
    target = getattr(entity.field(trait.event), "target", "")
    return catalogue[str(target)]


def open_states(event: EntityDef) -> tuple[str, ...]:
    """The states of what is still to be done."""
    when = event.trait(Scheduled)
    assert when is not None
    state = event.field(when.state)
    choices = state.choices if isinstance(state, ChoiceField) else ()
    over = (*when.closed, when.done)
    return tuple(choice.key for choice in choices if choice.key not in over)
