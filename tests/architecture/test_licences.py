"""Whoever ships a library ships its licence: the page and the folder are complete and no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "THIRD-PARTY.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| ([\w. -]+?) \|.*\| [^|]+ \| \[[\w.-]+\]\(licences/([\w.-]+)\) \|$", re.MULTILINE
)
NAMED = dict(ROW.findall(PAGE))


def _shipped_libraries() -> list[str]:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    run_time = pins.split("# run time")[1].split("# tests only")[0]
    return [line.split("==")[0] for line in run_time.split()]


@pytest.mark.parametrize("library", _shipped_libraries())
def test_every_library_is_named_with_its_text(library: str) -> None:
    assert library in NAMED, f"add {library} to THIRD-PARTY.md and its text to licences/"

    text = ROOT / "licences" / NAMED[library]
    assert len(text.read_text(encoding="utf-8")) > 900


def test_what_lies_in_resources_is_named() -> None:
    texts = {path.parent.name for path in (ROOT / "resources").rglob("*") if _is_licence(path)}

    assert texts == {"fonts", "icons"}, "name the new part in THIRD-PARTY.md, then here"
    assert {"Inter", "Fluent System Icons"} <= NAMED.keys()


def _is_licence(path: Path) -> bool:
    return path.stem.upper() in ("LICENSE", "LICENCE", "OFL", "COPYING")


def test_no_text_is_left_over() -> None:
    present = {path.name for path in (ROOT / "licences").iterdir()}

    assert present == set(NAMED.values())


def test_nothing_named_has_gone() -> None:
    gone = NAMED.keys() - set(_shipped_libraries()) - {"Inter", "Fluent System Icons"}

    assert not gone


def test_pins_hold_names_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    odd = [line for line in lines if not re.fullmatch(r"#.*|[\w.-]+==[\w.]+", line)]

    assert not odd
