"""Who takes part in an entry, and what it reminds of (RFC 5545, 3.8.4.1 and 3.6.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from icalendar import Component as Parsed
from icalendar.prop.broken import vBroken

from crm_desktop.i18n import _
from crm_desktop.services.ics.found import Alarm, Somebody

Note = Callable[[str], None]
MOST = 500
ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}
ROLES = {"NON-PARTICIPANT": "auditor"}
THINGS = ("ROOM", "RESOURCE")
CHANNELS = {"DISPLAY": "window", "AUDIO": "window", "EMAIL": "mail"}
_FARTHEST = 1_000_000


def people(parsed: Parsed) -> tuple[Somebody, ...]:
    """The attendees in the order of the file, nobody twice."""
    found = [_somebody(one) for one in _several(parsed.get("ATTENDEE"))[:MOST]]
    return tuple(dict.fromkeys(one for one in found if one.name or one.mail or one.key))


def organiser(parsed: Parsed) -> Somebody | None:
    """Who called the others together."""
    given = _several(parsed.get("ORGANIZER"))
    return _somebody(given[0]) if given else None


def _several(value: Any) -> list[Any]:
    several = value if isinstance(value, list) else [] if value is None else [value]
    return [one for one in several if not isinstance(one, vBroken)]


def _somebody(value: Any) -> Somebody:
    params = getattr(value, "params", {})
    address = str(value).strip()
    scheme, sign, rest = address.partition(":")
    mail = rest if scheme.lower() == "mailto" else "" if sign else address
    is_thing = str(params.get("CUTYPE", "")).upper() in THINGS
    role = "" if is_thing else ROLES.get(str(params.get("ROLE", "")), "")
    return Somebody(
        name=str(params.get("CN") or "").strip()[:250],
        mail=mail.strip()[:254] if "@" in mail else "",
        key=str(params.get("X-CRM-REF") or "")[:80],
        role=str(params.get("X-CRM-ROLE") or role)[:40].lower(),
        answer=ANSWERS.get(str(params.get("PARTSTAT", "")).upper(), "none"),
        reason=str(params.get("X-CRM-REASON") or "")[:300],
        is_thing=is_thing,
    )


def alarms(
    parsed: Parsed, starts: datetime | None, ends: datetime | None, note: Note
) -> tuple[Alarm, ...]:
    """The reminders of an entry, counted in minutes before it starts."""
    given = [one for one in parsed.subcomponents if one.name == "VALARM"]
    return tuple(dict.fromkeys(_alarms(given[:MOST], starts, ends, note)))


def _alarms(
    given: list[Any], starts: datetime | None, ends: datetime | None, note: Note
) -> Iterator[Alarm]:
    for one in given:
        action = str(one.get("ACTION") or "DISPLAY").upper()
        channel = str(one.get("X-CRM-CHANNEL") or CHANNELS.get(action, ""))
        if not channel:
            note(_("A reminder that would do “{action}” was left out").format(action=action[:40]))
            continue
        if one.get("REPEAT"):
            note(_("A reminder repeats in the file; here it comes once and can be put off"))
        before = _before(one.get("TRIGGER"), starts, ends)
        if before is None or abs(before) > timedelta(minutes=_FARTHEST):
            note(_("A reminder without a readable time was left out"))
            continue
        whom = one.get("X-CRM-WHOM")
        named = (str(whom)[:80], str(whom.params.get("X-CRM-NAME", ""))[:250]) if whom else ("", "")
        yield Alarm(round(before.total_seconds() / 60), channel, named)


def _before(trigger: Any, starts: datetime | None, ends: datetime | None) -> timedelta | None:
    """How long before the start a reminder comes."""
    if isinstance(trigger, vBroken):
        return None
    when = getattr(trigger, "dt", None)
    if isinstance(when, datetime):
        if starts is None or when.tzinfo is None:
            return None
        return starts - when
    if not isinstance(when, timedelta):
        return None
    related = str(getattr(trigger, "params", {}).get("RELATED", "START")).upper()
    if related == "END" and ends is not None and starts is not None:
        return (starts - ends) - when
    return -when
