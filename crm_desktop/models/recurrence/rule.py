"""A rule of recurrence as an activity keeps it: RRULE, EXDATE and RDATE of RFC 5545, section 3.8.5.

The text is the value of an RRULE, with or without its name, and lines EXDATE and RDATE. Dates taken
out or put in are kept in UTC. The line `X-CRM-WORKDAYS:1` says that Monday to Friday in a rule with
BYSETPOS mean the working days of the calendar; other programs read the rule without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, tzinfo

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _

LONGEST = 100_000
MOST_DATES = 5_000
MOST_COUNT = 10_000
MOST_INTERVAL = 9_999
WORKDAYS = "X-CRM-WORKDAYS"
FREQUENCIES = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKING_WEEK = frozenset(DAYS[:5])

# part: least and most of its numbers, whether they may count from the end (RFC 5545, 3.3.10)
_NUMBERS: dict[str, tuple[int, int, bool]] = {
    "BYSECOND": (0, 59, False),
    "BYMINUTE": (0, 59, False),
    "BYHOUR": (0, 23, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYMONTH": (1, 12, False),
    "BYSETPOS": (1, 366, True),
}
_WEEKDAY = re.compile(r"(?:[+-]?\d{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)")
_MOMENT = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")


@dataclass(frozen=True)
class Recurrence:
    """A checked rule. `rule` is the value of the RRULE, '' when there are single dates only;
    `exdates` and `rdates` are aware moments in UTC, sorted."""

    rule: str = ""
    exdates: tuple[datetime, ...] = ()
    rdates: tuple[datetime, ...] = ()
    workdays: bool = False

    def text(self) -> str:
        """What the field of an activity holds."""
        lines = [self.rule] if self.rule else []
        lines += [f"{name}:{_stamps(given)}" for name, given in self._dated() if given]
        return "\n".join([*lines, f"{WORKDAYS}:1"] if self.workdays else lines)

    def _dated(self) -> tuple[tuple[str, tuple[datetime, ...]], ...]:
        return ("EXDATE", self.exdates), ("RDATE", self.rdates)

    def parts(self) -> dict[str, str]:
        """The parts of the rule by their names, in their order."""
        return dict(part.split("=", 1) for part in self.rule.split(";") if part)

    def with_parts(self, **parts: str | None) -> Recurrence:
        """With other parts; None takes one out."""
        changed = {**self.parts(), **parts}
        return replace(self, rule=";".join(f"{k}={v}" for k, v in changed.items() if v is not None))

    def without(self, moment: datetime) -> Recurrence:
        """With one date taken out."""
        return replace(
            self,
            exdates=tuple(sorted({*self.exdates, moment.astimezone(UTC)})),
            rdates=tuple(one for one in self.rdates if one != moment),
        )

    @property
    def endless(self) -> bool:
        """Whether it never ends by itself."""
        return bool(self.rule) and not {"COUNT", "UNTIL"} & self.parts().keys()


def parse_recurrence(text: str, zone: tzinfo = UTC) -> Recurrence:
    """Reads what an activity or a calendar file holds; `zone` is that of dates without one.

    Raises `InvalidInput` with a sentence that names the part that is wrong.
    """
    if len(text) > LONGEST:
        raise InvalidInput(_("The rule of recurrence is too long"))
    rule, exdates, rdates, workdays = "", list[datetime](), list[datetime](), False
    for name, given, value in _lines(text):
        if name == "RRULE":
            if rule:
                raise InvalidInput(_("An activity recurs by one rule: join the two"))
            rule = _checked_rule(value)
        elif name in ("EXDATE", "RDATE"):
            (exdates if name == "EXDATE" else rdates).extend(_moments(value, given, zone))
        elif name == WORKDAYS:
            workdays = value.strip() == "1"
        else:
            raise InvalidInput(_("A rule of recurrence has no line “{name}”").format(name=name))
    if len(exdates) + len(rdates) > MOST_DATES:
        raise InvalidInput(_("There are too many single dates in the rule of recurrence"))
    return Recurrence(rule, tuple(sorted({*exdates})), tuple(sorted({*rdates})), workdays)


def _lines(text: str) -> Iterator[tuple[str, str, str]]:
    """Name, parameters and value of each line."""
    for line in filter(None, (line.strip() for line in text.splitlines())):
        head, sign, value = line.partition(":")
        if not sign or (sign and "=" in head and ";" in head and head.startswith("FREQ")):
            head, value = "RRULE", line
        name, _sign, given = head.partition(";")
        yield name.upper(), given, value


def _stamps(moments: tuple[datetime, ...]) -> str:
    return ",".join(f"{one.astimezone(UTC):%Y%m%dT%H%M%SZ}" for one in moments)


# --- the rule -------------------------------------------------------------------------------------


def _checked_rule(value: str) -> str:
    parts: dict[str, str] = {}
    for part in filter(None, value.strip().upper().split(";")):
        name, sign, given = part.partition("=")
        if not sign or not given or name in parts:
            raise InvalidInput(
                _("The rule of recurrence cannot be read at “{part}”").format(part=part[:40])
            )
        parts[name] = given
    if parts.get("FREQ") not in FREQUENCIES:
        raise InvalidInput(_("The rule does not say how often it recurs: FREQ is missing or wrong"))
    for name, given in parts.items():
        _check_part(name, given)
    _check_together(parts)
    return ";".join(f"{name}={given}" for name, given in parts.items())


def _check_part(name: str, given: str) -> None:
    if name == "FREQ":
        return
    if name in ("INTERVAL", "COUNT"):
        fits = _whole(given, 1, MOST_INTERVAL if name == "INTERVAL" else MOST_COUNT)
    elif name == "UNTIL":
        fits = _MOMENT.fullmatch(given) is not None and _local(given) is not None
    elif name == "WKST":
        fits = given in DAYS
    elif name == "BYDAY":
        fits = all(_is_weekday(day) for day in given.split(","))
    elif name in _NUMBERS:
        fits = all(_is_number(name, one) for one in given.split(","))
    else:
        raise InvalidInput(_("A rule of recurrence has no part “{name}”").format(name=name[:40]))
    if not fits:
        raise InvalidInput(
            _("The part {name} of the rule cannot be “{value}”").format(name=name, value=given[:40])
        )


def _is_weekday(text: str) -> bool:
    number = text[:-2]
    return bool(_WEEKDAY.fullmatch(text)) and (not number or 1 <= abs(int(number)) <= 53)


def _is_number(name: str, text: str) -> bool:
    least, most, backwards = _NUMBERS[name]
    digits = text[1:] if text[:1] == "+" or (backwards and text[:1] == "-") else text
    return _whole(digits, least, most)


def _whole(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9 and least <= int(text) <= most


def _check_together(parts: dict[str, str]) -> None:
    """What RFC 5545 forbids side by side."""
    if "COUNT" in parts and "UNTIL" in parts:
        raise InvalidInput(_("A rule ends after a number of times or on a date, not by both"))
    numbered = any(day[:-2] for day in parts.get("BYDAY", "").split(","))
    if numbered and parts["FREQ"] not in ("MONTHLY", "YEARLY"):
        raise InvalidInput(_("“The second Tuesday” needs a rule by months or years"))
    if "BYSETPOS" in parts and not any(
        name.startswith("BY") and name != "BYSETPOS" for name in parts
    ):
        raise InvalidInput(_("BYSETPOS needs another part that says of which days"))


# --- moments --------------------------------------------------------------------------------------


def until_of(parts: dict[str, str], zone: tzinfo) -> datetime | None:
    """The last moment of a rule as the clocks of `zone` show it; a day means its end."""
    given = parts.get("UNTIL")
    if given is None:
        return None
    found, wall = _MOMENT.fullmatch(given), _local(given)
    assert found is not None and wall is not None  # checked when it was parsed
    if not found.group(2):
        return datetime.combine(wall.date(), time.max)
    if found.group(3):
        return wall.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    return wall


def _local(text: str) -> datetime | None:
    """The date and time that are written, without a zone; None if there is no such."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    day, clock, _z = found.groups()
    try:
        return datetime.strptime(day + (clock or "000000"), "%Y%m%d%H%M%S")  # noqa: DTZ007
    except ValueError:
        return None


def _moments(value: str, given: str, zone: tzinfo) -> Iterator[datetime]:
    """The dates of an EXDATE or RDATE line in UTC; of a period its beginning."""
    from crm_desktop.models.recurrence.zones import zone_named

    named = dict(part.partition("=")[::2] for part in given.upper().split(";") if part)
    exact = dict(part.partition("=")[::2] for part in given.split(";") if part)
    place = zone
    if named.get("TZID"):
        name = next(v for k, v in exact.items() if k.upper() == "TZID")
        place = zone_named(name.strip('"')) or zone
    for text in filter(None, (one.strip().upper() for one in value.split(","))):
        moment = text.partition("/")[0]
        wall = _local(moment)
        if wall is None:
            raise InvalidInput(_("“{text}” is not a date of the calendar").format(text=text[:40]))
        yield wall.replace(tzinfo=UTC if moment.endswith("Z") else place).astimezone(UTC)
