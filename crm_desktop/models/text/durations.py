"""Lengths of time as people type them, in whole seconds."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from crm_desktop.models.text.calendar_words import SECONDS, SPAN_UNITS
from crm_desktop.models.text.normalise import norm
from crm_desktop.models.text.problems import Unreadable

LONGEST_DURATION = 10**9  # seconds, some thirty years

_NUMBER = r"[0-9]{1,9}(?:[.,][0-9]{1,6})?"
_CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9])(?::([0-5][0-9]))?")
_BARE = re.compile(_NUMBER)
_PIECE = re.compile(rf"({_NUMBER})?\s*([a-zа-я]+)\.?\s*")
_WORDS = {
    "полчаса": 1800, "полтора часа": 5400, "half an hour": 1800, "half hour": 1800,
    "an hour": 3600, "a minute": 60, "четверть часа": 900,
}  # fmt: skip


def parse_duration(text: str) -> int:
    """Seconds of a length of time; raises Unreadable: empty, not_a_duration, too_long.

    A bare number means minutes, `1:30` is an hour and a half, a day has 24 hours.
    """
    bare = norm(text)
    if not bare:
        raise Unreadable("empty")
    if len(bare) > 60:
        raise Unreadable("not_a_duration")
    seconds = _seconds(bare)
    if seconds > LONGEST_DURATION:
        raise Unreadable("too_long")
    return int(seconds.to_integral_value(ROUND_HALF_UP))


def _seconds(bare: str) -> Decimal:
    if bare in _WORDS:
        return Decimal(_WORDS[bare])
    match = _CLOCK.fullmatch(bare)
    if match:
        return Decimal(int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0))
    if _BARE.fullmatch(bare):
        return _decimal(bare) * 60
    return _sum_of_pieces(bare)


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _sum_of_pieces(bare: str) -> Decimal:
    """`1h 30m 15s`, `an hour`, and `1h 30` where the last number is in the next smaller unit."""
    total, unit, position = Decimal(0), 0, 0
    while match := _PIECE.match(bare, position):
        step = SECONDS.get(match[2])
        if step is None or (unit and step >= unit) or (not match[1] and position):
            raise Unreadable("not_a_duration")
        total += _decimal(match[1] or "1") * step
        unit, position = step, match.end()
    rest = bare[position:]
    if rest and unit in (3600, 60) and re.fullmatch("[0-9]{1,2}", rest):
        return total + int(rest) * unit // 60
    if rest or not unit:
        raise Unreadable("not_a_duration")
    return total


def format_duration(seconds: int, language: str) -> str:
    """`1 h 30 min`; hours are not turned into days, for work is counted in hours."""
    hours, rest = divmod(abs(seconds), 3600)
    counts = (hours, *divmod(rest, 60))
    units = SPAN_UNITS.get(language, SPAN_UNITS["en"])
    parts = [f"{count} {unit}" for count, unit in zip(counts, units, strict=True) if count]
    shown = " ".join(parts) or f"0 {units[1]}"
    return f"-{shown}" if seconds < 0 else shown
