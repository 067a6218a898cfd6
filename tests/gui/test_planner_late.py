"""What is still to be done although its time is past is red in the planner and in lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.fieldtypes import DateTimeField
from crm_desktop.services.lists.service import ListRow
from crm_desktop.services.planner.bars import seconds
from crm_desktop.ui.planner.days_view import DaysView
from crm_desktop.ui.planner.state import MONTH, WEEK
from crm_desktop.ui.record_list.cells import RowMaker
from crm_desktop.ui.record_list.fields import FieldChoice
from crm_desktop.ui.theme import color
from tests.gui.card_desk import NOON, Desk, desk
from tests.gui.planner_desk import PlannerDesk, at, planner

__all__ = ["desk", "planner"]


def red(image: QImage) -> int:
    """How many pixels have the colour of what is overdue; the line of now is left out by asking
    for days before."""
    wanted = color("bad").rgb()
    return sum(
        image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height())
    )


def area(planner: PlannerDesk, view: Any, ref: Any) -> QImage:
    bar = next(b for b in view.drawing.sheet.bars() if b.id == ref.id)
    rect = view.rect_of(bar).translated(-view.offset).toRect()
    return view.viewport().grab(rect).toImage().convertToFormat(QImage.Format.Format_ARGB32)


@pytest.mark.parametrize("days", [1, 21])
def test_a_bar_turns_red_when_its_time_is_over(
    planner: PlannerDesk, qtbot: QtBot, days: int
) -> None:
    visit = planner.plan("Anna", at(6))
    planner.base.clock.moment = at(6, 59)  # type: ignore[attr-defined]
    planner.open(qtbot, days=days)
    view = planner.grid
    before = red(area(planner, view, visit)) if days == 1 else 0

    planner.base.clock.moment = at(12)  # type: ignore[attr-defined]
    planner.page.controller._tick()

    assert red(area(planner, view, visit)) > before
    assert "It is overdue" in view.describe(planner.bar(visit))


@pytest.mark.parametrize("values", [{"state": "done"}, {"kind": "leave"}, {"kind": "reminder"}])
def test_what_is_done_or_takes_nobody_is_not_late(
    planner: PlannerDesk, qtbot: QtBot, values: dict[str, str]
) -> None:
    one = planner.plan("Anna", at(6), **values)
    planner.open(qtbot)

    assert not planner.bar(one).is_late(seconds(at(20)))


@pytest.mark.parametrize("view", [WEEK, MONTH])
def test_views_of_one_person_show_it_too(planner: PlannerDesk, qtbot: QtBot, view: str) -> None:
    late = planner.plan("Anna", at(9, day=-1))
    planner.open(qtbot)
    planner.page.controller.show_view(view)
    shown = planner.page.controller.grid
    assert isinstance(shown, DaysView) == (view == WEEK)

    assert red(area(planner, shown, late)) > 20


def test_next_step_of_a_list_is_red_when_it_is_past(desk: Desk) -> None:
    entity = desk.base.catalogue["client"]
    maker = RowMaker(entity, [FieldChoice("next_step_at", entity.field("next_step_at"))],
                     now=NOON, language="en")  # fmt: skip
    past, later = NOON - timedelta(minutes=1), NOON + timedelta(minutes=1)

    rows = maker.rows([ListRow(1, 1, (past,)), ListRow(2, 1, (later,)), ListRow(3, 1, (None,))])

    assert [row.cells[0].bad for row in rows] == [True, False, False]


def test_what_is_due_all_day_is_red_when_its_day_is_over(desk: Desk) -> None:
    entity, midnight = desk.base.catalogue["client"], NOON.replace(hour=0)
    columns = [FieldChoice("next_step_at", entity.field("next_step_at"))]
    for now, bad in ((NOON, False), (NOON + timedelta(days=1), True)):
        maker = RowMaker(entity, columns, now=now, language="en")
        (row,) = maker.rows([ListRow(1, 1, (midnight,))])
        assert row.cells[0].bad is bad
        assert maker.turns == (None if bad else midnight + timedelta(days=1))


@pytest.mark.parametrize(("state", "bad"), [("planned", True), ("done", False), (None, False)])
def test_deadline_of_a_list_is_red_while_something_is_to_be_done(
    desk: Desk, state: str | None, bad: bool
) -> None:
    entity = desk.base.catalogue["activity"]
    assert isinstance(entity.field("due"), DateTimeField)
    columns = [FieldChoice(key, entity.field(key)) for key in ("subject", "due", "state")]
    maker = RowMaker(entity, columns, now=NOON, language="en")

    (row,) = maker.rows([ListRow(1, 1, ("Call", NOON - timedelta(days=1), state))])

    assert [cell.bad for cell in row.cells] == [False, bad, False]


def test_marked_rows_keep_the_red_of_their_deadline(desk: Desk) -> None:
    entity = desk.base.catalogue["activity"]
    columns = [FieldChoice(key, entity.field(key)) for key in ("subject", "due", "state")]
    maker = RowMaker(entity, columns, now=NOON, language="en")
    maker.mark(lambda _values: ("warn", {}))

    (row,) = maker.rows([ListRow(1, 1, ("Call", NOON - timedelta(days=1), "planned", 7))])

    assert [(cell.bad, cell.mark) for cell in row.cells] == [
        (False, "warn"), (True, "warn"), (False, "warn"),
    ]  # fmt: skip


def test_a_list_knows_when_the_first_of_its_rows_turns_red(desk: Desk) -> None:
    entity = desk.base.catalogue["activity"]
    columns = [FieldChoice(key, entity.field(key)) for key in ("due", "state")]
    maker = RowMaker(entity, columns, now=NOON, language="en")
    first, past = NOON + timedelta(minutes=5), NOON - timedelta(minutes=5)

    maker.rows([ListRow(1, 1, (past, "planned")), ListRow(2, 1, (None, "planned"))])
    assert maker.turns is None
    maker.rows([ListRow(3, 1, (first + timedelta(minutes=1), "planned")),
                ListRow(4, 1, (first, "planned")), ListRow(5, 1, (NOON, "done"))])  # fmt: skip

    assert maker.turns == first
