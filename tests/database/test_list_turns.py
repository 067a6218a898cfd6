"""When a list becomes another one with nothing written, on both back ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crm_desktop.models.query import Condition, Group, Query, Where
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.lists.turns import Turn
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
PASSED = Condition("due", "period", "passed")


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    workspace = ready_base(base_url, clock=MovedClock(NOW))
    for hours in (-3, 2, 5):
        values = {"subject": "x", "kind": "task", "due": NOW + timedelta(hours=hours)}
        workspace.records.create("activity", values)
    yield workspace
    workspace.close()


def turn(base: Workspace, where: Where | None, entity: str = "activity") -> Turn:
    return base.lists.next_turn(Query(entity, where=where))


def test_the_next_moment_before_now_is_known(base: Workspace) -> None:
    assert turn(base, PASSED) == Turn(True, NOW + timedelta(hours=2))
    assert turn(base, Group("not", (PASSED,))).at == NOW + timedelta(hours=2)
    clock = base.clock
    assert isinstance(clock, MovedClock)
    clock.move(hours=3)
    assert turn(base, PASSED).at == NOW + timedelta(hours=5)
    clock.move(hours=3)
    assert turn(base, PASSED) == Turn(True, None)


def test_the_list_changes_exactly_at_that_moment(base: Workspace) -> None:
    clock = base.clock
    assert isinstance(clock, MovedClock)
    query, coming = Query("activity", where=PASSED), turn(base, PASSED).at
    assert coming is not None and base.lists.count(query) == 1
    clock.moment = coming
    assert base.lists.count(query) == 1
    clock.moment = coming + timedelta(seconds=1)
    assert base.lists.count(query) == 2


def test_days_turn_with_the_day_and_the_rest_never(base: Workspace) -> None:
    assert turn(base, Condition("due", "period", "today")) == Turn(True)
    assert turn(base, Condition("subject", "eq", "passed")) == Turn()
    assert turn(base, None) == Turn()


def test_what_is_asked_of_other_records_is_looked_at_now_and_then(base: Workspace) -> None:
    nested = Condition("activity.about", "any", PASSED)
    assert turn(base, nested, "client") == Turn(often=True)
    still = Condition("activity.about", "any", Condition("kind", "eq", "task"))
    assert turn(base, still, "client") == Turn()
