"""Two seats of one person at once on one server: one popup each, one answer for both.

Two processes of the program over the same base, and two workspaces in one; what both would make
at the same moment is there once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.models.text.annual import yearly
from crm_desktop.services.annual.plans import plan_annual
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.reminders.escalation import tell_heads
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


class Seat:
    """A process that does what it is told."""

    def __init__(self, address: str, whom: int, place: str) -> None:
        words = [sys.executable, "-m", "tests.database.reminder_seat", address, str(whom), place,
                 NOW.isoformat()]  # fmt: skip
        self._process = subprocess.Popen(
            words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._read() == "ready"

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def tell(self, act: str) -> None:
        """Begins an act."""
        assert self._process.stdin is not None
        self._process.stdin.write(act + "\n")
        self._process.stdin.flush()

    def said(self) -> object:
        """What became of it."""
        return json.loads(self._read())

    def does(self, act: str) -> object:
        """One act and what became of it."""
        self.tell(act)
        return self.said()

    def end(self) -> None:
        """No more acts."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()


@pytest.fixture
def base(firebird_url: str) -> Iterator[Workspace]:
    made = ready_base(firebird_url, clock=MovedClock(NOW))
    yield made
    made.close()


@pytest.fixture
def head(base: Workspace) -> int:
    return base.records.create("staff", {"name": "Anna"}).ids[0]


def plan(base: Workspace, head: int) -> None:
    """A call of one's own, an overdue task of somebody else, an annual date."""
    worker = base.records.create("staff", {"name": "Boris", "head": head}).ids[0]
    client = base.records.create("client", {"name": "Vector", "responsible": head}).ids[0]
    call = {"subject": "Call", "kind": "call", "state": "planned", "author": head,
            "starts": NOW + timedelta(minutes=5)}  # fmt: skip
    late = {"subject": "Offer", "kind": "task", "state": "planned", "author": worker,
            "due": NOW - timedelta(days=2)}  # fmt: skip
    base.records.create("activity", call)
    base.records.create("activity", late)
    base.records.create("annual_date", {
        "occasion": "Founded", "day": yearly(11, 30), "owner": Ref("client", client),
    })  # fmt: skip


def count(base: Workspace, entity: str, where: Condition) -> int:
    return base.lists.count(Query(entity, ("id",), where))


def test_two_processes_of_one_person(base: Workspace, head: int, firebird_url: str) -> None:
    plan(base, head)
    seats = [Seat(firebird_url, head, "office"), Seat(firebird_url, head, "laptop")]
    try:
        for act in ("annual", "heads"):  # both at the same moment
            for seat in seats:
                seat.tell(act)
            assert sorted(int(str(seat.said())) for seat in seats) == [0, 1], act
        assert count(base, "activity", Condition("annual", "filled")) == 1
        assert count(base, "reminder", Condition("level", "filled")) == 1
        for seat in seats:
            seat.tell("look")
        assert [sorted(seat.said()) for seat in seats] == [["Call", "Offer"]] * 2  # type: ignore[call-overload]
        assert seats[0].does("look") == [] and seats[1].does("look") == []
        seats[0].does("answer")
        assert seats[1].does("standing") == []
    finally:
        for seat in seats:
            seat.end()


def test_two_workspaces_at_once_make_one_of_each(
    base: Workspace, head: int, firebird_url: str
) -> None:
    plan(base, head)
    second = open_base(firebird_url, clock=base.clock)
    with ThreadPoolExecutor(2) as pool:
        for act in (plan_annual, tell_heads):
            assert sorted(pool.map(act, (base, second))) == [0, 1]
    assert count(base, "activity", Condition("annual", "filled")) == 1
    assert count(base, "reminder", Condition("level", "filled")) == 1
    second.close()
