"""The time now stands whole in the head of the planner, also outside the hours that are shown."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.services.planner.bars import seconds
from tests.gui.planner_desk import PlannerDesk, at, planner

__all__ = ["planner"]


@pytest.mark.parametrize(("hour", "minute"), [(5, 0), (8, 0), (23, 59)])
def test_the_time_is_never_cut(
    planner: PlannerDesk, qtbot: QtBot, hour: int, minute: int
) -> None:  # fmt: skip
    planner.open(qtbot)
    planner.grid.drawing.sheet.now = seconds(at(hour, minute))

    place = planner.grid.head.now_rect()

    assert place is not None and place.left() >= 0
    assert place.right() <= planner.grid.drawing.width
