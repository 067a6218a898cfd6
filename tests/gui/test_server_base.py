"""A base on a server by an address typed in the window; its password in the safe place, or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

from crm_desktop import settings as s
from crm_desktop.services.os_integration.passwords import can_keep, forget, keep, with_password
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.sign_in.box import SignInBox
from crm_desktop.ui.sign_in.desk import SignInDesk
from crm_desktop.ui.welcome.page import OPEN, WelcomePage
from tests.bases import ready_base
from tests.gui.office_desk import Office, office

__all__ = ["office"]


class Vault(KeyringBackend):
    """A safe place as the system's own, in memory."""

    priority = 5.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture(params=[Vault])
def vault(request: pytest.FixtureRequest) -> Iterator[KeyringBackend]:
    before = keyring.get_keyring()
    made: KeyringBackend = request.param()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def server_base(firebird_url: str) -> str:
    ready_base(firebird_url, language="en").close()
    return firebird_url


def _type(page: WelcomePage, address: str, password: str | None = None) -> None:
    parts = urlsplit(address)
    page.choose(OPEN)
    page.open_form.server.setText(f"{parts.hostname}:{parts.port}{parts.path}")
    page.open_form.user.setText(parts.username or "")
    page.open_form.password.setText(parts.password or "" if password is None else password)


def test_a_ticked_password_is_kept_by_the_system_and_by_no_file(
    office: Office, vault: Vault, server_base: str, own_home: Path
) -> None:
    office.start()
    page = office.page(WelcomePage)
    _type(page, server_base)
    office.wait(page.open_form.remember.isVisible)
    page.open_form.remember.setChecked(True)

    page.open_form.submit()

    office.page(RecordListPage)
    office.wait(lambda: bool(vault.kept))
    assert office.program is not None
    office.program.window.leave()  # places and the person are kept by address
    office.program.session.work_as(office.program.session.base.user_id)
    password = urlsplit(server_base).password or "?"
    assert list(vault.kept.values()) == [password]
    files = [path for path in own_home.rglob("*") if path.is_file()]
    assert files and not any(password.encode() in path.read_bytes() for path in files)
    (recent,) = office.settings.get(s.RECENT_BASES)
    assert with_password(recent) == server_base


def test_an_unticked_password_is_asked_for_again(
    office: Office, vault: Vault, server_base: str
) -> None:
    office.settings.put(s.RECENT_BASES, [s.without_password(server_base)])
    office.start()
    page = office.page(WelcomePage)
    office.wait(lambda: bool(page.recent.rows))

    page.recent.rows[0].click()

    office.wait(page.error.isVisible)
    parts = urlsplit(server_base)
    assert page.open_form.isVisible()
    assert page.open_form.server.text() == f"{parts.hostname}:{parts.port}{parts.path}"
    assert page.open_form.user.text() == parts.username
    page.open_form.password.setText(parts.password or "")
    page.open_form.submit()
    office.page(RecordListPage)
    assert vault.kept == {}


def test_a_kept_password_opens_a_recent_base(
    office: Office, vault: Vault, server_base: str
) -> None:
    assert keep(server_base)
    office.settings.put(s.LAST_BASE, s.without_password(server_base))

    program = office.start()

    office.page(RecordListPage)
    assert program.session.whole_address == server_base
    assert program.session.address == s.without_password(server_base)
    forget(server_base)
    assert vault.kept == {}


@pytest.mark.parametrize("vault", [fail.Keyring], indirect=True)
def test_without_a_safe_place_it_is_said(office: Office, vault: KeyringBackend) -> None:
    office.start()
    page = office.page(WelcomePage)

    page.choose(OPEN)

    office.wait(page.open_form._no_place.isVisible)
    assert not page.open_form.remember.isVisible()
    assert not can_keep() and not keep("firebird+fdb://u:p@h/x")
    assert with_password("firebird+fdb://u@h/x") == "firebird+fdb://u@h/x"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "wrong"}, "password"),
        ({"host": "no-such-host.invalid"}, "no computer no-such-host.invalid"),
        ({"port": 1}, "No Firebird server runs"),
        ({"base": "missing"}, "missing"),
    ],
)
def test_each_mistake_has_its_own_sentence(
    office: Office, vault: Vault, server_base: str, wrong: dict[str, object], said: str
) -> None:
    parts = urlsplit(server_base)
    office.start()
    page = office.page(WelcomePage)
    _type(page, server_base, str(wrong.get("password", parts.password)))
    host, port = wrong.get("host", parts.hostname), wrong.get("port", parts.port)
    page.open_form.server.setText(f"{host}:{port}{parts.path}{wrong.get('base', '')}")

    page.open_form.submit()

    office.wait(page.error.isVisible)
    assert said in page.error.label.text()
    assert page.open_form.password.text() != ""


def test_the_last_base_on_a_server_asks_for_its_password_alone(
    office: Office, vault: Vault, server_base: str
) -> None:
    office.settings.put(s.LAST_BASE, s.without_password(server_base))
    program = office.start_unseen()
    problem = program.window.starting.problem
    office.wait(problem.isVisible)

    assert problem.state.primary_button.text() == "Enter the password"
    problem.state.primary_button.click()

    desk = program.window.findChild(SignInDesk)
    assert desk is not None
    office.wait(lambda: isinstance(desk.box, SignInBox))
    assert isinstance(desk.box, SignInBox)
    assert desk.box.login.text() == urlsplit(server_base).username
    desk.box.password.setText(urlsplit(server_base).password or "")
    desk.box.submit()
    office.page(RecordListPage)
