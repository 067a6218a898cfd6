"""The board as the base gives it: columns, counts, sums, marks, and what a drag writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition
from crm_desktop.models.whole_days import midnight_in
from crm_desktop.services.board.cards import Card, Found, money, totals
from crm_desktop.services.board.columns import (
    AMOUNT,
    BY_MONTH,
    BY_PERSON,
    BY_STAGE,
    DATELESS,
    NOBODY,
    OVERDUE,
    STEP,
    Column,
    day_in,
    make_columns,
    make_lanes,
    replaced,
)
from crm_desktop.services.board.moving import Given, give, move_with, with_key, with_keys
from crm_desktop.services.board.reading import Asked, read_titles
from crm_desktop.services.board.saved import board_views, save_board_view
from crm_desktop.services.board.stuck import waiting
from crm_desktop.services.clock import MovedClock
from tests.bases import ready_base
from tests.database.whole_board import read_board

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


class Sales:
    """A base with one pipeline of three stages in progress, won and lost."""

    def __init__(self, address: str) -> None:
        self.base = ready_base(address, clock=MovedClock(NOW))
        self.anna, self.boris = (self.make("staff", name=name) for name in ("Anna", "Boris"))
        self.pipeline = self.make("pipeline", name="Windows", position=-1)
        self.call = self.stage("Call", 1, probability=10, stuck_days=5)
        self.offer = self.stage("Offer", 2, probability=50, stuck_days=10)
        self.payment = self.stage("Payment", 3, probability=90)
        self.done = self.stage("Done", 8, outcome="won")
        self.client = self.make("client", name="Vector Ltd", phone="+79165551234")

    def make(self, entity: str, **values: Any) -> int:
        return int(self.base.records.create(entity, values).ids[0])

    def stage(self, name: str, position: int, **values: Any) -> int:
        return self.make("stage", name=name, pipeline=self.pipeline, position=position, **values)

    def deal(self, name: str, stage: int, amount: str = "1000", **values: Any) -> int:
        given = {"client": self.client, "responsible": self.anna, "currency": "rub"}
        return self.make(
            "deal", name=name, pipeline=self.pipeline, stage=stage, amount=Decimal(amount),
            amount_by_hand=True, **{**given, **values},
        )  # fmt: skip

    def read(self, **asked: Any) -> Found:
        return read_board(self.base, Asked(self.pipeline, **asked))

    def row(self, id_: int) -> dict[str, Any]:
        found = self.base.reader.get("deal", id_)
        assert found is not None
        return found.values


@pytest.fixture
def sales(base_url: str) -> Iterator[Sales]:
    made = Sales(base_url)
    yield made
    made.base.close()


def names(column: Column) -> list[str]:
    return [card.name for card in column.cards]


def column(found: Found, key: object, way: str = BY_STAGE) -> Column:
    return next(one for one in make_columns(found, way, AMOUNT) if one.key == key)


def card(found: Found, name: str) -> Card:
    return next(one for one in found.cards if one.name == name)


def test_columns_are_the_open_stages_in_their_order(sales: Sales) -> None:
    sales.deal("Small", sales.call, "100")
    sales.deal("Large", sales.call, "900")
    sales.deal("Over", sales.done)
    found = make_columns(sales.read(), BY_STAGE, AMOUNT)
    assert [one.title for one in found] == ["Call", "Offer", "Payment"]
    assert names(found[0]) == ["Large", "Small"]
    assert not found[1].cards


def test_sums_are_by_currency_and_weighted_half_up(sales: Sales) -> None:
    sales.deal("One", sales.call, "100.05")
    sales.deal("Two", sales.call, "0.10")
    sales.deal("Euro", sales.call, "7", currency="eur")
    found = column(sales.read(), sales.call).totals
    assert found.count == 3
    assert found.sums == {"RUB": 10015, "EUR": 700}
    assert found.weighted == {"RUB": 1002, "EUR": 70}  # 10 % of 100.15 is 10.015
    assert money(found.weighted["RUB"]) == Decimal("10.02")


def test_a_card_tells_what_is_in_the_base(sales: Sales) -> None:
    id_ = sales.deal("Deal", sales.offer, "12.34", expected=date(2026, 12, 1))
    due = NOW + timedelta(days=2)
    sales.make("activity", about=Ref("deal", id_), kind="call", state="planned",
               subject="Ask again", due=due)  # fmt: skip
    found = card(sales.read(), "Deal")
    assert (found.id, found.amount, found.currency, found.who) == (id_, 1234, "RUB", sales.anna)
    assert found.day == date(2026, 12, 1)
    assert (found.next_at, found.next_step) == (int(due.timestamp()), "Ask again")
    assert found.since == int(NOW.timestamp())


def test_marks_say_what_is_wrong(sales: Sales) -> None:
    id_ = sales.deal("Deal", sales.call)
    assert sales.read().marks(card(sales.read(), "Deal")) == ["no_step"]
    sales.base.clock = MovedClock(NOW + timedelta(days=5, minutes=1))
    found = sales.read()
    assert found.marks(card(found, "Deal")) == ["stuck", "no_step"]
    assert found.days_in_stage(card(found, "Deal")) == 5
    sales.make("activity", about=Ref("deal", id_), kind="call", state="planned", subject="Call",
               due=NOW + timedelta(days=3))  # fmt: skip
    found = sales.read()
    assert found.marks(card(found, "Deal")) == ["stuck", "late"]


def test_a_step_that_goes_on_all_day_is_late_when_its_day_is_over(sales: Sales) -> None:
    id_ = sales.deal("Deal", sales.call)
    midnight = midnight_in(NOW.date(), sales.base.worktime.office_zone())
    sales.make("activity", about=Ref("deal", id_), kind="task", state="planned", subject="Fair",
               all_day=True, starts=midnight)  # fmt: skip
    found = sales.read()
    assert midnight < NOW and found.marks(card(found, "Deal")) == [] and not found.in_care()
    sales.base.clock = MovedClock(NOW + timedelta(days=1))
    found = sales.read()
    assert found.marks(card(found, "Deal")) == ["late"] and len(found.in_care()) == 1


def test_conditions_and_typed_text_narrow(sales: Sales) -> None:
    sales.deal("Nursery", sales.call, responsible=sales.boris)
    sales.deal("Balcony", sales.call)
    mine = Condition("responsible", "in", (sales.boris,))
    assert [one.name for one in sales.read(where=mine).cards] == ["Nursery"]
    assert [one.name for one in sales.read(text="balc").cards] == ["Balcony"]


def test_titles_of_what_cards_are_linked_to(sales: Sales) -> None:
    sales.deal("Deal", sales.call)
    found = sales.read()
    titles = read_titles(sales.base, found, found.cards)
    assert titles[Ref(found.targets.client, sales.client)] == "Vector Ltd"
    assert titles[Ref(found.targets.who, sales.anna)] == "Anna"


def test_columns_by_month_begin_with_what_is_overdue(sales: Sales) -> None:
    sales.deal("Late", sales.call, expected=date(2026, 11, 17))
    sales.deal("Today", sales.call, expected=date(2026, 11, 18))
    sales.deal("March", sales.call, expected=date(2027, 3, 9))
    sales.deal("Never", sales.call, expected=None)
    found = make_columns(sales.read(), BY_MONTH, AMOUNT)
    keys = [one.key for one in found]
    assert keys == [OVERDUE, (2026, 11), (2026, 12), (2027, 1), (2027, 3), DATELESS]
    assert [names(one) for one in found] == [["Late"], ["Today"], [], [], ["March"], ["Never"]]
    assert not found[0].takes


def test_columns_by_person_end_with_nobody(sales: Sales) -> None:
    sales.base.work_as(None)
    sales.deal("Anna's", sales.call)
    sales.deal("Boris's", sales.call, responsible=sales.boris)
    found = sales.read()
    found.titles = read_titles(sales.base, found, found.cards)
    made = make_columns(found, BY_PERSON, AMOUNT)
    assert [one.title for one in made] == ["Anna", "Boris", ""]
    assert made[-1].key == NOBODY


def test_cards_are_gathered_within_a_column(sales: Sales) -> None:
    sales.deal("A", sales.call)
    sales.deal("B", sales.call, responsible=sales.boris)
    found = sales.read()
    found.titles = read_titles(sales.base, found, found.cards)
    made = make_columns(found, BY_STAGE, STEP, BY_PERSON)
    groups = [(key, [one.name for one in cards]) for key, cards in made[0].groups]
    assert groups == [(sales.anna, ["A"]), (sales.boris, ["B"])]


def test_lanes_are_what_columns_of_the_other_way_would_be(sales: Sales) -> None:
    sales.deal("A", sales.call, expected=date(2026, 11, 1))
    found = sales.read()
    found.titles = read_titles(sales.base, found, found.cards)
    people = make_lanes(found, BY_STAGE, BY_PERSON)
    assert [lane.key for lane in people] == [sales.anna, NOBODY]
    months = make_lanes(found, BY_PERSON, BY_MONTH)
    assert (months[0].key, months[0].takes, months[-1].key) == (OVERDUE, False, DATELESS)
    assert make_lanes(found, BY_STAGE, BY_STAGE) == make_lanes(found, BY_STAGE, "") == []


def test_where_a_month_and_a_person_cross_both_are_written_at_once(sales: Sales) -> None:
    late = sales.deal("Late", sales.call, expected=date(2026, 11, 2))
    soon = sales.deal("Soon", sales.call, expected=date(2026, 11, 25))
    found = sales.read()
    keys = {BY_MONTH: (2026, 12), BY_PERSON: sales.boris}
    outcome = give(sales.base, found, list(found.cards), keys)
    for deal, day in ((late, date(2026, 12, 2)), (soon, date(2026, 12, 25))):
        row = sales.row(deal)
        assert (row["expected"], row["responsible"]) == (day, sales.boris)
    assert outcome.operation is not None
    sales.base.undo.undo(outcome.operation)
    assert sales.row(late)["responsible"] == sales.anna


def test_what_is_there_already_keeps_its_day(sales: Sales) -> None:
    sales.deal("Late", sales.call, expected=date(2026, 11, 2))
    found = sales.read()
    moved = with_keys(found, card(found, "Late"), {BY_MONTH: OVERDUE, BY_PERSON: sales.boris})
    assert (moved.day, moved.who) == (date(2026, 11, 2), sales.boris)


@pytest.mark.parametrize(
    ("before", "month", "after"),
    [
        (date(2026, 11, 30), (2027, 2), date(2027, 2, 28)),
        (date(2026, 12, 5), (2026, 11), date(2026, 11, 18)),
        (None, (2026, 12), date(2026, 12, 31)),
    ],
)  # fmt: skip
def test_the_day_a_drag_gives(
    sales: Sales, before: date | None, month: tuple[int, int], after: date
) -> None:
    sales.deal("Deal", sales.call, expected=before)
    found = sales.read()
    assert day_in(found, card(found, "Deal"), month) == after


def test_a_month_is_written_to_many_and_undone_at_once(sales: Sales) -> None:
    ids = [sales.deal(f"Deal {n}", sales.call, expected=date(2026, 11, 20)) for n in range(3)]
    found = sales.read()
    outcome = give(sales.base, found, list(found.cards), {BY_MONTH: (2026, 12)})
    assert {sales.row(id_)["expected"] for id_ in ids} == {date(2026, 12, 20)}
    assert outcome.operation is not None
    sales.base.undo.undo(outcome.operation)
    assert {sales.row(id_)["expected"] for id_ in ids} == {date(2026, 11, 20)}


def test_what_is_seen_at_once_is_what_is_read_afterwards(sales: Sales) -> None:
    for n in range(4):
        sales.deal(f"Deal {n}", sales.call, str(100 * (n + 1)), expected=date(2026, 11, 20 + n))
    found = sales.read()
    columns = make_columns(found, BY_MONTH, AMOUNT)
    moved = [card(found, "Deal 1"), card(found, "Deal 3")]
    changed = [with_key(found, one, BY_MONTH, (2026, 12)) for one in moved]
    replaced(found, columns, changed, BY_MONTH, AMOUNT)
    give(sales.base, sales.read(), moved, {BY_MONTH: (2026, 12)})
    after = make_columns(sales.read(), BY_MONTH, AMOUNT)
    assert [(c.key, names(c), c.totals) for c in columns] == [
        (c.key, names(c), c.totals) for c in after
    ]


def test_a_move_writes_what_was_missing_to_those_alone(sales: Sales) -> None:
    one, two = sales.deal("One", sales.call, note="Keep"), sales.deal("Two", sales.call)
    move_with(sales.base, [one, two], sales.offer, [Given("note", "New", (two,))])
    assert (sales.row(one)["note"], sales.row(two)["note"]) == ("Keep", "New")
    assert {sales.row(one)["stage"], sales.row(two)["stage"]} == {sales.offer}


def test_what_waits_comes_dearest_first_with_whom_to_call(sales: Sales) -> None:
    sales.deal("Small", sales.call, "100")
    sales.deal("Large", sales.call, "900")
    calm = sales.deal("Calm", sales.call, "5000")
    sales.make("activity", about=Ref("deal", calm), kind="call", state="planned", subject="Call",
               due=NOW + timedelta(days=1))  # fmt: skip
    late = sales.deal("Late", sales.call, "500")
    sales.make("activity", about=Ref("deal", late), kind="call", state="planned", subject="Call",
               due=NOW - timedelta(minutes=16))  # fmt: skip
    found = waiting(sales.base, sales.read())
    assert [one.card.name for one in found.rows] == ["Large", "Late", "Small"]
    assert found.totals.sums == {"RUB": 150000}
    reach = found.rows[0].reach
    assert (reach.name, reach.phone) == ("Vector Ltd", "+7 916 555-12-34")


def test_views_are_kept_apart_from_those_of_lists(sales: Sales) -> None:
    view = save_board_view(sales.base, "Mine", {"way": BY_MONTH}, shared=False)
    again = save_board_view(sales.base, "mine", {"way": BY_STAGE}, shared=False)
    assert again.id == view.id
    assert [one.layout for one in board_views(sales.base)] == [{"way": BY_STAGE}]
    assert not [one for one in sales.base.views.of("deal") if one.name == "mine"]


def test_an_amount_that_nobody_said_counts_as_nothing(sales: Sales) -> None:
    sales.make("deal", name="Unknown", pipeline=sales.pipeline, stage=sales.call)
    found = sales.read()
    assert card(found, "Unknown").amount is None
    assert totals(found, found.cards).sums == {}
