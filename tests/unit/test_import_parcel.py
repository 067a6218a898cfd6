"""Blocks of rows come out of a parcel as they went in, whatever stands in them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.models.catalogue.definitions import ParseContext
from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.services.importing.convert import Named
from crm_desktop.services.importing.mapping import Mapping, Target
from crm_desktop.services.importing.parcel import Parcels, RowBlock
from crm_desktop.services.importing.readers.base import CellError
from crm_desktop.services.importing.rowplan import Part, Prepared, Problem, RowPlan
from crm_desktop.services.writing.foreseen import (
    Beginnings,
    Foreseen,
    ReadyDocument,
    nothing_foreseen,
)

CATALOGUE = build_catalogue()
HEADER = ("Name", "Phone")
VALUES: list[dict[str, Any]] = [
    {"name": "Ёлка", "status": Named("New")},
    {"name": "a\ud800b", "revenue": Decimal("1.50")},
    {"name": None, "since": date(2026, 3, 2), "moment": datetime(2026, 3, 2, tzinfo=UTC)},
    {},
    {"status": Named("", 5, "client"), "name": "Ёлка"},
    {"name": 10**30, "tags": ("a", "b"), "flag": True, "share": 0.1},
]


@pytest.fixture
def plan() -> RowPlan:
    mapping = Mapping((Target(("Name",), ("name",)), Target(("Phone",), ("phone",))))
    context = ParseContext(datetime(2026, 3, 2, tzinfo=UTC))
    client = CATALOGUE["client"]
    return RowPlan(CATALOGUE, client, mapping, header=HEADER, context=context)


def block_of(good: list[Prepared], bad: list[Prepared] | None = None) -> RowBlock:
    return RowBlock(len(good), good, bad or [], nothing_foreseen())


def test_all_kinds_of_values_and_cells_come_back(plan: RowPlan) -> None:
    cells = [["x", None], [date(2026, 3, 2), 1.5], [CellError("#N/A")], [], [True, "y"], [10**30]]
    rows = [
        Prepared(number, cells[number], [Part(values, [])], [])
        for number, values in enumerate(VALUES)
    ]
    parcels = Parcels(plan)

    good = parcels.opened(parcels.packed(block_of(rows))).good

    assert [row.parts for row in good] == [row.parts for row in rows]
    assert [list(row.parts[0].values) for row in good] == [list(values) for values in VALUES]
    assert [tuple(row.cells) for row in good] == [tuple(row) for row in cells]


def test_contacts_keep_their_mirrors_and_rows_their_problems(plan: RowPlan) -> None:
    phone, email = list(CATALOGUE["client"].traits_of(Mirror))[:2]
    problem = Problem("phone", "Phone", "x", "no number")
    rows = [
        Prepared(1, ["a"], [Part({}, [(phone, "+79162041183"), (email, "a@b.ru")])], []),
        Prepared(2, ["b"], [Part({}, [(email, "c@d.ru")])], [], [problem]),
    ]
    bad = [Prepared(3, ["c"], [Part({}, [])], [problem])]
    parcels = Parcels(plan)

    opened = parcels.opened(parcels.packed(block_of(rows, bad)))

    assert [row.parts for row in opened.good] == [row.parts for row in rows]
    assert all(mirror in (phone, email) for mirror, _value in opened.good[0].parts[0].contacts)
    assert (opened.good[1].left_out, opened.bad) == ([problem], bad)


def test_what_was_foreseen_comes_back(plan: RowPlan) -> None:
    documents = {(1, "Ёлка", None, (7, "value", "x")): ReadyDocument(" ёлка |", 0)}
    foreseen = Foreseen({"Ёлка": "елка"}, documents, {1: Beginnings(["=елка", "елка"], [0, 0])})
    parcels = Parcels(plan)

    opened = parcels.opened(parcels.packed(RowBlock(0, [], [], foreseen)))

    assert (opened.read, opened.good, opened.foreseen) == (0, [], foreseen)
