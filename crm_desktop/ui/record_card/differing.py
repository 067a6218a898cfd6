"""Long texts that begin alike, from where they differ: cut to a line all of them would look the
same."""

from __future__ import annotations

from os.path import commonprefix

_KEPT = 16
"""Letters shown of what two texts have in common before they part."""
_LONG = 60
"""Letters from which on a text takes several lines, up to so many letters of it."""
_MOST = 240


def differing(mine: str, theirs: str, before: str) -> tuple[str, str, str]:
    """The three texts without what mine and theirs begin with, if that is long."""
    mine, theirs, before = (" ".join(text.split()) for text in (mine, theirs, before))
    shared = len(commonprefix((mine, theirs)))
    stood = min(shared, len(commonprefix((mine, before))))
    return _from(mine, shared), _from(theirs, shared), _from(before, stood)


def is_long(text: str) -> bool:
    """Whether one line is too little for it."""
    return len(text) > _LONG


def beginning(text: str) -> str:
    """What several lines have room for."""
    return text if len(text) <= _MOST else f"{text[:_MOST].rstrip()}…"


def _from(text: str, place: int) -> str:
    """The text from the beginning of a word some letters before the place on."""
    if place < _KEPT * 2:
        return text
    start = text.rfind(" ", 0, place - _KEPT) + 1
    return f"…{text[start:]}" if start else text
