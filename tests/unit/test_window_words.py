"""What is said about arguments that the window does not know, and by the script that starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECKOUT = ROOT / "installer" / "checkout"


def called(*command: str, language: str, home: Path) -> tuple[int, str, str]:
    surroundings = {
        **os.environ, "LANG": language, "LC_ALL": language, "CRM_DESKTOP_HOME": str(home),
        "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "QT_QPA_PLATFORM": "offscreen",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, *command], env=surroundings, capture_output=True, encoding="utf-8"
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("words", "language", "said"),
    [
        (["--bogus"], "ru_RU.UTF-8", "непонятно: --bogus"),
        (["--bogus"], "en_US.UTF-8", "unrecognized arguments: --bogus"),
        (["--theme", "pink"], "ru_RU.UTF-8", "'pink' не подходит"),
        (["--scale", "x", "--language", "en"], "ru_RU.UTF-8", "invalid int value: 'x'"),
    ],
)
def test_wrong_arguments_of_the_window_are_told_in_the_language_of_the_person(
    own_home: Path, words: list[str], language: str, said: str
) -> None:
    code, out, err = called("-m", "crm_desktop", *words, language=language, home=own_home)

    assert (code, out) == (2, "")
    assert said in err and "--theme {system,light,dark}" in err


@pytest.mark.parametrize(
    ("language", "said"),
    [("ru_RU.UTF-8", "Экрана здесь нет."), ("en_US.UTF-8", "There is no display here.")],
)
def test_the_start_script_speaks_the_language_of_the_system(
    own_home: Path, language: str, said: str
) -> None:
    code = f"import sys; sys.path.insert(0, {str(CHECKOUT)!r}); import start; "
    code += "start.environment = lambda: sys.executable; sys.exit(start.main([]))"

    status, out, err = called("-c", code, language=language, home=own_home)

    assert (status, out) == (1, "")
    assert err.startswith(said)
