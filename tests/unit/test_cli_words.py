"""Which arguments are a command, and what the help of the commands says."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

import pytest

from crm_desktop import i18n
from crm_desktop.__main__ import is_command
from crm_desktop.cli.main import run
from crm_desktop.cli.parser import build_parser

COMMANDS = (
    "new import export find list show add set delete operations undo history objects object check "
    "move field file validate"
).split()
CYRILLIC = re.compile("[\u0400-\u04ff]")


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


def commands_of(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                yield from commands_of(one)


@pytest.fixture(params=["ru", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.set_language(request.param)
    yield request.param
    i18n.set_language("en")


def test_every_argument_is_explained_in_both_languages(language: str) -> None:
    unsaid = []
    for parser in commands_of(build_parser()):
        said = {action.dest: action.help for action in parser._actions
                if not isinstance(action, argparse._SubParsersAction)}  # fmt: skip
        said["(the command)"] = parser.description
        unsaid += [f"{parser.prog} {name}" for name, text in said.items()
                   if not text or (text[0] != "." and CYRILLIC.search(text) is None
                                   and language == "ru" and text != argparse.SUPPRESS)]  # fmt: skip

    assert unsaid == []


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_holds_no_english_lines_in_russian(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    words = ["--language", "ru", *([command] if command else []), "--help"]

    text = helped(capsys, *words)
    i18n.set_language("en")

    assert text.startswith("вызов: crm-desktop")
    assert "Код завершения: 0" in text
    english = re.compile(r"(?<!-)\b(the|of|or|not|usage|options|optional|arguments)\b(?!:)")
    lines = [re.sub(r'"[^"]*"', "", line) for line in text.splitlines() if "op: eq" not in line]
    assert [line for line in lines if english.search(line) and "{" not in line] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [("list", "не хватает: OBJECT"), ("show client x", "«x» — не номер записи"),
     ("import a.csv --into client --on-match maybe", "можно: 'skip', 'update', 'create'")],
)  # fmt: skip
def test_mistakes_are_told_in_russian_on_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: str, said: str
) -> None:
    monkeypatch.setenv("CRM_DESKTOP_LANGUAGE", "ru")

    assert run(words.split()) == 2

    i18n.set_language("en")
    out, err = capsys.readouterr()
    assert out == ""
    assert "вызов: crm-desktop" in err and "ошибка: " in err and said in err


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert helped(capsys, "--version").startswith("crm-desktop 0.")
