"""What `./test` does: style, types, layers, then every test; the last line says how it went."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from environment import environment, say
from spoken import ROOT, _, speak
from system_packages import firebird_server, qt_libraries

_PROCESSES = "2"
"""`worksteal`: neighbours stay in one process and share its bases, and none waits at the end."""
_TESTS_FAILED = 1
"""What pytest returns when tests failed, and nothing worse happened."""
_MOST_REPEATED = 5
_CHECKS = {
    "types (mypy)": ["mypy", "--no-error-summary"],
    "style (ruff check)": ["ruff", "check", "--quiet"],
    "format (ruff format --check)": ["ruff", "format", "--check", "--quiet"],
    "layers (lint-imports)": ["lint-imports", "--no-logo"],
}


def main(arguments: list[str]) -> int:
    """Runs everything, also after a failure, so that one run tells all; 0 when all is well."""
    speak()
    python = environment(tests=True)
    if not qt_libraries(python, screen=False):
        return 1
    left_out = firebird_server()
    if left_out:
        say(_("The Firebird half of the tests is left out: {reason}.").format(reason=left_out))
    with ThreadPoolExecutor(int(_PROCESSES)) as together:
        holds = together.map(lambda check: _holds(python, *check), _CHECKS.items())
        failed = [name for name, holding in zip(_CHECKS, holds, strict=True) if not holding]
    code, summary = _tests(python, ["-n", _PROCESSES, "--dist", "worksteal", *arguments])
    if code == _TESTS_FAILED and _broken(summary) <= _MOST_REPEATED:
        code, summary = _again(python, arguments, summary)
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
    command = [python, "-m", "pytest", "-q", *arguments]
    summary = ""
    with subprocess.Popen(
        command, cwd=ROOT, env=_variables(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
    ) as process:  # fmt: skip
        for line in process.stdout or ():
            print(line, end="", flush=True)
            summary = line.strip() or summary
    return process.returncode, summary


def _again(python: Path, arguments: list[str], summary: str) -> tuple[int, str]:
    """Repeats the few tests that failed, alone: windows and timers of two processes disturb each
    other on a busy machine. How many needed it stands in the closing line, never hidden.
    """
    say(_("Once more, alone, what failed:"))
    code, second = _tests(python, ["--last-failed", "--last-failed-no-failures=none", *arguments])
    repeated = _count(second, "passed")
    if code or not repeated:
        code, closing = _TESTS_FAILED, summary
    else:
        passed = _count(summary, "passed") + _count(summary, "failed")
        closing = f"{passed} passed, of them at the second attempt: {repeated}"
    print(closing, flush=True)
    return code, closing


def _count(summary: str, word: str) -> int:
    found = re.search(rf"(\d+) {word}", summary)
    return int(found[1]) if found else 0


def _broken(summary: str) -> int:
    return _count(summary, "failed") + _count(summary, "error")


def _with_checks(summary: str, failed: list[str]) -> str:
    """The closing line when a check before the tests failed: it must not read like a success."""
    broken = _broken(summary) + len(failed)
    names = ", ".join(failed)
    return f"{_count(summary, 'passed')} passed, {broken} failed, of them before the tests: {names}"


def _variables() -> dict[str, str]:
    """Bytecode is kept, whatever the environment wants: the tests start some hundred programs, and
    compiling ours takes each of them two seconds."""
    usual = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**usual, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
