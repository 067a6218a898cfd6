"""`crm-desktop user totp|unlock|sign-in`, and `--code` of every command."""

from __future__ import annotations

import argparse
import io
import re
import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crm_desktop.cli.parser import build_parser
from crm_desktop.cli.secret_words import CODE_VARIABLE
from crm_desktop.models.backend import firebird_second
from crm_desktop.services.audit import service as audit
from crm_desktop.services.os_integration.passwords import PASSWORD_VARIABLE
from crm_desktop.services.server.sign_in_rules import SignInRules, settle_sign_in
from crm_desktop.settings import without_password
from tests.cli_desk import Cli
from tests.firebird_server import FirebirdServer
from tests.second_factor import Device
from tests.server_office import Office, office_on


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[Office]:
    with office_on(firebird, "cli_second") as made:
        yield made


@pytest.fixture
def person(office: Office) -> str:
    return office.let_in(f"Vera {secrets.token_hex(4)}", own=True)


@pytest.fixture
def cli(office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Commands of the administrator."""
    return by(office, office.boss, capsys, monkeypatch)


def by(
    office: Office, login: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Cli:  # fmt: skip
    """Commands of that account, whose password is in the environment."""
    monkeypatch.setenv(PASSWORD_VARIABLE, office.passwords[login])
    return Cli(without_password(office.of(login)), capsys)


@pytest.fixture
def device(office: Office, person: str) -> Device:
    made = Device()
    with closing(office.sign_in(person)) as base:
        firebird_second.join(base.backend, made.hex, made.code(-1), "")
    return made


def test_a_command_shows_a_code(
    office: Office, person: str, device: Device, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    mine = by(office, person, capsys, monkeypatch)

    told = mine.told("objects", "--base", mine.base, "--json")
    assert (told.code, told.value["field"]) == (1, "code")
    assert mine.told("objects", "--base", mine.base, "--code", device.code()).code == 0
    monkeypatch.setenv(CODE_VARIABLE, device.code(1))
    assert mine.told("objects", "--base", mine.base).code == 0


def test_every_command_that_opens_a_base_takes_a_code() -> None:
    """`new` makes one, in which nobody has an app yet; nobody sits at a service."""
    without = [
        " ".join(words) for words, parser in _commands(build_parser())
        if {"--base", "--password-stdin"} & set(parser._option_string_actions)
        and "--code" not in parser._option_string_actions and words[0] != "service"
    ]  # fmt: skip
    assert without == []
    assert "--code" in dict(_commands(build_parser()))[("move",)]._option_string_actions


def _commands(
    parser: argparse.ArgumentParser, said: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, made in action.choices.items():
                yield (*said, name), made
                yield from _commands(made, (*said, name))


def test_a_base_is_moved_and_its_licence_shown_by_a_code(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    other = office.let_in(f"Anton {secrets.token_hex(4)}", administrator=True, own=True)
    made, target = Device(), tmp_path / "office.crm"
    with closing(office.sign_in(other)) as base:
        firebird_second.join(base.backend, made.hex, made.code(-1), "")
    his = by(office, other, capsys, monkeypatch)

    refused = his.told("move", his.base, str(target), "--json")
    assert (refused.code, refused.value["field"]) == (1, "code")
    assert his.told("move", his.base, str(target), "--code", made.code()).code == 0
    assert target.exists()
    shown = his.told("licence", "show", "--base", his.base, "--code", made.code(1))
    assert shown.code == 0


class Telephone(io.StringIO):
    """Standard input of somebody who reads the secret off the terminal."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__()
        self._capsys, self.device = capsys, Device()

    def readline(self, _size: int | None = -1) -> str:
        import base64

        said = self._capsys.readouterr().err
        found = re.search(r"type: ([A-Z2-7 ]+)", said)
        if found is not None:
            self.device = Device(base64.b32decode(found[1].replace(" ", "")))
        return self.device.code(0 if found is not None else 1) + "\n"


def test_somebody_sets_an_app_up_and_takes_it_off(
    office: Office, person: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    mine, telephone = by(office, person, capsys, monkeypatch), Telephone(capsys)
    monkeypatch.setattr("sys.stdin", telephone)

    made = mine.told("user", "totp", "on", "--base", mine.base, "--json").value

    assert len(made["recovery"]) == 10
    first = made["recovery"][0]
    shown = mine.told("objects", "--base", mine.base, "--code", first)
    assert shown.code == 0 and "9 are left" in shown.err
    second = made["recovery"][1]
    assert mine.told("user", "totp", "off", "--base", mine.base, "--code", second).code == 0
    assert mine.told("objects", "--base", mine.base).code == 0


def test_the_administrator_demands_frees_and_takes_off(
    office: Office, cli: Cli, person: str, device: Device
) -> None:
    assert cli.told("user", "totp", "reset", person, "--base", cli.base).code == 0
    assert cli.told("user", "totp", "on", person, "--base", cli.base).code == 0
    with closing(office.sign_in(office.boss)) as boss:
        assert firebird_second.states(boss.backend)[person] == (False, 1, 0)
        assert cli.told("user", "totp", "off", person, "--base", cli.base).code == 0
        assert firebird_second.states(boss.backend)[person].wanted == -1
        assert cli.told("user", "totp", "rule", person, "--base", cli.base).code == 0
        assert firebird_second.states(boss.backend)[person].wanted == 0


def test_rules_and_unlocking(office: Office, cli: Cli, person: str) -> None:
    words = ("--tries", "4", "--within", "20", "--minutes", "30", "--second", "head")
    told = cli.told("user", "sign-in", *words, "--base", cli.base, "--json").value
    assert (told["tries"], told["within"]) == (4, 20)
    assert len(told["second"]) == 1
    with closing(office.sign_in(office.boss)) as boss:
        firebird_second.refused(boss.backend, person, 4, audit.FAILED)
        rows = cli.told("user", "list", "--base", cli.base, "--json").value["rows"]
        assert [row["login"] for row in rows if row["locked"]] == [person]
        assert cli.told("user", "unlock", person, "--base", cli.base).code == 0
        assert firebird_second.locks(boss.backend) == {}
        settle_sign_in(boss, SignInRules())


def test_a_colleague_settles_nothing(
    office: Office, person: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    mine = by(office, person, capsys, monkeypatch)

    for words in (("unlock", person), ("totp", "reset", person), ("sign-in", "--tries", "0")):
        assert mine.told("user", *words, "--base", mine.base).code == 1
