"""What the tests of the command line share: one call in this process or in one of its own."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.cli.main import run
from tests.bases import ready_base

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Told:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        """The one JSON value on standard output; fails if there is anything else."""
        return json.loads(self.out)


class Cli:
    """Calls commands on one base."""

    def __init__(self, base: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.base = base
        self._capsys = capsys

    def told(self, *arguments: object) -> Told:
        """Runs a command in this process, whatever comes of it."""
        self._capsys.readouterr()
        code = run([str(one) for one in arguments])
        out, err = self._capsys.readouterr()
        return Told(code, out, err)

    def on_base(self, command: str, *arguments: object) -> Told:
        """Runs a command on the base."""
        return self.told(command, "--base", self.base, *arguments)

    def __call__(self, command: str, *arguments: object) -> Any:
        """The JSON value of a command that is done, silently but for its answer."""
        told = self.on_base(command, "--json", *arguments)
        assert (told.code, told.err) == (0, ""), told
        return told.value

    def lines(self, command: str, *arguments: object) -> list[str]:
        """The lines that a person sees of a command that is done."""
        told = self.on_base(command, *arguments)
        assert (told.code, told.err) == (0, ""), told
        return told.out.splitlines()

    def refusal(self, command: str, *arguments: object) -> dict[str, Any]:
        """The JSON value of a command that refuses, with its reason on standard error."""
        return self._refused(1, command, *arguments)

    def misuse(self, command: str, *arguments: object) -> dict[str, Any]:
        """The same of a command that is not written as it has to be."""
        return self._refused(2, command, *arguments)

    def _refused(self, code: int, command: str, *arguments: object) -> dict[str, Any]:
        told = self.on_base(command, "--json", *arguments)
        assert told.code == code, told
        value: dict[str, Any] = told.value
        assert told.err == value["error"] + "\n", told
        return value

    def add(self, entity: str, **values: object) -> int:
        """The number of a new record."""
        pairs = [f"{name}={value}" for name, value in values.items()]
        return int(self("add", entity, *pairs)["id"])


def new_base(base: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    """A new base, in English."""
    ready_base(base, language="en").close()
    return Cli(base, capsys)


@contextmanager
def place_for_base(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """What `base_url` is, for fixtures that live as long as a module: `sqlite` or `firebird`."""
    if request.param == "sqlite":
        yield str(tmp_path_factory.mktemp("shared") / "base.crm")
        return
    server, name = request.getfixturevalue("firebird"), f"shared_{secrets.token_hex(6)}"
    yield server.empty_base(name)
    server.remove(name)


def started(*arguments: object, text: str = "", **environment: str) -> Told:
    """Runs `python -m crm_desktop` as a process of its own."""
    command = [sys.executable, "-m", "crm_desktop", *map(str, arguments)]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    ended = subprocess.run(
        command, env=surroundings, input=text.encode(), capture_output=True, timeout=120
    )
    return Told(ended.returncode, ended.stdout.decode("utf-8"), ended.stderr.decode("utf-8"))
