"""The administrator's page of accounts: who may sign in, and everything done about it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.models.backend import firebird_accounts, firebird_second
from crm_desktop.services.audit import service as audit
from crm_desktop.services.server import accounts, second_factor
from crm_desktop.services.server.password_rules import (
    FIRST,
    PasswordRules,
    password_rules,
    why_change,
)
from crm_desktop.services.server.sign_in_rules import SignInRules, settle_sign_in, sign_in_rules
from crm_desktop.services.workspace import Workspace
from crm_desktop.settings import Settings
from crm_desktop.ui.accounts.page import AccountsPage
from crm_desktop.ui.navigation import Navigator, Place
from crm_desktop.ui.operations import Operations
from crm_desktop.ui.session import Session
from tests.bases import ready_base
from tests.firebird_server import FirebirdServer
from tests.second_factor import Device
from tests.server_office import Office, new_login, office_on


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[Office]:
    with office_on(firebird, "accounts_page") as made:
        yield made


def page_on(base: Workspace, tmp_path: Path, qtbot: QtBot) -> AccountsPage:
    """The page over an open base; everything at once."""
    session = Session(Settings(tmp_path / "settings.json"), Operations(now=True))
    session.workspace = base
    made = AccountsPage(session, Navigator())
    qtbot.addWidget(made)
    made.resize(1300, 800)
    made.show()
    return made


@pytest.fixture
def page(office: Office, qapp: QApplication, tmp_path: Path, qtbot: QtBot) -> AccountsPage:
    return page_on(office.sign_in(office.boss), tmp_path, qtbot)


@pytest.fixture
def clara(office: Office) -> str:
    """The account of a colleague of this test alone."""
    return office.let_in(f"Clara {secrets.token_hex(4)}")


def go_to(page: AccountsPage, login: str) -> None:
    page.read()
    assert page.seen is not None
    logins = [one.person.login for one in page.seen.entries]
    page.table.go_to(logins.index(login))


def cells(page: AccountsPage) -> list[str]:
    place = page.table.current_row
    return [page.table.cell(place, n).text for n in range(6)]  # type: ignore[union-attr]


def test_the_row_of_an_account_says_who_with_which_roles_and_how(
    page: AccountsPage, office: Office, clara: str
) -> None:
    go_to(page, clara)
    name, login, roles, seen, here, state = cells(page)
    assert name.startswith("Clara") and login == clara
    assert (roles, seen, here, state) == ("Staff", "never", "", "must change the password")

    audit.note(office.sign_in(clara), audit.SIGNED_IN)
    go_to(page, clara)

    assert cells(page)[3] != "never"


def test_an_account_is_blocked_and_let_in_again(
    page: AccountsPage, office: Office, clara: str
) -> None:
    go_to(page, clara)

    page.block.click()
    assert cells(page)[5] == "blocked" and page.block.text() == "Let sign in again"
    with pytest.raises(UserError):
        office.sign_in(clara)
    page.block.click()

    assert office.sign_in(clara).login == clara


def test_a_new_password_is_shown_once_in_the_box_of_the_account(
    page: AccountsPage, office: Office, clara: str
) -> None:
    go_to(page, clara)
    page.table.setFocus()

    box = page.open_account()
    assert box is not None
    box.go.click()

    assert office.sign_in(clara, box.once.text()).login == clara


def test_a_colleague_is_let_in_from_the_page(page: AccountsPage, office: Office) -> None:
    dora = office.colleague(f"Dora {secrets.token_hex(4)}")
    page.read()

    box = page.ask_whom()
    assert box is not None
    box.person.set_value(dora)
    box.go.click()
    (asked,) = [one for one in page.children() if hasattr(one, "let_in") and one is not box]
    login = asked.login.text()
    asked.go.click()
    office.passwords[login] = asked.once.text()
    asked.close_button.click()

    assert office.sign_in(login).user_id == dora


def test_a_strangers_account_is_taken_only_if_it_is_said_to_be_hers(
    page: AccountsPage, office: Office, qtbot: QtBot
) -> None:
    login, emma = new_login(), office.colleague(f"Emma {secrets.token_hex(4)}")
    backend = office.sign_in(office.boss).backend
    firebird_accounts.create(backend, login, "of another base", administrator=False)
    page.let_in(emma, "Emma")
    (asked,) = [one for one in page.children() if hasattr(one, "let_in")]
    asked.login.setText(login)

    asked.go.click()
    assert f"an account {login} already" in asked.field.error()
    qtbot.keyClicks(asked.login, "2")
    assert (asked.field.error(), asked.go.text()) == ("", "Let sign in")
    asked.login.setText(login)
    asked.go.click()
    asked.go.click()

    assert asked.said.text() == "The server knew this account: its password stays."
    assert login in {one.login for one in accounts.people(office.sign_in(office.boss))}


def test_an_account_is_tied_to_another_colleague(
    page: AccountsPage, office: Office, clara: str
) -> None:
    emma = office.colleague(f"Emma {secrets.token_hex(4)}")
    go_to(page, clara)

    box = page.ask_whose()
    assert box is not None
    box.person.set_value(emma)
    box.go.click()

    assert office.sign_in(clara).user_id == emma


def test_another_password_is_asked_for(page: AccountsPage, office: Office, clara: str) -> None:
    accounts.choose_password(office.sign_in(clara), "orange tram under snow")
    go_to(page, clara)
    assert cells(page)[5] == "may sign in"

    page.demand.click()

    assert cells(page)[5] == "must change the password" and not page.demand.isEnabled()
    assert why_change(office.sign_in(clara, "orange tram under snow")) == FIRST


def test_the_rules_of_passwords_are_kept(page: AccountsPage, office: Office) -> None:
    page.rules.least.set_value(12)
    page.rules.days.set_value(180)

    page.rules.keep.click()

    assert password_rules(office.sign_in(office.boss)) == PasswordRules(12, 180)


def test_nobody_gets_two_accounts(office: Office, clara: str) -> None:
    boss = office.sign_in(office.boss)

    with pytest.raises(InvalidInput):
        accounts.tie(boss, clara, boss.user_id or 0)

    assert office.sign_in(clara).user_id != boss.user_id


def test_ones_own_account_is_not_blocked(page: AccountsPage, office: Office) -> None:
    go_to(page, office.boss)

    assert not page.block.isEnabled() and not page.account.isEnabled()
    assert page.block.toolTip() == "Nobody blocks the account that he signed in by"
    assert "Change my password" in page.account.toolTip()
    assert page.rights.isEnabled()


def test_the_rights_of_the_person_in_hand_are_shown(
    page: AccountsPage, office: Office, clara: str
) -> None:
    asked: list[Place] = []
    page._navigator.place_wanted.connect(lambda place, _new: asked.append(place))
    go_to(page, clara)

    page.rights.click()

    assert asked[0].name == "rights"
    assert asked[0].where.value == (office.sign_in(clara).user_id,)  # type: ignore[union-attr]


def test_keys_reach_the_table_and_open_the_account(
    page: AccountsPage, qtbot: QtBot, clara: str
) -> None:
    go_to(page, clara)
    page.take_focus()

    qtbot.keyClick(page.table, Qt.Key.Key_Return)

    boxes = [one for one in page.children() if hasattr(one, "once")]
    assert [one.login.text() for one in boxes] == [clara]


def test_staff_are_told_whose_it_is(
    office: Office, clara: str, qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    page = page_on(office.sign_in(clara), tmp_path, qtbot)

    assert page.none.isVisible() and not page.table.isVisible()


def test_a_local_base_has_no_accounts(
    qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:  # fmt: skip
    base = ready_base(tmp_path / "one.crm")
    try:
        page = page_on(base, tmp_path, qtbot)
        assert page.none.isVisible() and page.seen is None
    finally:
        base.close()


def test_a_locked_account_is_marked_and_unlocked(
    page: AccountsPage, office: Office, clara: str
) -> None:
    boss = office.sign_in(office.boss)
    firebird_second.refused(boss.backend, clara, 10, audit.FAILED)
    go_to(page, clara)
    assert cells(page)[5] == "locked for 15 min"
    assert page.unlock.isVisibleTo(page)

    page.unlock.click()

    go_to(page, clara)
    assert cells(page)[5] != "locked for 15 min"
    assert not page.unlock.isVisibleTo(page)
    assert second_factor.locks(boss) == {}


def test_the_rules_of_signing_in_are_kept(page: AccountsPage, office: Office) -> None:
    page.sign_in.tries.set_value(5)
    page.sign_in.minutes.set_value(0)
    page.sign_in.keep.click()

    boss = office.sign_in(office.boss)
    assert sign_in_rules(boss) == SignInRules(tries=5, minutes=0)
    settle_sign_in(boss, SignInRules())


def test_a_lost_app_is_taken_off(page: AccountsPage, office: Office, clara: str) -> None:
    device, base = Device(), office.sign_in(clara)
    firebird_second.join(base.backend, device.hex, device.code(), "")
    go_to(page, clara)
    assert page.take_off.isVisibleTo(page)

    page.take_off.setFocus()
    page.take_off.click()

    go_to(page, clara)
    assert not page.take_off.isVisibleTo(page)
    assert page.focusWidget() is page.table, "Enter once more would do what stands beside it"
    assert not second_factor.own(base).has
