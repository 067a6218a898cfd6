"""The planner's sheet after a colleague's save: as if all were read, and made of little."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import ChangeSet
from crm_desktop.ui.operations import Job
from crm_desktop.ui.planner.changed import Owed, read_changed
from crm_desktop.ui.planner.reading import Wanted, read_sheet
from crm_desktop.ui.planner.sheet import Sheet
from tests.bases import ready_base

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
WANTED = Wanted(MONDAY.date(), 7)


def at(day: int, hour: int) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour)


class Team:
    """Anna with a visit in which Boris takes part, a call of Boris, a room, and what is written."""

    def __init__(self, base: Workspace) -> None:
        self.base = base
        self.anna, self.boris = (self.make("staff", name=name) for name in ("Anna", "Boris"))
        self.room = self.make("resource", name="Room 1", kind="room")
        self.client = self.make("client", name="Vector")
        self.visit = self.plan(self.anna, at(1, 9), subject="Visit", about=self.client)
        self.call = self.plan(self.boris, at(2, 10), subject="Call")
        self.part = self.make("participation", activity=self.visit.id, staff=self.boris.id,
                              role="participant")  # fmt: skip
        self.touched: list[ChangeSet] = []
        base.listen(self.touched.append)

    def make(self, entity: str, **values: object) -> Ref:
        return Ref(entity, self.base.records.create(entity, values).ids[0])

    def plan(self, who: Ref, starts: datetime, **values: object) -> Ref:
        given = {"kind": "visit", "state": "planned", "author": who.id,
                 "starts": starts, "ends": starts + timedelta(hours=1)}  # fmt: skip
        return self.make("activity", **{**given, **values})

    def change(self, ref: Ref, **values: object) -> None:
        self.base.records.update(*ref, values)

    def read(self) -> Sheet:
        return read_sheet(_job(), self.base, WANTED)

    def followed(self, before: Sheet) -> Sheet:
        owed = Owed()
        owed.nothing()
        for changes in self.touched:
            owed.add(changes)
        assert owed.touched is not None
        return read_changed(_job(), self.base, WANTED, before, owed.touched)


def _job() -> Job:
    return Job("", lambda call: call())


@pytest.fixture
def team(base_url: str) -> Iterator[Team]:
    base = ready_base(base_url, clock=MovedClock(at(0, 8)))
    yield Team(base)
    base.close()


def _told(sheet: Sheet) -> tuple[object, ...]:
    """All that is seen of a sheet."""
    rows = [
        (line.row, sorted(line.spots), sorted(line.bars()), line.lanes, line.shades, line.loads,
         line.met)
        for line in sheet.lines
    ]  # fmt: skip
    return sheet.axis, rows


SAVES: dict[str, Callable[[Team], object]] = {
    "another time": lambda t: t.change(t.visit, starts=at(3, 14), ends=at(3, 16)),
    "another person": lambda t: t.change(t.call, author=t.anna.id),
    "over another one": lambda t: t.change(t.call, author=t.anna.id, starts=at(1, 9),
                                           ends=at(1, 11)),
    "another week": lambda t: t.change(t.visit, starts=at(9, 9), ends=at(9, 10)),
    "this week again": lambda t: t.change(t.visit, starts=at(3, 9), ends=at(3, 10)),
    "begun before and lasting": lambda t: t.change(t.call, starts=at(-1, 9), ends=at(1, 9)),
    "hours that were not shown": lambda t: t.change(t.call, starts=at(2, 5), ends=at(2, 6)),
    "usual hours again": lambda t: t.change(t.call, starts=at(2, 10), ends=at(2, 11)),
    "called off": lambda t: t.change(t.visit, state="cancelled"),
    "planned after all": lambda t: t.change(t.visit, state="planned"),
    "something new": lambda t: t.plan(t.boris, at(4, 12), subject="New"),
    "on leave": lambda t: t.plan(t.anna, at(3, 0), kind="leave"),
    "somebody takes part": lambda t: t.make(
        "participation", activity=t.call.id, staff=t.boris.id, role="participant"),
    "somebody takes part no more": lambda t: t.base.records.delete("participation", [t.part.id]),
    "a room booked": lambda t: t.make(
        "participation", activity=t.call.id, resource=t.room.id, role="resource"),
    "another name of the person": lambda t: t.change(t.boris, name="Zoe"),
    "a series": lambda t: t.change(t.call, rule="RRULE:FREQ=DAILY;COUNT=3"),
    "a series that ends": lambda t: t.change(t.call, rule=None),
    "gone": lambda t: t.base.records.delete("activity", [t.call.id]),
}  # fmt: skip


def test_what_colleagues_save_is_shown_as_if_all_were_read(team: Team) -> None:
    before = team.read()
    for what, save in SAVES.items():
        team.touched.clear()
        save(team)

        after = team.followed(before)

        whole = team.read()
        assert _told(after) == _told(whole), what
        assert _told(after) != _told(before), what
        before = after


def test_rows_that_a_save_leaves_alone_are_the_same_objects(team: Team) -> None:
    before = team.read()
    team.change(team.call, subject="Called another way")

    after = team.followed(before)

    assert after.by_ref[team.anna] is before.by_ref[team.anna]
    assert after.by_ref[team.boris] is not before.by_ref[team.boris]
    assert [bar.subject for bar in after.by_ref[team.boris].bars() if bar.id == team.call.id] == [
        "Called another way"
    ]


def test_a_save_that_the_planner_does_not_show_leaves_the_sheet_as_it_is(team: Team) -> None:
    stranger = team.make("client", name="Nobody's")
    team.touched.clear()
    before = team.read()
    team.change(stranger, name="Nobody's at all")

    assert team.followed(before) is before

    team.change(team.client, name="Vector and Sons")
    assert team.followed(before) is not before, "its name is to be read again"
