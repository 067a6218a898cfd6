"""What a base counts by itself is what its records say, whatever was done to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.models.backend.tally_triggers import dropped_triggers, fold
from crm_desktop.models.tallies import hands_plan, plans
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import EVERYBODY, GROUPINGS, MANAGER, FunnelQuestion
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.maintenance.moving import move_base
from crm_desktop.services.sales_figures.acts_asked import ask_acts
from crm_desktop.services.sales_figures.kept_acts import KeptActs
from crm_desktop.services.sales_figures.service import Funnels
from crm_desktop.services.tally import cut, renew_tallies, wrong_tallies
from crm_desktop.services.workspace import Workspace, open_base
from crm_desktop.services.writing.staging import Create, Delete, Update
from tests.bases import ready_base
from tests.database.funnel_world import AWAY, NAMES

NOW = datetime(2026, 3, 31, 15, 0, tzinfo=UTC)
PERIODS = (
    Period(date(2025, 11, 1), date(2026, 4, 30)),
    Period(date(2025, 12, 15), date(2026, 3, 9)),
    Period(date(2026, 2, 1), date(2026, 2, 28)),
)


@dataclass
class Sales:
    """Two colleagues, a pipeline and another one; deals and calls are made as a test goes on."""

    base: Workspace
    deals: list[int] = field(default_factory=list)
    acts: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.staff = [self._make("staff", name=name) for name in ("Anna", "Boris")]
        self.source = self._make("reference", name="Site", book="source")
        self.pipeline = self._make("pipeline", name="Windows", position=7)
        outcomes = ("open", "open", "open", "open", "won")
        self.stages = [
            self._make("stage", name=name, pipeline=self.pipeline, position=place, outcome=outcome)
            for place, (name, outcome) in enumerate(zip(NAMES, outcomes, strict=True))
        ]
        other = self._make("pipeline", name="Gates", position=8)
        self.away = self._make("stage", name="Offer", pipeline=other, position=1)

    def _make(self, entity: str, **values: Any) -> int:
        return int(self.base.records.create(entity, values).ids[0])

    def deal(self, one: int, day: int) -> None:
        self.deals.append(self._make(
            "deal", name="Windows", pipeline=self.pipeline, responsible=self._who(one),
            opened=NOW - timedelta(days=day), source=self.source if one % 2 else None,
        ))  # fmt: skip

    def call(self, one: int, day: int) -> None:
        kind, state = ("call", "visit", "note")[one % 3], ("done", "planned")[one % 2]
        moment = NOW - timedelta(days=day)
        self.acts.append(self._make(
            "activity", subject="About windows", kind=kind, state=state, author=self._who(day),
            moment=moment, due=moment,
        ))  # fmt: skip

    def move(self, one: int, place: int) -> None:
        if self.deals:
            stage = self.away if place == AWAY else self.stages[place % len(self.stages)]
            self.base.records.apply([Update("deal", self._deal(one), {"stage": stage})])

    def hand(self, one: int, to: int) -> None:
        if self.deals:
            values = {"responsible": self._who(to)}
            self.base.records.apply([Update("deal", self._deal(one), values)])

    def change(self, one: int, day: int) -> None:
        if self.acts:
            values = {"moment": NOW - timedelta(days=day), "author": self._who(one)}
            self.base.records.apply([Update("activity", self.acts[one % len(self.acts)], values)])

    def delete(self, one: int, place: int) -> None:
        ids = self.deals if place % 2 else self.acts
        if ids:
            entity = "deal" if place % 2 else "activity"
            id_ = ids.pop(one % len(ids))
            self.gone.append(self.base.records.apply([Delete(entity, id_)]).operation)

    def restore(self, _one: int, _place: int) -> None:
        if self.gone:
            self.base.undo.undo(self.gone.pop())

    def _deal(self, one: int) -> int:
        return self.deals[one % len(self.deals)]

    def _who(self, one: int) -> int | None:
        return (*self.staff, None)[one % 3]


@pytest.fixture
def sales(base_url: str) -> Iterator[Sales]:
    made = Sales(ready_base(base_url, clock=MovedClock(NOW)))
    yield made
    made.base.close()


def agree(sales: Sales) -> None:
    """The first answers of a program and those from memory say the same, and so do the records."""
    base = sales.base
    assert not list(wrong_tallies(base))
    kept, acts = Funnels(base), KeptActs(base)
    kept.prepare()
    acts.prepare()
    for period in PERIODS:
        assert ask_acts(base, period) == acts.answer(period)
        for by in ("", *GROUPINGS):
            for is_closing in (False, True):
                question = FunnelQuestion(sales.pipeline, period, is_closing, by)
                assert Funnels(base).counts(question) == kept.counts(question), question


DEEDS = ("deal", "deal", "call", "call", "move", "move", "hand", "change", "delete", "restore")
STEPS = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, 5), st.integers(-2, 150)), max_size=14
)


@settings(
    max_examples=12, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=STEPS)
def test_any_history_is_counted_as_its_records_say(
    sales: Sales, steps: list[tuple[str, int, int]]
) -> None:
    for deed, one, other in steps:
        getattr(sales, deed)(one, other)
    agree(sales)


def test_a_deal_from_hand_to_hand_counts_for_both(sales: Sales) -> None:
    anna, boris = sales.staff
    for one in range(2):
        sales.deal(0, 40 + one)
    sales.move(0, 1)
    sales.hand(0, 1)
    sales.move(0, 3)
    first = Funnels(sales.base).counts(FunnelQuestion(sales.pipeline, PERIODS[0], by=MANAGER))
    assert first[EVERYBODY] == [2, 1, 1, 1, 0]
    assert first[anna] == [2, 1, 0, 0, 0] and first[boris][:4] == [1, 1, 1, 1]
    agree(sales)


def test_a_write_that_fails_leaves_nothing(sales: Sales) -> None:
    backend = sales.base.backend

    def fail() -> None:
        with backend.write() as connection:
            connection.exec_driver_sql("DELETE FROM activity")
            raise InterruptedError

    sales.call(0, 3)
    with pytest.raises(InterruptedError):
        fail()
    agree(sales)


def test_check_names_what_is_wrong_and_can_count_it_anew(sales: Sales) -> None:
    sales.call(0, 3)
    sales.deal(0, 3)
    sales.hand(0, 1)
    with sales.base.backend.write() as connection:
        connection.exec_driver_sql("UPDATE tally SET amount = amount + 4 WHERE field = 'moment'")
        connection.exec_driver_sql("DELETE FROM changed_hands")
    said = check_base(sales.base).problems
    assert "Activities counted for 2026-03: 5 instead of 1" in said
    assert f"Who had record {sales.deals[0]} in which stage is kept wrongly" in said
    renew_tallies(sales.base)
    assert not check_base(sales.base).problems
    agree(sales)


def test_a_base_of_before_is_counted_once(sales: Sales, base_url: str) -> None:
    """An upgrade that was cut off before anything was counted."""
    sales.deal(0, 80)
    sales.hand(0, 1)
    base, catalogue = sales.base, sales.base.catalogue
    base.backend.run_ddl(dropped_triggers(base.backend, plans(catalogue), hands_plan(catalogue)))
    for day in (3, 60):
        sales.call(0, day)
    assert list(wrong_tallies(base))
    base.set_info("finished", "8")
    base.close()
    sales.base = open_base(base_url, clock=MovedClock(NOW))
    agree(sales)
    sales.call(0, 4)
    agree(sales)


def test_a_moved_base_brings_its_counts(sales: Sales, base_url: str, tmp_path: Path) -> None:
    for one, day in ((0, 3), (1, 60), (2, 61)):
        sales.call(one, day)
        sales.deal(one, day)
    sales.hand(0, 1)
    there = tmp_path / "moved.crm"
    move_base(base_url if base_url.startswith("firebird") else _closed(sales), there)
    with closing(open_base(there, clock=MovedClock(NOW))) as moved:
        assert not list(wrong_tallies(moved))
        moved.records.apply([Create("activity", {"subject": "More", "kind": "call"})])
        assert not list(wrong_tallies(moved))


def test_a_base_moved_to_a_server_brings_its_counts(tmp_path: Path, base_url: str) -> None:
    home = tmp_path / "home.crm"
    with closing(ready_base(home, clock=MovedClock(NOW))) as base:
        sales = Sales(base)
        for one, day in ((0, 3), (1, 60)):
            sales.call(one, day)
            sales.deal(one, day)
        sales.hand(0, 1)
    move_base(home, base_url)
    with closing(open_base(base_url, clock=MovedClock(NOW))) as moved:
        sales.base = moved
        agree(sales)
        sales.move(0, 2)
        sales.delete(0, 1)
        agree(sales)


def _closed(sales: Sales) -> str:
    sales.base.close()
    return sales.base.backend.address


def test_whole_months_and_what_is_left() -> None:
    def at(*day: int) -> int:
        return int(datetime(*day, tzinfo=UTC).timestamp())  # type: ignore[arg-type]

    january = 2026 * 12
    found = cut((at(2025, 12, 31, 21), at(2026, 2, 28, 21)))
    assert found is not None and found.months == (january, january)
    assert found.rest == (
        (at(2025, 12, 31, 21), at(2026, 1, 1)), (at(2026, 2, 1), at(2026, 2, 28, 21)),
    )  # fmt: skip
    whole = cut((at(2026, 1, 1), at(2026, 3, 1)))
    assert whole is not None and (whole.months, whole.rest) == ((january, january + 1), ())
    assert cut((at(2026, 1, 2), at(2026, 2, 28))) is None


def test_nobody_waits_for_who_counts_in_the_same_group(firebird_url: str) -> None:
    with closing(ready_base(firebird_url, clock=MovedClock(NOW))) as base:
        sales = Sales(base)
        sales.call(0, 3)
        other = open_base(firebird_url, clock=MovedClock(NOW))
        with closing(other), base.backend.write() as mine:
            mine.exec_driver_sql("UPDATE activity SET author = NULL")
            Sales(other).call(0, 3)  # of the same colleague, kind and month
        assert not list(wrong_tallies(base))


def test_the_rows_of_transactions_are_put_together(firebird_url: str) -> None:
    with closing(ready_base(firebird_url, clock=MovedClock(NOW))) as base:
        sales = Sales(base)
        for _number in range(5):
            sales.call(0, 3)
        assert _rows(base, "slot <> 0") >= 5
        fold(base.backend)
        assert _rows(base, "slot <> 0") == 0 < _rows(base, "slot = 0")
        sales.change(0, 90)
        agree(sales)


def _rows(base: Workspace, where: str) -> int:
    with base.backend.read() as connection:
        sql = f"SELECT COUNT(*) FROM tally WHERE {where}"
        return int(connection.exec_driver_sql(sql).scalar() or 0)
