"""A connection file, a name and a password: into the base, or a sentence under the right field."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from crm_desktop import settings as s
from crm_desktop.models.backend.firebird_seats import SEATS
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.os_integration.passwords import keep
from crm_desktop.services.server import accounts
from crm_desktop.services.server.connection_file import read_connection, write_connection
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.sign_in.box import SignInBox
from crm_desktop.ui.sign_in.desk import SignInDesk
from crm_desktop.ui.sign_in.let_in import LetInBox
from crm_desktop.ui.sign_in.own_password import OwnPasswordBox
from crm_desktop.ui.welcome.page import WelcomePage
from tests.firebird_server import FirebirdServer
from tests.gui.office_desk import Office, office, small_base
from tests.gui.test_server_base import Vault, vault
from tests.server_office import Office as Shared
from tests.server_office import new_login, office_on

__all__ = ["office", "small_base", "vault"]


@pytest.fixture(scope="module")
def shared(firebird: FirebirdServer) -> Iterator[Shared]:
    """An office whose people are those of all tests here."""
    with office_on(firebird, "sign_in") as made:
        yield made


@pytest.fixture(scope="module")
def anna(shared: Shared) -> str:
    """A colleague who has chosen a password."""
    login = shared.let_in("Anna Seller")
    accounts.choose_password(shared.sign_in(login), "her own password")
    shared.passwords[login] = "her own password"
    return login


@pytest.fixture
def file(shared: Shared, tmp_path: Path) -> Path:
    path = tmp_path / "office.crmconn"
    write_connection(path, replace(shared.place, name="Daisy Ltd"))
    return path


def desk(office: Office) -> SignInDesk:
    assert office.program is not None
    found = office.program.window.findChild(SignInDesk)
    assert isinstance(found, SignInDesk)
    return found


def box_of(office: Office, kind: type) -> object:
    office.wait(lambda: isinstance(desk(office).box, kind))
    return desk(office).box


def sign_in(office: Office, file: Path) -> SignInBox:
    office.start_unseen(file)
    box = box_of(office, SignInBox)
    assert isinstance(box, SignInBox)
    return box


def test_a_connection_file_leads_into_the_base(
    office: Office, vault: Vault, shared: Shared, anna: str, file: Path
) -> None:
    box = sign_in(office, file)
    assert "Daisy Ltd" in box.windowTitle() and not box.login.text()
    box.login.setText(anna)
    box.password.setText(shared.passwords[anna])

    box.submit()

    office.page(RecordListPage)
    assert office.program is not None
    base = office.program.session.base
    assert (base.login, base.is_known, base.administers) == (anna, True, False)
    assert vault.kept == {}
    office.wait(lambda: desk(office).box is None)


def test_a_base_that_was_open_is_asked_for_by_the_name_of_its_office(
    office: Office, vault: Vault, shared: Shared, anna: str, file: Path
) -> None:
    named = "Lily of the Valley"
    shared.sign_in(shared.boss).set_info("company", named)
    box = sign_in(office, file)
    box.login.setText(anna)
    box.password.setText(shared.passwords[anna])
    box.submit()
    office.page(RecordListPage)
    program = office.program
    assert program is not None
    address = program.session.address
    assert named in program.window.view.windowTitle()
    assert named in program.window.view.navigation._base.toolTip()
    program.session.close()

    program.session.sign_in_wanted.emit(address)

    again = box_of(office, SignInBox)
    assert isinstance(again, SignInBox) and named in again.windowTitle()


def test_what_is_wrong_is_said_in_the_box_alone(
    office: Office, vault: Vault, anna: str, file: Path
) -> None:
    box = sign_in(office, file)
    start = office.page(WelcomePage)
    box.login.setText(anna)
    box.password.setText("not the right one")

    box.submit()

    office.wait(lambda: bool(box.boxes["password"].error()))
    assert not start.error.isVisibleTo(start) and not start.open_form.isVisibleTo(start)
    assert box.password.selectedText()


def test_a_mistake_of_the_program_gives_the_box_back(
    office: Office, vault: Vault, shared: Shared, anna: str, file: Path, own_home: Path
) -> None:
    """It stayed at “Signing in…” for ever."""
    owner = shared.owner()
    owner.backend.run_ddl([
        "CREATE OR ALTER PROCEDURE seat_day RETURNS (today DATE, login VARCHAR(63),"
        " is_admin SMALLINT) AS BEGIN END"
    ])  # fmt: skip
    box = sign_in(office, file)
    box.login.setText(anna)
    box.password.setText(shared.passwords[anna])
    box.submit()

    office.wait(lambda: box.trouble.isVisibleTo(box))

    assert str(own_home / "crashes") in box.trouble.label.text()
    assert box.go.isEnabled() and box.go.text() == "Sign in"
    office.crashed.clear()
    owner.backend.run_ddl(SEATS)
    box.submit()
    office.page(RecordListPage)


def test_a_ticked_password_opens_the_file_without_a_question(
    office: Office, vault: Vault, shared: Shared, anna: str, file: Path
) -> None:
    box = sign_in(office, file)
    box.login.setText(anna)
    box.password.setText(shared.passwords[anna])
    box.remember.setChecked(True)
    box.submit()
    office.page(RecordListPage)
    office.wait(lambda: list(vault.kept.values()) == [shared.passwords[anna]])
    program = office.program
    assert program is not None
    program.session.close()

    program.take_files([str(file)])

    office.wait(lambda: program.session.workspace is not None)
    assert program.session.base.login == anna and desk(office).box is None


def test_a_kept_password_that_is_no_longer_right_is_asked_for(
    office: Office, vault: Vault, shared: Shared, anna: str, file: Path
) -> None:
    stale = shared.of(anna, "the one of before")
    assert keep(stale)
    office.settings.put(s.RECENT_BASES, [s.without_password(stale)])
    program = office.start_unseen(file)
    problem = program.window.starting.problem
    office.wait(problem.isVisible)

    assert problem.state.primary_button.text() == "Enter the password"
    problem.state.primary_button.click()
    box = box_of(office, SignInBox)
    assert isinstance(box, SignInBox) and box.login.text() == anna
    box.password.setText(shared.passwords[anna])
    box.submit()

    office.page(RecordListPage)
    assert program.session.base.login == anna


def test_a_server_that_is_away_is_tried_again_with_the_kept_password(
    office: Office, vault: Vault, shared: Shared, anna: str, tmp_path: Path
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = int(unused.getsockname()[1])
    away = shared.of(anna, port=closed)
    assert keep(away)
    office.settings.put(s.LAST_BASE, s.without_password(away))

    problem = office.start_unseen().window.starting.problem

    office.wait(problem.isVisible)
    assert problem.state.primary_button.text() == "Try again"


@pytest.mark.parametrize(
    ("login", "password", "field", "said"),
    [
        ("", "x", "user", "Type your name"),
        (None, "", "password", "Type your password"),
        (None, "wrong password", "password", "does not accept"),
        ("nobody_here", "x", "password", "does not accept"),
    ],
)
def test_what_is_wrong_stands_under_its_field(
    office: Office, vault: Vault, anna: str, file: Path,
    login: str | None, password: str, field: str, said: str,
) -> None:  # fmt: skip
    box = sign_in(office, file)
    box.login.setText(anna if login is None else login)
    box.password.setText(password)

    box.submit()

    office.wait(lambda: said in box.boxes[field].error())
    assert box.go.isEnabled() and not box.trouble.isVisible()
    layout = box.layout()
    assert layout is not None
    office.wait(lambda: box.height() >= layout.totalHeightForWidth(box.width()))


def test_a_server_that_is_away_is_said_above_the_fields(
    office: Office, vault: Vault, anna: str, shared: Shared, tmp_path: Path
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = int(unused.getsockname()[1])
    file = tmp_path / "away.crmconn"
    write_connection(file, replace(shared.place, port=closed))
    box = sign_in(office, file)
    box.login.setText(anna)
    box.password.setText("any password")

    box.submit()

    office.wait(box.trouble.isVisible)
    assert "No Firebird server runs" in box.trouble.label.text()


def test_a_damaged_file_is_said_and_the_program_stays(
    office: Office, vault: Vault, tmp_path: Path
) -> None:
    file = tmp_path / "odd.crmconn"
    file.write_text("{}", encoding="utf-8")
    program = office.start_unseen(file)

    office.wait(program.window.starting.problem.isVisible)

    assert program.window.starting.problem.state.secondary_button.isVisible()


def test_a_first_password_is_asked_to_be_changed(
    office: Office, vault: Vault, shared: Shared
) -> None:
    login = shared.let_in("Boris New")
    office.start(shared.of(login))
    box = box_of(office, OwnPasswordBox)
    assert isinstance(box, OwnPasswordBox)

    box.type_in("one of his own", "another one")
    box.submit()
    assert "not the same" in box.fields["again"].error()
    box.type_in("one of his own", "one of his own")
    box.submit()

    office.wait(lambda: desk(office).box is None)
    assert not accounts.has_first_password(shared.sign_in(login, "one of his own"))


def test_who_does_not_change_a_first_password_leaves_the_base(
    office: Office, vault: Vault, shared: Shared
) -> None:
    program = office.start(shared.of(shared.let_in("Dora New")))
    box = box_of(office, OwnPasswordBox)
    assert isinstance(box, OwnPasswordBox)
    assert box.leave.text() == "Leave the base"
    desk(office).own_password()  # what else is asked for waits behind it
    assert desk(office).box is box

    box.reject()

    assert office.page(WelcomePage).isVisible()
    assert program.session.workspace is None


def test_ones_own_password_is_changed_without_need(
    office: Office, vault: Vault, shared: Shared, anna: str
) -> None:
    program = office.start(shared.of(anna))
    office.page(RecordListPage)
    program.window.actions.run("own-password")
    box = box_of(office, OwnPasswordBox)
    assert isinstance(box, OwnPasswordBox) and not box.forced

    box.type_in("password1", "password1")
    box.submit()
    office.wait(lambda: "common" in box.fields["password"].error())
    box.reject()

    assert program.session.base.login == anna


def test_the_administrator_lets_a_colleague_in_from_the_card(
    office: Office, vault: Vault, shared: Shared
) -> None:
    clara = shared.colleague("Clara Later")
    accounts.choose_password(shared.sign_in(shared.boss), "green hat on a pole")
    shared.passwords[shared.boss] = "green hat on a pole"
    program = office.start(shared.of(shared.boss))
    program.navigator.open_record(Ref("staff", clara))
    login = new_login()
    office.wait(lambda: program.window.actions.get("let-in").enabled())

    program.window.actions.run("let-in")

    box = box_of(office, LetInBox)
    assert isinstance(box, LetInBox) and box.login.text() == "clara_l"
    box.login.setText(login)
    box.go.click()
    office.wait(box.once.isVisible)
    shared.passwords[login] = box.once.text()
    assert shared.sign_in(login).user_id == clara


def test_an_ordinary_colleague_is_offered_no_accounts(
    office: Office, vault: Vault, shared: Shared, anna: str
) -> None:
    program = office.start(shared.of(anna))
    office.page(RecordListPage)
    program.navigator.open_record(Ref("staff", program.session.base.user_id or 0))

    office.wait(lambda: program.window.actions.get("own-password").enabled())
    assert not program.window.actions.get("let-in").enabled()


def test_a_connection_file_is_written_from_the_window(
    office: Office, vault: Vault, shared: Shared, anna: str, tmp_path: Path
) -> None:
    office.start(shared.of(anna))
    office.page(RecordListPage)
    target = tmp_path / "new.crmconn"

    box = desk(office).save_file()
    assert isinstance(box, QFileDialog)
    box.fileSelected.emit(str(target))
    box.reject()

    office.wait(target.exists)
    office.wait(lambda: target.stat().st_size > 0)
    assert read_connection(target).base == shared.place.base
    assert anna not in target.read_text(encoding="utf-8")


def test_a_local_base_knows_no_accounts(office: Office, small_base: Path) -> None:
    program = office.start(small_base)

    for action in ("let-in", "own-password", "connection-file"):
        assert not program.window.actions.get(action).enabled()


def test_a_cancelled_sign_in_leaves_the_first_page(
    office: Office, vault: Vault, file: Path
) -> None:
    box = sign_in(office, file)

    box.leave.click()

    assert office.page(WelcomePage).isVisible()
    assert office.settings.get(s.RECENT_BASES) == []
