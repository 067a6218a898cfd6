"""The window of reminders tells a head whose activity is overdue, and by how much."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.services.clock import MovedClock
from crm_desktop.ui.reminders.desk import ReminderDesk
from crm_desktop.ui.reminders.tray import message
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday


@pytest.fixture
def reminders(desk: Desk, qtbot: QtBot) -> Iterator[ReminderDesk]:
    desk.base.clock = desk.base.records.clock = MovedClock(NOON)
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
