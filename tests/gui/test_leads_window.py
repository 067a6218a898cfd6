"""Leads in the window: the buttons of the card, the box for pasted words, watched folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.leads.convert_box import ConvertBox
from crm_desktop.ui.leads.desk import LeadDesk
from crm_desktop.ui.leads.paste_box import LeadBox
from crm_desktop.ui.leads.reject_box import RejectBox
from crm_desktop.ui.leads.strip import LeadStrip
from crm_desktop.ui.record_card.card import CardPage
from tests.gui.card_desk import Desk, desk

__all__ = ["desk"]
LINE = "Sergey Petrov, 8 (916) 555-12-34, two windows, source: site"
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def lead(desk: Desk) -> Ref:
    return desk.make("lead", name="Sergey Petrov", phone="+79165551234", text="Two windows")


def strip(desk: Desk, lead: Ref, qtbot: QtBot) -> LeadStrip:
    page = CardPage(desk.session, desk.navigator, lead, parts=CARD_PARTS)
    desk.show(qtbot, page)
    qtbot.waitUntil(lambda: any(s.isVisible() for s in page.findChildren(LeadStrip)))
    return page.findChildren(LeadStrip)[0]


def opened(part: LeadStrip, qtbot: QtBot) -> ConvertBox:
    box = part.box
    assert isinstance(box, ConvertBox)
    qtbot.waitUntil(lambda: box.go.isEnabled())
    return box


def count(desk: Desk, entity: str) -> int:
    return len(desk.base.lists.open(Query(entity)).ids())


def test_a_lead_is_converted_into_client_and_deal(desk: Desk, lead: Ref, qtbot: QtBot) -> None:
    part = strip(desk, lead, qtbot)
    clients = count(desk, "client")
    qtbot.mouseClick(part.convert, LEFT)
    qtbot.mouseClick(opened(part, qtbot).go, LEFT)
    qtbot.waitUntil(lambda: desk.values(lead)["state"] == "converted")
    assert (count(desk, "client"), count(desk, "deal")) == (clients + 1, 1)
    assert desk.notes[-1].undo_operation is not None
    qtbot.waitUntil(lambda: part.owner.isVisible() and not part.convert.isVisible())


def test_a_known_client_and_its_open_deal_are_proposed(desk: Desk, lead: Ref, qtbot: QtBot) -> None:
    client = desk.make("client", name="Petrov windows", phone="+79165551234")
    deal = desk.make("deal", name="Flat", client=client.id)
    part = strip(desk, lead, qtbot)
    qtbot.mouseClick(part.join, LEFT)
    box = opened(part, qtbot)
    assert (box.client.value(), box.deal.value()) == (client.id, ("joins", deal.id))
    qtbot.mouseClick(box.go, LEFT)
    qtbot.waitUntil(lambda: desk.values(lead)["client"] == client.id)
    assert desk.values(deal)["lead"] == lead.id


def test_joining_asks_for_a_client(desk: Desk, lead: Ref, qtbot: QtBot) -> None:
    part = strip(desk, lead, qtbot)
    qtbot.mouseClick(part.join, LEFT)
    box = opened(part, qtbot)
    qtbot.mouseClick(box.go, LEFT)
    assert box.client_box.error() == "Choose the client"
    assert desk.values(lead)["state"] == "new"


def test_a_rejection_asks_why(desk: Desk, lead: Ref, qtbot: QtBot) -> None:
    reason = desk.make("reference", name="Sells carpets", book="reject_reason")
    part = strip(desk, lead, qtbot)
    qtbot.mouseClick(part.reject, LEFT)
    box = part.box
    assert isinstance(box, RejectBox)
    qtbot.mouseClick(box.go, LEFT)
    qtbot.waitUntil(lambda: "why the lead is rejected" in box.boxes["reject_reason"].error())
    box.editors["reject_reason"].set_value(reason.id)
    qtbot.mouseClick(box.go, LEFT)
    qtbot.waitUntil(lambda: desk.values(lead)["state"] == "rejected")
    qtbot.waitUntil(lambda: part.reopen.isVisible())
    qtbot.mouseClick(part.reopen, LEFT)
    qtbot.waitUntil(lambda: desk.values(lead)["state"] == "new")


def test_a_lead_is_taken_on(desk: Desk, lead: Ref, qtbot: QtBot) -> None:
    part = strip(desk, lead, qtbot)
    qtbot.mouseClick(part.take, LEFT)
    qtbot.waitUntil(lambda: desk.values(lead)["state"] == "working")


# --- words and folders ----------------------------------------------------------------------------


def pasted(desk: Desk, text: str, qtbot: QtBot) -> LeadBox:
    LeadDesk.of(desk.session, desk.navigator).open_box(text)
    box = LeadDesk.of(desk.session, desk.navigator).box
    assert box is not None
    qtbot.waitUntil(lambda: box.go.isEnabled())
    return box


def test_pasted_words_are_shown_and_changed_before_they_are_kept(desk: Desk, qtbot: QtBot) -> None:
    box = pasted(desk, LINE, qtbot)
    shown = {key: editor.value() for key, editor in box.editors.items()}
    assert (shown["name"], shown["phone"], shown["text"]) == (
        "Sergey Petrov", "+79165551234", "two windows",
    )  # fmt: skip
    assert count(desk, "lead") == 0
    box.editors["name"].set_value("Sergei Petrov")
    qtbot.mouseClick(box.go, LEFT)
    qtbot.waitUntil(lambda: count(desk, "lead") == 1)
    (id_,) = desk.base.lists.open(Query("lead")).ids()
    assert desk.values(Ref("lead", id_))["name"] == "Sergei Petrov"


def test_the_box_says_in_which_lead_it_would_land(desk: Desk, lead: Ref, qtbot: QtBot) -> None:
    box = pasted(desk, LINE, qtbot)
    assert "further enquiry of the open lead “Sergey Petrov”" in box.note.text()
    box.reject()
    assert count(desk, "enquiry") == 1


def test_a_watched_folder_is_taken_in_and_told(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.make("intake", name="Site", folder=str(tmp_path))
    for name, text in (("order.txt", LINE), ("broken.json", "{")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        os.utime(tmp_path / name, (1, 1))
    watch = LeadDesk.of(desk.session, desk.navigator)
    watch.look()
    qtbot.waitUntil(lambda: count(desk, "lead") == 1)
    qtbot.waitUntil(lambda: len(desk.notes) >= 2)
    said = [note.text for note in desk.notes]
    assert "1 enquiry came in" in said
    assert any("broken.json" in text for text in said)
