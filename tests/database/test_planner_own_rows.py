"""The order of rows and the favourites of each colleague, kept with the base on both back ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.own_rows import OwnRows, keep_own_rows, own_rows
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    base = ready_base(base_url, language="en")
    yield base
    base.close()


def rows(*numbers: int) -> tuple[Ref, ...]:
    return tuple(Ref("staff" if number % 7 else "resource", number) for number in numbers)


def test_everybody_has_rows_of_their_own(base: Workspace) -> None:
    ann, bob = (base.records.create("staff", {"name": name}).ids[0] for name in ("Ann", "Bob"))
    keep_own_rows(base, ann, OwnRows(rows(3, 1, 14, 2), rows(2)))
    keep_own_rows(base, None, OwnRows(rows(5)))

    base.work_as(ann)
    assert own_rows(base) == OwnRows(rows(3, 1, 14, 2), rows(2))
    base.work_as(bob)
    assert own_rows(base) is None
    base.work_as(None)
    assert own_rows(base) == OwnRows(rows(5))


def test_hundreds_of_rows_are_kept_in_pieces_and_shorter_ones_after_them(base: Workspace) -> None:
    many = OwnRows(rows(*range(10_000_000, 10_001_500)), rows(1, 2, 7))
    keep_own_rows(base, None, many)
    assert own_rows(base) == many

    keep_own_rows(base, None, OwnRows())

    assert own_rows(base) == OwnRows()


def test_a_spoilt_fact_counts_as_far_as_it_makes_sense() -> None:
    found = OwnRows.from_text("staff 3 x 1;;resource|staff 99999999999999999999 4;|")

    assert found == OwnRows(rows(3, 1), rows(4))
