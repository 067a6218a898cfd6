"""`crm-desktop service` signs in before it installs anything, and says why it will not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm_desktop.cli import service
from crm_desktop.cli.main import run
from crm_desktop.services.server.connection_file import write_connection
from crm_desktop.services.system_service import systemd
from crm_desktop.services.system_service.order import NAME
from crm_desktop.services.system_service.systemd import Systemd
from crm_desktop.services.system_service.unit import SECRET, base_of
from tests.cli_desk import Told
from tests.firebird_server import FirebirdServer
from tests.server_office import Office, office_on

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a matter of systemd")
Call = Callable[..., Told]
_TOOLS = ("systemctl", "useradd", "id", "install", "runuser")


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[Office]:
    with office_on(firebird, "service") as made:
        yield made


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What stands for `/`; the tools of the system do nothing there."""
    root, tools = tmp_path / "root", tmp_path / "tools"
    tools.mkdir()
    for name in _TOOLS:
        (tools / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tools), prepend=os.pathsep)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(systemd, "parts_of_program", lambda: [Path("/usr/bin/python3")])
    monkeypatch.setattr(service, "manager", lambda: Systemd(root))
    return root


@pytest.fixture
def call(root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Runs `crm-desktop service` in English."""

    def called(*words: object, password: str = "") -> Told:
        monkeypatch.setenv("CRM_DESKTOP_PASSWORD", password)
        code = run(["service", *map(str, words), "--language", "en"])
        out, err = capsys.readouterr()
        return Told(code, out, err)

    return called


def unit(root: Path) -> Path:
    return root / f"etc/systemd/system/{NAME}.service"


def test_a_connection_file_is_enough_to_install_it(
    call: Call, office: Office, root: Path, tmp_path: Path
) -> None:
    file = tmp_path / "office.crmconn"
    write_connection(file, office.place)
    password = office.passwords[office.boss]

    done = call("install", "--base", file, "--login", office.boss, "--backup-to",
                tmp_path / "copies", "--json", password=password)  # fmt: skip

    assert (done.code, done.err) == (0, ""), done
    assert done.value["name"] == NAME and len(done.value["done"]) >= 4
    assert base_of(unit(root).read_text(encoding="utf-8")) == office.place.address(office.boss)
    kept = root / SECRET.relative_to("/")
    assert kept.read_text(encoding="utf-8") == password + "\n"
    told = call("status", "--json").value
    assert told["installed"] and told["base"] == office.place.address(office.boss)
    assert call("remove").code == 0
    assert not call("status", "--json").value["installed"] and not kept.exists()


@pytest.mark.parametrize("spoilt", ["password", "base", "server"])
def test_what_could_not_sign_in_is_not_installed(
    call: Call, office: Office, root: Path, spoilt: str
) -> None:
    address, password = office.place.address(office.boss), office.passwords[office.boss]
    if spoilt == "base":
        address = address.replace(".fdb", "_of_nobody.fdb")
    if spoilt == "server":
        address = address.replace(f":{office.place.port}/", ":1/")

    told = call("install", "--base", address,
                password="wrong" if spoilt == "password" else password)  # fmt: skip

    assert told.code == 1 and len(told.err) > 20, told
    assert not root.exists()


def test_copies_need_an_administrators_account(
    call: Call, office: Office, root: Path, tmp_path: Path
) -> None:
    login = office.let_in("Petr Plain", own=True)
    address, password = office.place.address(login), office.passwords[login]

    told = call("install", "--base", address, "--backup-to", tmp_path / "c", password=password)

    assert told.code == 1 and "--backup-to" in told.err
    assert not root.exists()
    assert call("install", "--base", address, password=password).code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--base", "clients.crm"], "Only a base on a server"),
        ([], "Only a base on a server"),
        (["--base", "office.crmconn"], "--login"),
        (["--base", "none.crmconn", "--login", "anna"], "none.crmconn"),
        (["--base", "firebird+fdb://anna@server/office"], "CRM_DESKTOP_PASSWORD"),
        (["--base", "firebird+fdb://anna:secret@server/office"], "CRM_DESKTOP_PASSWORD"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(call: Call, root: Path, words: list[str], said: str) -> None:
    told = call("install", *words)

    assert told.code == 1 and said in told.err, told
    assert not root.exists()


def test_only_the_administrator_of_the_computer_is_asked_for_a_password(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert "sudo" in call("install", "--base", "firebird+fdb://anna@server/office").err
    assert "sudo" in call("remove").err
    assert call("status").code == 0
