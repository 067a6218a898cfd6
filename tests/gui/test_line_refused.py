"""The strip of a window that the server lets in no more: it says so, and leads back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.models.backend import firebird_accounts
from crm_desktop.services.server import accounts
from crm_desktop.ui.main_window.line_strip import LineStrip
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.sign_in.box import SignInBox
from crm_desktop.ui.sign_in.desk import SignInDesk
from crm_desktop.ui.sign_in.own_password import OwnPasswordBox
from crm_desktop.ui.welcome.page import WelcomePage
from tests.firebird_server import FirebirdServer
from tests.gui.office_desk import Office, office
from tests.server_office import Office as Shared
from tests.server_office import office_on

__all__ = ["office"]


@pytest.fixture(scope="module")
def shared(firebird: FirebirdServer) -> Iterator[Shared]:
    with office_on(firebird, "refused_line") as made:
        yield made


def test_another_password_is_told_and_leads_to_signing_in(office: Office, shared: Shared) -> None:
    login, boss = shared.let_in("Vera"), shared.sign_in(shared.boss)
    accounts.choose_password(shared.sign_in(login), "her own password")
    shared.passwords[login] = "her own password"
    program = office.start(shared.of(login))
    office.page(RecordListPage)
    strip = program.window.findChild(LineStrip) or program.window.view.findChild(LineStrip)
    assert isinstance(strip, LineStrip)

    given = accounts.new_password(boss, login)
    firebird_accounts.end_lines(boss.backend, login)
    program.session.line.doubt()

    office.wait(lambda: not strip.isHidden() and "does not accept" in strip.label.text())
    assert "draft" in strip.label.text()
    assert strip.button.text() == "Sign in again"
    strip.button.click()
    desk = program.window.findChild(SignInDesk)
    assert isinstance(desk, SignInDesk)
    office.wait(lambda: isinstance(desk.box, SignInBox))
    box = desk.box
    assert isinstance(box, SignInBox)
    assert box.login.text() == login and not box.password.text()
    box.password.setText(given)
    box.submit()
    office.wait(lambda: isinstance(desk.box, OwnPasswordBox))
    assert desk.box is not None
    desk.box.reject()
    office.page(WelcomePage)
