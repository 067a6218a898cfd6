"""Which arguments are a command, and what the help of the commands says."""

from __future__ import annotations

import pytest

from crm_desktop.__main__ import is_command
from crm_desktop.cli.main import run

COMMANDS = (
    "new import export find list show add set delete operations undo history objects object check "
    "move field validate"
).split()


@pytest.mark.parametrize(
    "words",
    ["list client", "--base a.crm list client", "--base=a.crm --json find x", "--help", "-h",
     "--version", "--language ru --json objects"],
)  # fmt: skip
def test_these_are_commands(words: str) -> None:
    assert is_command(words.split())


@pytest.mark.parametrize(
    "words",
    ["", "--demo", "a.crm", "clients.xlsx", "folder/a.crm", "firebird+fdb://u:p@host//a.fdb",
     "--base a.crm", "--base list", "--theme dark", "--screenshots out", "--language ru"],
)  # fmt: skip
def test_these_open_the_window(words: str) -> None:
    assert not is_command(words.split())


def helped(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(arguments) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_the_help_names_every_command_and_both_kinds_of_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = helped(capsys, "--help")

    assert [name for name in COMMANDS if f"    {name}  " not in text] == []
    for word in ("--where", '"op": "eq"', "last_30_days", "--map", '"on_match"', "--screenshots"):
        assert word in text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], command: str) -> None:
    text = helped(capsys, command, "--help")

    assert f"usage: crm-desktop {command}" in text
    assert "--json" in text
    assert "Exit status: 0 done, 1 refused with a reason, 2 wrong usage." in text
    assert ("JSON of --where" in text) is (command in ("list", "export"))
    assert ("JSON of --map" in text) is (command == "import")
    assert "\nCRM_DESKTOP_BASE" in text.replace(" ", "\n") or command in ("new", "move", "validate")


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert helped(capsys, "--version").startswith("crm-desktop 0.")
