"""The rows on the screen get their bars first; the whole sheet follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.services.planner.filtering import Asked
from crm_desktop.services.planner.service import Planner
from crm_desktop.ui.planner.reading import Wanted, read_sheet
from crm_desktop.ui.planner.sheet import Sheet
from tests.gui.planner_desk import DAY, PlannerDesk, at, planner

__all__ = ["planner"]


class Job:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Sheet] = []

    def check(self) -> None:
        """Never stopped."""

    def tell(self, sheet: Sheet) -> None:
        self.told.append(sheet)


def read(planner: PlannerDesk, **wanted: Any) -> tuple[list[Sheet], Sheet]:
    """What is told first, and the whole."""
    job = Job()
    asked = replace(Wanted(DAY.date(), 7), **wanted)
    return job.told, read_sheet(job, planner.base, asked)  # type: ignore[arg-type]


def filled(sheet: Sheet) -> list[str]:
    return [line.row.name for line in sheet.lines if line.spots]


def rows_to(planner: PlannerDesk, name: str) -> int:
    """How many rows there are down to this one."""
    return [row.name for row in Planner(planner.base).rows()].index(name) + 1


def everybody_is_busy(planner: PlannerDesk) -> None:
    for number, name in enumerate(("Anna", "Boris", "Clara")):
        planner.plan(name, at(9 + number))


def test_rows_in_sight_come_first(planner: PlannerDesk) -> None:
    everybody_is_busy(planner)

    (first,), whole = read(planner, in_sight=rows_to(planner, "Boris"))

    assert filled(first) == ["Anna", "Boris"]
    assert len(first.lines) == len(whole.lines)
    assert filled(whole) == ["Anna", "Boris", "Clara"]
    assert whole.lines[0] is first.lines[0]


def test_rows_of_closed_groups_take_no_room(planner: PlannerDesk) -> None:
    everybody_is_busy(planner)
    group = ("staff", "")

    told, _whole = read(planner, in_sight=1, folded=frozenset({group}))

    assert [filled(sheet) for sheet in told] == []


def test_early_hours_of_a_row_below_are_shown_for_all(planner: PlannerDesk) -> None:
    everybody_is_busy(planner)
    planner.plan("Clara", at(5))

    (first,), whole = read(planner, in_sight=rows_to(planner, "Boris"))

    assert (first.axis.opens, whole.axis.opens) == (8 * 60, 5 * 60)
    again = read(planner)[1]
    assert [line.spots for line in whole.lines] == [line.spots for line in again.lines]


def test_first_rows_are_narrowed_too(planner: PlannerDesk) -> None:
    everybody_is_busy(planner)
    planner.plan("Anna", at(15), kind="call")

    (first,), _whole = read(
        planner, in_sight=rows_to(planner, "Boris"), asked=Asked(kinds=("call",))
    )

    assert [spot.bar.kind for line in first.lines for spot in line.spots] == ["call"]


def test_everything_is_there_in_the_end(planner: PlannerDesk, qtbot: QtBot) -> None:
    everybody_is_busy(planner)
    far = planner.plan("Clara", at(9) + timedelta(days=14))
    planner.open(qtbot, days=7)

    planner.page.controller.step(2)

    assert [bar.id for bar in planner.grid.drawing.sheet.bars()] == [far.id]


def test_no_view_is_a_window_of_its_own(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.open(qtbot)

    assert planner.grid.isVisible()
    own = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not planner.page]
    assert not any(view in own for view in planner.page.views.widgets())
    assert all(view.window().windowHandle() is not None and not view.windowHandle()
               for view in planner.page.views.widgets())  # fmt: skip
