"""start.cmd and test.cmd: what can be known of them without a Windows at hand.

They were tried with the cmd of Wine: blanks, brackets and Cyrillic letters in the path and in the
arguments, no Python, one that is too old before one that will do, one that is a batch file.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = {"start.cmd": "start.py", "test.cmd": "check.py"}


@pytest.fixture(params=sorted(SCRIPTS))
def script(request: pytest.FixtureRequest) -> Path:
    return ROOT / str(request.param)


def test_lines_end_as_cmd_needs_them_and_hold_plain_letters(script: Path) -> None:
    text = script.read_bytes()

    assert text.count(b"\n") == text.count(b"\r\n") > 0
    assert text.isascii()


def test_the_script_that_is_called_is_there(script: Path) -> None:
    (called,) = re.findall(r'"%~dp0([^"]+)"', script.read_text("ascii"))

    path = ROOT / called.replace("\\", "/")
    assert path.is_file() and path.name == SCRIPTS[script.name]


def test_arguments_stand_in_no_block(script: Path) -> None:
    depth = 0
    for line in script.read_text("ascii").splitlines():
        bare = re.sub(r'"[^"]*"', "", line)
        depth += bare.count("(") - bare.count(")")
        assert "%*" not in line or depth == 0, line
    assert depth == 0


def test_every_label_is_there(script: Path) -> None:
    text = script.read_text("ascii")

    wanted = set(re.findall(r"(?:goto|call) :(\w+)", text))

    assert wanted == set(re.findall(r"^:(\w+)$", text, re.MULTILINE)) != set()


def test_the_question_about_the_version_is_python(script: Path) -> None:
    (question,) = re.findall(r'-c "([^"]+)"', script.read_text("ascii"))

    asked = subprocess.run([sys.executable, "-c", question])

    assert asked.returncode == 0
    old = question.replace("(3, 11)", "(99, 0)")
    assert subprocess.run([sys.executable, "-c", old]).returncode == 1
