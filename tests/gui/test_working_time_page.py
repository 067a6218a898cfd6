"""The page of working calendars: days by mouse and keys, hours of the week, all undoable."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crm_desktop.models.worktime.calendar import OFF, SHORT, WORKING
from crm_desktop.ui.working_time.page import WorkingTimePage
from tests.gui.card_desk import Desk, desk

__all__ = ["desk"]

TUESDAY = date(2026, 11, 24)


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> WorkingTimePage:
    made = WorkingTimePage(desk.session, desk.navigator)
    desk.show(qtbot, made, width=1200)
    return made


def kind(desk: Desk, day: date = TUESDAY) -> str:
    return desk.base.worktime.of(None).calendar.kind(day)


def click(page: WorkingTimePage, day: date, qtbot: QtBot) -> None:
    qtbot.mouseClick(
        page.grid, Qt.MouseButton.LeftButton, pos=page.grid.spot(day).center().toPoint()
    )


def test_the_calendar_of_the_company_is_shown_with_its_holidays(page: WorkingTimePage) -> None:
    assert page.calendars.currentText() == "Calendar of the company"
    assert page.week.editors["monday"].value() == "09:00-13:00 14:00-18:00"
    assert "Independence Day" in page.grid.describe(date(2026, 7, 3))
    assert page._sum.text().startswith("250 working days")


def test_clicks_make_a_day_short_then_off_then_working_again(
    page: WorkingTimePage, desk: Desk, qtbot: QtBot
) -> None:
    seen = []
    for _step in range(3):
        click(page, TUESDAY, qtbot)
        seen.append(kind(desk))

    assert seen == [SHORT, OFF, WORKING]
    operation = desk.notes[1].undo_operation
    assert operation is not None


def test_a_changed_day_is_undone(page: WorkingTimePage, desk: Desk, qtbot: QtBot) -> None:
    click(page, TUESDAY, qtbot)
    operation = desk.notes[-1].undo_operation
    assert operation is not None
    desk.base.undo.undo(operation)

    assert kind(desk) == WORKING
    qtbot.waitUntil(lambda: page._shown is not None and not page._shown.days[TUESDAY].own)


def test_the_keyboard_changes_the_day_it_stands_on(
    page: WorkingTimePage, desk: Desk, qtbot: QtBot
) -> None:
    page.take_focus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Space):
        qtbot.keyClick(page.grid, key)

    assert page.grid.day == TUESDAY  # three days after Saturday, the 21st
    assert kind(desk) == SHORT


def test_a_worked_weekend_has_the_hours_of_the_week_and_goes_back_to_usual(
    page: WorkingTimePage, desk: Desk
) -> None:
    saturday = date(2026, 11, 28)
    page.set_day(saturday, WORKING)
    assert kind(desk, saturday) == WORKING

    page.set_day(saturday, "usual")
    assert kind(desk, saturday) == OFF
    assert page._shown is not None and not page._shown.days[saturday].own


def test_hours_are_saved_when_their_line_is_left(page: WorkingTimePage, desk: Desk) -> None:
    editor = page.week.editors["tuesday"]
    editor.line.setText("10-16")  # type: ignore[attr-defined]
    editor.check()

    assert [b - a for a, b in desk.base.worktime.of(None).ranges(TUESDAY)][0].seconds == 6 * 3600
    assert editor.value() == "10:00-16:00"


def test_hours_that_are_none_are_refused_at_their_line(page: WorkingTimePage, desk: Desk) -> None:
    editor = page.week.editors["tuesday"]
    editor.line.setText("all day")  # type: ignore[attr-defined]
    editor.check()

    assert "all day" in page.week.boxes["tuesday"].error()
    assert kind(desk) == WORKING


def test_another_calendar_and_another_year_are_shown(page: WorkingTimePage, desk: Desk) -> None:
    other = desk.make("working_calendar", name="Store", scope="person", saturday="10-15")
    page.read()
    page.calendars.set_value(other.id)
    page.calendars.activated.emit(1)
    page.after.click()

    assert page._shown is not None
    assert (page._shown.id, page._shown.year) == (other.id, 2027)
    assert page._shown.days[date(2027, 1, 16)].kind == WORKING


def test_without_any_calendar_the_page_offers_to_make_one(desk: Desk, qtbot: QtBot) -> None:
    known = desk.base.worktime.calendars().company()
    assert known is not None
    desk.base.records.delete("working_calendar", [known.id])
    page = WorkingTimePage(desk.session, desk.navigator)
    desk.show(qtbot, page)

    assert page.empty.isVisible() and not page.grid.isVisible()
    with qtbot.waitSignal(desk.navigator.new_record_wanted):
        page.empty.primary.emit()
