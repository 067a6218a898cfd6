"""Order and favourites of the planner go with the colleague, not with the computer."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from crm_desktop.services.planner.own_rows import OwnRows, own_rows
from crm_desktop.settings import PLANNER, open_settings
from crm_desktop.ui.planner.page import PlannerPage
from tests.gui.planner_desk import PlannerDesk, planner

__all__ = ["planner"]


def names(page: PlannerPage) -> list[str]:
    return [line.row.name for line in page.grid.drawing.sheet.lines]


def test_at_another_computer_the_rows_stand_as_they_were_left(
    planner: PlannerDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    planner.open(qtbot)
    planner.page.controller.reorder(planner.people["Clara"], planner.people["Anna"])
    planner.page.controller.star(planner.people["Boris"])

    planner.session.settings = open_settings(tmp_path / "another")
    again = PlannerPage(planner.session, planner.navigator)
    qtbot.addWidget(again)

    found = names(again)
    assert found[0] == "Boris" and found.index("Clara") + 1 == found.index("Anna")


def test_somebody_else_has_rows_of_their_own(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.open(qtbot)
    planner.page.controller.star(planner.people["Clara"])
    assert names(planner.page)[0] == "Clara"

    planner.session.work_as(planner.people["Boris"].id)
    assert names(planner.page)[0] != "Clara"
    planner.session.work_as(planner.people["Anna"].id)
    assert names(planner.page)[0] == "Clara"


def test_what_a_computer_kept_before_is_taken_over_once(planner: PlannerDesk, qtbot: QtBot) -> None:
    clara, settings = planner.people["Clara"], planner.session.settings
    old = {"order": [], "stars": [f"staff:{clara.id}"], "days": 7}
    settings.put_entry(PLANNER, planner.session.address, old)

    planner.open(qtbot, days=7)

    assert names(planner.page)[0] == "Clara"
    assert own_rows(planner.base) == OwnRows((), (clara,))
    assert "stars" not in settings.get(PLANNER)[planner.session.address]
    planner.page.controller.star(clara)
    assert names(planner.page)[0] != "Clara" and own_rows(planner.base) == OwnRows()
