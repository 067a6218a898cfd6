"""Files stay readable: 400 lines is the limit, about 200 is usual."""

from __future__ import annotations

from pathlib import Path

from tests.architecture.source import ROOT, listed

LIMIT = 400
ALLOWED: dict[str, str] = {}
"""Path and reason; may only shrink."""


def _files() -> list[Path]:
    folders = ("crm_desktop", "tests", "benchmarks", "installer")
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py")]


def test_no_file_is_too_long() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in _files()
    }
    too_long = [f"{name}: {n}" for name, n in lengths.items() if n > LIMIT and name not in ALLOWED]

    assert not too_long, listed(too_long, "split by what the parts are about")


def test_what_is_allowed_is_still_needed() -> None:
    short = [
        name
        for name in ALLOWED
        if len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= LIMIT
    ]

    assert not short, "take these out of the list"
