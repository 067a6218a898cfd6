"""The window of reminders over a real base: what comes up, what is chosen, what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.services.activities.kinds import KindHabits, keep_habits
from crm_desktop.services.clock import MovedClock
from crm_desktop.ui.reminders.at_box import AtBox
from crm_desktop.ui.reminders.desk import ReminderDesk
from crm_desktop.ui.reminders.row import AT
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock(desk: Desk) -> MovedClock:
    moved = MovedClock(NOON)
    desk.base.clock = moved
    desk.base.records.clock = moved
    return moved


@pytest.fixture
def reminders(desk: Desk, clock: MovedClock, qtbot: QtBot) -> Iterator[ReminderDesk]:
    made = ReminderDesk(desk.session, desk.navigator)
    qtbot.addWidget(made.window)
    yield made
    if made.alarm is not None:
        made.alarm.stop()


@pytest.fixture
def plan(desk: Desk, client: Ref) -> Callable[..., Ref]:
    def made(subject: str, minutes: int, kind: str = "task") -> Ref:
        moment = NOON + timedelta(minutes=minutes)
        return desk.make("activity", subject=subject, kind=kind, about=client, state="planned",
                         due=moment)  # fmt: skip

    return made


def subjects(reminders: ReminderDesk) -> list[str]:
    return [row.said.firing.subject for row in reminders.window.rows]


def test_what_is_due_comes_up_with_its_client(
    reminders: ReminderDesk, plan: Callable[..., Ref], clock: MovedClock
) -> None:
    plan("Call back", 30)
    reminders.look()
    assert not reminders.window.isVisible()
    clock.move(minutes=31)
    reminders.look()
    assert reminders.window.isVisible()
    assert subjects(reminders) == ["Call back"]
    assert reminders.window.rows[0].time.text().endswith("1 minute late")
    assert reminders.window.rows[0].about.text() == "Vector Ltd"


def test_the_window_never_asks_for_the_keyboard(reminders: ReminderDesk) -> None:
    flags = reminders.window.windowFlags()
    assert flags & Qt.WindowType.WindowDoesNotAcceptFocus
    assert flags & Qt.WindowType.WindowStaysOnTopHint
    assert reminders.window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


def test_three_are_seen_and_the_rest_behind_a_word(
    reminders: ReminderDesk, plan: Callable[..., Ref], clock: MovedClock
) -> None:
    for number in range(1, 6):
        plan(f"Task {number}", number)
    clock.move(hours=3)
    reminders.look()
    assert subjects(reminders) == ["Task 5", "Task 4", "Task 3"]
    assert reminders.window.more.text() == "2 more"
    reminders.window.more.click()
    assert len(subjects(reminders)) == 5


def test_done_is_done_in_the_base_and_can_be_undone(
    reminders: ReminderDesk, plan: Callable[..., Ref], clock: MovedClock, desk: Desk
) -> None:
    task = plan("Send the offer", 5)
    clock.move(minutes=5)
    reminders.look()
    reminders.window.rows[0].done_button.click()
    stored = desk.base.reader.get("activity", task.id)
    assert stored is not None and stored.values["state"] == "done"
    reminders.look()
    assert not reminders.window.isVisible()


def test_a_kind_that_asks_for_a_result_asks_in_the_window(
    reminders: ReminderDesk, plan: Callable[..., Ref], clock: MovedClock, desk: Desk, qtbot: QtBot
) -> None:
    keep_habits(desk.base, "task", KindHabits(None, ((0, "window"),), result=True))
    result = desk.make("reference", book="call_result", name="Order placed")
    task = plan("Send the offer", 5)
    clock.move(minutes=5)
    reminders.look()
    reminders.window.rows[0].done_button.click()
    qtbot.waitUntil(lambda: reminders.window.rows[0].result is not None)
    line = reminders.window.rows[0]
    assert line.result is not None and not line.done_button.isEnabled()
    plan("Another", 4)
    reminders.look()  # the question outlasts what comes up beside it
    line = next(row for row in reminders.window.rows if row.said.firing.event == task)
    assert line.result is not None
    line.result.setCurrentIndex(line.result.findData(result.id))
    line.done_button.click()
    qtbot.waitUntil(lambda: desk.values(task)["state"] == "done")
    assert desk.values(task)["result"] == result.id


def test_done_means_the_date_of_a_series_that_came_up(
    reminders: ReminderDesk, clock: MovedClock, desk: Desk
) -> None:
    desk.make("activity", subject="Till", kind="task", state="planned", rule="FREQ=DAILY",
              starts=NOON - timedelta(days=1, minutes=-5), zone="UTC")  # fmt: skip
    clock.move(minutes=6)
    reminders.look()
    reminders.window.rows[0].done_button.click()
    done = desk.base.lists.open(Query("activity", ("id",), Condition("state", "eq", "done"))).ids()
    (one,) = desk.base.reader.many("activity", done, ("occurrence",)).values()
    assert one["occurrence"] == NOON + timedelta(minutes=5)  # not yesterday's, which stays open


def test_put_off_by_ten_minutes_it_goes_and_comes_back(
    reminders: ReminderDesk, plan: Callable[..., Ref], clock: MovedClock
) -> None:
    plan("Call", 5)
    clock.move(minutes=5)
    reminders.look()
    menu = reminders.window.rows[0].open_menu()
    menu.actions()[1].trigger()
    menu.close()
    reminders.look()
    assert not reminders.window.isVisible()
    clock.move(minutes=10)
    reminders.look()
    assert reminders.window.isVisible()


def test_put_off_until_a_moment_that_is_typed(
    reminders: ReminderDesk, plan: Callable[..., Ref], clock: MovedClock, desk: Desk
) -> None:
    plan("Call", 5)
    clock.move(minutes=5)
    reminders.look()
    reminders.put_off([reminders.window.rows[0].said.firing], AT)
    box = next(w for w in QApplication.topLevelWidgets() if isinstance(w, AtBox))
    assert box.parentWidget() is reminders.window
    box.line.setText("yesterday or so")
    box.take()
    assert box.field.error()
    box.line.setText("11/23/2026 9:30")
    box.take()
    assert desk.base.reminders.due(None).next == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def test_seen_means_that_it_comes_no_more(
    reminders: ReminderDesk, plan: Callable[..., Ref], clock: MovedClock
) -> None:
    plan("Call", 5)
    clock.move(minutes=5)
    reminders.look()
    reminders.window.rows[0].cross.click()
    clock.move(days=1)
    reminders.look()
    assert not reminders.window.isVisible()


def test_opening_leads_to_the_activity(
    reminders: ReminderDesk, plan: Callable[..., Ref], clock: MovedClock, desk: Desk, qtbot: QtBot
) -> None:
    task = plan("Call", 5)
    clock.move(minutes=5)
    reminders.look()
    with qtbot.waitSignal(desk.navigator.place_wanted) as asked:
        reminders.window.rows[0].open_button.click()
    assert asked.args[0].ref == task


def test_answered_elsewhere_it_goes_here(
    reminders: ReminderDesk, plan: Callable[..., Ref], clock: MovedClock, desk: Desk, qtbot: QtBot
) -> None:
    plan("Call", 5)
    clock.move(minutes=5)
    reminders.look()
    desk.base.reminders.answer(desk.base.reminders.due(None).standing)
    qtbot.waitUntil(lambda: not reminders.window.isVisible())


def test_put_away_unanswered_it_stays_in_the_count(
    reminders: ReminderDesk, plan: Callable[..., Ref], clock: MovedClock
) -> None:
    counts: list[int] = []
    reminders.counted.connect(counts.append)
    plan("Call", 5)
    clock.move(minutes=5)
    reminders.look()
    reminders.window.cross.click()
    reminders.look()
    assert not reminders.window.isVisible()
    assert counts[-1] == 1


def test_the_alarm_rings_at_the_next_moment(qtbot: QtBot) -> None:
    from crm_desktop.ui.reminders.alarm import Alarm

    alarm = Alarm(every_s=3600)
    with qtbot.waitSignal(alarm.rang, timeout=5000):
        alarm.set_next(datetime.now(UTC) + timedelta(milliseconds=50))
    alarm.set_next(None)
    alarm.stop()


def test_the_alarm_goes_with_the_window_it_belongs_to(qapp: QApplication) -> None:
    """Its scheduler would ring on in a thread of its own, and find nobody."""
    from crm_desktop.ui.reminders.alarm import Alarm

    owner = QObject()
    alarm = Alarm(owner, every_s=3600)
    scheduler, ring = alarm._scheduler, alarm._ring

    owner.deleteLater()
    QCoreApplication.sendPostedEvents(owner, QEvent.Type.DeferredDelete)

    assert not scheduler.running
    ring()  # on its way while the window went
