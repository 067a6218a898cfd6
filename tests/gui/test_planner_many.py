"""Choosing several with a frame or the keyboard, moving them together, and dropping records."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.main_window.spring import Spring
from crm_desktop.ui.navigation import LIST, Place
from crm_desktop.ui.planner.new_box import NewBox
from crm_desktop.ui.record_drag import MIME, record_mime, record_of
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.widgets.popover import Popover
from tests.gui.planner_desk import LEFT, NONE, PlannerDesk, at, move, planner

__all__ = ["planner"]
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def frame(planner: PlannerDesk, start: QPoint, end: QPoint, held: Qt.KeyboardModifier) -> None:
    """Draws a frame with the mouse."""
    port = planner.grid.viewport()
    QTest.mousePress(port, LEFT, held, start)
    for part in (0.4, 1.0):
        move(port, start + (QPointF(end - start) * part).toPoint(), held)
    assert planner.grid.gestures.band() is not None
    QTest.mouseRelease(port, LEFT, held, end)


def corners(planner: PlannerDesk, first: str, last: str, hours: tuple[int, int]) -> list[QPoint]:
    """From just above the first row's middle to just below the last one's."""
    top = planner.spot(planner.people[first], at(hours[0]))
    return [top - QPoint(0, 8), planner.spot(planner.people[last], at(hours[1])) + QPoint(0, 8)]


def test_a_frame_chooses_what_it_touches_and_nothing_new_is_made(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    one, other = planner.plan("Anna", at(10)), planner.plan("Boris", at(11))
    planner.plan("Clara", at(10))
    planner.plan("Anna", at(15))
    planner.open(qtbot)

    frame(planner, *corners(planner, "Anna", "Boris", (9, 13)), SHIFT)

    assert {bar.id for bar in planner.grid.chosen.values()} == {one.id, other.id}
    assert planner.page.window().findChild(Popover) is None


def test_a_second_frame_adds_to_the_first(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.plan("Anna", at(10))
    planner.plan("Clara", at(10))
    planner.open(qtbot)

    frame(planner, *corners(planner, "Anna", "Anna", (9, 12)), CTRL)
    frame(planner, *corners(planner, "Clara", "Clara", (9, 12)), CTRL)

    assert len(planner.grid.chosen) == 2


def test_what_is_chosen_keeps_its_distances_at_the_edge(planner: PlannerDesk, qtbot: QtBot) -> None:
    one, other = planner.plan("Anna", at(9)), planner.plan("Boris", at(11))
    planner.open(qtbot)
    frame(planner, *corners(planner, "Anna", "Boris", (8, 13)), SHIFT)

    planner.drag(planner.middle(one), planner.spot(planner.people["Boris"], at(10, 30)))

    assert (planner.who(one), planner.who(other)) == ("Boris", "Clara")
    assert planner.times(one)[0] == at(10) and planner.times(other)[0] == at(12)


def test_the_keyboard_chooses_several_and_moves_them(planner: PlannerDesk, qtbot: QtBot) -> None:
    refs = [planner.plan("Anna", at(9)), planner.plan("Anna", at(11)), planner.plan("Anna", at(13))]
    planner.open(qtbot)
    planner.grid.set_current_row(planner.people["Anna"])
    QTest.keyClick(planner.grid, Qt.Key.Key_Left)
    for key, held in ((Qt.Key.Key_Right, CTRL), (Qt.Key.Key_Right, CTRL), (Qt.Key.Key_Space, NONE)):
        QTest.keyClick(planner.grid, key, held)
    assert {bar.id for bar in planner.grid.chosen.values()} == {refs[0].id, refs[2].id}

    QTest.keyClick(planner.grid, Qt.Key.Key_Down, ALT)

    assert [planner.who(ref) for ref in refs] == ["Boris", "Anna", "Boris"]
    QTest.keyClick(planner.grid, Qt.Key.Key_A, CTRL)
    assert len(planner.grid.chosen) == 3


def test_leave_of_who_takes_part_is_seen_while_dragging(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10))
    planner.make("participation", activity=visit.id, staff=planner.people["Boris"].id,
                 role="co_executor")  # fmt: skip
    planner.plan("Boris", at(14), minutes=240, kind="leave", subject="Leave")
    planner.open(qtbot)

    planner.hold(planner.middle(visit), planner.spot(planner.people["Anna"], at(15)))
    _rect, words, bad = planner.grid.gestures.label()

    assert bad and words.endswith("clashes with “Leave”")
    QTest.keyClick(planner.grid, Qt.Key.Key_Escape)


def test_what_takes_all_day_goes_by_days_and_keeps_its_midnights(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    day = planner.plan("Anna", at(0), minutes=24 * 60, all_day=True, kind="reminder")
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot, days=7)
    row = planner.people["Anna"]
    planner.grid.choose([planner.bar(day)])
    planner.grid.setFocus()

    QTest.keyClick(planner.grid, Qt.Key.Key_Right, ALT)
    assert planner.times(day) == (at(0, day=1), at(0, day=2))
    planner.drag(planner.middle(day), planner.spot(row, at(15, day=2)))
    assert planner.times(day) == (at(0, day=2), at(0, day=3))
    QTest.keyClick(planner.grid, Qt.Key.Key_Right, SHIFT)
    assert planner.times(day) == (at(0, day=2), at(0, day=4))
    QTest.keyClick(planner.grid, Qt.Key.Key_A, CTRL)
    QTest.keyClick(planner.grid, Qt.Key.Key_Right, ALT)
    assert {planner.times(visit)[0].hour, planner.times(day)[0].hour} <= {10, 0}


# --- records from lists ---------------------------------------------------------------------------


def listed(planner: PlannerDesk, qtbot: QtBot, ref: Ref) -> object:
    """What a list hands over when the row of a record is dragged."""
    page = RecordListPage(planner.session, planner.navigator, ref.entity)
    planner.show(qtbot, page)
    page.show_place(Place(LIST, ref.entity))
    row = next(n for n in range(9) if page.view.model.id_of(n) == ref.id)
    assert page.view.table.drag_data is not None
    data = page.view.table.drag_data(row)
    assert data is not None and record_of(data) == ref
    return data


def drop(planner: PlannerDesk, data: object, spot: QPoint) -> None:
    """Holds it over the grid and lets go."""
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(spot, copy, data, LEFT, NONE)  # type: ignore[arg-type]
    QApplication.sendEvent(planner.grid.viewport(), enter)
    assert enter.isAccepted() and planner.grid.gestures.ghosts()
    event = QDropEvent(QPointF(spot), copy, data, LEFT, NONE)  # type: ignore[arg-type]
    QApplication.sendEvent(planner.grid.viewport(), event)


def test_a_client_of_a_list_becomes_what_a_new_entry_is_about(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    client = planner.make("client", name="Vector")
    data = listed(planner, qtbot, client)
    planner.open(qtbot)

    drop(planner, data, planner.spot(planner.people["Clara"], at(15)))
    box = planner.page.window().findChild(Popover).findChild(NewBox)
    QTest.keyClicks(box.subject, "Talk")
    QTest.keyClick(box.subject, Qt.Key.Key_Return)

    made = Ref("activity", next(iter(planner.grid.drawing.sheet.bars())).id)
    assert planner.values(made)["about"] == client and planner.who(made) == "Clara"
    assert planner.times(made) == (at(15), at(15, 30))


def test_an_activity_of_a_list_takes_place_where_it_is_dropped(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit = planner.plan("Anna", at(10, day=9), minutes=45)
    call = planner.make("activity", subject="Call", kind="call", state="planned",
                        author=planner.people["Anna"].id)  # fmt: skip
    data, other = listed(planner, qtbot, visit), listed(planner, qtbot, call)
    planner.open(qtbot)

    drop(planner, data, planner.spot(planner.people["Boris"], at(15)))
    drop(planner, other, planner.spot(planner.people["Clara"], at(9)))

    assert planner.times(visit) == (at(15), at(15, 45)) and planner.who(visit) == "Boris"
    assert planner.times(call)[0] == at(9) and planner.who(call) == "Clara"


def test_what_other_programs_drag_is_not_taken(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.open(qtbot)
    data = record_mime(Ref("client", 1))
    for hostile in (b"client", b"client x", b"", b"\xff\xfe 1 2"):
        data.setData(MIME, hostile)
        assert record_of(data) is None
    enter = QDragEnterEvent(QPoint(400, 100), Qt.DropAction.CopyAction, data, LEFT, NONE)
    QApplication.sendEvent(planner.grid.viewport(), enter)

    assert not enter.isAccepted()


def test_a_section_opens_while_a_record_is_held_over_it(qtbot: QtBot) -> None:
    panel, button = QWidget(), QPushButton("Planner")
    layout = QVBoxLayout(panel)
    layout.addWidget(button)
    qtbot.addWidget(panel)
    panel.show()
    Spring(panel)
    data = record_mime(Ref("client", 1))
    enter = QDragEnterEvent(button.geometry().center(), Qt.DropAction.CopyAction, data, LEFT, NONE)

    with qtbot.waitSignal(button.clicked):
        QApplication.sendEvent(panel, enter)

    assert enter.type() == QEvent.Type.DragEnter and enter.isAccepted()


def test_comma_and_full_stop_move_by_a_minute(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot)
    planner.grid.choose([planner.bar(visit)])

    for sign in (".", "ю", ",", ">"):
        press = QKeyEvent(QEvent.Type.KeyPress, 0, NONE, sign)
        QApplication.sendEvent(planner.grid, press)

    assert planner.times(visit) == (at(10, 1), at(11, 2))
