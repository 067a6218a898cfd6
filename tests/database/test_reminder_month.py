"""A month with sleep, crashes and wrong clocks: every reminder comes up exactly once."""

from __future__ import annotations

from pathlib import Path

from tests.overdue_month import live_an_overdue_month
from tests.reminder_month import live_a_month


def test_each_reminder_of_a_month_comes_up_exactly_once(tmp_path: Path) -> None:
    month = live_a_month(tmp_path, count=300, seed=1)
    assert month.restarts > 3
    assert month.expected
    assert month.faults() == []


def test_the_head_is_told_of_each_level_of_a_month_once(tmp_path: Path) -> None:
    month = live_an_overdue_month(tmp_path, count=40, seed=3)
    assert month.restarts > 3 and month.came
    assert month.faults() == []
