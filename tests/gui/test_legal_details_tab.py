"""Legal details on a card: read, copied, chosen for printing, filled in from the directory."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.legal_details.tab import BlocksTab
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.child_dialog import ChildDialog
from crm_desktop.ui.record_card.form_controller import FormController
from crm_desktop.ui.search.results import Question, list_group
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]

TAB = "legal_details.owner"
ACCOUNT, SECOND = "40702810938000000001", "40702810238000000002"


def bank(desk: Desk) -> None:
    desk.make("bank", name="Sberbank", bik="044525225", correspondent="30101810400000000225")


def details(desk: Desk, client: Ref, **values: Any) -> Ref:
    return desk.make("legal_details", owner=client, **values)


def opened(desk: Desk, qtbot: QtBot, client: Ref) -> BlocksTab:
    page = CardPage(desk.session, desk.navigator, client, parts=CARD_PARTS)
    desk.show(qtbot, page, 1000, 800)
    qtbot.waitUntil(lambda: page.controller.contents is not None)
    tab = page.tabs.open_tab(TAB)
    assert isinstance(tab, BlocksTab)
    return tab


def dialog(qtbot: QtBot) -> ChildDialog:
    def shown() -> list[ChildDialog]:
        tops = QApplication.topLevelWidgets()
        return [w for w in tops if isinstance(w, ChildDialog) and w.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()))
    return shown()[-1]


def typed(forms: FormController, key: str, text: str) -> None:
    """Typed by a person over what stood in the field."""
    line = forms.form.editors[key].findChild(QLineEdit)
    assert line is not None
    line.selectAll()
    QTest.keyClicks(line, text)


def test_each_set_is_a_block_with_its_accounts(desk: Desk, qtbot: QtBot, client: Ref) -> None:
    bank(desk)
    first = details(desk, client, inn="7707083893", kpp="773601001")
    details(desk, client, short_name="Second")
    desk.make("bank_account", details=first.id, bik="044525225", account=ACCOUNT)

    tab = opened(desk, qtbot, client)

    assert [view.block.title("en") for view in tab.views] == ["Vector Ltd", "Second"]
    assert [view.block.is_main for view in tab.views] == [True, False]
    bar = tab.window().tabs.bar  # type: ignore[attr-defined]
    assert [one.key for one in bar._tabs].count(TAB) == 1


def test_a_block_is_copied_as_lines_of_a_letter(desk: Desk, qtbot: QtBot, client: Ref) -> None:
    bank(desk)
    first = details(desk, client, inn="7707083893", note="for us alone")
    desk.make("bank_account", details=first.id, bik="044525225", account=ACCOUNT)
    tab = opened(desk, qtbot, client)

    tab.views[0].copy_button.click()

    assert QGuiApplication.clipboard().text().splitlines() == [
        "Vector Ltd", "INN: 7707083893", "", f"Account number: {ACCOUNT}", "BIK: 044525225",
        "Bank: Sberbank", "Correspondent account: 30101810400000000225", "Currency: RUB",
    ]  # fmt: skip


def test_another_set_is_chosen_for_printing(desk: Desk, qtbot: QtBot, client: Ref) -> None:
    details(desk, client, short_name="First")
    second = details(desk, client, short_name="Second")
    tab = opened(desk, qtbot, client)

    tab.choose(tab.blocks[1])

    qtbot.waitUntil(lambda: tab.blocks[0].id == second.id)
    assert desk.values(second)["for_printing"]


def test_the_first_set_begins_with_what_is_known(desk: Desk, qtbot: QtBot) -> None:
    owner = desk.make("client", name="Ель", tax_id="500100732259", kind="sole_trader")
    tab = opened(desk, qtbot, owner)
    tab.add()
    form = dialog(qtbot).forms

    stands = form.form.typed()
    assert (stands["preset"], stands["inn"], stands["short_name"]) == (
        "ru_sole_trader", "500100732259", "Ель",
    )  # fmt: skip
    form.save()

    qtbot.waitUntil(lambda: len(tab.blocks) == 1)
    assert tab.blocks[0].values["inn"] == "500100732259"


def test_only_the_fields_of_the_kind_are_asked_for(desk: Desk, qtbot: QtBot, client: Ref) -> None:
    tab = opened(desk, qtbot, client)
    tab.add()
    form = dialog(qtbot).forms.form

    seen = {key for key, box in form.boxes.items() if box.isVisible()}
    assert {"inn", "kpp", "director"} <= seen and not {"passport", "tax_id"} & seen
    form.prefill({"preset": "foreign"}, {})

    seen = {key for key, box in form.boxes.items() if box.isVisible()}
    assert {"tax_id", "country", "director"} <= seen and not {"inn", "kpp", "snils"} & seen


def test_a_typed_bik_fills_in_the_bank(desk: Desk, qtbot: QtBot, client: Ref) -> None:
    bank(desk)
    details(desk, client, inn="7707083893")
    tab = opened(desk, qtbot, client)
    tab.add_child(desk.base.catalogue.children(tab.link.entity)[0], tab.blocks[0])
    forms = dialog(qtbot).forms

    typed(forms, "bik", "044525225")
    qtbot.waitUntil(lambda: forms.form.typed()["bank_name"] == "Sberbank")
    forms.form.prefill({"account": "40702810838000000001"}, {})
    forms.save()
    assert "key" in forms.form.boxes["account"].error()
    forms.form.prefill({"account": ACCOUNT}, {})
    forms.save()

    qtbot.waitUntil(lambda: bool(tab.blocks[0].children[0][1]))
    made = tab.blocks[0].children[0][1][0]
    assert (made.values["account"], made.values["correspondent"]) == (
        ACCOUNT, "30101810400000000225",
    )  # fmt: skip


def test_an_unknown_bik_is_said_so_and_forgets_the_bank(
    desk: Desk, qtbot: QtBot, client: Ref
) -> None:
    bank(desk)
    details(desk, client, inn="7707083893")
    tab = opened(desk, qtbot, client)
    tab.add_child(desk.base.catalogue.children(tab.link.entity)[0], tab.blocks[0])
    forms = dialog(qtbot).forms
    typed(forms, "bik", "044525225")
    qtbot.waitUntil(lambda: forms.form.typed()["bank_name"] == "Sberbank")

    typed(forms, "bik", "044525974")

    qtbot.waitUntil(lambda: forms.form.typed()["bank_name"] is None)
    assert "is not in the directory" in forms.strips["directory"]._text.text()


def test_a_client_without_details_says_what_will_stand_here(
    desk: Desk, qtbot: QtBot, client: Ref
) -> None:
    tab = opened(desk, qtbot, client)

    assert tab.views == [] and tab._none.isVisible()


def test_the_directory_of_banks_is_found_by_its_name(desk: Desk) -> None:
    found = list_group(desk.base.catalogue, Question.of("ban"))

    assert [item.key for item in found.items] == ["list:bank"]


def test_a_wrong_number_is_told_when_its_field_is_left(
    desk: Desk, qtbot: QtBot, client: Ref
) -> None:
    tab = opened(desk, qtbot, client)
    tab.add()
    window = dialog(qtbot)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    form = window.forms.form

    for number, word in (("7707083894", "mistyped"), ("7707 083 893", "")):
        form.focus("inn")
        typed(window.forms, "inn", number)
        form.focus("kpp")
        assert word in form.boxes["inn"].error()

    assert form.boxes["inn"].error() == ""


def test_the_key_of_an_account_is_told_when_its_field_is_left(
    desk: Desk, qtbot: QtBot, client: Ref
) -> None:
    details(desk, client, inn="7707083893")
    tab = opened(desk, qtbot, client)
    tab.add_child(desk.base.catalogue.children(tab.link.entity)[0], tab.blocks[0])
    window = dialog(qtbot)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    form, account = window.forms.form, window.forms.form.boxes["account"]

    def left(key: str, text: str) -> None:
        form.focus(key)
        typed(window.forms, key, text)
        form.focus("swift" if key == "iban" else "iban")

    left("account", "40702810838000000001")
    assert account.error() == ""  # without a BIK there is nothing to check it by
    left("bik", "044525225")
    assert "key" in account.error()
    left("account", ACCOUNT)
    assert account.error() == ""


def test_addresses_are_blocks_too(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    line = "12 Station Road, Omsk"
    desk.make("postal_address", owner=client, kind="delivery", line=line, note="Ring twice")
    page = CardPage(desk.session, desk.navigator, client, parts=CARD_PARTS)
    desk.show(qtbot, page, 1000, 800)
    qtbot.waitUntil(lambda: page.controller.contents is not None)
    tab = page.tabs.open_tab("postal_address.owner")
    assert isinstance(tab, BlocksTab)
    tab.views[0].copy_button.click()
    assert line in QGuiApplication.clipboard().text()
