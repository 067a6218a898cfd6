"""People of a real directory come in by the wizard of the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.models.query import Query
from crm_desktop.ui.import_wizard.state import COLUMNS, FILE, RUN, SHEET, TRIAL
from tests.directory_server import MISSING, PASSWORD, READER, DirectoryServer, directory_server
from tests.gui.import_desk import ImportDesk, desk

__all__ = ["desk"]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DirectoryServer]:
    with directory_server(tmp_path_factory.mktemp("directory")) as made:
        yield made


def test_people_come_in_by_the_wizard(
    desk: ImportDesk, server: DirectoryServer, qtbot: QtBot
) -> None:
    before = desk.base.lists.count(Query("staff"))
    page = desk.begin()
    desk.at(FILE)
    page.view.file.zone.directory.click()
    box = page.directory.box
    assert box is not None
    box.go.click()
    assert box.isVisible() and box.go.isEnabled()  # no address yet

    box.address.setText(server.secure)
    box.name.setText(READER)
    box.go.click()
    desk.wait(lambda: "not trusted" in box.trouble.label.text())
    assert box.focusWidget() is box.authority  # the password field swallowed the file's name
    box.authority.setText(str(server.authority))
    box.password.setText("wrong")
    box.go.click()
    desk.wait(lambda: "password" in box.trouble.label.text())
    box.password.setText(PASSWORD)
    box.go.click()

    desk.at(SHEET).go_on()
    assert page.entity.key == "staff"
    desk.at(COLUMNS).go_on()
    desk.wait(lambda: desk.at(TRIAL).view.trial.outcome is not None)
    page.go_on()
    desk.wait(lambda: not desk.at(RUN).flow.is_busy)
    assert desk.base.lists.count(Query("staff")) == before + 2
    remembered = desk.window.session.settings.path.read_text("utf-8")
    assert PASSWORD not in remembered and "people.ldif" not in remembered
