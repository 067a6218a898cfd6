"""What the window does by itself: heads are told of what is overdue, annual dates are planned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.models.text.annual import yearly
from crm_desktop.services.clock import MovedClock
from crm_desktop.ui import theme
from crm_desktop.ui.reminders import rounds
from crm_desktop.ui.reminders.desk import ReminderDesk
from crm_desktop.ui.reminders.tray import message, tray_icon
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday


@pytest.fixture
def reminders(desk: Desk, qtbot: QtBot) -> Iterator[ReminderDesk]:
    desk.base.clock = MovedClock(NOON)
    desk.base.reload()
    made = ReminderDesk(desk.session, desk.navigator)
    qtbot.addWidget(made.window)
    yield made
    if made.alarm is not None:
        made.alarm.stop()


def test_the_head_is_told_in_the_window_and_answers_there(
    desk: Desk, reminders: ReminderDesk
) -> None:
    head = desk.make("staff", name="Anna")
    worker = desk.make("staff", name="Boris", head=head.id)
    desk.make("activity", subject="Offer", kind="task", state="planned", author=worker.id,
              due=NOON - timedelta(days=3, minutes=20))  # fmt: skip
    desk.session.work_as(head.id)
    reminders.look()
    reminders.look()
    (row,) = reminders.window.rows
    assert row.subject.text() == "Boris is late: Offer"
    assert "3 days late" in row.time.text()
    assert message(reminders.window.said)[0] == "Boris is late: Offer"
    row.cross.click()
    reminders.look()
    assert reminders.window.rows == []


def test_annual_dates_are_planned_at_the_start_at_midnight_and_when_written(
    desk: Desk, client: Ref, reminders: ReminderDesk
) -> None:
    clock = desk.base.clock
    assert isinstance(clock, MovedClock)
    desk.make("annual_date", occasion="Founded", owner=client, day=yearly(12, 7))
    desk.make("annual_date", occasion="Contract", owner=client, day=yearly(12, 8))

    def planned() -> list[str]:
        reminders.look()
        where = Condition("annual", "filled")
        rows = desk.base.lists.open(Query("activity", ("subject",), where)).first(9)
        return [str(row.cells[0]) for row in rows]

    assert planned() == ["Founded: Vector Ltd"]
    clock.move(days=1)
    assert sorted(planned()) == ["Contract: Vector Ltd", "Founded: Vector Ltd"]
    desk.make("annual_date", occasion="Jubilee", owner=client, day=yearly(12, 1))
    assert "Jubilee: Vector Ltd" in planned()


def test_birthdays_are_planned_at_the_start_and_soon_after_one_was_written(
    desk: Desk, reminders: ReminderDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "AT_ONCE", 1)
    clock = desk.base.clock
    assert isinstance(clock, MovedClock)
    for day in (1, 2, 3):
        desk.make("person", name=f"P{day}", birthday=date(1990, 12, day))

    def planned() -> set[str]:
        reminders.look()
        rows = desk.base.lists.open(Query("activity", ("subject",))).first(9)
        return {str(row.cells[0]) for row in rows}

    assert planned() == {"Birthday: P1", "Birthday: P2", "Birthday: P3"}
    desk.make("person", name="P4", birthday=date(1990, 12, 4))
    assert "Birthday: P4" not in planned()
    clock.move(minutes=11)
    assert "Birthday: P4" in planned()


def test_the_number_on_the_tray_icon_leaves_the_letters_of_the_program_alone(desk: Desk) -> None:
    before = theme.font("strong").pixelSize()
    tray_icon(2)
    assert theme.font("strong").pixelSize() == before
