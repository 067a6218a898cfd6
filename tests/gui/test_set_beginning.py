"""The card of an activity set: when it begins by itself is chosen from the catalogue."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.next_steps.begin_strip import BeginStrip
from crm_desktop.ui.record_card.card import CardPage
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


@pytest.fixture
def delivery(desk: Desk) -> Ref:
    made = desk.make("activity_set", name="Delivery")
    desk.make("set_step", set=made.id, subject="Pack")
    return made


@pytest.fixture
def strip(desk: Desk, delivery: Ref, qtbot: QtBot) -> BeginStrip:
    page = CardPage(desk.session, desk.navigator, delivery, parts=CARD_PARTS)
    desk.show(qtbot, page)
    found = page.findChild(BeginStrip)
    assert found is not None
    return found


def test_object_field_and_value_are_chosen_by_name(
    strip: BeginStrip, desk: Desk, delivery: Ref, client: Ref
) -> None:
    assert "by hand" in strip.line.text()
    standing = desk.values(client)["status"]
    status = desk.make("reference", book="client_status", name="Asleep").id
    assert status != standing

    strip.open_box()
    box = strip.box
    assert box is not None and not box.when.isEnabled() and box.go.isEnabled()
    box.of.set_value("client")
    box._object_chosen()
    box.when.set_value("status")
    box._field_chosen()
    box.becomes.set_value(str(status))
    box.accept()

    assert "“Status” becomes “Asleep”" in strip.line.text()
    desk.base.records.update("client", client.id, {"status": status})
    steps = desk.base.reader.linked("activity", "about", [client.id]).values()
    assert "Pack" in [row.values["subject"] for row in steps]


def test_it_can_be_told_never_to_begin(strip: BeginStrip, desk: Desk, delivery: Ref) -> None:
    status = desk.base.titles.find("reference", "Active")[0]
    begins = {"of": "client", "when": "status", "becomes": str(status)}
    desk.base.records.update("activity_set", delivery.id, begins)
    assert "“Status” becomes “Active”" in strip.line.text()

    strip.open_box()
    assert strip.box is not None and strip.box.chosen() == ("client", "status", str(status))
    strip.box.of.set_value("")
    strip.box.accept()

    assert desk.values(delivery)["of"] is None
    assert "by hand" in strip.line.text()
