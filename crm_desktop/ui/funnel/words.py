"""Figures as the language writes them: shares, sums of several currencies, working time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QLocale

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.text.numbers import format_money, format_number

DASH = "—"
_HOUR = 60


def percents(value: Decimal | None) -> str:
    """`54.5 %`; a dash for none."""
    if value is None:
        return DASH
    return f"{format_number(value, 1, i18n.language())}\u00a0%"


def number(value: int) -> str:
    """A count."""
    return format_number(value, 0, i18n.language())


def money(sums: Mapping[str, Decimal]) -> str:
    """Each currency by itself; a dash for nothing."""
    language = i18n.language()
    said = [format_money(amount, code or None, language) for code, amount in sorted(sums.items())]
    return " · ".join(said) or DASH


def amount(value: Decimal | None, currency: str) -> str:
    """A sum of the base's own currency; a dash for none."""
    return DASH if value is None else format_money(value, currency, i18n.language())


def minutes(value: int | None) -> str:
    """Working time; a dash for none."""
    if value is None:
        return DASH
    hours, rest = divmod(value, _HOUR)
    if not hours:
        return _("{minutes} min").format(minutes=rest)
    if not rest:
        return _("{hours} h").format(hours=number(hours))
    return _("{hours} h {minutes} min").format(hours=number(hours), minutes=rest)


def month(day: date) -> str:
    """`Mar 2026`."""
    locale = QLocale(i18n.language())
    name = locale.standaloneMonthName(day.month, QLocale.FormatType.ShortFormat).rstrip(".")
    return f"{name.capitalize()} {day.year}"


def listed_number(sums: Mapping[str, Decimal], currency: str) -> object:
    """What a workbook gets: a number if there is one currency only, else words."""
    if not sums:
        return 0
    only = next(iter(sums.items()))
    return only[1] if len(sums) == 1 and only[0] in (currency, "") else money(sums)
