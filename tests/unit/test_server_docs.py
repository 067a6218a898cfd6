"""What docs/server.md tells an administrator to type exists, and the files it names are whole."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from crm_desktop.cli.parser import build_parser

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/server.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    (?:sudo )?\./start (.+)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_page_is_understood(line: str) -> None:
    given = build_parser().parse_args(shlex.split(line))

    assert given.command in (
        "check",
        "licence",
        "move",
        "register",
        "serve",
        "server",
        "service",
        "user",
    )


def test_the_page_shows_commands() -> None:
    assert len(COMMANDS) >= 7


def test_every_file_that_the_page_names_is_there() -> None:
    linked = re.findall(r"\]\((?!http)([^)#]+)", PAGE)

    assert linked and [name for name in linked if not (ROOT / "docs" / name).is_file()] == []


def test_whatever_is_restored_gets_a_whole_path() -> None:
    """Under a bare name that is no alias Firebird puts it where the next restart takes it away."""
    made = re.findall(r"gbak -c .*?\s\w+:(\S+)|action_nrest dbname (\S+)", PAGE)

    assert len(made) == 2 and all("".join(one).startswith("/") for one in made)


def test_the_line_of_debian_that_shuts_the_network_out_goes_before_ours_is_added() -> None:
    """Of two lines of a name the server takes the first."""
    gone, added = (
        PAGE.index("sed -i '/^RemoteBindAddress/d'"),
        PAGE.index("    RemoteBindAddress ="),
    )

    assert gone < added
