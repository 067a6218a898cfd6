"""Reminders on the card of an activity: added and removed with one click, undone with another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.reminders.chips import ReminderChips
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


def line(desk: Desk, qtbot: QtBot, ref: Ref) -> ReminderChips:
    page = CardPage(desk.session, desk.navigator, ref, parts=CARD_PARTS)
    desk.show(qtbot, page)
    found = page.findChild(ReminderChips)
    assert found is not None
    return found


def meeting(desk: Desk, client: Ref, **values: object) -> Ref:
    starts = datetime.now(UTC) + timedelta(days=3)
    usual = {"subject": "Meeting", "kind": "meeting", "about": client, "state": "planned"}
    return desk.make("activity", **{**usual, "starts": starts, "due": starts, **values})


def words(chips: ReminderChips) -> list[str]:
    return [chip.accessibleName() for chip in chips.chips]


def test_reminders_are_added_and_removed_with_one_click(
    desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    chips = line(desk, qtbot, meeting(desk, client))
    assert words(chips) == ["15 minutes before"]
    menu = chips.open_menu()
    next(a for a in menu.actions() if a.text() == "1 hour before").trigger()
    menu.close()
    qtbot.waitUntil(lambda: words(chips) == ["1 hour before", "15 minutes before"])
    chips.chips[1].removed.emit()
    qtbot.waitUntil(lambda: words(chips) == ["1 hour before"])


def test_by_mail_it_says_so(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    chips = line(desk, qtbot, meeting(desk, client))
    chips.add(24 * 60, "mail")
    qtbot.waitUntil(lambda: words(chips) == ["E-mail: 1 day before", "15 minutes before"])


def test_what_is_done_has_no_reminders(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    page = CardPage(
        desk.session, desk.navigator, meeting(desk, client, state="done"), parts=CARD_PARTS
    )
    desk.show(qtbot, page)
    found = page.findChild(ReminderChips)
    assert found is None or not found.isVisible()


def test_a_whole_day_is_told_in_the_morning(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    chips = line(desk, qtbot, meeting(desk, client, all_day=True))
    assert words(chips) == ["On the day at 9:00"]
    menu = chips.open_menu()
    texts = [action.text() for action in menu.actions()]
    menu.close()
    assert "1 day before at 9:00" in texts
