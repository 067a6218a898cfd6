"""Lines of a deal: totals, VAT by line, the amount of the deal; in one save, and back by undo."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.query import Query
from crm_desktop.services.money.pricing import line_total, line_vat
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create, Delete, Update
from tests.bases import ready_base

D = Decimal
WINDOWS = {"name": "Windows", "quantity": D(2), "price": D("18500"), "discount": D(5)}
SILLS = {"name": "Sills", "quantity": D(2), "price": D("2150"), "discount": D(5)}
WORK = {"name": "Installation", "quantity": D(2), "price": D("4200")}


class Shop:
    """A base with one deal."""

    def __init__(self, address: str) -> None:
        self.base: Workspace = ready_base(address, language="en")
        stage = self.base.lists.open(Query("stage")).first(1)[0].id
        self.pipeline = self.base.lists.open(Query("pipeline")).first(1)[0].id
        self.ways = {"pipeline": self.pipeline, "stage": stage}
        self.deal = self.base.records.create("deal", {"name": "Flat", **self.ways}).ids[0]

    def lines(self, *lines: dict[str, Any]) -> list[int]:
        writes = [Create("deal_line", {**line, "deal": self.deal}) for line in lines]
        return list(self.base.records.apply(writes).ids)

    def values(self, entity: str, id_: int) -> dict[str, Any]:
        row = self.base.reader.get(entity, id_)
        assert row is not None
        return dict(row.values)

    @property
    def amount(self) -> Decimal | None:
        found: Decimal | None = self.values("deal", self.deal)["amount"]
        return found


@pytest.fixture
def shop(base_url: str) -> Iterator[Shop]:
    made = Shop(base_url)
    yield made
    made.base.close()


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "total", "vat"),
    [
        ("2", "18500.00", "5", "35150.00", "5858.33"),
        ("2", "2150.00", "5", "4085.00", "680.83"),
        ("2", "4200.00", None, "8400.00", "1400.00"),
        ("3", "0.335", None, "1.01", "0.17"),
        ("0.5", "0.01", None, "0.01", "0.00"),
        ("1", "100.00", "100", "0.00", "0.00"),
    ],
)
def test_a_line_is_rounded_half_up(
    quantity: str, price: str, discount: str | None, total: str, vat: str
) -> None:
    found = line_total(D(quantity), D(price), D(discount) if discount else None)

    assert found == D(total)
    assert line_vat(found, D(20), included=True) == D(vat)


def test_vat_on_top_and_none() -> None:
    assert line_vat(D("1000.03"), D(20), included=False) == D("200.01")
    assert line_vat(D("1000"), D(0), included=True) == D("0.00")
    assert line_vat(D("1000"), None, included=True) is None


def test_the_amount_follows_from_the_lines(shop: Shop) -> None:
    ids = shop.lines(WINDOWS, SILLS, WORK)

    rows = [shop.values("deal_line", id_) for id_ in ids]

    assert [r["total"] for r in rows] == [D("35150.00"), D("4085.00"), D("8400.00")]
    assert [r["vat"] for r in rows] == [D("5858.33"), D("680.83"), D("1400.00")]
    assert [r["position"] for r in rows] == [1, 2, 3]
    assert sum(r["vat"] for r in rows) == D("7939.16")
    assert shop.amount == D("47635.00")


def test_it_is_one_operation_and_undo_takes_all_of_it_back(shop: Shop) -> None:
    ids = shop.lines(WINDOWS, SILLS)
    done = shop.base.records.apply(
        [Delete("deal_line", ids[1]), Update("deal_line", ids[0], {"quantity": D(1)})]
    )
    assert shop.amount == D("17575.00")

    shop.base.undo.undo(done.operation)

    assert shop.amount == D("39235.00")
    assert shop.values("deal_line", ids[0])["total"] == D("35150.00")
    assert shop.base.reader.get("deal_line", ids[1]) is not None


def test_vat_that_is_not_included_is_added(shop: Shop) -> None:
    shop.lines({**WORK, "vat_rate": D(20), "vat_included": False})
    assert shop.amount == D("10080.00")

    shop.lines({**WORK, "vat_rate": None})

    assert shop.amount == D("18480.00")


def test_the_last_line_gone_there_is_no_amount(shop: Shop) -> None:
    (id_,) = shop.lines(WORK)

    shop.base.records.delete("deal_line", [id_])

    assert shop.amount is None


def test_an_amount_by_hand_stays(shop: Shop) -> None:
    (id_,) = shop.lines(WORK)

    shop.base.records.update("deal", shop.deal, {"amount": D(8000)})
    shop.base.records.update("deal_line", id_, {"quantity": D(5)})

    assert shop.amount == D("8000.00")
    assert shop.values("deal", shop.deal)["amount_by_hand"] is True
    shop.base.records.update("deal", shop.deal, {"amount_by_hand": False})
    assert shop.amount == D("21000.00")


def test_an_amount_without_lines_is_what_was_typed(shop: Shop) -> None:
    shop.base.records.update("deal", shop.deal, {"amount": D(500)})

    assert shop.amount == D("500.00")
    assert not shop.values("deal", shop.deal)["amount_by_hand"]


def test_a_line_that_moves_counts_in_its_new_deal(shop: Shop) -> None:
    first, _second = shop.lines(WINDOWS, WORK)
    other = shop.base.records.create("deal", {"name": "Office", **shop.ways}).ids[0]

    shop.base.records.update("deal_line", first, {"deal": other})

    assert shop.amount == D("8400.00")
    assert shop.values("deal", other)["amount"] == D("35150.00")


@pytest.mark.parametrize("wrong", [{"discount": D(101)}, {"vat_rate": D(-1)}])
def test_what_cannot_be_is_refused_and_changes_nothing(shop: Shop, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="from 0 to 100") as refused:
        shop.lines({**WORK, **wrong})

    assert refused.value.field in wrong
    assert shop.amount is None


def test_who_takes_part_bears_the_name_of_the_person(shop: Shop) -> None:
    person = shop.base.records.create("person", {"last_name": "Petrov", "first_name": "Sergey"})
    rival = shop.base.records.create("reference", {"name": "Glass & Co", "book": "competitor"})
    made = shop.base.records.apply(
        [
            Create("deal_person", {"person": person.ids[0], "deal": shop.deal}),
            Create("deal_competitor", {"competitor": rival.ids[0], "deal": shop.deal}),
        ]
    )

    assert "Petrov" in shop.values("deal_person", made.ids[0])["name"]
    assert shop.values("deal_competitor", made.ids[1])["name"] == "Glass & Co"
