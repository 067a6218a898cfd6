"""Properties that may stand several times in an entry: categories, small steps, further records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from icalendar import Component as Parsed

from crm_desktop.services.activities.concerns import MOST as MOST_LINKS
from crm_desktop.services.ics.found import LINK
from crm_desktop.services.ics.text import plain_text


def category_names(parsed: Parsed) -> list[str]:
    """The categories, each once."""
    given = parsed.get("CATEGORIES")
    several = given if isinstance(given, list) else [given] if given is not None else []
    names = [str(name).strip()[:60] for one in several for name in _names_of(one)]
    return list(dict.fromkeys(name for name in names if name))[:30]


def _names_of(value: Any) -> Iterable[Any]:
    return getattr(value, "cats", None) or str(value).split(",")


def further(parsed: Parsed) -> tuple[tuple[str, str], ...]:
    """The further records of ours that it is linked to, with their names."""
    given = parsed.get(LINK)
    several = given if isinstance(given, list) else [given] if given is not None else []
    found = [
        (str(one)[:80], str(getattr(one, "params", {}).get("X-CRM-NAME") or "")[:250])
        for one in several[:MOST_LINKS]
    ]
    return tuple(dict.fromkeys(found))


def steps(parsed: Parsed) -> tuple[tuple[str, bool], ...]:
    """The checklist."""
    given = parsed.get("X-CRM-CHECK")
    several = given if isinstance(given, list) else [given] if given is not None else []
    return tuple(
        (plain_text(str(one))[:300], str(getattr(one, "params", {}).get("X-CRM-DONE", "")) == "1")
        for one in several
        if str(one).strip()
    )
