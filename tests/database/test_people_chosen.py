"""Who is offered where a colleague is chosen: not who has left, and who is away is known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.assignment.away import away_until
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.planner.service import Planner
from crm_desktop.services.rights.working import working_people
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    with closing(ready_base(base_url, clock=MovedClock(MONDAY))) as opened:
        yield opened


def make(base: Workspace, name: str, **values: object) -> int:
    return base.records.create("staff", {"name": name, **values}).ids[0]


def test_who_has_left_is_offered_nowhere_and_keeps_the_name(base: Workspace) -> None:
    anna, boris = make(base, "Anna"), make(base, "Boris")
    base.records.create("client", {"name": "Rose", "responsible": anna})

    base.records.update("staff", anna, {"gone": True})

    offered = [ref.id for ref, _title in base.titles.suggest("staff", "")]
    assert boris in offered and anna not in offered
    assert base.titles.suggest("staff", "Ann") == []
    assert anna not in {id_ for id_, _name in working_people(base)}
    assert Ref("staff", anna) not in {row.ref for row in Planner(base).rows()}
    assert base.titles.of([Ref("staff", anna)])[Ref("staff", anna)].text == "Anna"
    assert [ref.id for ref, _title in base.titles.suggest("staff", "Ann", retired=True)] == [anna]


def test_a_resource_that_was_retired_is_not_offered(base: Workspace) -> None:
    (room,) = base.records.create("resource", {"name": "Red room"}).ids
    assert [ref.id for ref, _title in base.titles.suggest("resource", "Red")] == [room]

    base.records.update("resource", room, {"retired": True})

    assert base.titles.suggest("resource", "Red") == []


def test_who_is_away_is_known_until_when(base: Workspace) -> None:
    anna, boris, vera = make(base, "Anna"), make(base, "Boris"), make(base, "Vera")
    back = MONDAY + timedelta(days=5)
    for who, starts in ((anna, MONDAY - timedelta(days=1)), (boris, MONDAY + timedelta(days=1))):
        base.records.create("activity", {
            "subject": "Leave", "kind": "leave", "author": who, "starts": starts,
            "ends": back,
        })  # fmt: skip

    assert away_until(base, [anna, boris, vera]) == {anna: back}
    base.clock.move(days=6)  # type: ignore[attr-defined]
    assert away_until(base, [anna, boris, vera]) == {}
