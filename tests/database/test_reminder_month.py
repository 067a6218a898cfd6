"""A month with sleep, crashes and wrong clocks: every reminder comes up exactly once."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_desktop.services.clock import MovedClock
from tests.bases import ready_base
from tests.killed_month import KilledMonth
from tests.overdue_month import live_an_overdue_month
from tests.reminder_month import FIRST, live_a_month, new_month


def test_each_reminder_of_a_month_comes_up_exactly_once(tmp_path: Path) -> None:
    month = live_a_month(new_month(tmp_path, 1), count=300, seed=1)
    assert month.restarts > 3
    assert month.expected
    assert month.faults() == []


@pytest.mark.slow
def test_thousands_come_up_once_although_the_program_is_killed(tmp_path: Path) -> None:
    """Ten thousand of them: `benchmarks.reminders`."""
    month = KilledMonth(new_month(tmp_path, 7), count=3_000, seed=7, kills=12)
    month.live()
    assert month.killed == 12 and len(month.expected) >= 3_000
    assert month.faults() == []


def test_some_days_on_both_although_the_program_is_killed(base_url: str) -> None:
    ready_base(base_url, clock=MovedClock(FIRST)).close()
    month = KilledMonth(base_url, count=120, seed=3, kills=2, days=3)
    month.live()
    assert month.killed == 2
    assert month.faults() == []


def test_the_head_is_told_of_each_level_of_a_month_once(tmp_path: Path) -> None:
    month = live_an_overdue_month(new_month(tmp_path, 3), count=40, seed=3)
    assert month.restarts > 3 and month.came
    assert month.faults() == []
