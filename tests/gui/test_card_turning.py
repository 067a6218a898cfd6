"""What becomes overdue while a card is looked at turns red by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.panel import RecordPanel
from crm_desktop.ui.record_card.timeline import TimelineTab
from tests.gui.card_desk import NOON, Desk, client, desk

__all__ = ["client", "desk"]


@pytest.fixture
def step(desk: Desk, client: Ref) -> Ref:
    """Due in ten minutes."""
    return desk.make("activity", about=client, kind="call", subject="Ask again", state="planned",
                     due=NOON + timedelta(minutes=10))  # fmt: skip


def panel_of(desk: Desk, client: Ref, qtbot: QtBot) -> RecordPanel:
    panel = RecordPanel(desk.session, desk.navigator, CARD_PARTS)
    desk.show(qtbot, panel, 432)
    panel.show_record(client)
    return panel


def tip_of_next_step(panel: RecordPanel) -> str:
    boxes = panel.head.figures._boxes
    return next(box.toolTip() for box in boxes if box.words()[0] == "Next step")


def test_next_step_on_the_panel_turns_red(desk: Desk, client: Ref, step: Ref, qtbot: QtBot) -> None:
    panel = panel_of(desk, client, qtbot)
    desk.base.clock.move(minutes=10)  # type: ignore[attr-defined]
    panel.head._turning.look()
    assert tip_of_next_step(panel) == ""

    desk.base.clock.move(seconds=1)  # type: ignore[attr-defined]
    panel.head._turning._timer.timeout.emit()

    assert tip_of_next_step(panel) == "It is overdue"
    assert not panel.head._turning._timer.isActive()


def test_clock_is_looked_at_only_while_something_can_become_overdue(
    desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    panel = panel_of(desk, client, qtbot)
    assert not panel.head._turning._timer.isActive()

    desk.make("activity", about=client, kind="call", subject="Late already", state="planned",
              due=NOON - timedelta(minutes=10))  # fmt: skip
    assert not panel.head._turning._timer.isActive()


def test_entry_of_the_timeline_turns_red(desk: Desk, client: Ref, step: Ref, qtbot: QtBot) -> None:
    page = CardPage(desk.session, desk.navigator, client, parts=CARD_PARTS)
    desk.show(qtbot, page)
    tab = page.tabs.open_tab("timeline")
    assert isinstance(tab, TimelineTab)
    qtbot.waitUntil(lambda: tab._turning._timer.isActive())

    desk.base.clock.move(minutes=11)  # type: ignore[attr-defined]
    tab._turning.look()

    rows = [*tab._top_rows, *tab._rows]
    qtbot.waitUntil(lambda: any(row.entry is not None and row.entry.late for row in rows))
