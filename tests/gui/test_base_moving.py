"""The open base is moved to a server and home again, from the window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crm_desktop.services.workspace import open_base
from crm_desktop.ui.base_moving.box import MoveBox
from crm_desktop.ui.base_moving.desk import MovingDesk
from tests.bases import ready_base
from tests.firebird_server import FirebirdServer
from tests.gui.office_desk import Office, office, small_base
from tests.server_office import drop_accounts, new_login

__all__ = ["office", "small_base"]


@pytest.fixture
def server(firebird: FirebirdServer) -> Iterator[str]:
    """The address of a base that is not there yet."""
    name = f"window_{new_login()}"
    yield firebird.url(name)
    firebird.remove(name)


@pytest.fixture
def clients(small_base: Path) -> Path:
    with closing(open_base(small_base)) as base:
        base.records.create("client", {"name": "Daisy"})
    return small_base


def asked(office: Office) -> MoveBox:
    assert office.program is not None
    desk = office.program.window.findChild(MovingDesk)
    assert isinstance(desk, MovingDesk)
    office.wait(lambda: desk.box is None)
    desk.move()
    office.wait(lambda: desk.box is not None)
    assert desk.box is not None
    return desk.box


def fill(box: MoveBox, address: str, person: str) -> None:
    parts = urlsplit(address)
    box.place.setText(f"{parts.hostname}:{parts.port}{parts.path}")
    box.user.setText(str(parts.username))
    box.password.setText(str(parts.password))
    box.person.setText(person)


def test_a_local_base_goes_to_a_server_and_is_opened_there(
    office: Office, clients: Path, server: str
) -> None:
    office.start(clients)
    box = asked(office)
    person = f"Olga {new_login()}"
    fill(box, server, person)

    box.submit()
    assert not box.go.isEnabled()
    office.wait(lambda: box.moved is not None)
    moved = box.moved
    assert moved is not None
    told = box.said.text()
    assert all(part in told for part in (moved.login, moved.password, moved.checksum))
    assert ("Clients", 1) in moved.counts and "Clients: 1" in told
    box.submit()

    program = office.program
    assert program is not None
    office.wait(lambda: program.session.workspace is not None and program.session.base.login != "")
    base = program.session.base
    assert base.login == moved.login and base.administers
    assert [hit.title for hit in base.search.find("daisy", None, 5)] == ["Daisy"]
    drop_accounts(server, [moved.login])


def test_what_is_missing_or_refused_stands_under_its_field(office: Office, clients: Path) -> None:
    office.start(clients)
    box = asked(office)
    fill(box, "firebird://boss:wrong@127.0.0.1:1/none", "")

    box.submit()
    assert box.boxes["administrator"].error()
    box.person.setText("Olga")
    box.submit()

    office.wait(lambda: box.go.isEnabled())
    assert box.trouble.isVisibleTo(box) or any(field.error() for field in box.boxes.values())
    assert not box.boxes["administrator"].error() and box.moved is None


def test_a_move_that_was_stopped_goes_on(office: Office, clients: Path, server: str) -> None:
    office.start(clients)
    box = asked(office)
    fill(box, server, "Olga")
    box.submit()
    box.leave.click()
    office.wait(lambda: box.go.isEnabled())
    assert box.moved is None and "Stopped" in box.said.text()
    box.reject()
    box = asked(office)
    assert "broken off" in box.said.text() and not box.password.text()
    assert box.person.text() == "Olga" and box.place.text().endswith(urlsplit(server).path)

    box.password.setText(str(urlsplit(server).password))
    box.submit()
    office.wait(lambda: box.moved is not None)

    assert box.moved is not None
    drop_accounts(server, [box.moved.login])


def test_a_base_on_a_server_comes_home_into_a_file(
    office: Office, firebird_url: str, tmp_path: Path
) -> None:
    with closing(ready_base(firebird_url)) as base:
        base.records.create("client", {"name": "Aster"})
    office.start(firebird_url)
    box, home = asked(office), tmp_path / "home.crm"
    box.submit()
    assert box.boxes["file"].error()
    box.file.setText(str(home))

    box.submit()
    office.wait(lambda: box.moved is not None)
    box.submit()

    program = office.program
    assert program is not None
    office.wait(lambda: program.session.workspace is not None and program.session.base.login == "")
    assert [hit.title for hit in program.session.base.search.find("aster", None, 5)] == ["Aster"]
