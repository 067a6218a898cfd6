"""The board kept between two openings is that of the base, whatever was written meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition
from crm_desktop.services import stale_records as heard
from crm_desktop.services.board import kept
from crm_desktop.services.board.cards import Card, Cards, Found
from crm_desktop.services.board.columns import AMOUNT, BY_STAGE, make_columns, replaced
from crm_desktop.services.board.reading import Asked, read_cards
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.workspace import Workspace, open_base
from crm_desktop.services.writing.staging import Delete, Update
from tests.bases import ready_base
from tests.database.whole_board import read_board

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


class Sales:
    """Three deals in the first stage of a pipeline; the board was read once."""

    def __init__(self, base: Workspace) -> None:
        self.base = base
        self.pipeline = self.make("pipeline", name="Windows", position=-1)
        self.stages = [
            self.make("stage", name=name, pipeline=self.pipeline, position=place, outcome=outcome)
            for place, (name, outcome) in enumerate((("Call", "open"), ("Offer", "open"),
                                                     ("Done", "won")))
        ]  # fmt: skip
        self.deals = [self.deal(name) for name in ("One", "Two", "Three")]
        self.read()

    def make(self, entity: str, **values: Any) -> int:
        return int(self.base.records.create(entity, values).ids[0])

    def deal(self, name: str) -> int:
        return self.make("deal", name=name, pipeline=self.pipeline, stage=self.stages[0],
                         amount=Decimal(100), amount_by_hand=True)  # fmt: skip

    def read(self, **more: Any) -> Found:
        return self.base.board.read(Asked(self.pipeline), **more)

    def names(self) -> list[str]:
        return sorted(card.name for card in self.read().cards)

    def change(self, deal: int, **values: Any) -> None:
        self.base.records.apply([Update("deal", deal, values)])


@pytest.fixture
def sales(base_url: str) -> Iterator[Sales]:
    made = Sales(ready_base(base_url, clock=MovedClock(NOW)))
    yield made
    made.base.close()


def _renamed(sales: Sales) -> None:
    sales.change(sales.deals[0], name="Other", amount=Decimal("7.50"))


def _moved(sales: Sales) -> None:
    sales.base.pipelines.move([sales.deals[1]], sales.stages[1])


def _won(sales: Sales) -> None:
    sales.base.pipelines.move([sales.deals[1]], sales.stages[2])


def _deleted_and_made(sales: Sales) -> None:
    sales.base.records.apply([Delete("deal", sales.deals[2])])
    sales.deal("Four")


def _brought_back(sales: Sales) -> None:
    gone = sales.base.records.apply([Delete("deal", sales.deals[2])])
    sales.read()
    sales.base.undo.undo(gone.operation)


def _next_step(sales: Sales) -> None:
    sales.make("activity", about=Ref("deal", sales.deals[0]), kind="call", state="planned",
               subject="Ask", due=NOW + timedelta(days=1))  # fmt: skip


def _stage_made_won(sales: Sales) -> None:
    sales.base.records.apply([Update("stage", sales.stages[0], {"retired": True})])


@pytest.mark.parametrize(
    "act", [_renamed, _moved, _won, _deleted_and_made, _brought_back, _next_step, _stage_made_won]
)
def test_what_was_written_meanwhile_is_on_the_board(
    sales: Sales, act: Callable[[Sales], None]
) -> None:
    act(sales)
    assert sorted(sales.read().cards) == sorted(read_board(sales.base, Asked(sales.pipeline)).cards)


def test_nothing_is_read_again_where_nothing_was_written(sales: Sales) -> None:
    before = sales.read().cards
    sales.make("client", name="Vector")
    assert sales.read().cards is before
    sales.change(sales.deals[0], name="Other")
    assert sales.read().cards is not before


def test_a_narrowed_board_leaves_the_whole_one_as_it_is(sales: Sales) -> None:
    sales.change(sales.deals[0], name="Other")
    asked = Asked(sales.pipeline, Condition("name", "eq", "Two"))
    assert [card.name for card in sales.base.board.read(asked).cards] == ["Two"]
    assert sales.names() == ["Other", "Three", "Two"]


def test_cards_shown_elsewhere_already_are_only_where_they_are_shown(sales: Sales) -> None:
    found = sales.read()
    columns = make_columns(found, BY_STAGE, AMOUNT)
    moved = found.cards[0]._replace(stage=sales.stages[1])
    replaced(found, columns, [moved], BY_STAGE, AMOUNT)
    assert [len(column.cards) for column in columns] == [2, 1]
    assert all(card.stage == sales.stages[0] for card in sales.read().cards)


def test_what_others_wrote_on_a_server_is_asked_for(sales: Sales, base_url: str) -> None:
    if sales.base.backend.exclusive:
        return  # nobody else can have it open
    other = open_base(base_url)
    other.records.apply([Update("deal", sales.deals[0], {"name": "Theirs"})])
    other.close()
    assert not sales.read().stale
    sales.base.board._stale._whole_at -= heard.OLDEST + 1
    assert sales.read().stale
    assert "Theirs" in [card.name for card in sales.read(fresh=True).cards]
    assert not sales.read().stale


def test_a_board_that_takes_long_to_read_is_not_stale_at_once(
    sales: Sales, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would be read again without end."""
    monkeypatch.setattr(type(sales.base.backend), "exclusive", False)
    passed = [0.0]
    monkeypatch.setattr(heard, "time", SimpleNamespace(monotonic=lambda: passed[0]))

    def slowly(*asked: Any) -> Any:
        passed[0] += heard.OLDEST + 1
        return read_cards(*asked)

    monkeypatch.setattr(kept, "read_cards", slowly)

    assert not sales.read(fresh=True).stale
    passed[0] += heard.OLDEST + 1
    assert sales.read().stale


def test_what_kept_cards_before_a_reload_listens_no_more(sales: Sales) -> None:
    base, old = sales.base, sales.base.board._stale

    base.reload()
    sales.read()

    assert old._hear not in base._listeners and base.board._stale._hear in base._listeners
    assert old.take(whatever=True) is None and old.take(whatever=True) is None


def _card(id_: int, **values: Any) -> Card:
    plain = Card(id_, 1, 1, "", 0, 0, None, "", 0, 0, 0, 0, 0, "", 0, 0)
    return plain._replace(**values)


def test_a_table_of_cards_is_never_changed() -> None:
    cards = Cards.of([_card(1), _card(2), _card(3)])
    longer = cards.without({2}).with_more([_card(4)])
    assert [card.id for card in cards] == [1, 2, 3]
    assert [card.id for card in longer] == [1, 3, 4]
    assert [card.id for card in longer[1:]] == [3, 4]
    assert longer[-1] == _card(4)
    assert longer.get(2) is None
    assert not longer.is_thin
