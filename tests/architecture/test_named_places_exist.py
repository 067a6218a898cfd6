"""What docstrings and documents name by its path is there: a module that moved is found again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, ROOT, listed

_NAMED = re.compile(r"`((?:[a-z_0-9]+/)+[a-z_0-9]*(?:\.[a-z]+)?)`")
_MADE = ("out",)
"""Folders that the program makes."""
_BELOW = ("", "models", "models/catalogue", "services", "ui")
_FILES = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])


def missing(text: str, beside: Path) -> list[str]:
    """Paths in backticks whose first part is a folder of the project or of the package, and that
    lead nowhere: from the project, the package, a layer, or beside the file that names them."""
    places = [ROOT, *(PACKAGE / below for below in _BELOW), *list(beside.parents)[:2]]
    found = []
    for path in _NAMED.findall(text):
        first = path.partition("/")[0]
        homes = [place for place in places if first not in _MADE and (place / first).is_dir()]
        stands = any((home / f"{path}{end}").exists() for home in homes for end in ("", ".py"))
        if homes and not stands:
            found.append(path)
    return found


def test_paths_in_words_lead_somewhere() -> None:
    lost = [
        f"{file.relative_to(ROOT).as_posix()}: {path}"
        for file in _FILES
        if file.name != "CHANGELOG.md"
        for path in missing(file.read_text(encoding="utf-8"), file)
    ]

    assert not lost, listed(lost, "say where it is now")


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("see `services/reader`, `ui/icons.py`, `docs/security.md`", []),
        ("see `services/nowhere`", ["services/nowhere"]),
        ("`create/update/delete` is no path", []),
    ],
)
def test_the_check_tells_paths_from_words(text: str, lost: list[str]) -> None:
    assert missing(text, PACKAGE / "app.py") == lost


def test_the_map_of_services_is_whole() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    shown = re.findall(
        r"`([a-z_]+)/`", page.partition("### Where a service is")[2].partition("###")[0]
    )
    packages = [init.parent.name for init in (PACKAGE / "services").glob("*/__init__.py")]

    assert sorted(shown) == sorted(packages)
