"""A base on a server that is older than the program: its administrator is asked, a proved copy is
made first; staff and commands are told what to do. With real processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crm_desktop.errors import BaseTooNew, BaseTooOld, FileProblem, UpgradeOffered
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.schema import SCHEMA_VERSION
from crm_desktop.services.audit import service as audit
from crm_desktop.services.audit.service import Wanted
from crm_desktop.services.base_tables import FINISHED
from crm_desktop.services.os_integration.passwords import PASSWORD_VARIABLE
from crm_desktop.services.server.connection_file import write_connection
from crm_desktop.services.server.upgrade import COPIES, upgrade_base
from crm_desktop.services.workspace import open_base
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.runtime.guests import CatalogueWatch
from crm_desktop.ui.sign_in.box import SignInBox
from crm_desktop.ui.sign_in.desk import SignInDesk
from crm_desktop.ui.upgrading import UpgradeDesk
from tests.cli_desk import Cli, started
from tests.firebird_server import FirebirdServer
from tests.gui.office_desk import Office, office
from tests.server_office import Office as Shared
from tests.server_office import office_on

__all__ = ["office"]
OLDER = SCHEMA_VERSION - 1


@pytest.fixture
def shared(firebird: FirebirdServer) -> Iterator[Shared]:
    """An office with one client, whose base says that it is of the version before."""
    with office_on(firebird, "older") as made:
        base = made.sign_in(made.boss)
        base.records.create("client", {"name": "Rose"})
        made.let_in("Anna")
        base.set_info(FINISHED, "")
        set_version(made, OLDER)
        yield made
        set_version(made, SCHEMA_VERSION)


def set_version(shared: Shared, version: int) -> None:
    with closing(open_backend(shared.address)) as backend, backend.write() as connection:
        backend.set_version(connection, version)


def version_of(shared: Shared) -> int:
    with closing(open_backend(shared.address)) as backend:
        return backend.version


def anna(shared: Shared) -> str:
    return next(login for login in shared.passwords if login != shared.boss)


def test_staff_are_told_and_change_nothing(shared: Shared, tmp_path: Path) -> None:
    address = shared.of(anna(shared))

    with pytest.raises(BaseTooOld, match="administrator"):
        open_base(address, upgrades=False)
    with pytest.raises(BaseTooOld, match="administrator"):
        upgrade_base(address, tmp_path)

    assert version_of(shared) == OLDER and list(tmp_path.iterdir()) == []


def test_commands_upgrade_nothing_by_the_way(
    shared: Shared, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    address, secret = shared.place.address(shared.boss), shared.passwords[shared.boss]
    monkeypatch.setenv(PASSWORD_VARIABLE, secret)
    cli = Cli(address, capsys)
    upgrade = ("server", "upgrade", address, "--copy-to", str(tmp_path), "--json")

    for told in (cli.on_base("list", "client"), started("serve", "--once", "--base", address)):
        assert told.code == 1 and "server upgrade" in told.err
    assert version_of(shared) == OLDER

    told = started(*upgrade)

    assert told.code == 0 and told.value["upgraded"], told
    assert version_of(shared) == SCHEMA_VERSION
    copy = Path(told.value["copy"])
    assert copy.parent == tmp_path and f"version {OLDER}" in copy.name and copy.stat().st_size
    assert [row["name"] for row in cli("list", "client")["rows"]] == ["Rose"]
    boss = shared.sign_in(shared.boss)
    assert audit.last(boss, 1, Wanted(what=audit.BACKUP))[0].detail == copy.name
    assert cli.told(*upgrade).value == {"upgraded": False, "copy": None}


def test_without_a_copy_nothing_is_upgraded(shared: Shared, tmp_path: Path) -> None:
    (tmp_path / "copies").write_text("in the way")

    with pytest.raises(FileProblem):
        upgrade_base(shared.of(shared.boss), tmp_path / "copies")

    assert version_of(shared) == OLDER
    with pytest.raises(UpgradeOffered):
        open_base(shared.of(shared.boss), upgrades=False)


def test_the_window_asks_the_administrator(office: Office, shared: Shared) -> None:
    program = office.start_unseen(shared.of(shared.boss))
    desk = program.window.findChild(UpgradeDesk)
    assert isinstance(desk, UpgradeDesk)
    office.wait(lambda: desk.box is not None)
    assert version_of(shared) == OLDER

    assert desk.box is not None
    desk.box.reject()
    office.wait(lambda: desk.box is None)
    assert version_of(shared) == OLDER and program.session.workspace is None
    program.session.open(shared.of(shared.boss))
    office.wait(lambda: desk.box is not None)
    desk.box.done(1)

    page = office.page(RecordListPage)
    office.wait(lambda: page.view.model.cell(0, 0) is not None)
    assert version_of(shared) == SCHEMA_VERSION
    copies = list((office.settings.path.parent / COPIES).glob("*.fbk"))
    assert len(copies) == 1 and f"version {OLDER}" in copies[0].name


def test_whoever_signs_in_by_a_connection_file_sees_how_it_is_upgraded(
    office: Office, shared: Shared, tmp_path: Path
) -> None:
    """And cannot sign in once more meanwhile."""
    file, said, ready = tmp_path / "office.crmconn", list[str](), list[bool]()
    write_connection(file, shared.place)
    program = office.start_unseen(file)
    found = program.window.findChild(SignInDesk), program.window.findChild(UpgradeDesk)
    signing, desk = found
    assert isinstance(signing, SignInDesk) and isinstance(desk, UpgradeDesk)
    office.wait(lambda: isinstance(signing.box, SignInBox))
    box = signing.box
    assert isinstance(box, SignInBox)
    box.login.setText(shared.boss)
    box.password.setText(shared.passwords[shared.boss])
    box.submit()
    office.wait(lambda: desk.box is not None)
    program.session.upgrading.connect(lambda _state: said.append(box.news.text()))
    program.session.upgrading.connect(lambda _state: ready.append(box.go.isEnabled()))

    assert desk.box is not None
    desk.box.done(1)

    office.page(RecordListPage)
    assert said and all("is brought to this version" in text for text in said)
    assert not any(ready)


def test_a_window_leaves_a_base_that_a_newer_program_upgraded(
    office: Office, shared: Shared
) -> None:
    set_version(shared, SCHEMA_VERSION)
    program = office.start(shared.of(shared.boss))
    office.page(RecordListPage)
    errors: list[object] = []
    program.session.failed.connect(errors.append)
    set_version(shared, SCHEMA_VERSION + 1)
    watch = CatalogueWatch(program.session, program.window, every_ms=10)

    program.session.opened.emit()
    office.wait(lambda: bool(errors))

    assert isinstance(errors[0], BaseTooNew) and program.session.workspace is None
    assert "newer version" in errors[0].message
    watch.deleteLater()
