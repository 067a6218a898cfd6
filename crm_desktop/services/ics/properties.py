"""Properties of a written entry: values as they must look in the file, nothing reworded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from icalendar import Component, Parameters, vDate, vDatetime, vText

from crm_desktop.models.recurrence.rule import Recurrence, parse_recurrence


class Raw:
    """A value that is written as it is: rules, addresses, lists of dates."""

    def __init__(self, text: str, params: dict[str, str] | None = None) -> None:
        self._text = text
        self.params = Parameters(params or {})

    def to_ical(self) -> bytes:
        """What the library writes behind the name."""
        return self._text.encode()


def put(to: Component, name: str, value: Any, **params: str) -> None:
    """A text; nothing is written for none. Names of parameters have _ for -."""
    if value is None or value == "":
        return
    made = vText(str(value))
    for key, given in params.items():
        made.params[key.replace("_", "-")] = given
    to.add(name, made, encode=False)


def put_raw(to: Component, name: str, text: str, **params: str) -> None:
    """A value that the library must not touch."""
    to.add(name, Raw(text, {k.replace("_", "-"): v for k, v in params.items()}), encode=False)


def exact(moment: datetime) -> str:
    """A moment to the millisecond, for programs of ours."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


class Placed:
    """How the moments of one activity are written: as days, in a zone by name, or in UTC."""

    def __init__(self, zone: tzinfo, *, named: bool, all_day: bool) -> None:
        self.zone = zone
        self.named = named
        self.all_day = all_day

    def text(self, moment: datetime) -> str:
        """The value without parameters."""
        wall = moment.astimezone(self.zone)
        if self.all_day:
            return f"{wall:%Y%m%d}"
        if self._is_local(moment):
            return f"{wall:%Y%m%dT%H%M%S}"
        return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"

    def put(self, to: Component, name: str, moment: datetime) -> None:
        """One moment with what the reader must know of it."""
        wall = moment.astimezone(self.zone)
        if self.all_day:
            made: Any = vDate(wall.date())
            made.params["VALUE"] = "DATE"
        elif self._is_local(moment):
            made = vDatetime(wall.replace(microsecond=0))
            made.params["TZID"] = str(self.zone)
        else:
            made = vDatetime(moment.astimezone(UTC).replace(microsecond=0))
        to.add(name, made, encode=False)

    def put_dates(self, to: Component, name: str, moments: tuple[datetime, ...]) -> None:
        """A line a moment: some programs read only the first of several."""
        for one in moments:
            params = {"VALUE": "DATE"} if self.all_day else {}
            if not self.all_day and self._is_local(one):
                params = {"TZID": str(self.zone)}
            to.add(name, Raw(self.text(one), params), encode=False)

    def _is_local(self, moment: datetime) -> bool:
        """Whether the zone's clocks name this moment: not the second of two equal hours."""
        wall = moment.astimezone(self.zone)
        return self.named and not wall.fold and wall.replace(fold=0).astimezone(UTC) == moment


def put_rule(to: Component, text: str, placed: Placed) -> None:
    """RRULE, EXDATE and RDATE; what other programs would read otherwise is said to ours apart."""
    known = parse_recurrence(text, placed.zone)
    if known.rule:
        shown = _until_said(known, placed)
        put_raw(to, "RRULE", shown)
        if shown != known.rule:
            put_raw(to, "X-CRM-RULE", known.rule)
    placed.put_dates(to, "EXDATE", known.exdates)
    placed.put_dates(to, "RDATE", known.rdates)
    if known.workdays:
        put_raw(to, "X-CRM-WORKDAYS", "1")


def _until_said(known: Recurrence, placed: Placed) -> str:
    """The rule with its end as RFC 5545, 3.3.10 wants it: a day for days, else a moment in UTC."""
    until = known.parts().get("UNTIL", "")
    if not until or until.endswith("Z") or (placed.all_day and len(until) == 8):
        return known.rule
    if placed.all_day:
        return known.with_parts(UNTIL=until[:8]).rule
    form = "%Y%m%d" if len(until) == 8 else "%Y%m%dT%H%M%S"
    wall = datetime.strptime(until, form).replace(tzinfo=placed.zone)
    if len(until) == 8:
        wall += timedelta(hours=23, minutes=59, seconds=59)
    return known.with_parts(UNTIL=f"{wall.astimezone(UTC):%Y%m%dT%H%M%SZ}").rule
