"""Filters, colours by segment, favourites and saved views of the planner."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crm_desktop.services.planner.filtering import Asked
from crm_desktop.services.planner.saved import planner_views
from crm_desktop.services.selections.writes import make_selection
from crm_desktop.ui.planner import state
from crm_desktop.ui.planner.geometry import FAVOURITES
from crm_desktop.ui.planner.look import SEGMENT
from crm_desktop.ui.planner.state import WEEK
from tests.gui.planner_desk import LEFT, PlannerDesk, at, planner

__all__ = ["planner"]


def subjects(desk: PlannerDesk) -> list[str]:
    return sorted(bar.subject for bar in desk.grid.drawing.sheet.bars())


def names(desk: PlannerDesk) -> list[str]:
    return [line.row.name for line in desk.grid.drawing.sheet.lines]


def test_ticking_narrows_and_a_chip_takes_it_back(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.plan("Anna", at(9), subject="Call", kind="call")
    planner.plan("Anna", at(11), subject="Visit")
    planner.open(qtbot)
    filters = planner.page.view_bar.filters

    filters.tick(("kinds", "call"), True)
    assert subjects(planner) == ["Call"]
    load = planner.grid.drawing.sheet.by_ref[planner.people["Anna"]].total
    assert load.busy == 120  # what is not seen takes time all the same

    assert filters.chips["kinds"].isVisible()
    filters.chips["kinds"].removed.emit()
    assert subjects(planner) == ["Call", "Visit"]
    assert not filters.chips["kinds"].isVisible()


def test_only_some_people_are_shown_and_it_is_kept(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.open(qtbot)
    boris = planner.people["Boris"]

    planner.page.view_bar.filters.tick(("rows", f"staff:{boris.id}"), True)

    assert names(planner) == ["Boris"]
    kept = state.load(planner.session.settings, planner.session.address)
    assert kept.asked == Asked(rows=(f"staff:{boris.id}",))


def test_colours_by_segment_of_the_client(planner: PlannerDesk, qtbot: QtBot) -> None:
    client = planner.make("client", name="North", kind="company")
    make_selection(planner.base, "Key clients", planner.base.catalogue["client"], ids=[client.id])
    planner.plan("Anna", at(9), about=client)
    planner.plan("Anna", at(11))
    planner.open(qtbot)

    planner.page.controller.colour(SEGMENT)

    look = planner.page.controller.look
    bars = sorted(planner.grid.drawing.sheet.bars(), key=lambda bar: bar.starts)
    assert [look.number(bar) for bar in bars] == [0, 5]
    keys = look.legend(planner.grid.drawing.sheet.met)
    assert [key.text for key in keys] == ["Key clients", "no segment"]


def test_a_star_brings_a_row_to_the_top(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.open(qtbot)
    assert names(planner).index("Clara") > 0
    entry = planner.grid.drawing.geometry.by_ref[planner.people["Clara"]]
    spot = planner.grid.names.star_rect(entry).center().toPoint()

    QTest.mouseClick(planner.grid.names, LEFT, pos=spot)

    assert names(planner)[0] == "Clara"
    first = planner.grid.drawing.geometry.entries[0]
    assert planner.grid.group_name(first.group) == "Favourites"
    planner.grid.set_current_row(planner.people["Clara"])
    QTest.keyClick(planner.grid, Qt.Key.Key_Asterisk)
    assert FAVOURITES not in [line.row.group for line in planner.grid.drawing.sheet.lines]


def test_a_view_is_saved_chosen_and_removed(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.open(qtbot)
    kept, controller = planner.page.view_bar.kept, planner.page.controller
    controller.narrow(Asked(kinds=("call",)))
    controller.show_view(WEEK)
    kept.ask_name()
    kept.form.name.setText("My calls")
    kept.form.saved.emit("My calls", False)
    controller.narrow(Asked())
    controller.show_view(state.GRID)

    views = planner_views(planner.base, "activity")
    kept.choose(views[0])

    assert [view.name for view in views] == ["My calls"]
    assert (controller.arrangement.view, controller.arrangement.asked.kinds) == (WEEK, ("call",))
    assert kept.button.text() == "My calls"
    kept.remove(views[0])
    assert planner_views(planner.base, "activity") == []


def test_a_view_without_a_name_is_refused_in_its_field(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.open(qtbot)
    kept = planner.page.view_bar.kept
    kept.ask_name()

    kept.form.saved.emit(" ", False)

    assert kept.form.box.error()
    assert planner_views(planner.base, "activity") == []


def test_the_filter_offers_everything_in_one_list(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.make("client", name="North", kind="company", tags=["Fair"])
    planner.open(qtbot)

    planner.page.view_bar.filters.open()

    texts = [item.text for item in planner.page.view_bar.filters._items()]
    assert {"Kind", "Call", "State", "Whose", "Anna", "Tags", "Fair"} <= set(texts)
