"""Entries that stand in the rows of several, and what comes from the base while one is held."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.double_booking import DoubleBooked, Taken
from crm_desktop.ui.theme import px
from tests.gui.planner_desk import LEFT, NONE, PlannerDesk, at, planner

__all__ = ["planner"]


def booked(planner: PlannerDesk) -> tuple[Ref, Ref]:
    """A visit of Anna's for which the room is taken: it and the booking."""
    visit = planner.plan("Anna", at(10))
    part = planner.make("participation", activity=visit.id, resource=planner.room.id,
                        role="resource")  # fmt: skip
    return visit, part


def held(planner: PlannerDesk, visit: Ref, row: Ref) -> QPoint:
    """Where the bar of a row is taken hold of."""
    rect = planner.grid.rect_of(planner.bar(visit, row))
    return (rect.center() - planner.grid.offset).toPoint()


def test_after_the_base_was_read_anew_the_bar_that_is_held_is_the_one_that_moves(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit, part = booked(planner)
    planner.open(qtbot)
    anna = planner.people["Anna"]
    QTest.mouseClick(planner.grid.viewport(), LEFT, NONE, held(planner, visit, anna))
    planner.page.controller.read()

    planner.drag(held(planner, visit, anna), planner.spot(planner.people["Clara"], at(10, 30)))

    assert planner.who(visit) == "Clara"
    assert planner.values(part)["resource"] == planner.room.id


def test_chosen_in_one_row_it_is_moved_from_another(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit, part = booked(planner)
    other = planner.make("resource", name="Room 2", kind="room")
    planner.open(qtbot)
    anna = held(planner, visit, planner.people["Anna"])
    QTest.mouseClick(planner.grid.viewport(), LEFT, NONE, anna)

    planner.drag(held(planner, visit, planner.room), planner.spot(other, at(10, 30)))

    assert planner.who(visit) == "Anna"
    assert planner.values(part)["resource"] == other.id
    assert planner.notes[-1].text == "“Visit”: Room 2 is booked from 10:00"


def test_what_comes_from_the_base_waits_until_the_mouse_lets_go(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot)
    start, end = planner.middle(visit), planner.spot(planner.people["Boris"], at(10, 30))
    planner.hold(start, end)

    late = planner.plan("Clara", at(15))
    planner.page.controller.read()
    QTest.mouseRelease(planner.grid.viewport(), LEFT, NONE, end)

    assert planner.who(visit) == "Boris"
    qtbot.waitUntil(lambda: late.id in {bar.id for bar in planner.grid.drawing.sheet.bars()})


def test_what_came_meanwhile_is_shown_when_the_gesture_is_given_up(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot)
    planner.hold(planner.middle(visit), planner.spot(planner.people["Boris"], at(12)))
    late = planner.plan("Clara", at(15))
    planner.page.controller.read()
    assert planner.grid.gestures.ghosts()

    QTest.keyClick(planner.grid, Qt.Key.Key_Escape)

    qtbot.waitUntil(lambda: late.id in {bar.id for bar in planner.grid.drawing.sheet.bars()})
    assert planner.who(visit) == "Anna"


def test_the_tray_says_whom_first_and_the_card_of_a_whole_day_its_day(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    client = planner.make("client", name="Vector Ltd")
    planner.make("activity", subject="Send an offer", kind="task", state="planned", about=client,
                 author=planner.people["Anna"].id, due=at(12))  # fmt: skip
    day = planner.plan("Boris", at(0), minutes=24 * 60, all_day=True, kind="reminder")
    planner.open(qtbot)

    card = planner.page.tray.cards.cards[0]
    assert (card.title, card.second) == ("Vector Ltd", "Send an offer")
    assert planner.page.tray_count.text() == "1"
    told = planner.page.hover.text(planner.bar(day), [])
    assert "Wed 18 Nov · all day" in told and "00:00" not in told


def test_the_words_of_a_bar_keep_to_the_edge_of_what_is_seen(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    planner.plan("Anna", at(8), minutes=10 * 60, subject="Long")
    planner.open(qtbot)
    planner.grid.zoom(6)
    bar = planner.grid.horizontalScrollBar()
    bar.setValue(0)
    qtbot.waitUntil(lambda: planner.grid.drawing.pin == 0)

    bar.setValue(400)

    assert planner.grid.drawing.pin == 400
    port = planner.grid.viewport()
    seen = port.grab(QRect(0, 0, 120, port.height())).toImage()
    planner.grid.drawing.pin = 0.0
    port.update()
    assert port.grab(QRect(0, 0, 120, port.height())).toImage() != seen


def test_the_agenda_says_all_day_and_the_days_that_are_shown_are_never_cut(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    planner.plan("Boris", at(0), minutes=24 * 60, all_day=True, kind="reminder")
    planner.open(qtbot, days=7)
    period = planner.page.period
    assert period.accessibleName() == "16 – 22 November 2026"
    for room, said in ((400, "16 – 22 November 2026"), (12, "16.11 – 22.11")):
        period.resize(px(room), period.height())
        assert period.text() == said

    planner.page.controller.show_view("agenda")

    agenda = planner.page.views.agenda
    assert agenda.cells_of.index(0, 0).data() == "today, all day"


def test_what_would_take_a_time_is_named_once_with_all_it_meets() -> None:
    found = [Taken("Van", "“Visit”", "“A”"), Taken("Van", "“Visit”", "“B”"),
             Taken("Anna", "“Visit”", "“A”")]  # fmt: skip

    said = DoubleBooked(found, 5, allowed=True, rule="everybody").question()

    assert said == "Van\n“Visit”\n“A”\n“B”\n\nAnna\n“Visit”\n“A”\n\nand 2 more clashes"
