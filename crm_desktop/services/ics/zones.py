"""Which zone the name of a zone in a calendar file means (RFC 5545, 3.8.3.1).

A name may be that of IANA, stand behind a path, be Outlook's, or be anything at all that a
VTIMEZONE explains; then the zone whose clocks go the same way around the event's date is taken.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from dateutil.rrule import rrulestr
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from crm_desktop.models.recurrence.zones import zone_named
from crm_desktop.services.ics.lines import Component

_CONTINENTS = ("Europe/", "Asia/", "America/", "Australia/", "Africa/", "Pacific/", "Atlantic/")
_OFFSET = re.compile(r"(?:UTC|GMT)\s*([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
_WRITTEN_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})")
_LOCAL = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})")
_YEARS = 3  # after an event in which the clocks of a zone must agree
_RULE_PARTS = frozenset({"FREQ", "BYDAY", "BYMONTH", "BYMONTHDAY", "UNTIL", "INTERVAL",
                         "BYHOUR", "BYMINUTE", "WKST", "COUNT"})  # fmt: skip


class Zones:
    """The zones of one calendar; `home` is that of times without any, `office` that of whole days:
    a day is a date and lies nowhere (RFC 5545, 3.3.4), so it is the same date here."""

    def __init__(self, calendar: Component, home: tzinfo) -> None:
        named = zone_named(calendar.value("X-WR-TIMEZONE"))
        self.home = named or home
        self.office = home
        self.stated = named is not None
        self._told = {one.value("TZID"): one for one in calendar.inner if one.name == "VTIMEZONE"}
        self._known: dict[tuple[str, int], tzinfo | None] = {}

    def of(self, name: str, wall: datetime) -> tzinfo | None:
        """The zone called `name`, as its clocks went at `wall`; None if nothing tells."""
        key = (name, wall.year)
        if key not in self._known:
            self._known[key] = self._found(name, wall)
        return self._known[key]

    def _found(self, name: str, wall: datetime) -> tzinfo | None:
        plain = name.strip().strip('"')
        by_name = _by_name(plain)
        if by_name is not None:
            return by_name
        told = self._told.get(name) or self._told.get(plain)
        if told is not None:
            return _alike(_Told(told), wall, self.home)
        return _by_offset(plain)


def iana_name(zone: tzinfo) -> str:
    """The IANA name of a zone; '' if it has none."""
    return zone.key if isinstance(zone, ZoneInfo) else "UTC" if zone is UTC else ""


def _by_name(name: str) -> tzinfo | None:
    for one in (name, WINDOWS_TO_OLSON.get(name, ""), *_tails(name), name.replace("-", "/", 1)):
        found = zone_named(one)
        if found is not None:
            return found
    return None


def _tails(name: str) -> list[str]:
    """`America/Chicago` of `/softwarestudio.org/Olson_20011030_5/America/Chicago`."""
    parts = [part for part in name[:200].split("/") if part]
    return ["/".join(parts[-count:]) for count in (3, 2) if len(parts) > count]


def _by_offset(name: str) -> tzinfo | None:
    found = _OFFSET.search(name[:200])
    if found is None:
        return None
    sign, hours, minutes = found.groups()
    span = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if span >= timedelta(hours=15):
        return None
    return timezone(span if sign == "+" else -span)


class _Told:
    """The offsets that a VTIMEZONE tells. Only yearly rules are followed: nothing else is a zone,
    and a rule by seconds would never end."""

    def __init__(self, component: Component) -> None:
        self._parts = [one for one in component.inner if one.name in ("STANDARD", "DAYLIGHT")][:200]

    def offset(self, wall: datetime) -> timedelta | None:
        """What the clocks are ahead of UTC when they show `wall`."""
        best: tuple[datetime, timedelta] | None = None
        earliest: tuple[datetime, timedelta] | None = None
        for part in self._parts:
            to, start = _span(part.value("TZOFFSETTO")), _moment(part.value("DTSTART"))
            if to is None or start is None:
                continue
            before = _span(part.value("TZOFFSETFROM"))
            if before is not None and (earliest is None or start < earliest[0]):
                earliest = (start, before)
            begun = _last_change(part, start, wall)
            if begun is not None and (best is None or begun > best[0]):
                best = (begun, to)
        return best[1] if best else earliest[1] if earliest else None


def _span(text: str) -> timedelta | None:
    found = _WRITTEN_OFFSET.match(text)
    if found is None:
        return None
    sign, hours, minutes = found.groups()
    span = timedelta(hours=int(hours), minutes=int(minutes))
    return span if sign == "+" else -span


def _moment(text: str) -> datetime | None:
    found = _LOCAL.match(text)
    try:
        return datetime(*map(int, found.groups())) if found else None  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None


def _last_change(part: Component, start: datetime, wall: datetime) -> datetime | None:
    """When the clocks were last set this way before `wall`."""
    if start > wall:
        return None
    single = [_moment(v) for line in part.lines if line.upper().startswith("RDATE")
              for v in line.partition(":")[2].split(",")[:500]]  # fmt: skip
    changes = [start, *(one for one in single if one is not None and one <= wall)]
    rule = part.value("RRULE").upper()
    changes += _yearly(rule, start, wall) if rule else []
    return max(changes)


def _yearly(rule: str, start: datetime, wall: datetime) -> list[datetime]:
    given = dict(one.partition("=")[::2] for one in rule.split(";") if one)
    if given.get("FREQ") != "YEARLY" or not given.keys() <= _RULE_PARTS or len(rule) > 200:
        return []
    until = _moment(given.pop("UNTIL", "")) or datetime.max  # noqa: DTZ901
    given.pop("COUNT", None)
    given.pop("INTERVAL", None)
    near = max(start, datetime(max(wall.year - 2, 1), 1, 1, start.hour, start.minute))  # noqa: DTZ001
    text = ";".join(f"{name}={value}" for name, value in given.items())
    try:
        made = rrulestr(text, dtstart=near).replace(until=min(until, wall))
        return list(made)[:200]
    except (ValueError, TypeError, OverflowError):
        return []


def _alike(told: _Told, wall: datetime, home: tzinfo) -> tzinfo | None:
    """A zone of IANA whose clocks agree with what is told, the office's own first."""
    near = [wall, *(datetime(year, month, 15, 12) for month in (1, 4, 7, 10)  # noqa: DTZ001
                    for year in range(wall.year, min(wall.year + _YEARS, 9999)))]  # fmt: skip
    offsets = [(one, told.offset(one)) for one in near]
    if offsets[0][1] is None:
        return None
    for zone in (home, *_zones()):
        if all(one.replace(tzinfo=zone).utcoffset() == span for one, span in offsets):
            return zone
    return timezone(offsets[0][1])


@cache
def _zones() -> tuple[tzinfo, ...]:
    """All zones that lie somewhere, those of the continents first."""
    named = [n for n in available_timezones() if n.startswith(_CONTINENTS)]
    named.sort(key=lambda name: (_CONTINENTS.index(name.partition("/")[0] + "/"), name))
    return tuple(zone for name in named if (zone := zone_named(name)) is not None)
