"""Time zones by their IANA names."""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

LONGEST_NAME = 64


@cache
def _known(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown, or no name of a zone at all
        return None


def zone_named(name: str | None) -> tzinfo | None:
    """The zone of an IANA name such as `Europe/Moscow`; None if there is none of that name."""
    if not name or len(name) > LONGEST_NAME or not name.isascii():
        return None
    return UTC if name == "UTC" else _known(name)
