"""What `./test` does: style, types, layers, then every test; the last line says how it went."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from environment import ROOT, environment, say
from system_packages import firebird_server, qt_libraries

_PROCESSES = "2"
_CHECKS = {
    "style (ruff check)": ["ruff", "check", "--quiet"],
    "format (ruff format --check)": ["ruff", "format", "--check", "--quiet"],
    "types (mypy)": ["mypy", "--no-error-summary"],
    "layers (lint-imports)": ["lint-imports", "--no-logo"],
}


def main(arguments: list[str]) -> int:
    """Runs everything, also after a failure, so that one run tells all; 0 when all is well."""
    python = environment(tests=True)
    if not qt_libraries(python, screen=False):
        return 1
    left_out = firebird_server()
    if left_out:
        say(f"The Firebird half of the tests is left out: {left_out}.")
    failed = [name for name, command in _CHECKS.items() if not _holds(python, name, command)]
    code, summary = _tests(python, arguments)
    if failed:
        print(_with_checks(summary, failed), flush=True)
    return 1 if failed else code


def _holds(python: Path, name: str, command: list[str]) -> bool:
    tool = python.with_name(command[0])
    done = subprocess.run(
        [tool, *command[1:]], cwd=ROOT, env=_variables(), capture_output=True, text=True
    )
    print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name}", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def _tests(python: Path, arguments: list[str]) -> tuple[int, str]:
    """Runs pytest, shows what it says as it says it, and keeps the last line."""
    command = [python, "-m", "pytest", "-q", "-n", _PROCESSES, *arguments]
    summary = ""
    with subprocess.Popen(
        command, cwd=ROOT, env=_variables(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
    ) as process:  # fmt: skip
        for line in process.stdout or ():
            print(line, end="", flush=True)
            summary = line.strip() or summary
    return process.returncode, summary


def _with_checks(summary: str, failed: list[str]) -> str:
    """The closing line when a check before the tests failed: it must not read like a success."""
    counts = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|errors?)", summary)}
    broken = sum(n for word, n in counts.items() if word != "passed") + len(failed)
    return f"{counts.get('passed', 0)} passed, {broken} failed, of them before the tests: " + (
        ", ".join(failed)
    )


def _variables() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
