"""Dates, times, durations and rules of one entry, as moments in UTC (RFC 5545, 3.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from icalendar import Component as Parsed
from icalendar.prop.broken import vBroken

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.recurrence.occurrences import check_rule, next_occurrence, occurrences
from crm_desktop.models.recurrence.rule import Recurrence, parse_recurrence
from crm_desktop.services.ics.lines import ZONE, Component
from crm_desktop.services.ics.zones import Zones, iana_name
from crm_desktop.services.rules.series import EARLIEST, LATEST

Note = Callable[[str], None]
TOO_OFTEN = ("SECONDLY", "MINUTELY")
_EARLIEST, _LATEST = date(1600, 1, 2), date(9000, 1, 1)


@dataclass(frozen=True)
class Stamp:
    """A date or time of a file: the moment it means, its zone, and whether it is a whole day."""

    moment: datetime
    zone: tzinfo
    is_day: bool = False
    is_utc: bool = False

    def wall(self) -> datetime:
        """What the clocks of its zone show."""
        return self.moment.astimezone(self.zone)

    def day_start(self, zone: tzinfo) -> datetime:
        """The midnight in `zone` with which the day begins that its own clocks show."""
        return datetime.combine(self.wall().date(), time(), zone).astimezone(UTC)


class Times:
    """Reads the times of one entry; what cannot be read is told to `note`."""

    def __init__(self, parsed: Parsed, raw: Component, zones: Zones, note: Note) -> None:
        self._parsed = parsed
        self._raw = raw
        self._zones = zones
        self._note = note

    def stamp(self, name: str) -> Stamp | None:
        """The date or time of a property; None if it is not there or makes no sense."""
        value = _first(self._parsed.get(name))
        if value is None or isinstance(value, vBroken):  # told of as an error of its property
            return None
        found = self._stamp(getattr(value, "dt", None), value)
        if found is None:
            self._note(_("{property} “{value}” is not a date: left out").format(
                property=name, value=str(value)[:40]))  # fmt: skip
        return found

    def _stamp(self, given: Any, value: Any) -> Stamp | None:
        if isinstance(given, tuple):  # a period: its beginning
            given = given[0]
        try:
            if isinstance(given, datetime):
                return self._time(given, value) if _fits(given) else None
            if isinstance(given, date):
                home = self._zones.office
                start = datetime.combine(given, time(), home).astimezone(UTC)
                return Stamp(start, home, is_day=True) if _fits(given) else None
        except (OverflowError, ValueError):
            return None
        return None

    def _time(self, given: datetime, value: Any) -> Stamp:
        name = str(getattr(value, "params", {}).get(ZONE) or "")
        wall = given.replace(tzinfo=None)
        if not name:
            is_utc = given.tzinfo is not None
            zone: tzinfo | None = UTC if is_utc else self._zones.home
            return Stamp(wall.replace(tzinfo=zone).astimezone(UTC), zone or UTC, is_utc=is_utc)
        zone = self._zones.of(name, wall)
        if zone is None:
            self._note(_("The time zone “{name}” is unknown: its times were read as {zone}").format(
                name=name[:60], zone=self._zones.home))  # fmt: skip
        place = zone or self._zones.home
        return Stamp(wall.replace(tzinfo=place).astimezone(UTC), place)

    def end(self, start: Stamp, name: str) -> datetime | None:
        """When the entry ends: by its end, its duration, or with its day."""
        stated = self.stamp(name)
        if stated is not None:
            if stated.moment < start.moment:
                self._note(_("It ends before it starts: the end was left out"))
                return _next_day(start) if start.is_day else None
            return stated.moment if stated.moment > start.moment or not start.is_day else (
                _next_day(start))  # fmt: skip
        given = _first(self._parsed.get("DURATION"))
        length = None if isinstance(given, vBroken) else getattr(given, "dt", None)
        if isinstance(length, timedelta) and timedelta() < length < timedelta(days=36_500):
            return start.moment + length
        return _next_day(start) if start.is_day else None

    def zone_name(self, start: Stamp, *, recurs: bool) -> str | None:
        """What the activity keeps as its zone: None means that of the office."""
        stated = self._raw.value("X-CRM-ZONE")
        if stated:
            return own_zone(stated)
        if (start.is_day or start.is_utc) and not recurs:
            return None
        zone = self._zones.home if start.is_utc and self._zones.stated else start.zone
        if zone is self._zones.office and not recurs:  # a series keeps it, see `rules/series`
            return None
        return iana_name(zone) or None

    # --- recurrence -------------------------------------------------------------------------------

    def recurrence(self, start: Stamp) -> str | None:
        """The rule of a series as an activity keeps it; None if it happens once."""
        text = self._raw.value("X-CRM-RULE") or self._raw.value("RRULE")
        self._tell_left_out()
        try:
            known = parse_recurrence(text, start.zone) if text else Recurrence()
            known = known if self._raw.value("X-CRM-RULE") else _ended(known, start)
            if known.rule and known.parts()["FREQ"] in TOO_OFTEN:
                raise InvalidInput(_("It repeats more often than by the hour"))
            moments = {n: tuple(sorted({*self._dates(n, start)})) for n in ("EXDATE", "RDATE")}
            if not known.rule and not moments["RDATE"]:
                return None
            days = self._raw.value("X-CRM-WORKDAYS") == "1"
            whole = Recurrence(known.rule, moments["EXDATE"], moments["RDATE"], days)
            if self._raw.value("X-CRM-ZONE"):  # written by a program of ours: as it was
                return check_rule(whole.text(), start.moment, start.zone).text()
            return self._with_start(check_rule(whole.text(), start.moment, start.zone), start)
        except InvalidInput as error:
            self._note(_("It was brought in once, without repeating: {reason}").format(
                reason=error.message))  # fmt: skip
            return None

    def first_kept(self, rule: str, start: Stamp) -> datetime | None:
        """The start of a series, or its first date in the years that series may begin in; None if
        it has none there. Holidays of all times begin in 1753 or 1601 in some files."""
        if EARLIEST <= start.moment.year <= LATEST:
            return start.moment
        known = parse_recurrence(rule, start.zone)
        eve = datetime(EARLIEST, 1, 1, tzinfo=UTC)
        late = start.moment.year > LATEST or "COUNT" in (known.parts() if known.rule else {})
        found = None if late else next_occurrence(known, start.moment, start.zone, eve)
        self._note(_("The series begins in the year {year}: its dates before {first} were left out")
                   .format(year=start.moment.year, first=EARLIEST) if found else
                   _("It was brought in once, without repeating: it begins in the year {year}")
                   .format(year=start.moment.year))  # fmt: skip
        return found

    def _with_start(self, known: Recurrence, start: Stamp) -> str:
        """The start is always one of the dates, also where the rule misses it (3.8.5.3)."""
        begin = start.moment
        day_after = begin + timedelta(days=1)
        if known.rule and begin in occurrences(
            replace(known, exdates=()), begin, start.zone, after=begin, before=day_after
        ):
            return known.text()
        return replace(known, rdates=tuple(sorted({begin, *known.rdates}))).text()

    def _tell_left_out(self) -> None:
        rules = [line for line in self._raw.lines if line.upper().startswith("RRULE")]
        if len(rules) > 1:
            self._note(_("Only the first of its rules of repeating was taken"))
        if any(line.upper().startswith("EXRULE") for line in self._raw.lines):
            self._note(_("A rule of exceptions (EXRULE) was left out: write the dates instead"))

    def _dates(self, name: str, start: Stamp) -> Iterator[datetime]:
        """The single dates of EXDATE or RDATE; those of whole days lie on the day they name."""
        given = self._parsed.get(name)
        for part in given if isinstance(given, list) else [given] if given is not None else []:
            if isinstance(part, vBroken):
                continue
            for one in getattr(part, "dts", ()):
                found = self._stamp(one.dt, part)
                if found is not None:
                    yield _like(found, start)


def _like(found: Stamp, start: Stamp) -> datetime:
    """A date out of a series, as the series counts: by days, or at its time of day."""
    if start.is_day:
        return found.day_start(start.zone)
    if not found.is_day:
        return found.moment
    at = datetime.combine(found.wall().date(), start.wall().time(), start.zone)
    return at.astimezone(UTC)


def own_zone(stated: str) -> str | None:
    """The zone that a program of ours has noted: None for that of the office."""
    return None if stated in ("", "office") else stated[:60]


def exact_moment(text: str) -> datetime | None:
    """A moment that a program of ours has written with its milliseconds."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo and _fits(found) else None
    except (ValueError, OverflowError):
        return None


def _ended(known: Recurrence, start: Stamp) -> Recurrence:
    """A rule of times of day that ends on a day ends as that day begins, as other programs read it
    (RFC 5545, 3.3.10 wants a time there)."""
    until = known.parts().get("UNTIL", "") if known.rule else ""
    if start.is_day or len(until) != 8:
        return known
    return known.with_parts(UNTIL=f"{until}T000000")


def original(found: Stamp, start: Stamp | None) -> datetime:
    """The start that an exception replaces, as its series counts."""
    return found.moment if start is None else _like(found, start)


def _next_day(start: Stamp) -> datetime:
    day = start.wall().date() + timedelta(days=1)
    return datetime.combine(day, time(), start.zone).astimezone(UTC)


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _fits(day: date) -> bool:
    plain = day.date() if isinstance(day, datetime) else day
    return _EARLIEST < plain < _LATEST
