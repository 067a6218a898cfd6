"""The planner's page is made before it is wanted, and rests while it is closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from pytestqt.qtbot import QtBot

import crm_desktop.ui.planner.page
from crm_desktop.ui.planner import state
from crm_desktop.ui.planner.page import PlannerPage
from crm_desktop.ui.planner.state import WEEK
from tests.gui.planner_desk import PlannerDesk, at, planner
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "planner", "shell"]


def ready(shell: Shell) -> PlannerPage | None:
    page = shell.window.pages._ahead["planner"]._page
    return page if isinstance(page, PlannerPage) else None


def opened(shell: Shell) -> PlannerPage:
    shell.view.navigation.activated.emit("page/planner")
    page = shell.window.pages.page
    assert isinstance(page, PlannerPage)
    shell.wait(lambda: page.grid.drawing is not None)
    return page


def busy(shell: Shell) -> None:
    """Somebody has a visit today at noon."""
    anna = shell.base.records.create("staff", {"name": "Anna"}).ids[0]
    noon = datetime.now(shell.base.worktime.office_zone()).replace(hour=12, minute=0)
    values = {"subject": "Visit", "kind": "visit", "author": anna, "state": "planned",
              "starts": noon, "ends": noon + timedelta(hours=1)}  # fmt: skip
    shell.base.records.create("activity", values)


def test_it_is_made_while_the_list_is_looked_at_and_asks_nothing(shell: Shell) -> None:
    assert crm_desktop.ui.planner.page.NAME == "planner"
    shell.wait(lambda: ready(shell) is not None)
    made = ready(shell)

    assert made is not None and not made.controller.awake and made.grid.drawing is None
    assert opened(shell) is made


def test_half_made_it_is_told_its_size_by_a_picture_of_the_window(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    page = PlannerPage(planner.session, planner.navigator, ahead=True)
    qtbot.addWidget(page)
    page.resize(600, 500)
    page.grab()  # sends what is pending, as a picture of any neighbour does

    while page.go_on():
        page.grab()

    assert page.side.isHidden()  # so narrow has no room for it


def test_closed_it_hears_nothing_and_comes_again_as_the_base_is_then(shell: Shell) -> None:
    page = opened(shell)
    shell.window.pages.close_current()
    assert ready(shell) is page and page.grid.drawing is None

    busy(shell)
    assert opened(shell) is page

    shell.wait(lambda: bool(list(page.grid.drawing.sheet.bars())))
    assert page.tray_title.text()


def test_closed_again_it_tells_the_window_once(shell: Shell) -> None:
    for _time in range(3):
        page = opened(shell)
        shell.window.pages.close_current()
    told: list[None] = []
    shell.window.pages.retitled.connect(lambda: told.append(None))

    opened(shell)
    told.clear()
    page.title_changed.emit()

    assert len(told) == 1


def test_it_goes_with_the_base(shell: Shell) -> None:
    opened(shell)
    shell.window.pages.close_current()

    shell.window.pages.close_all()

    assert ready(shell) is None


def test_drafts_are_not_put_to_rest(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.open(qtbot)
    planner.page.controller.drafting.turn(True)

    assert not planner.page.rest()


def test_it_wakes_as_it_was_left_around_today(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot, days=7)
    page, session = planner.page, planner.session
    planner.grid.choose([planner.bar(visit)])
    page.controller.step(3)
    assert page.rest()
    assert not planner.grid.chosen

    kept = state.load(session.settings, session.address)
    kept.view, kept.whole_day = WEEK, True
    state.save(session.settings, session.address, kept)
    page.show_place(page.place())

    assert page.views.front is page.views.days and page.clock_button.isChecked()
    assert page.controller.day == at(0).date()
    assert [bar.id for bar in page.views.days.drawing.sheet.bars()] == [visit.id]
