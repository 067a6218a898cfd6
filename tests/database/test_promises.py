"""Promises that were broken and records without a next step, on both back ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.reminders.promises import broken, call_tomorrow, without_step
from crm_desktop.services.reminders.question import EVERYBODY
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

FRIDAY = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en", clock=MovedClock(FRIDAY))
    yield made
    made.close()


def client(base: Workspace, name: str, revenue: int, **values: Any) -> Ref:
    given = {"name": name, "revenue": Decimal(revenue), **values}
    return Ref("client", base.records.create("client", given).ids[0])


def step(base: Workspace, about: Ref, days: int, **values: Any) -> int:
    given = {"subject": f"Step {days}", "kind": "task", "state": "planned", "about": about,
             "due": FRIDAY + timedelta(days=days), **values}  # fmt: skip
    return base.records.create("activity", given).ids[0]


def test_the_dearest_broken_promise_comes_first(base: Workspace) -> None:
    small, large = client(base, "Small", 10), client(base, "Large", 1000)
    step(base, small, -20)
    step(base, large, -2)
    step(base, large, -9)
    step(base, large, 3)
    found = broken(base, EVERYBODY)
    assert [(p.record, p.text) for p in found] == [
        (large, "Step -9"), (large, "Step -2"), (small, "Step -20"),
    ]  # fmt: skip


def test_who_has_no_step_is_told_by_money_and_age(base: Workspace) -> None:
    cheap, dear = client(base, "Cheap", 5), client(base, "Dear", 500)
    planned = client(base, "Planned", 9000)
    step(base, planned, 2)
    assert [p.record for p in without_step(base, EVERYBODY)] == [dear, cheap]
    call_tomorrow(base, without_step(base, EVERYBODY))
    assert without_step(base, EVERYBODY) == []


def test_everybody_sees_their_own(base: Workspace) -> None:
    anna = base.records.create("staff", {"name": "Anna"}).ids[0]
    hers = client(base, "Hers", 5, responsible=anna)
    other = client(base, "Other", 5)
    step(base, hers, -1, author=anna)
    step(base, other, -1)
    assert [p.record for p in broken(base, anna)] == [hers]
    assert [p.record for p in broken(base, None)] == [other]


def test_tomorrow_is_the_next_working_day_and_one_operation(base: Workspace) -> None:
    late = client(base, "Late", 5)
    one = step(base, late, -3)
    operation = call_tomorrow(base, broken(base, EVERYBODY))
    values = base.reader.many("activity", [one], ("due",))
    assert values[one]["due"] == datetime(2026, 11, 30, 10, 0, tzinfo=UTC)  # a Monday
    base.undo.undo(operation)
    assert len(broken(base, EVERYBODY)) == 1
