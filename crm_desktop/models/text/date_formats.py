"""Days and moments for the eye: short, and in words when they are near."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Literal

from crm_desktop.models.text.calendar_words import LONG_MONTHS, NEAR_DAYS, SHORT_MONTHS

DateStyle = Literal["short", "long", "numeric"]


def format_date(
    day: date, language: str, today: date | None = None, *, style: DateStyle = "short"
) -> str:
    """`20 Nov 2026`; with `today` near days in words and this year's days without the year.

    `long` writes the month out; `numeric` is for entry fields: `20.11.2026` in Russian, ISO in
    English; `parse_date` reads both.
    """
    language = language if language in SHORT_MONTHS else "en"
    if style == "numeric":
        return f"{day:%d.%m}.{day.year:04d}" if language == "ru" else day.isoformat()
    near = NEAR_DAYS[language].get((day - today).days) if today else None
    if near:
        return near
    months = LONG_MONTHS if style == "long" else SHORT_MONTHS
    shown = f"{day.day} {months[language][day.month - 1]}"
    return shown if today and today.year == day.year else f"{shown} {day.year}"


def sheet_day(day: date, language: str) -> str:
    """For a sheet that shows its year elsewhere: `20 Nov`, in Russian `20.11`."""
    if language == "ru":
        return f"{day:%d.%m}"
    return f"{day.day} {SHORT_MONTHS['en'][day.month - 1]}"


def format_datetime(
    moment: datetime,
    language: str,
    *,
    zone: tzinfo | None = None,
    now: datetime | None = None,
) -> str:
    """The moment in `zone` (its own): `20 Nov 2026, 10:40`; with `now` near days in words."""
    local = moment.astimezone(zone) if zone else moment
    today = now.astimezone(local.tzinfo).date() if now else None
    return f"{format_date(local.date(), language, today)}, {local:%H:%M}"
