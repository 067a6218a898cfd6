"""The periods that a page of figures offers, and what they are called."""

from __future__ import annotations

from datetime import date, timedelta

from crm_desktop import i18n
from crm_desktop.i18n import N_
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.services.funnel.periods import Period, month_after

OWN = "own"
CHOICES = {
    "this_month": N_("This month"), "last_month": N_("Last month"),
    "this_quarter": N_("This quarter"), "last_quarter": N_("Last quarter"),
    "this_year": N_("This year"), "last_year": N_("Last year"), OWN: N_("Own dates"),
}  # fmt: skip
USUAL = "this_year"
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def period_of(name: str, today: date) -> Period:
    """The days of one of `CHOICES` (not of its own dates), as of today."""
    which, _sign, unit = name.partition("_")
    months = _MONTHS[unit]
    first = today.replace(day=1, month=(today.month - 1) // months * months + 1)
    if which == "last":
        first = month_after(first, -months)
    return Period(first, month_after(first, months) - timedelta(days=1))


def said_period(period: Period) -> str:
    """Both ends for the eye."""
    language = i18n.language()
    first, last = (format_date(day, language) for day in (period.since, period.until))
    return first if first == last else f"{first} – {last}"
