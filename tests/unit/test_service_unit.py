"""The service on Debian: its unit, the files it lays down, what it refuses, what it takes away.

The tools of the system (systemctl, useradd ...) are scripts that note how they were called; the
files are real ones below a folder that stands for `/`.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from datetime import time
from pathlib import Path

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.services.system_service import systemd, unit
from crm_desktop.services.system_service.order import NAME, Order, ServiceRefused
from crm_desktop.services.system_service.systemd import Systemd
from crm_desktop.services.system_service.unit import UnitFacts, base_of, unit_text

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a matter of systemd")
ADDRESS = "firebird+fdb://anna%20s@server:3050/office"
_TOOLS = ("systemctl", "useradd", "id", "install", "runuser")
_NOTES = '#!/bin/sh\necho "$(basename "$0") $*" >> "{log}"\n'


class System:
    """A computer in a folder: `called` are the calls of its tools."""

    def __init__(self, folder: Path) -> None:
        self.root, self.tools = folder / "root", folder / "tools"
        self.log = folder / "log"
        for made in (self.root, self.tools):
            made.mkdir()
        self.log.touch()
        for name in _TOOLS:
            self.tool(name)

    def tool(self, name: str, more: str = "") -> None:
        """Puts a tool there; `more`: what it does besides noting the call."""
        path = self.tools / name
        path.write_text(_NOTES.format(log=self.log) + more + "\n", encoding="utf-8")
        path.chmod(0o755)

    def boots_by_systemd(self) -> None:
        """As sd_booted(3) asks."""
        (self.root / "run/systemd/system").mkdir(parents=True)

    @property
    def called(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines()

    @property
    def keeper(self) -> Systemd:
        return Systemd(self.root)

    @property
    def unit(self) -> Path:
        return self.root / f"etc/systemd/system/{NAME}.service"

    @property
    def secret(self) -> Path:
        return self.root / "etc/crm-desktop/serve.password"


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    """An administrator at a computer whose program everybody may read."""
    made = System(tmp_path)
    monkeypatch.setenv("PATH", str(made.tools), prepend=os.pathsep)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(systemd, "parts_of_program", lambda: [Path("/usr/bin/python3")])
    return made


def test_it_is_installed_with_a_password_that_nobody_else_reads(system: System) -> None:
    system.boots_by_systemd()

    done = system.keeper.install(Order(ADDRESS, "en"), "öffne $dich")

    assert system.secret.read_text(encoding="utf-8") == "öffne $dich\n"
    assert stat.S_IMODE(system.secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(system.secret.parent.stat().st_mode) == 0o700
    assert "öffne" not in system.unit.read_text(encoding="utf-8")
    assert not [call for call in system.called if "öffne" in call]
    assert [call for call in system.called if call.startswith("systemctl")] == [
        f"systemctl enable {NAME}", "systemctl daemon-reload", f"systemctl start {NAME}",
    ]  # fmt: skip
    assert any("journalctl" in line for line in done)


def test_where_systemd_does_not_run_it_starts_with_the_machine(system: System) -> None:
    done = system.keeper.install(Order(ADDRESS, "en"), "secret")

    assert f"systemctl enable {NAME}" in system.called
    assert f"systemctl start {NAME}" not in system.called
    assert "starts with the machine" in done[-1]
    assert system.keeper.standing().state == ""


def test_it_gets_an_account_and_a_folder_of_its_own(system: System, tmp_path: Path) -> None:
    system.tool("id", "exit 1")

    system.keeper.install(Order(ADDRESS, "en", copies=tmp_path / "copies"), "secret")

    (made,) = (call for call in system.called if call.startswith("useradd"))
    assert "--system" in made and "nologin" in made and made.endswith(unit.USER)
    assert f"install -d -m 700 -o {unit.USER} -g {unit.USER} {tmp_path / 'copies'}" in system.called


def test_a_folder_that_it_cannot_write_is_named(system: System, tmp_path: Path) -> None:
    system.tool("runuser", "exit 1")

    done = system.keeper.install(Order(ADDRESS, "en", folders=(tmp_path,)), "secret")

    assert [line for line in done if line.startswith("!") and str(tmp_path) in line]
    assert f"ReadWritePaths={tmp_path}" in system.unit.read_text(encoding="utf-8")


def test_a_second_one_is_refused_and_the_first_stays(system: System) -> None:
    system.keeper.install(Order(ADDRESS, "en"), "secret")
    before = system.unit.read_bytes()

    with pytest.raises(ServiceRefused, match="already"):
        system.keeper.install(Order("firebird+fdb://other@server/x", "en"), "secret")

    assert system.unit.read_bytes() == before


def test_what_fails_half_way_leaves_nothing(system: System) -> None:
    system.boots_by_systemd()
    system.tool("systemctl", '[ "$1" != start ] || { echo "no such binary" >&2; exit 1; }')

    with pytest.raises(ServiceRefused, match="no such binary"):
        system.keeper.install(Order(ADDRESS, "en"), "secret")

    assert not system.unit.exists() and not system.secret.exists()
    assert f"systemctl disable {NAME}" in system.called


def test_it_is_taken_away_with_its_password(system: System) -> None:
    system.boots_by_systemd()
    system.keeper.install(Order(ADDRESS, "en"), "secret")

    system.keeper.remove()

    assert f"systemctl disable --now {NAME}" in system.called
    assert not system.unit.exists() and not system.secret.parent.exists()
    assert not system.keeper.standing().installed
    with pytest.raises(ServiceRefused, match="not installed"):
        system.keeper.remove()


def test_it_says_how_it_stands(system: System) -> None:
    system.boots_by_systemd()
    system.tool(
        "systemctl", 'case "$1" in is-enabled) echo enabled;; is-active) echo failed;; esac'
    )
    system.keeper.install(Order(ADDRESS, "en"), "secret")

    found = system.keeper.standing()

    assert (found.state, found.by_itself, found.base) == ("failed", True, ADDRESS)


def test_only_an_administrator_installs(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    for act in (system.keeper.check, system.keeper.remove):
        with pytest.raises(ServiceRefused, match="sudo"):
            act()


def test_without_systemd_it_is_said_what_to_do(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    (system.tools / "systemctl").unlink()
    monkeypatch.setenv("PATH", str(system.tools))
    monkeypatch.setattr(systemd, "_SYSTEM_TOOLS", ())

    with pytest.raises(ServiceRefused, match="no systemd"):
        system.keeper.check()


def test_a_program_in_a_closed_folder_is_refused(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(systemd, "parts_of_program", lambda: [closed / "bin/python"])
    (closed / "bin").mkdir()

    with pytest.raises(ServiceRefused, match="/opt"):
        system.keeper.install(Order(ADDRESS, "en"), "secret")

    assert not system.unit.exists() and not system.secret.exists()


def test_a_password_of_two_lines_is_refused(system: System) -> None:
    with pytest.raises(InvalidInput):
        system.keeper.install(Order(ADDRESS, "en"), "one\nUser=root")

    assert not system.secret.exists()


def _facts(*words: str, read: str = "/opt/crm/start", written: tuple[Path, ...] = ()) -> UnitFacts:
    return UnitFacts(["/opt/crm/python", *words], [Path(read)], written, {})


@pytest.mark.parametrize(
    "address",
    [
        ADDRESS, "firebird+fdb://a@h/C:\\CRM\\of fice.fdb", 'firebird+fdb://a@h/o"x$y%z',
        "firebird+fdb://аня@сервер/база",
    ],
)  # fmt: skip
def test_an_address_of_any_signs_comes_through(address: str) -> None:
    text = unit_text(_facts("serve", "--base", address, "--keep", "14"))

    assert base_of(text) == address
    assert text.count("ExecStart=") == 1


def test_a_unit_written_by_hand_names_no_base() -> None:
    assert base_of('ExecStart=/opt/x "serve --base') == ""
    assert base_of("[Unit]\n") == ""


def test_homes_are_closed_unless_the_program_lies_in_one() -> None:
    assert "ProtectHome=yes" in unit_text(_facts("serve"))
    assert "ProtectHome=read-only" in unit_text(_facts("serve", read="/home/anna/crm/start"))
    assert "ProtectHome=read-only" in unit_text(_facts("serve", written=(Path("/home/in"),)))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_systemd_itself_understands_the_unit_and_finds_it_closed(tmp_path: Path) -> None:
    file = tmp_path / f"{NAME}.service"
    order = Order('firebird+fdb://a%20b@h/o "x" $y', "en", copies=Path("/var/backups/o f"))
    words = [sys.executable, "-P", "-m", "crm_desktop", "serve", *order.words]
    facts = UnitFacts(words, [Path(sys.executable)], order.written, {"A": "b c"})
    file.write_text(unit_text(facts), encoding="utf-8")

    verified = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", file],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=25", file],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert (verified.returncode, verified.stderr) == (0, "")
    assert judged.returncode == 0, judged.stdout[-300:]


def test_the_words_of_the_order_are_what_serve_understands() -> None:
    from crm_desktop.cli.parser import build_parser

    order = Order(ADDRESS, "ru", Path("/c"), time(4, 30), 7)
    given = build_parser().parse_args(["serve", *order.words])

    assert (given.base, given.language, given.backup_to) == (ADDRESS, "ru", "/c")
    assert (given.backup_at, given.keep) == (time(4, 30), 7)
