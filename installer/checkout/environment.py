"""The virtual environment of a checkout: made once, brought up to date when the pins change.

Runs on the bare Python of the machine, so nothing but the standard library is used here.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from spoken import ROOT, _
from system_packages import install

FOLDER = ROOT / ".venv"
LOG = ROOT / "out" / "setup.log"
_DECIDES = ("pyproject.toml", "constraints.txt", "setup.py")


def say(text: str) -> None:
    """One line for the person who waits; standard output belongs to the program."""
    print(text, file=sys.stderr, flush=True)


def environment(*, tests: bool = False) -> Path:
    """The Python of an environment that has all the program needs, and the test tools if asked.

    Ends the process with a sentence when that cannot be had.
    """
    python = _python()
    wanted = _fingerprint()
    if python.exists() and _stamp(tests=tests) == wanted:
        return python
    if _stamp(tests=False) != wanted and not _answers(python):
        _make()
    say(_("Installing what CRM Desktop needs; the first time takes a few minutes."))
    _install(python, tests=tests)
    for name in ("run", "tests") if tests else ("run",):
        _stamp_path(name).write_text(wanted, encoding="ascii")
    return python


def _python() -> Path:
    return FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _answers(python: Path) -> bool:
    """Whether the environment can be built on: one moved, or cut off half-way, cannot."""
    if not python.exists():
        return False
    ask = "import sys, pip; print(sys.prefix)"
    # -X utf8: a Windows of another alphabet cannot print the Cyrillic name of a folder.
    told = subprocess.run([python, "-X", "utf8", "-c", ask], capture_output=True, encoding="utf-8")
    return told.returncode == 0 and Path(told.stdout.strip()) == FOLDER and _made_with_this_python()


def _made_with_this_python() -> bool:
    settings = FOLDER / "pyvenv.cfg"
    version = f"{sys.version_info.major}.{sys.version_info.minor}."
    return settings.exists() and f"version = {version}" in settings.read_text(encoding="utf-8")


def _stamp_path(name: str) -> Path:
    return FOLDER / f"installed-{name}.txt"


def _stamp(*, tests: bool) -> str:
    path = _stamp_path("tests" if tests else "run")
    return path.read_text(encoding="ascii") if path.exists() else ""


def _fingerprint() -> str:
    """Changes with the pins, the place of the checkout and the Python it was made with."""
    digest = hashlib.sha256(f"{ROOT}\n{sys.version}\n".encode())
    for name in _DECIDES:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _make() -> None:
    try:
        import ensurepip  # noqa: F401 - Debian keeps it, and with it working venvs, in a package
    except ImportError:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not install(_("a virtual environment"), [version]):
            sys.exit(1)
    _run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], _("The environment was not made."))


def _install(python: Path, *, tests: bool) -> None:
    what = ".[test]" if tests else "."
    command = [str(python), "-m", "pip", "install", "-q", "--no-input"]
    command += ["--disable-pip-version-check", "-c", str(ROOT / "constraints.txt"), "-e", what]
    _run(command, _("The libraries were not installed. Is there a network?"))


def _run(command: list[str], failure: str) -> None:
    """Runs quietly; what the command said is kept in a file and shown when it fails."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("ab") as log:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=ROOT)
    if done.returncode:
        last = LOG.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        say("\n".join(last))
        sys.exit(_("{failure} All that was said is in {log}").format(failure=failure, log=LOG))
