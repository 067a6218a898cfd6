"""What is chosen on the page of figures, kept on this machine for each base."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import EVERYBODY, GROUPINGS
from crm_desktop.settings import FIGURES, Settings
from crm_desktop.ui.funnel.periods import CHOICES, OWN, USUAL
from crm_desktop.ui.funnel.sheets import BEFORE, YEAR

FUNNEL, CHANNELS, MANAGERS, FORECAST = TABS = ("funnel", "channels", "managers", "forecast")


@dataclass
class Chosen:
    """The state of the choices; the days are those of `OWN` dates."""

    tab: str = FUNNEL
    which: int = 0
    """The pipeline; 0: the first one."""
    period: str = USUAL
    closing: bool = False
    by: str = ""
    beside: str = BEFORE
    only: int = EVERYBODY
    """Looked into for a moment, so not kept."""
    since: date | None = None
    until: date | None = None


def save(settings: Settings, address: str, chosen: Chosen) -> None:
    """Keeps the choices."""
    kept: dict[str, Any] = {
        "tab": chosen.tab, "pipeline_id": chosen.which, "period": chosen.period,
        "closing": chosen.closing, "by": chosen.by, "beside": chosen.beside,
    }  # fmt: skip
    if chosen.period == OWN and chosen.since and chosen.until:
        kept |= {"since": chosen.since.isoformat(), "until": chosen.until.isoformat()}
    if settings.get(FIGURES).get(address) != kept:
        settings.put_entry(FIGURES, address, kept)


def load(settings: Settings, address: str) -> Chosen:
    """What of the kept choices makes sense; the file may have been edited by hand."""
    kept, made = settings.get(FIGURES).get(address), Chosen()
    if not isinstance(kept, dict):
        return made
    which = kept.get("pipeline_id")
    made.tab = _one_of(kept.get("tab"), TABS, FUNNEL)
    made.which = which if type(which) is int else 0
    made.period = _one_of(kept.get("period"), tuple(CHOICES), USUAL)
    made.closing = kept.get("closing") is True
    made.by = _one_of(kept.get("by"), tuple(GROUPINGS), "")
    made.beside = _one_of(kept.get("beside"), (BEFORE, YEAR, ""), BEFORE)
    if made.period == OWN:
        made.since, made.until = _days(kept.get("since"), kept.get("until"))
        made.period = OWN if made.since else USUAL
    return made


def _one_of(value: Any, known: tuple[str, ...], usual: str) -> str:
    return value if value in known else usual


def _days(since: Any, until: Any) -> tuple[date | None, date | None]:
    try:
        days = Period(date.fromisoformat(since), date.fromisoformat(until))
    except (TypeError, ValueError, InvalidInput):
        return None, None
    return days.since, days.until
