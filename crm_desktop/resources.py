"""Where the files that come with the program are: icons, translations, fonts, samples."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path


@cache
def resource_folder() -> Path:
    """The `resources` folder: beside the package in a checkout, inside it once installed."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "resources"
    beside = Path(__file__).resolve().parent.parent / "resources"
    return beside if beside.is_dir() else Path(__file__).resolve().parent / "resources"


def resource(*parts: str) -> Path:
    """The path of one shipped file; it is not checked that it is there."""
    return resource_folder().joinpath(*parts)
