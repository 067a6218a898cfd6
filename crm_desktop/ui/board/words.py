"""What the board says: titles of columns, sums, marks, dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo

from PySide6.QtCore import QLocale

from crm_desktop import i18n
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.models.text.numbers import format_money, format_number
from crm_desktop.services.board.cards import Card, Found, money
from crm_desktop.services.board.columns import DATELESS, NOBODY, OVERDUE, Column, Key


def column_title(found: Found, column: Column) -> str:
    """The name of a stage or colleague, a month, or what a column without one gathers."""
    return column.title or key_title(found, column.key)


def key_title(found: Found, key: Key) -> str:
    """What a group is called."""
    if isinstance(key, tuple):
        return month(date(key[0], key[1], 1))
    if isinstance(key, int):
        stage = found.stages.get(key)
        return stage.name if stage is not None else found.title(found.targets.who, key)
    names = {OVERDUE: _("Overdue"), DATELESS: _("Without a date"), NOBODY: _("Nobody responsible")}
    return names.get(key, "")


def month(day: date) -> str:
    """`November 2026`."""
    name = str(QLocale().standaloneMonthName(day.month))
    return f"{name[:1].upper()}{name[1:]} {day.year}"


def sums(amounts: Mapping[str, int]) -> str:
    """The sum of each currency, the largest first; whole amounts, for there are many."""
    language = i18n.language()
    parts = sorted(amounts.items(), key=lambda one: -one[1])
    return " + ".join(format_money(money(value), code, language, places=0) for code, value in parts)


def amount(found: Found, card: Card) -> str:
    """The amount of one card."""
    if card.amount is None:
        return ""
    return format_money(money(card.amount), found.money_in(card), i18n.language())


def deals(count: int) -> str:
    """`12 deals`."""
    return ngettext("{count} deal", "{count} deals", count).format(count=number(count))


def number(count: int) -> str:
    """`10 000` in Russian, `10,000` in English."""
    return format_number(count, 0, i18n.language())


def stuck_briefly(days: int) -> str:
    """The same as `stuck` where there is little room."""
    return _("{days} d.").format(days=days)


def stuck(days: int) -> str:
    """How long a card stands where it should not."""
    return ngettext("Stuck {count} day", "Stuck {count} days", days).format(count=days)


def step_day(found: Found, card: Card, zone: tzinfo) -> str:
    """The day of the next step, near ones in words; today's with its time."""
    local = datetime.fromtimestamp(card.next_at, zone)
    said = format_date(local.date(), i18n.language(), found.today)
    return f"{said}, {local:%H:%M}" if local.date() == found.today else said


def day(found: Found, one: date) -> str:
    """A day, without the year if it is this one."""
    return format_date(one, i18n.language(), found.today)
