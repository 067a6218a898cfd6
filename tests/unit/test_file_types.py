"""A double click on a base or a connection file: what the desktop is told, and that it hears it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from crm_desktop.cli.main import run
from crm_desktop.services.os_integration import file_types
from crm_desktop.services.os_integration.file_types import (
    ENTRY,
    TYPES,
    desktop_entry,
    mime_xml,
    windows_command,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a matter of Linux desktops")
needs_types = pytest.mark.skipif(
    shutil.which("update-mime-database") is None or shutil.which("xdg-mime") is None,
    reason="no shared-mime-info or xdg-utils here",
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person with nothing of his own."""
    for name, folder in (("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config")):
        (tmp_path / folder).mkdir()
        monkeypatch.setenv(name, str(tmp_path / folder))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def entry(text: str) -> ConfigParser:
    found = ConfigParser(interpolation=None)
    found.optionxform = str  # type: ignore[assignment, method-assign]
    found.read_string(text)
    return found


def asked(*words: str) -> str:
    return subprocess.run(
        ["xdg-mime", "query", *words], capture_output=True, text=True, timeout=60
    ).stdout.strip()


@needs_types
def test_the_desktop_knows_the_files_and_opens_them_by_the_program(home: Path) -> None:
    assert run(["register", "--language", "en"]) == 0

    for one in TYPES:
        file = home / f"office{one.ending}"
        file.write_bytes(b"{}")
        assert asked("filetype", str(file)) == one.mime
        assert asked("default", one.mime) == ENTRY


@needs_types
def test_it_can_be_taken_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["register", "--language", "en"]) == 0
    assert run(["register", "--remove", "--language", "en"]) == 0
    assert "does not open" in capsys.readouterr().out
    file = home / "office.crmconn"
    file.write_bytes(b"{}")

    assert asked("filetype", str(file)) != TYPES[1].mime
    assert not (home / "data/applications" / ENTRY).exists()
    assert run(["register", "--remove", "--language", "en"]) == 0
    assert "Nothing" in capsys.readouterr().out


def test_a_computer_without_types_says_what_to_install(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(home))

    assert run(["register", "--language", "en"]) == 1

    assert "shared-mime-info" in capsys.readouterr().err


def test_the_entry_starts_this_program_with_the_file() -> None:
    found = entry(desktop_entry())["Desktop Entry"]

    assert shlex.split(found["Exec"]) == [sys.executable, "-P", "-m", "crm_desktop", "%F"]
    assert found["MimeType"].strip(";").split(";") == [one.mime for one in TYPES]


@pytest.mark.parametrize("folder", ["my crm", 'a"b', "a$b`c", "back\\slash", "50%", "папка"])
def test_a_path_of_any_signs_stays_one_word(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    python = f"/home/anna/{folder}/python"
    monkeypatch.setattr(file_types.sys, "executable", python)

    raw = entry(desktop_entry())["Desktop Entry"]["Exec"].replace("\\\\", "\\")

    assert shlex.split(raw)[0].replace("\\$", "$").replace("\\`", "`").replace("%%", "%") == python


def test_the_types_are_whole_and_in_both_languages() -> None:
    kinds = Xml.fromstring(mime_xml().encode())

    assert [kind.attrib["type"] for kind in kinds] == [one.mime for one in TYPES]
    for kind, one in zip(kinds, TYPES, strict=True):
        english, russian, glob = kind
        assert english.text == one.title and any("а" <= sign <= "я" for sign in str(russian.text))
        assert glob.attrib["pattern"] == f"*{one.ending}"


def test_windows_starts_it_with_the_file_as_one_word() -> None:
    assert windows_command() == f'"{sys.executable}" -P -m crm_desktop "%1"'
