"""Every gesture in the planner with real mouse events, and the rows that follow in the base."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.errors import DatabaseUnavailable
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.ui.planner.new_box import NewBox
from crm_desktop.ui.widgets.popover import Popover
from tests.gui.planner_desk import LEFT, NONE, PlannerDesk, answered, at, move, planner

__all__ = ["planner"]
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_a_bar_dragged_in_time_snaps_to_a_quarter(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot)
    start = planner.middle(visit)
    away = planner.spot(planner.people["Anna"], at(12, 7)) - planner.spot(
        planner.people["Anna"], at(10)
    )

    planner.drag(start, start + QPoint(away.x(), 0))

    assert planner.times(visit) == (at(12), at(13))
    assert planner.notes[-1].undo_operation is not None


def test_with_alt_it_snaps_to_the_minute(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot)
    planner.grid.zoom(4)
    start = planner.middle(visit)
    row = planner.people["Anna"]
    away = planner.spot(row, at(10, 38)) - planner.spot(row, at(10, 0))

    planner.drag(start, start + QPoint(away.x(), 0), ALT)

    begin = planner.times(visit)[0]
    assert abs((begin - at(10, 38)).total_seconds()) <= 60 and begin.minute % 15


def test_a_bar_dragged_to_another_row_is_somebody_elses(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot)

    planner.drag(planner.middle(visit), planner.spot(planner.people["Clara"], at(10, 30)))

    assert planner.who(visit) == "Clara" and planner.times(visit) == (at(10), at(11))
    planner.base.undo.undo(planner.notes[-1].undo_operation)
    assert planner.who(visit) == "Anna"


def test_edges_make_it_longer_and_shorter(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot)
    row = planner.people["Anna"]

    planner.drag(planner.edge(visit, right=True), planner.spot(row, at(12, 30)))
    assert planner.times(visit) == (at(10), at(12, 30))
    planner.drag(planner.edge(visit, right=False), planner.spot(row, at(11)))
    assert planner.times(visit) == (at(11), at(12, 30))
    planner.drag(planner.edge(visit, right=False), planner.spot(row, at(14)))
    assert planner.times(visit) == (at(12, 15), at(12, 30))


def test_with_ctrl_a_copy_is_made(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10), place="Omsk")
    planner.open(qtbot)

    planner.drag(planner.middle(visit), planner.spot(planner.people["Boris"], at(14, 30)), CTRL)

    assert planner.times(visit) == (at(10), at(11)) and planner.who(visit) == "Anna"
    copies = [bar for bar in planner.grid.drawing.sheet.bars() if bar.id != visit.id]
    assert [bar.row for bar in copies] == [planner.people["Boris"]]
    copy = Ref("activity", copies[0].id)
    assert planner.times(copy) == (at(14), at(15)) and planner.values(copy)["place"] == "Omsk"


def test_escape_leaves_everything_as_it_was(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot)
    end = planner.spot(planner.people["Boris"], at(15))

    planner.hold(planner.middle(visit), end)
    assert planner.grid.gestures.moving
    QTest.keyClick(planner.grid, Qt.Key.Key_Escape)
    QTest.mouseRelease(planner.grid.viewport(), LEFT, NONE, end)

    assert planner.times(visit) == (at(10), at(11)) and not planner.notes


def test_the_ghost_says_times_name_and_what_it_clashes_with(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit = planner.plan("Anna", at(10))
    planner.plan("Boris", at(14), subject="Lesson")
    planner.open(qtbot)

    planner.hold(planner.middle(visit), planner.spot(planner.people["Boris"], at(14, 30)))
    _rect, words, bad = planner.grid.gestures.label()

    assert words == "14:00–15:00 · 60 min · Boris · clashes with “Lesson”" and bad
    asked = answered("Save all the same")
    planner.drag(planner.middle(visit), planner.spot(planner.people["Boris"], at(14, 30)))
    assert "Boris\n“Visit” 18 Nov 14:00–15:00\n“Lesson” 18 Nov 14:00–15:00" in asked[0]
    assert planner.who(visit) == "Boris"
    assert "Boris also has “Lesson” at 14:00–15:00" in planner.notes[-1].text


def test_a_clash_that_is_left_changes_nothing(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10))
    planner.plan("Boris", at(14), subject="Lesson")
    planner.open(qtbot)

    asked = answered("Leave it")
    planner.drag(planner.middle(visit), planner.spot(planner.people["Boris"], at(14, 30)))

    assert asked and planner.who(visit) == "Anna" and not planner.notes
    assert planner.bar(visit).row == planner.people["Anna"]


def test_where_nobody_may_double_book_a_sentence_says_so(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    planner.base.set_info("double_booking", "nobody")
    visit = planner.plan("Anna", at(10))
    planner.plan("Boris", at(14), subject="Lesson")
    planner.open(qtbot)

    planner.drag(planner.middle(visit), planner.spot(planner.people["Boris"], at(14, 30)))

    assert planner.who(visit) == "Anna" and planner.notes[-1].tone == "bad"
    assert planner.notes[-1].text.endswith("In this base nobody may take a time twice.")


def test_what_is_chosen_moves_together_as_one_operation(planner: PlannerDesk, qtbot: QtBot) -> None:
    one, other = planner.plan("Anna", at(9)), planner.plan("Boris", at(11))
    planner.open(qtbot)
    port = planner.grid.viewport()
    QTest.mouseClick(port, LEFT, NONE, planner.middle(one))
    QTest.mouseClick(port, LEFT, CTRL, planner.middle(other))
    assert len(planner.grid.chosen) == 2

    row = planner.people["Anna"]
    away = planner.spot(row, at(12)).x() - planner.spot(row, at(10)).x()
    start = planner.middle(one)
    planner.drag(start, start + QPoint(away, 0))

    assert planner.times(one)[0] == at(11) and planner.times(other)[0] == at(13)
    planner.base.undo.undo(planner.notes[-1].undo_operation)
    assert planner.times(one)[0] == at(9) and planner.times(other)[0] == at(11)


def test_empty_time_swept_over_becomes_something_new(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.open(qtbot)
    row = planner.people["Boris"]

    planner.drag(planner.spot(row, at(13)), planner.spot(row, at(14, 30)))
    box = planner.page.window().findChild(Popover).findChild(NewBox)
    QTest.keyClicks(box.subject, "Fitting")
    QTest.keyClick(box.subject, Qt.Key.Key_Return)

    bar = next(iter(planner.grid.drawing.sheet.bars()))
    made = Ref("activity", bar.id)
    assert planner.values(made)["subject"] == "Fitting" and planner.who(made) == "Boris"
    assert planner.times(made) == (at(13), at(14, 30))


@pytest.mark.parametrize("heard", [True, False])
def test_what_could_not_be_made_is_asked_again_with_what_was_typed(
    planner: PlannerDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, heard: bool
) -> None:
    """The panel had gone, and the words with it; once the server is back it is made, once."""
    planner.open(qtbot)
    records, place = planner.base.records, "_log" if heard else "publish"
    usual = getattr(records, place)

    def broken(*_given: object) -> None:
        monkeypatch.setattr(records, place, usual)
        raise DatabaseUnavailable("The line broke")

    monkeypatch.setattr(records, place, broken)
    planner.drag(planner.spot(planner.people["Boris"], at(13)),
                 planner.spot(planner.people["Boris"], at(14, 30)))  # fmt: skip
    box = planner.page.window().findChild(Popover).findChild(NewBox)
    QTest.keyClicks(box.subject, "Fitting")
    QTest.keyClick(box.subject, Qt.Key.Key_Return)
    boxes = [one for one in planner.page.window().findChildren(NewBox) if one.isVisible()]
    assert [one.subject.text() for one in boxes] == ["Fitting"]
    assert "saved as soon" in boxes[0].subject.accessibleDescription()

    planner.session.line.back.emit()

    assert planner.base.lists.count(Query("activity")) == 1
    assert not [one for one in planner.page.window().findChildren(NewBox) if one.isVisible()]


def test_time_that_is_taken_already_is_red_while_it_is_swept_over(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    planner.plan("Anna", at(12))
    planner.open(qtbot)
    row = planner.people["Anna"]

    planner.hold(planner.spot(row, at(10)), planner.spot(row, at(11, 30)))
    assert not planner.grid.gestures.label()[2]
    move(planner.grid.viewport(), planner.spot(row, at(12, 30)), NONE)
    _rect, words, bad = planner.grid.gestures.label()

    assert bad and words.endswith("clashes with “Visit”")
    QTest.keyClick(planner.grid, Qt.Key.Key_Escape)


def test_what_has_no_time_is_dropped_onto_the_grid(planner: PlannerDesk, qtbot: QtBot) -> None:
    call = planner.make("activity", subject="Call", kind="call", state="planned",
                        author=planner.people["Anna"].id)  # fmt: skip
    planner.open(qtbot)
    card = planner.page.tray.cards.cards[0]
    spot = QPointF(planner.spot(planner.people["Clara"], at(15)))
    copy = Qt.DropAction.MoveAction
    data = planner.page.tray.mime(card.undated)
    from PySide6.QtGui import QDragEnterEvent

    enter = QDragEnterEvent(spot.toPoint(), copy, data, LEFT, NONE)
    QApplication.sendEvent(planner.grid.viewport(), enter)
    assert enter.isAccepted() and planner.grid.gestures.ghosts()
    QApplication.sendEvent(planner.grid.viewport(), QDropEvent(spot, copy, data, LEFT, NONE))

    assert planner.times(call)[0] == at(15) and planner.who(call) == "Clara"
    assert not planner.page.tray.cards.cards


def test_at_the_edge_the_sheet_scrolls_while_something_is_held(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot)
    planner.grid.zoom(3)
    planner.grid.show_bar(planner.bar(visit))
    before = planner.grid.horizontalScrollBar().value()
    start = planner.middle(visit)
    edge = QPoint(planner.grid.viewport().width() - 3, start.y())

    planner.hold(start, edge)
    qtbot.waitUntil(lambda: planner.grid.horizontalScrollBar().value() > before + 60)
    begun = planner.grid.gestures.ghosts()[0][0].left()
    qtbot.waitUntil(lambda: planner.grid.gestures.ghosts()[0][0].left() > begun)
    QTest.keyClick(planner.grid, Qt.Key.Key_Escape)


def test_ctrl_and_wheel_zoom_around_the_pointer(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.open(qtbot, days=7)
    drawing = planner.grid.drawing
    at_x = 400.0
    place = (at_x + planner.grid.horizontalScrollBar().value()) / drawing.scale
    before = drawing.scale

    for _turn in range(5):
        planner.grid.zoom(1.2, at_x)

    assert drawing.scale > before * 2
    now = (at_x + planner.grid.horizontalScrollBar().value()) / drawing.scale
    assert abs(now - place) * drawing.scale < 3


def test_the_keyboard_moves_stretches_and_hands_over(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot)
    planner.grid.set_current_row(planner.people["Anna"])

    QTest.keyClick(planner.grid, Qt.Key.Key_Right)
    QTest.keyClick(planner.grid, Qt.Key.Key_Right, ALT)
    QTest.keyClick(planner.grid, Qt.Key.Key_Right, ALT)
    assert planner.times(visit) == (at(10, 30), at(11, 30))
    QTest.keyClick(planner.grid, Qt.Key.Key_Right, SHIFT)
    assert planner.times(visit) == (at(10, 30), at(11, 45))
    QTest.keyClick(planner.grid, Qt.Key.Key_Down, ALT)
    assert planner.who(visit) == "Boris"
    QTest.keyClick(planner.grid, Qt.Key.Key_Left, ALT | CTRL)
    assert planner.times(visit)[0] == at(10, 29)


def test_arrows_walk_and_enter_opens_and_delete_deletes(planner: PlannerDesk, qtbot: QtBot) -> None:
    first, second = planner.plan("Anna", at(9)), planner.plan("Anna", at(12))
    third = planner.plan("Clara", at(12))
    planner.open(qtbot)
    planner.grid.set_current_row(planner.people["Anna"])
    seen = []
    for key in (*[Qt.Key.Key_Right] * 2, *[Qt.Key.Key_Down] * 2, *[Qt.Key.Key_Up] * 2):
        QTest.keyClick(planner.grid, key)
        current = planner.grid.current
        seen.append(current.id if current is not None else None)  # Boris has nothing that day
    assert seen == [first.id, second.id, None, third.id, None, second.id]

    with qtbot.waitSignal(planner.navigator.place_wanted) as asked:
        QTest.keyClick(planner.grid, Qt.Key.Key_Return)
    assert asked.args[0].ref == second
    QTest.keyClick(planner.grid, Qt.Key.Key_Delete)
    assert planner.base.lists.count(Query("activity")) == 2
    planner.base.undo.undo(planner.notes[-1].undo_operation)
    assert planner.base.lists.count(Query("activity")) == 3


def test_n_makes_something_new_behind_the_current_bar(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.plan("Anna", at(9))
    planner.open(qtbot)
    planner.grid.set_current_row(planner.people["Anna"])
    QTest.keyClick(planner.grid, Qt.Key.Key_Right)

    with qtbot.waitSignal(planner.grid.new_wanted) as asked:
        QTest.keyClick(planner.grid, Qt.Key.Key_N)

    assert asked.args[:2] == [planner.people["Anna"], int(at(10).timestamp())]


def test_a_booking_refuses_a_person_and_stays(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10))
    part = planner.make("participation", activity=visit.id, resource=planner.room.id,
                        role="resource")  # fmt: skip
    planner.open(qtbot)
    room = planner.grid.rect_of(planner.bar(visit, planner.room)).center() - planner.grid.offset

    planner.drag(room.toPoint(), planner.spot(planner.people["Clara"], at(10, 30)))

    assert planner.values(part)["resource"] == planner.room.id
    assert planner.notes[-1].tone == "bad"
    assert planner.bar(visit, planner.room)


def test_a_double_click_opens_the_record(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot)

    with qtbot.waitSignal(planner.navigator.place_wanted) as asked:
        QTest.mouseDClick(planner.grid.viewport(), LEFT, NONE, planner.middle(visit))

    assert asked.args[0].ref == visit


def test_a_click_alone_writes_nothing(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10, 7))
    planner.open(qtbot)

    QTest.mouseClick(planner.grid.viewport(), LEFT, NONE, planner.middle(visit))
    move(planner.grid.viewport(), planner.middle(visit) + QPoint(40, 0), NONE)

    assert planner.times(visit)[0] == at(10, 7) and not planner.notes


def test_right_click_is_about_what_lies_under_the_pointer(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    chosen, other = planner.plan("Anna", at(10)), planner.plan("Boris", at(14))
    planner.open(qtbot)
    planner.grid.choose([planner.bar(chosen)])
    meant: list[int] = []
    planner.grid.menu_wanted.disconnect()
    planner.grid.menu_wanted.connect(lambda bar, _at: meant.append(bar.id))
    port, spot = planner.grid.viewport(), planner.middle(other)

    for point in (spot, planner.spot(planner.people["Clara"], at(12))):
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, port.mapToGlobal(point))
        QApplication.sendEvent(port, event)

    assert meant == [other.id]
    assert [bar.id for bar in planner.grid.chosen.values()] == [other.id]


def test_a_move_that_is_taken_back_leaves_the_keyboard_in_the_row_it_came_from(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit = planner.plan("Anna", at(10))
    planner.make("participation", activity=visit.id, resource=planner.room.id)
    planner.plan("Boris", at(10))
    planner.open(qtbot)
    anna, boris = planner.people["Anna"], planner.people["Boris"]
    answered("Leave it")

    planner.drag(planner.middle(visit), planner.spot(boris, at(10, 30)))

    qtbot.waitUntil(lambda: planner.grid.current_row == anna)
    assert planner.who(visit) == "Anna"
