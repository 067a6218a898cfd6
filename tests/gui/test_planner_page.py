"""The page of the planner: it follows the base, keeps how it was left, colours, folds, prints."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPageSize, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.services.planner.bars import seconds
from crm_desktop.ui.planner import state
from crm_desktop.ui.planner.look import STATE
from crm_desktop.ui.planner.page import PlannerPage
from crm_desktop.ui.planner.state import AGENDA
from tests.gui.planner_desk import PlannerDesk, at, planner

__all__ = ["planner"]


def shown(planner: PlannerDesk) -> list[str]:
    return [line.row.name for line in planner.grid.drawing.sheet.lines]


def test_what_changes_in_the_base_changes_on_the_sheet(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.open(qtbot)
    assert not list(planner.grid.drawing.sheet.bars())

    visit = planner.plan("Boris", at(11))

    qtbot.waitUntil(lambda: bool(list(planner.grid.drawing.sheet.bars())))
    assert planner.bar(visit).starts == seconds(at(11))


def test_hours_outside_the_usual_ones_are_shown_when_something_is_there(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    planner.plan("Anna", at(6, 30))
    planner.open(qtbot)

    axis = planner.grid.drawing.axis
    assert (axis.opens, axis.closes) == (6 * 60, 20 * 60)
    planner.page.clock_button.click()
    assert planner.grid.drawing.axis.shown == 24 * 60


def test_overlapping_bars_are_stacked_and_their_row_grows(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    for _number in range(4):
        planner.plan("Anna", at(10))
    planner.open(qtbot)

    geometry = planner.grid.drawing.geometry
    anna = geometry.by_ref[planner.people["Anna"]]
    assert anna.line.lanes == 4
    assert anna.height > geometry.by_ref[planner.people["Boris"]].height
    rects = [planner.grid.rect_of(bar) for bar in planner.grid.drawing.sheet.bars()]
    assert len({rect.top() for rect in rects}) == 4


def test_the_load_of_a_day_is_told_against_the_hours_of_work(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    planner.plan("Anna", at(10), minutes=240)
    planner.open(qtbot, days=7)

    line = planner.grid.drawing.sheet.by_ref[planner.people["Anna"]]
    wednesday, sunday = line.loads[2], line.loads[6]
    assert wednesday.busy == 240 and wednesday.capacity >= 240
    assert sunday == (0, 0) and line.shades


def test_order_groups_and_horizon_stay_as_they_were_left(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    planner.open(qtbot)
    assert [name for name in shown(planner) if name in planner.people] == list(planner.people)

    planner.page.controller.reorder(planner.people["Clara"], planner.people["Anna"])
    planner.page.controller.show_days(21)
    planner.grid.fold((planner.room.entity, ""))
    planner.page.controller.colour(STATE)

    again = PlannerPage(planner.session, planner.navigator)
    qtbot.addWidget(again)
    names = [line.row.name for line in again.grid.drawing.sheet.lines]
    assert names.index("Clara") + 1 == names.index("Anna")
    assert again.grid.drawing.axis.days == 21 and again.controller.look.way == STATE
    assert planner.room not in again.grid.drawing.geometry.by_ref


def test_a_spoilt_file_of_settings_counts_as_none() -> None:
    found = state.Arrangement.from_json({"order": ["x", 7, "staff:no"], "days": "many",
                                         "folded": [["one"], 3], "way": None})  # fmt: skip

    assert found == state.Arrangement()


def test_ctrl_and_the_wheel_zoom_and_pages_lead_to_other_days(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    planner.open(qtbot, days=7)
    before = planner.grid.drawing.scale
    port: QWidget = planner.grid.viewport()
    spot = QPointF(port.rect().center())
    turn = QWheelEvent(
        spot, QPointF(port.mapToGlobal(spot.toPoint())), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(port, turn)
    assert planner.grid.drawing.scale > before

    QTest.keyClick(planner.grid, Qt.Key.Key_PageDown)
    assert (planner.grid.drawing.axis.first - at(0).date()).days == 5


def test_the_card_under_the_pointer_tells_whom_it_is_about(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    client = planner.make("client", name="Vector Ltd", phone="+79162041183")
    visit = planner.plan("Anna", at(10), about=client, subject="Measuring")
    planner.open(qtbot)

    told = planner.page.hover.text(planner.bar(visit), [("Telephone", "+7 916 204-11-83")])

    for words in ("Vector Ltd", "Measuring", "10:00–11:00", "60 min", "+7 916 204-11-83"):
        assert words in told


def test_the_first_free_time_is_found_for_what_has_none(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.plan("Anna", at(8), minutes=240)
    call = planner.make("activity", subject="Call", kind="call", state="planned",
                        author=planner.people["Anna"].id)  # fmt: skip
    planner.open(qtbot)

    planner.page.tray.place_wanted.emit(planner.page.tray.cards.cards[0].undated)

    assert planner.times(call)[0] >= at(12)
    assert planner.who(call) == "Anna"


def test_the_agenda_is_the_same_as_a_list(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Boris", at(13), subject="Later")
    planner.plan("Anna", at(10), subject="Earlier")
    planner.open(qtbot, days=7)
    planner.page.controller.show_view(AGENDA)
    model, agenda = planner.page.agenda.cells_of, planner.page.agenda

    lines = [[model.cell(row, n).text for n in range(3)] for row in range(model.rowCount())]

    assert lines == [
        ["today, 10:00–11:00", "Anna", "Earlier"],
        ["today, 13:00–14:00", "Boris", "Later"],
    ]
    agenda.go_to(1)
    with qtbot.waitSignal(planner.navigator.place_wanted) as asked:
        QTest.keyClick(agenda, Qt.Key.Key_Return)
    assert asked.args[0].ref == visit


def test_the_sheet_is_printed_as_a_file(planner: PlannerDesk, qtbot: QtBot, tmp_path: Path) -> None:
    planner.plan("Anna", at(10))
    planner.open(qtbot, days=7)
    small, large = tmp_path / "a4.pdf", tmp_path / "a3.pdf"

    planner.page.printing.write_pdf(small, QPageSize.PageSizeId.A4)
    planner.page.printing.write_pdf(large, QPageSize.PageSizeId.A3)
    planner.page.printing.write_pdf(tmp_path / "none" / "x.pdf", QPageSize.PageSizeId.A4)

    assert small.read_bytes().startswith(b"%PDF") and large.stat().st_size > 1000
    assert [note.tone for note in planner.notes[-3:]] == ["ok", "ok", "bad"]
