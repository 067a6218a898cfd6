"""Amounts in the currency of their own record, and totals that add no two currencies up."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from crm_desktop.errors import InvalidInput
from crm_desktop.models.amounts import Amount, Amounts, Extremes, WrittenAmount
from crm_desktop.models.catalogue.definitions import ParseContext
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.services.exporting.export import export_object, export_query
from crm_desktop.services.lists.service import Measure
from crm_desktop.services.money.currencies import in_own_currency
from tests.database.deal_world import MONDAY, DealWorld, deal_world, own_field
from tests.import_desk import bring_in, records

D = Decimal
TYPED = ParseContext("en", MONDAY)
BLANK = "\u00a0"


@pytest.fixture
def world(base_url: str) -> Iterator[DealWorld]:
    """Deals of 100 000 and 20 000 dollars, of 3 400 roubles and of 90.50 euros, of one client; and
    one without an amount."""
    made = deal_world(base_url)
    client = made.make("client", name="Petrov")
    for name, amount, currency in (
        ("A", 100_000, "usd"), ("B", 3_400, "rub"), ("C", D("90.50"), "eur"), ("D", 20_000, None),
        ("E", None, "rub"),
    ):  # fmt: skip
        made.deal(name=name, amount=amount, currency=currency, client=client)
    yield made
    made.base.close()


def cells(world: DealWorld, query: Query, language: str = "en") -> list[tuple[str, ...]]:
    """A list as people read it."""
    cursor = world.base.lists.open(query)
    return [
        tuple(
            "" if value is None else f.format(value, language)
            for f, value in zip(cursor.fields, row.cells, strict=True)
        )
        for row in cursor.first(50)
    ]


def totals(world: DealWorld, query: Query, ids: Any = None) -> dict[str, Any]:
    measures = [Measure("amount", name) for name in ("sum", "average", "min", "max", "count")]
    found = world.base.lists.open(query).totals(ids, measures)
    return {measure.function: value for measure, value in found.items()}


DEALS = Query("deal", columns=("name", "amount"), sort=(Sort("name"),))


def test_a_list_shows_each_amount_in_its_own_currency(world: DealWorld) -> None:
    assert cells(world, DEALS) == [
        ("A", "$100,000"), ("B", "₽3,400"), ("C", "€90.50"), ("D", "$20,000"), ("E", ""),
    ]  # fmt: skip
    assert cells(world, DEALS.replace(columns=("amount",)), "ru")[1] == (f"3{BLANK}400{BLANK}₽",)
    found = world.base.lists.open(DEALS).first(5)[1].cells[1]
    assert (found, found.currency) == (D(3400), "RUB")
    assert cells(world, DEALS.replace(text="B"))[0] == ("B", "₽3,400")


def test_amounts_over_links_and_of_lines_are_in_the_currency_of_their_deal(
    world: DealWorld,
) -> None:
    (deal,) = world.base.lists.open(Query("deal", where=Condition("name", "eq", "B"))).ids()
    line = world.make("deal_line", deal=deal, name="Sill", quantity=2, price=D(15))
    rival = world.make("reference", name="Rival", book="competitor")
    world.make("deal_competitor", deal=deal, competitor=rival, price=D(10))
    lines = Query("deal_line", columns=("price", "deal.amount", "total"))
    assert cells(world, lines) == [("₽15", "₽30", "₽30")]
    assert cells(world, Query("deal_competitor", columns=("price",))) == [("₽10",)]
    assert world.of(line, "deal_line")["total"].currency == "RUB"
    assert world.base.reader.many("deal_line", [line], ["price"])[line] == {"price": D(15)}
    assert world.base.reader.many("deal_line", [line], ["price"])[line]["price"].currency == "RUB"
    found = world.base.lists.open(lines).totals(None, [Measure("total", "sum")])
    assert [value.currency for value in found.values()] == ["RUB"]


def test_records_are_read_with_the_currency_and_nothing_else(world: DealWorld) -> None:
    ids = list(world.base.lists.open(DEALS).ids())
    found = world.base.reader.many("deal", ids, ["amount"])
    assert [list(values) for values in found.values()] == [["amount"]] * 5
    assert found[ids[2]]["amount"].currency == "EUR"
    assert type(found[ids[0]]["amount"]) is D
    assert world.of(ids[1])["amount"].currency == "RUB"


def test_no_total_adds_currencies_up(world: DealWorld) -> None:
    found, f = totals(world, DEALS), world.base.catalogue["deal"].field("amount")
    assert found["count"] == 4
    assert found["sum"] == Amounts((D(120_000), D("90.50"), D(3_400)))
    assert f.format(found["sum"], "en") == "$120,000 + €90.50 + ₽3,400"
    assert isinstance(found["average"], Extremes) and found["average"][0] == 60_000
    assert f.format(found["max"], "en") == "$100,000; €90.50; ₽3,400"

    ids = list(world.base.lists.open(DEALS).ids())
    assert totals(world, DEALS, ids) == found
    assert totals(world, DEALS, [ids[0], ids[3]])["sum"] == D(120_000)
    assert totals(world, DEALS, [ids[1], ids[4]])["sum"].currency == "RUB"
    assert totals(world, DEALS, [ids[4]])["sum"] is None


def test_heads_of_groups_keep_currencies_apart(world: DealWorld) -> None:
    world.deal(name="F", amount=D(-3_400), currency="rub")
    entity = world.base.catalogue["deal"]
    query = DEALS.replace(groups=("client", "stage"))
    heads = world.base.lists.groups(query, [entity.field("amount"), entity.field("probability")])
    outer = [head for head in heads if head.depth == 0]
    assert [(head.title, head.count) for head in outer] == [("Petrov", 5), ("Not filled in", 1)]
    told = entity.field("amount").format(outer[0].sums[0], "ru").replace(BLANK, " ")
    assert told == "120 000 $ + 90,50 € + 3 400 ₽"
    assert outer[0].sums[1] == 50
    assert outer[1].sums[0].currency == "RUB" and outer[1].sums[0] == -3_400
    assert [head.sums for head in heads if head.depth == 1] == [head.sums for head in outer]
    searched = world.base.lists.groups(query.replace(text="B"), [entity.field("amount")])
    assert [head.sums[0] for head in searched if head.depth == 0] == [D(3_400)]


@pytest.mark.parametrize(
    ("function", "shown"),
    [("sum", "$120,000 + €90.50 + ₽3,400"), ("max", "$100,000; €90.50; ₽3,400"), ("last", "")],
)
def test_columns_over_children_keep_currencies_apart(
    world: DealWorld, function: str, shown: str
) -> None:
    query = Query("client", columns=(f"{function}(deal.client).amount",))
    assert cells(world, query) == [(shown,)]
    world.base.records.delete(
        "deal", list(world.base.lists.open(Query("deal", where=Condition("name", "ne", "B"))).ids())
    )
    assert cells(world, query) == [("₽3,400",)]


def test_own_fields_of_money_stay_in_the_currency_of_the_base(world: DealWorld) -> None:
    key = own_field(world, "money", "Bonus")
    (deal,) = world.base.lists.open(Query("deal", where=Condition("name", "eq", "B"))).ids()
    world.base.records.update("deal", deal, {key: D(500)})
    query = DEALS.replace(columns=("amount", key), where=Condition("name", "eq", "B"))
    assert cells(world, query) == [("₽3,400", "$500")]
    found = world.base.lists.open(DEALS).totals(None, [Measure(key, "sum")])
    assert list(found.values()) == [D(500)]


def test_a_sign_that_was_typed_has_to_fit(world: DealWorld) -> None:
    f = world.base.catalogue["deal"].field("amount")
    typed = f.parse("₽ 1 200", TYPED)
    assert isinstance(typed, WrittenAmount)
    deal = world.deal(name="G", amount=typed)
    assert (world.of(deal)["currency"], world.of(deal)["amount"]) == ("rub", D(1_200))
    with pytest.raises(InvalidInput, match="RUB.*EUR"):
        world.base.records.update("deal", deal, {"amount": f.parse("900 €", TYPED)})
    world.base.records.update("deal", deal, {"amount": f.parse("900 ₽", TYPED)})
    world.base.records.update("deal", deal, {"amount": f.parse("900 €", TYPED), "currency": "eur"})
    assert world.of(deal)["amount"].currency == "EUR"
    line = {"deal": deal, "name": "Sill", "quantity": 1, "price": f.parse("15 ₽", TYPED)}
    with pytest.raises(InvalidInput, match="EUR.*RUB"):
        world.base.records.create("deal_line", line)


def test_an_amount_is_a_number_that_can_be_sent() -> None:
    amount = Amount(D("1.50"), "RUB")
    assert amount == D("1.5") and hash(amount) == hash(D("1.5")) and str(amount) == "1.50"
    assert type(amount + 1) is D
    for twin in (copy.copy(amount), copy.deepcopy(amount), pickle.loads(pickle.dumps(amount))):
        assert (twin, twin.currency) == (amount, "RUB")


def test_the_past_is_told_in_the_currency_of_its_day(world: DealWorld) -> None:
    base, entity = world.base, world.base.catalogue["deal"]
    deal = world.deal(name="G", amount=D(100), currency="eur")
    world.base.records.update("deal", deal, {"amount": D(200)})
    world.base.records.update("deal", deal, {"amount": D(300), "currency": "rub"})
    last = world.base.records.update("deal", deal, {"amount": D(400)}).operation

    def said(entries: Any) -> list[tuple[str, str]]:
        fields = [change for entry in entries for change in entry.fields]
        return [(c.old, c.new) for c in fields if c.field.key == "amount"]

    expected = [("₽300", "₽400"), ("€200", "₽300"), ("€100", "€200"), ("", "€100")]
    assert said(base.history.of(entity, deal)) == expected
    newest = base.history.of(entity, deal, limit=2)
    assert said(base.history.of(entity, deal, before=newest[-1].seq)) == expected[2:]
    assert said(base.history.of_operation(last)) == expected[:1]
    told = base.record_history.of(entity, deal)
    assert said(one.entry for one in told if one.ref.id == deal) == expected

    undone = base.undo.undo(last).operation
    assert said(base.history.of_operation(undone)) == [("₽400", "₽300")]
    gone = base.records.delete("deal", [deal]).operation
    assert said(base.history.of_operation(gone)) == [("₽300", "")]
    assert said(base.history.of_operation(last)) == expected[:1]
    base.undo.undo(gone)
    assert world.of(deal)["amount"].currency == "RUB"


def test_lines_are_told_in_the_currency_of_their_deal_even_when_both_are_gone(
    world: DealWorld,
) -> None:
    base, entity = world.base, world.base.catalogue["deal_line"]
    deal = world.deal(name="G", currency="eur")
    line = world.make("deal_line", deal=deal, name="Sill", quantity=1, price=D(100))
    changed = base.records.update("deal_line", line, {"price": D(150)}).operation

    def said(operation: int) -> list[tuple[str, str]]:
        found = base.history.of_operation(operation)
        fields = [change for entry in found for change in entry.fields]
        return [(c.old, c.new) for c in fields if c.field.key == "price"]

    assert said(changed) == [("€100", "€150")]
    before = base.clock.now()
    world.clock.move(hours=1)
    gone = base.records.delete("deal", [deal]).operation
    assert said(gone) == [("€150", "")] and said(changed) == [("€100", "€150")]
    card = base.as_of.card(base.catalogue["deal"], deal, before)
    (child,) = [one for one in card.children if one.link.entity is entity]
    shown = card.shown(entity.field("price"), child.record.values["price"], "en")
    amount = card.shown(base.catalogue["deal"].field("amount"), card.record.values["amount"], "en")
    assert (shown, amount) == ("€150", "€150")


def test_search_says_the_amount_in_its_currency(world: DealWorld) -> None:
    (hit,) = world.base.search.find("B", "deal", 5)
    assert "₽3,400" in hit.detail


def test_files_of_a_list_say_the_currency(world: DealWorld, tmp_path: Path) -> None:
    book, text = tmp_path / "deals.xlsx", tmp_path / "deals.csv"
    export_query(world.base, DEALS.replace(groups=("client",)), book)
    sheet = load_workbook(book).active
    found = [(row[1].value, row[1].number_format.replace("\\", "")) for row in sheet.iter_rows()]
    assert found[1][0] == "$120,000 + €90.50 + ₽3,400"
    assert found[2:5] == [
        (100_000, '#,##0.00 "$"'), (3_400, '#,##0.00 "₽"'), (90.5, '#,##0.00 "€"'),
    ]  # fmt: skip
    export_query(world.base, DEALS, text)
    lines = text.read_text("utf-8-sig").splitlines()
    assert lines[1:] == [
        "A;100000,00", "B;3400,00 RUB", "C;90,50 EUR", "D;20000,00", "E;",
    ]  # fmt: skip


def test_what_is_exported_whole_is_numbers_with_a_column_of_currencies(
    world: DealWorld, tmp_path: Path
) -> None:
    path = tmp_path / "deals.csv"
    export_object(world.base, DEALS, path)
    lines = path.read_text("utf-8-sig").splitlines()
    assert ";3400,00;" in lines[2] and ";RUB;" in lines[2]


def test_a_file_with_signs_brings_the_currencies_back(world: DealWorld, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    export_query(world.base, DEALS, path)
    old = {row["id"] for row in records(world.base, "deal")}
    result = bring_in(world.base, path, "deal")
    new = [row for row in records(world.base, "deal") if row["id"] not in old]
    assert result.rejected == 0
    assert [(row["name"], row["currency"]) for row in new] == [
        ("A", "usd"), ("B", "rub"), ("C", "eur"), ("D", "usd"), ("E", "usd"),
    ]  # fmt: skip


def test_a_value_is_told_anew_in_the_currency_it_is_moved_to(world: DealWorld) -> None:
    entity = world.base.catalogue["deal"]
    f = entity.field("amount")
    euros = in_own_currency(entity, {"amount": D(5), "currency": "eur"})["amount"]
    assert f.format(euros, "en") == "€5"
    for named in ("usd", None):
        own = in_own_currency(entity, {"amount": euros, "currency": named})["amount"]
        assert f.format(own, "en") == "$5"
