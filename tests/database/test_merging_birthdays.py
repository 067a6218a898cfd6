"""Two records of one person are merged: one activity is left for the birthday."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from crm_desktop.models.query import Query
from crm_desktop.services.annual.plans import plan_annual
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

NOON = datetime(2026, 12, 20, 12, tzinfo=UTC)
BORN, LATER = date(1980, 12, 24), date(1980, 12, 23)


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, clock=MovedClock(NOON))
    yield made
    made.close()


def person(base: Workspace, **values: Any) -> int:
    return base.records.create("person", {"name": "Ivan", **values}).ids[0]


def merge(base: Workspace, *ids: int, **keep: int) -> int:
    outcome = base.merging.merge(base.catalogue["person"], ids, keep=keep)
    assert outcome.operation is not None
    return outcome.operation


def planned(base: Workspace) -> list[tuple[date, int]]:
    """(day, whom it is about) of the open activities."""
    ids = list(base.lists.open(Query("activity", ("id",))).ids())
    rows = base.reader.many("activity", ids, ("anchor", "about", "state")).values()
    return sorted((row["anchor"], row["about"].id) for row in rows if row["state"] == "planned")


def test_one_is_left_of_two(base: Workspace) -> None:
    first, second = person(base, birthday=BORN), person(base, birthday=BORN)
    assert plan_annual(base) == 2

    operation = merge(base, first, second)

    assert planned(base) == [(date(2026, 12, 24), first)]
    assert plan_annual(base) == 0
    base.undo.undo(operation)
    assert planned(base) == [(date(2026, 12, 24), first), (date(2026, 12, 24), second)]


def test_that_of_the_loser_is_taken_over_and_follows_its_day(base: Workspace) -> None:
    first, second = person(base), person(base, birthday=BORN)
    plan_annual(base)

    merge(base, first, second)

    assert planned(base) == [(date(2026, 12, 24), first)]
    assert plan_annual(base) == 0
    base.records.update("person", first, {"birthday": LATER})
    assert planned(base) == [(date(2026, 12, 23), first)]


def test_day_that_is_not_kept_loses_its_activity(base: Workspace) -> None:
    first, second = person(base, birthday=BORN), person(base, birthday=LATER)
    plan_annual(base)

    merge(base, first, second, birthday=first)

    assert planned(base) == [(date(2026, 12, 24), first)]


def test_day_of_the_loser_that_is_kept_moves_the_winners(base: Workspace) -> None:
    first, second = person(base, birthday=BORN), person(base, birthday=LATER)
    plan_annual(base)

    merge(base, first, second, birthday=second)

    assert planned(base) == [(date(2026, 12, 23), first)]
