"""The planner in the whole window, with real workers: from the navigation to a saved move."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.planner.page import PlannerPage
from tests.gui.conftest import NoStall
from tests.gui.planner_desk import LEFT, NONE, move
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


@pytest.fixture
def planned(shell: Shell) -> tuple[PlannerPage, Ref]:
    """The page in the window, and a visit at ten of today."""
    anna = shell.base.records.create("staff", {"name": "Anna"}).ids[0]
    zone = shell.base.worktime.office_zone()
    begin = datetime.now(zone).replace(hour=10, minute=0, second=0, microsecond=0)
    values = {"subject": "Visit", "kind": "visit", "author": anna, "state": "planned",
              "starts": begin, "ends": begin + timedelta(hours=1)}  # fmt: skip
    visit = Ref("activity", shell.base.records.create("activity", values).ids[0])
    shell.view.navigation.activated.emit("page/planner")
    shell.wait(lambda: isinstance(shell.window.pages.page, PlannerPage))
    page = shell.window.pages.page
    assert isinstance(page, PlannerPage)
    shell.wait(lambda: page.grid.drawing is not None and bool(list(page.grid.drawing.sheet.bars())))
    return page, visit


def test_a_visit_is_moved_in_the_window_without_holding_it(
    shell: Shell, planned: tuple[PlannerPage, Ref], no_stall: NoStall
) -> None:
    page, visit = planned
    begin = shell.values(visit)["starts"]
    bar = next(iter(page.grid.drawing.sheet.bars()))
    port, spot = page.grid.viewport(), page.grid.rect_of(bar)
    at = (spot.center() - page.grid.offset).toPoint()
    wide = round(120 * page.grid.drawing.scale)
    with no_stall():
        QTest.mousePress(port, LEFT, NONE, at)
        for part in (1, 2, 3, 4):
            move(port, at + QPoint(wide * part // 4, 0), Qt.KeyboardModifier.NoModifier)
        QTest.mouseRelease(port, LEFT, NONE, at + QPoint(wide, 0))
        shell.wait(lambda: bool(shell.notes))

    assert shell.values(visit)["starts"] == begin + timedelta(hours=2)
    shell.window.undoing.undo_last()
    shell.wait(lambda: shell.values(visit)["starts"] == begin)


def test_keys_pressed_one_after_the_other_add_up(
    shell: Shell, planned: tuple[PlannerPage, Ref]
) -> None:
    page, visit = planned
    begin = shell.values(visit)["starts"]
    page.grid.choose([next(iter(page.grid.drawing.sheet.bars()))])
    page.grid.setFocus()

    for _press in range(4):
        QTest.keyClick(page.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    shell.wait(lambda: len(shell.notes) == 4)

    assert [note.tone for note in shell.notes] == ["ok"] * 4
    assert shell.values(visit)["starts"] == begin + timedelta(hours=1)
