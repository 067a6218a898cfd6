"""Whoever reads a command's answer may end early, or may not be there at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crm_desktop.cli import main
from crm_desktop.cli.answer import Answer
from tests.cli_desk import ROOT, Cli, Told, new_base

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes of a Unix shell")


@pytest.fixture
def cli(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    return new_base(sqlite_url, capsys)


def shell(cli: Cli, words: str, behind: str) -> Told:
    """What a command leaves behind in a shell, with a pipe or a redirection behind it."""
    command = f"{sys.executable} -m crm_desktop {words} --base {cli.base} {behind}"
    ended = subprocess.run(
        ["bash", "-c", f"{command}; exit ${{PIPESTATUS[0]}}"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return Told(ended.returncode, ended.stdout, ended.stderr)


def test_a_reader_that_has_seen_enough_is_no_failure(cli: Cli) -> None:
    assert shell(cli, "objects --json", "| true") == Told(0, "", "")


def test_a_refusal_stays_one_where_nobody_reads(cli: Cli) -> None:
    told = shell(cli, "show client 999 --json", "| true")

    assert (told.code, len(told.err.splitlines())) == (1, 1)


@pytest.mark.parametrize(
    ("behind", "why"), [(">&-", "it is closed"), (">/dev/full", "there is no room left")]
)
def test_an_answer_that_is_lost_is_told(cli: Cli, behind: str, why: str) -> None:
    if behind.endswith("full") and not Path("/dev/full").exists():
        pytest.skip("no device that is always full")

    told = shell(cli, "add client name=Alder", behind)

    assert told.code == 1
    assert told.err.startswith("The answer could not be written to standard output: " + why)
    assert len(told.err.splitlines()) == 1
    assert cli("list", "client")["total"] == 1


def test_what_a_library_prints_stays_out_of_the_answer(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def noisy(_given: object) -> Answer:
        sys.stdout.write("a library says hello\n")
        return Answer({"done": True})

    monkeypatch.setattr(main, "_answer", noisy)
    told = cli.on_base("objects", "--json")

    assert told.value == {"done": True}
    assert "a library says hello" in told.err
