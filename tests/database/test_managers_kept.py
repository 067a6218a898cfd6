"""The table of managers from what is kept in memory is that of the base, whatever was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from crm_desktop.models.query import Query
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import MANAGER, FunnelQuestion
from crm_desktop.services.sales_figures.acts_asked import ask_acts
from crm_desktop.services.sales_figures.kept_acts import local_day
from crm_desktop.services.sales_figures.managers import ManagerLine, manager_table
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create, Delete, Update
from tests.bases import ready_base

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
YEARS = Period(date(2025, 1, 1), date(2027, 12, 31))


@dataclass
class Office:
    """Two colleagues, two finished calls of the first, one overdue task of the second."""

    base: Workspace

    def __post_init__(self) -> None:
        self.anna, self.boris = (self.make("staff", name=name) for name in ("Anna", "Boris"))
        self.calls = [self.act("call", self.anna, day) for day in (2, 3)]
        self.task = self.make("activity", subject="Ask", kind="task", state="planned",
                              author=self.boris, due=NOW - timedelta(hours=1))  # fmt: skip
        self.base.funnels.acts.prepare()

    def make(self, entity: str, **values: object) -> int:
        return int(self.base.records.create(entity, values).ids[0])

    def act(self, kind: str, who: int, day: int) -> int:
        moment = datetime(2026, 3, day, 12, 0, tzinfo=UTC)
        return self.make("activity", subject="About windows", kind=kind, state="done", author=who,
                         moment=moment)  # fmt: skip

    def line(self, who: int, period: Period = MARCH) -> ManagerLine | None:
        lines = manager_table(self.base, period)
        return next((line for line in lines if line.id == who), None)


@pytest.fixture
def office(base_url: str) -> Iterator[Office]:
    made = Office(ready_base(base_url, clock=MovedClock(NOW)))
    yield made
    made.base.close()


def _another_call(office: Office) -> None:
    office.act("call", office.boris, 4)


def _moved_to_another_month(office: Office) -> None:
    moment = NOW - timedelta(days=60)
    office.base.records.apply([Update("activity", office.calls[0], {"moment": moment})])


def _made_a_visit_of_another(office: Office) -> None:
    values = {"kind": "visit", "author": office.boris}
    office.base.records.apply([Update("activity", office.calls[0], values)])


def _deleted(office: Office) -> None:
    office.base.records.apply([Delete("activity", id_) for id_ in (*office.calls, office.task)])


def _deleted_and_undone(office: Office) -> None:
    gone = office.base.records.apply([Delete("activity", office.calls[0])])
    manager_table(office.base, MARCH)
    office.base.undo.undo(gone.operation)


def _finished(office: Office) -> None:
    office.base.records.apply([Update("activity", office.task, {"state": "done"})])


def _put_off(office: Office) -> None:
    office.base.records.apply([Update("activity", office.task, {"due": NOW + timedelta(days=1)})])


def _many(office: Office) -> None:
    values = {"subject": "Call", "kind": "call", "state": "done", "author": office.anna,
              "moment": NOW - timedelta(days=1)}  # fmt: skip
    office.base.records.apply([Create("activity", values) for _number in range(30)])


@pytest.mark.parametrize("act", [
    _another_call, _moved_to_another_month, _made_a_visit_of_another, _deleted,
    _deleted_and_undone, _finished, _put_off, _many,
])  # fmt: skip
def test_what_was_written_meanwhile_is_counted(
    office: Office, act: Callable[[Office], None]
) -> None:
    office.base.funnels.acts.answer(MARCH)
    act(office)
    for period in (MARCH, YEARS):
        done, overdue = ask_acts(office.base, period)
        assert office.base.funnels.acts.answer(period) == (done, overdue)
    assert office.base.funnels.acts.is_ready


def test_the_first_question_and_the_next_ones_say_the_same(office: Office) -> None:
    office.base.reload()  # nothing is kept any more
    first = manager_table(office.base, MARCH)
    office.base.funnels.acts.prepare()
    assert manager_table(office.base, MARCH) == first
    assert {line.name: (line.calls.count, line.overdue.count) for line in first} == {
        "Anna": (2, 0), "Boris": (0, 1),
    }  # fmt: skip


def test_what_is_read_ahead_answers_the_first_table(office: Office) -> None:
    base = office.base
    expected = manager_table(base, MARCH)
    base.reload()  # nothing is kept any more
    assert not base.funnels.is_ready
    base.funnels.prepare()
    assert base.funnels.is_ready
    assert manager_table(base, MARCH) == expected
    assert base.funnels.is_ready


def test_days_are_those_of_the_wall_when_the_clocks_change() -> None:
    zone = ZoneInfo("Europe/Berlin")
    before, after = (datetime(2026, 3, 29, hour, 30, tzinfo=zone) for hour in (0, 23))
    days = [local_day(int(one.timestamp()), zone) for one in (before, after)]
    assert days[0] == days[1] == (date(2026, 3, 29) - date(1970, 1, 1)).days


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kathmandu", "America/New_York"])
def test_acts_at_midnight_count_for_the_day_they_open_with(base_url: str, zone: str) -> None:
    there = ZoneInfo(zone)
    office = Office(ready_base(base_url, clock=MovedClock(NOW, there)))
    (company,) = office.base.lists.open(Query("working_calendar")).ids()
    office.base.records.update("working_calendar", company, {"zone": zone})
    for hour, minute in ((0, 0), (23, 59)):
        moment = datetime(2026, 3, 29, hour, minute, tzinfo=there)
        office.make("activity", subject="Call", kind="call", state="done", author=office.anna,
                    moment=moment)  # fmt: skip
    day = Period(date(2026, 3, 29), date(2026, 3, 29))
    line = office.line(office.anna, day)
    assert line is not None
    assert line.calls.count == office.base.lists.count(line.calls.query) == 2
    office.base.close()


@pytest.mark.parametrize("kept_before", [True, False])
def test_others_private_business_is_nobody_elses_number(office: Office, kept_before: bool) -> None:
    base = office.base
    if not kept_before:
        base.reload()  # nothing is kept any more
    base.work_as(office.anna)
    base.records.apply([Update("activity", id_, {"private": "closed"})
                        for id_ in (office.calls[0],)])  # fmt: skip
    base.funnels.acts.prepare()
    own = office.line(office.anna)
    base.work_as(office.boris)
    seen = office.line(office.anna)
    assert own is not None and seen is not None
    assert (own.calls.count, seen.calls.count) == (2, 1)
    assert base.lists.count(seen.calls.query) == 1


def test_wins_follow_a_deal_that_is_opened_again_or_changes_its_sum(office: Office) -> None:
    base = office.base
    base.work_as(office.anna)
    pipeline = base.pipelines.all()[0]
    first = next(stage.id for stage in pipeline.stages if stage.is_open)
    won = next(stage.id for stage in pipeline.stages if stage.outcome == "won")
    deal = office.make("deal", name="Windows", pipeline=pipeline.id, stage=first,
                       responsible=office.anna, amount=100, amount_by_hand=True)  # fmt: skip
    base.pipelines.move([deal], won)
    line = office.line(office.anna)
    assert line is not None and (line.won.count, list(line.sums.values())) == (1, [Decimal(100)])
    base.records.apply([Update("deal", deal, {"amount": Decimal("7.50")})])
    line = office.line(office.anna)
    assert line is not None and list(line.sums.values()) == [Decimal("7.50")]
    base.records.apply([Delete("deal", deal)])
    line = office.line(office.anna)
    assert line is not None and not line.won.count and not line.sums


def test_wins_and_stays_follow_a_colleague_who_is_deleted(office: Office) -> None:
    """The won deal was given to another one meanwhile; a second deal is still that colleague's."""
    base, pipeline = office.base, office.base.pipelines.all()[0]
    values = {"name": "Windows", "pipeline": pipeline.id, "responsible": office.anna}
    deal, _still_hers = (office.make("deal", **values) for _number in range(2))
    won = next(stage.id for stage in pipeline.stages if stage.outcome == "won")
    base.pipelines.move([deal], won)
    base.records.apply([Update("deal", deal, {"responsible": office.boris})])
    question = FunnelQuestion(pipeline.id, MARCH, by=MANAGER)
    assert office.anna in base.funnels.counts(question)

    base.records.delete("staff", [office.anna])

    kept = wins_of(base), base.funnels.counts(question)
    base.reload()
    assert kept == (wins_of(base), base.funnels.counts(question))
    assert kept[0] == {0: 1} and office.anna not in kept[1]


def wins_of(base: Workspace) -> dict[int, int]:
    return base.funnels.wins.answer(0, NOW.timestamp() + 1)[0]
