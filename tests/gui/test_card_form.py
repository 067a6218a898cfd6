"""The form of a record: errors in place, drafts that survive, conflicts that are settled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.conflict import THEIRS
from crm_desktop.ui.record_card.form_controller import FormController
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


@pytest.fixture
def page(desk: Desk, client: Ref, qtbot: QtBot) -> CardPage:
    made = CardPage(desk.session, desk.navigator, client)
    desk.show(qtbot, made)
    made.edit()
    return made


def forms(page: CardPage) -> FormController:
    assert page._forms is not None
    return page._forms


def drafts(home: Path) -> list[Path]:
    return sorted((home / "drafts").rglob("*.json"))


def test_saving_writes_only_what_differs(page: CardPage, desk: Desk, client: Ref) -> None:
    forms(page).form.editors["city"].set_raw("Tomsk")
    assert page.is_changed()

    page.run("save")

    assert desk.values(client)["city"] == "Tomsk"
    last = desk.base.history.of(desk.base.catalogue[client.entity], client.id)[0]
    assert [change.field.key for change in last.fields] == ["city"]
    assert page._forms is None


def test_the_first_bad_field_gets_the_focus(page: CardPage, qapp: QApplication) -> None:
    form = forms(page).form
    form.editors["employees"].set_raw("many")
    form.editors["email"].set_raw("nobody")

    page.run("save")

    focused = qapp.focusWidget()
    assert form.editors["email"].isAncestorOf(focused)
    assert form.boxes["email"].error().startswith("“")  # its name stands above it
    assert form.boxes["employees"].error()


def test_a_refusal_stands_under_its_field(page: CardPage) -> None:
    form = forms(page).form
    form.editors["name"].set_raw("")

    page.run("save")

    assert "Name" in form.boxes["name"].error()
    assert page.is_changed()


def test_a_new_record_is_made_by_the_same_form(desk: Desk, qtbot: QtBot) -> None:
    page = CardPage(desk.session, desk.navigator, Ref("client", 0), values={"city": "Perm"})
    desk.show(qtbot, page)
    forms(page).form.editors["name"].set_raw("New one")

    page.run("save")

    assert desk.values(page.ref())["name"] == "New one"
    assert desk.values(page.ref())["city"] == "Perm"
    assert page.header.title.text() == "New one"


def test_tab_goes_in_reading_order(page: CardPage, qapp: QApplication) -> None:
    form = forms(page).form
    fields = [form.editors[key] for key in ("name", "status", "kind", "segment")]
    fields[0].start()

    order: list[QWidget | None] = [qapp.focusWidget()]
    for _step in range(3):
        page.focusNextChild()
        order.append(qapp.focusWidget())

    assert [f.focusProxy() for f in fields] == order


def test_the_first_change_is_on_the_disk_at_once(page: CardPage, own_home: Path) -> None:
    forms(page).form.editors["city"].set_raw("Tom")

    (draft,) = drafts(own_home)

    assert json.loads(draft.read_text("utf-8"))["raw"] == {"city": "Tom"}


def test_a_draft_is_offered_after_a_crash(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    forms(page).form.editors["email"].set_raw("half@")
    forms(page).keep_draft()

    after = CardPage(desk.session, desk.navigator, client)  # the first page never said goodbye
    desk.show(qtbot, after)
    after.edit()
    assert forms(after).panel.offer.isVisible()
    forms(after).restore_draft()

    assert forms(after).form.editors["email"].raw() == "half@"
    assert after.is_changed()


def test_saving_drops_the_draft(page: CardPage, own_home: Path) -> None:
    forms(page).form.editors["city"].set_raw("Tomsk")

    page.run("save")

    assert drafts(own_home) == []


def test_a_conflict_shows_both_values_and_saves_the_choice(
    page: CardPage, desk: Desk, client: Ref
) -> None:
    form, panel = forms(page).form, forms(page).panel
    form.editors["city"].set_raw("Mine city")
    form.editors["tax_id"].set_raw("123")
    desk.base.records.update(*client, {"city": "Their city", "note": "Their note"})
    page.run("save")
    assert panel.conflict.isVisible()
    panel.conflict.choose("city", THEIRS)

    panel.conflict._save.click()

    values = desk.values(client)
    assert (values["city"], values["tax_id"]) == ("Their city", "123")
    assert values["note"] == "Their note"


def test_different_fields_are_merged_without_a_question(
    page: CardPage, desk: Desk, client: Ref
) -> None:
    forms(page).form.editors["city"].set_raw("Mine")
    desk.base.records.update(*client, {"note": "Theirs"})

    page.run("save")

    assert (desk.values(client)["city"], desk.values(client)["note"]) == ("Mine", "Theirs")


def test_a_record_deleted_meanwhile_keeps_the_text(page: CardPage, desk: Desk, client: Ref) -> None:
    forms(page).form.editors["city"].set_raw("Mine")
    desk.base.records.delete(client.entity, [client.id])

    page.run("save")

    assert forms(page).form.editors["city"].raw() == "Mine"
    assert forms(page).panel._error.isVisible()


def test_escape_leaves_a_form_whose_record_is_gone(
    page: CardPage, desk: Desk, client: Ref, qapp: QApplication, qtbot: QtBot
) -> None:
    """Nothing was typed: the form goes with its record, and the next Esc closes the card."""
    forms(page).form.focus_first()
    desk.base.records.delete(client.entity, [client.id])
    qtbot.waitUntil(lambda: page._gone is not None and page._gone.isVisible())
    assert page._forms is None

    with qtbot.waitSignal(page.closed):
        qtbot.keyClick(qapp.focusWidget(), Qt.Key.Key_Escape)


def test_what_was_typed_into_a_gone_record_is_given_up_by_escape(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    forms(page).form.editors["city"].set_raw("Mine")
    desk.base.records.delete(client.entity, [client.id])
    assert page._forms is not None

    forms(page).discard()

    qtbot.waitUntil(lambda: page._gone is not None and page._gone.isVisible())
    with qtbot.waitSignal(page.closed):
        qtbot.keyClick(page, Qt.Key.Key_Escape)


def test_previous_and_next_follow_the_list(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    second = desk.make("client", name="Second")
    page = CardPage(
        desk.session, desk.navigator, client,
        neighbour=lambda ref, by: second if ref == client and by == 1 else None,
    )  # fmt: skip
    desk.show(qtbot, page)

    page.next_button.click()

    assert page.header.title.text() == "Second"


def test_the_keyboard_stays_in_the_card_after_saving(
    page: CardPage, desk: Desk, client: Ref
) -> None:
    form = forms(page).form
    form.focus_first()
    form.editors["city"].set_raw("Omsk")

    page.run("save")

    assert desk.values(client)["city"] == "Omsk"
    assert page.tabs.bar.hasFocus()
