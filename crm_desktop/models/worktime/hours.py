"""Hours of one day: several ranges with breaks between them, such as `09:00-13:00 14:00-18:00`."""

from __future__ import annotations

import re

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _

Hours = tuple[tuple[int, int], ...]
"""Rising ranges of minutes since midnight, the end left out; () is a day off."""

DAY = 24 * 60
LONGEST = 120
OFF = frozenset(("", "-", "—", "off", "выходной"))
_RANGE = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?")


def parse_hours(text: str) -> Hours:
    """The ranges that are written, parted by blanks, commas or semicolons.

    Raises `InvalidInput` for times that are none, for ranges that overlap or end before they begin.
    """
    written = text.strip().casefold()
    if written in OFF:
        return ()
    found = list(_RANGE.finditer(written)) if len(written) <= LONGEST else []
    rest = _RANGE.sub("", written) if found else written
    if rest.strip(" ,;"):
        raise InvalidInput(
            _("Write working hours like 09:00-13:00 14:00-18:00, not “{text}”").format(
                text=text[:40]
            )
        )
    ranges = tuple(sorted(_range(one) for one in found))
    for (_begin, end), (begin, _end) in zip(ranges, ranges[1:], strict=False):
        if begin < end:
            raise InvalidInput(_("Two stretches of working time overlap in “{text}”").format(
                text=text[:40]
            ))  # fmt: skip
    return _joined(ranges)


def _range(found: re.Match[str]) -> tuple[int, int]:
    hours = [int(found.group(n)) for n in (1, 3)]
    minutes = [int(found.group(n) or 0) for n in (2, 4)]
    begin, end = (60 * h + m for h, m in zip(hours, minutes, strict=True))
    if max(minutes) > 59 or max(hours) > 24 or end > DAY:
        raise InvalidInput(_("“{text}” is no time of day").format(text=found.group()))
    if begin >= end:
        raise InvalidInput(
            _("“{text}” ends before it begins: part a night at midnight").format(text=found.group())
        )
    return begin, end


def _joined(ranges: Hours) -> Hours:
    """Ranges that touch made one, so that every text has one form."""
    joined: list[tuple[int, int]] = []
    for begin, end in ranges:
        if joined and joined[-1][1] == begin:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return tuple(joined)


def format_hours(hours: Hours) -> str:
    """The text that `parse_hours` reads; '' for a day off."""
    return " ".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in hours)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def minutes_of(hours: Hours) -> int:
    """How many minutes of work they are."""
    return sum(end - begin for begin, end in hours)


def shortened(hours: Hours, minutes: int) -> Hours:
    """The hours with so many working minutes less at the end of the day."""
    left = list(hours)
    while left and minutes > 0:
        begin, end = left.pop()
        if end - begin > minutes:
            left.append((begin, end - minutes))
        minutes -= end - begin
    return tuple(left)
