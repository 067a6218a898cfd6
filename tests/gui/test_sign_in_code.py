"""The code of an app in the sign-in box, setting an app up there, and one's own second factor."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crm_desktop import settings as s
from crm_desktop.models.backend import firebird_second
from crm_desktop.services.os_integration.passwords import keep
from crm_desktop.services.server import accounts, second_factor
from crm_desktop.services.server.connection_file import write_connection
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.sign_in.box import SignInBox
from crm_desktop.ui.sign_in.second_factor import SecondFactorBox
from crm_desktop.ui.welcome.page import WelcomePage
from crm_desktop.ui.widgets.toasts import Toast
from tests.firebird_server import FirebirdServer
from tests.gui.office_desk import Office, office, small_base
from tests.gui.test_server_base import Vault, vault
from tests.gui.test_sign_in import box_of, desk, sign_in
from tests.second_factor import Device
from tests.server_office import Office as Shared
from tests.server_office import office_on

__all__ = ["office", "small_base", "vault"]


@pytest.fixture(scope="module")
def shared(firebird: FirebirdServer) -> Iterator[Shared]:
    with office_on(firebird, "sign_in") as made:
        yield made


@pytest.fixture
def vera(shared: Shared) -> str:
    """A colleague with a password of her own."""
    login = shared.let_in(f"Vera {secrets.token_hex(4)}")
    with closing(shared.sign_in(login)) as base:
        accounts.choose_password(base, "her own password")
    shared.passwords[login] = "her own password"
    return login


@pytest.fixture
def device(shared: Shared, vera: str) -> Device:
    """Her app, and recovery codes that she has."""
    made = Device()
    with closing(shared.sign_in(vera)) as base:
        firebird_second.join(base.backend, made.hex, made.code(-1), "")
        second_factor.new_codes(base)
    return made


@pytest.fixture
def file(shared: Shared, tmp_path: Path) -> Path:
    path = tmp_path / "office.crmconn"
    write_connection(path, replace(shared.place, name="Daisy Ltd"))
    return path


def password_given(office: Office, file: Path, shared: Shared, login: str) -> SignInBox:
    """The box after the password was taken and a code is asked for."""
    box = sign_in(office, file)
    box.login.setText(login)
    box.password.setText(shared.passwords[login])
    box.submit()
    office.wait(lambda: box.code.isVisible() and box.code.isEnabled())
    return box


def test_the_box_asks_for_the_code_in_place(
    office: Office, vault: Vault, shared: Shared, vera: str, device: Device, file: Path
) -> None:
    box = password_given(office, file, shared, vera)
    assert desk(office).box is box and box.code.code.hasFocus()
    assert "telephone" in box.boxes["code"].editor.accessibleDescription()

    box.submit()
    assert box.boxes["code"].error()
    box.code.code.setText(device.wrong())
    box.submit()
    office.wait(lambda: "not right" in box.boxes["code"].error())
    assert office.program is not None
    start = office.page(WelcomePage)  # behind the box: who gives up there sees no code
    assert "secret" not in start.open_form.server.text() + office.program.session.failed_address
    box.code.code.setText(device.code())
    box.submit()

    office.page(RecordListPage)
    assert office.program.session.base.login == vera
    assert "secret" not in office.program.session.address
    assert "secret_pass" in office.program.session.whole_address


def test_a_kept_password_still_needs_a_code(
    office: Office, vault: Vault, shared: Shared, vera: str, device: Device
) -> None:
    """The last base at the start: the password is known, the box asks for the code alone."""
    keep(shared.of(vera))
    office.start_unseen(s.without_password(shared.of(vera)))
    box = box_of(office, SignInBox)
    assert isinstance(box, SignInBox)
    assert box.login.text() == vera and box.login.isReadOnly()
    assert not box.boxes["password"].isVisible()

    box.code.code.setText(device.code())
    box.submit()

    office.page(RecordListPage)


def test_without_the_telephone_a_recovery_code_opens_the_base(
    office: Office, vault: Vault, shared: Shared, vera: str, file: Path
) -> None:
    app = Device()
    with closing(shared.sign_in(vera)) as base:
        firebird_second.join(base.backend, app.hex, app.code(-1), "")
        codes = second_factor.new_codes(base)
    box = password_given(office, file, shared, vera)
    assert "recovery codes" in box.boxes["code"].editor.accessibleDescription()

    box.code.code.setText(codes[3].upper())
    box.submit()

    office.page(RecordListPage)
    assert office.program is not None
    view = office.program.window.view
    office.wait(lambda: any("9 are left" in one.text for one in view.findChildren(Toast)))
    with closing(shared.sign_in(shared.boss)) as boss:
        assert second_factor.states(boss)[vera].codes == second_factor.COUNT - 1


def test_who_must_have_an_app_sets_it_up_in_the_box(
    office: Office, vault: Vault, shared: Shared, vera: str, file: Path
) -> None:
    with closing(shared.sign_in(shared.boss)) as boss:
        second_factor.demand(boss, vera, second_factor.DEMANDED)
    box = password_given(office, file, shared, vera)
    office.wait(lambda: box.code.secret is not None)
    assert box.code.secret is not None
    device = Device(bytes.fromhex(box.code.secret.hex))
    assert box.code.typed.text() == box.code.secret.typed

    box.code.code.setText(device.code())
    box.submit()

    office.page(RecordListPage)
    made = box_of(office, SecondFactorBox)
    assert isinstance(made, SecondFactorBox)
    made.go.click()
    office.wait(lambda: made.codes.isVisible())
    told = [*made.codes.text().split(), *made.other_codes.text().split()]
    assert len(set(told)) == second_factor.COUNT


def test_a_locked_account_is_told_for_how_long(
    office: Office, vault: Vault, shared: Shared, vera: str, file: Path
) -> None:
    with closing(shared.sign_in(shared.boss)) as boss:
        firebird_second.refused(boss.backend, vera, 10, "failed")
    box = sign_in(office, file)
    box.login.setText(vera)
    box.password.setText(shared.passwords[vera])

    box.submit()

    office.wait(lambda: box.trouble.isVisible())
    assert "15 more minutes" in box.trouble.label.text()


def test_somebody_turns_the_second_factor_on_and_off(
    office: Office, vault: Vault, shared: Shared, vera: str, file: Path
) -> None:
    box = sign_in(office, file)
    box.login.setText(vera)
    box.password.setText(shared.passwords[vera])
    box.submit()
    office.page(RecordListPage)
    desk(office).second_factor()
    made = box_of(office, SecondFactorBox)
    assert isinstance(made, SecondFactorBox)
    assert made.part.secret is not None
    device = Device(bytes.fromhex(made.part.secret.hex))

    made.part.code.setText("12")
    made.go.click()
    office.wait(lambda: bool(made.part.box.error()))
    picture = made.part._picture
    office.wait(lambda: picture.visibleRegion().boundingRect() == picture.rect())  # to be scanned
    made.part.code.setText(device.code())
    made.go.click()
    office.wait(lambda: made.codes.isVisible())
    made.reject()
    desk(office).second_factor()
    again = box_of(office, SecondFactorBox)
    assert isinstance(again, SecondFactorBox)
    again.part.code.setText(device.code(1))
    again.off.click()

    office.wait(lambda: desk(office).box is None)
    with closing(shared.sign_in(vera)) as base:
        assert not second_factor.own(base).has
