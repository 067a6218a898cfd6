"""The attempts of a call on its card: how often it was put off, why, and all of them on a click."""

from __future__ import annotations

from datetime import timedelta

from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.activities.service import reschedule
from crm_desktop.ui.activities.attempts import AttemptsStrip
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.record_card.card import CardPage
from tests.gui.card_desk import NOON, Desk, client, desk

__all__ = ["client", "desk"]


def call(desk: Desk, client: Ref) -> Ref:
    return desk.make(
        "activity", subject="Call", kind="call", state="planned", about=client,
        due=NOON + timedelta(days=1),
    )  # fmt: skip


def test_the_card_tells_the_attempts(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    ref = call(desk, client)
    page = CardPage(desk.session, desk.navigator, ref, parts=CARD_PARTS)
    desk.show(qtbot, page)
    assert page.findChild(AttemptsStrip) is None
    for number, why in enumerate(("No answer", "Busy", "Asked to call later"), 2):
        reschedule(desk.base, ref.id, NOON + timedelta(days=number), why)
    qtbot.waitUntil(lambda: page.findChild(AttemptsStrip) is not None)
    strip = page.findChild(AttemptsStrip)
    assert isinstance(strip, AttemptsStrip)

    qtbot.waitUntil(lambda: [t[1] for t in strip.texts()] == ["Asked to call later", "Busy"])
    assert all("→" in moments and "—" not in moments for moments, *_rest in strip.texts())
    strip.more.click()
    assert [t[1] for t in strip.texts()] == ["Asked to call later", "Busy", "No answer"]
