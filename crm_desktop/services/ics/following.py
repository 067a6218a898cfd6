"""Changes of a date "and all the following" (RECURRENCE-ID;RANGE=THISANDFUTURE, RFC 5545, 3.2.13).

Here such a series is two: the first ends before the date, the second goes on from it with the new
values. Its UID is made of that of the file and the date, so that the same file read again finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.recurrence.moving import (
    continued_from,
    ended_before,
    moved,
    shifted,
    wall_shift,
)
from crm_desktop.models.recurrence.occurrences import next_occurrence
from crm_desktop.models.recurrence.rule import parse_recurrence
from crm_desktop.models.recurrence.zones import zone_named
from crm_desktop.services.ics.found import Found, Left

_LONGEST_UID = 230
_OWN = ("rule", "zone", "moment", "occurrence")
"""What the second part does not take from the entry that begins it."""


@dataclass
class _Part:
    """A series from `since` on (a date of the file's rule); its dates lie `by` later on the clock
    than the file's."""

    found: Found
    since: datetime | None
    by: timedelta


def parted(found: Sequence[Found], home: tzinfo, left: list[Left]) -> list[Found]:
    """The activities with such series in parts; what cannot be parted stands alone and is named."""
    if not any(one.following for one in found):
        return list(found)
    parts: dict[str, list[_Part]] = {
        one.uid: [_Part(one, None, timedelta())] for one in found if one.values.get("rule")
    }
    alone: list[Found] = []
    later = [one for one in found if one.following and one.original is not None]
    for one in sorted(later, key=lambda one: (one.original, one.number)):
        try:
            known = _begin(parts.get(one.uid, []), one, home)
        except InvalidInput:
            known = False
        if not known:
            alone.append(replace(one, following=False))
            said = _("It changes all the following dates of a series; only its own was taken")
            left.append(Left(one.number, one.name[:80], said))
    rest = [one for one in found if not one.following and not one.values.get("rule")]
    series = [part.found for several in parts.values() for part in several]
    return [*series, *(_placed(one, parts.get(one.uid, []), home) for one in (*rest, *alone))]


def _begin(parts: list[_Part], one: Found, home: tzinfo) -> bool:
    """Lets a new part begin with `one`; False where there is no such date."""
    if not parts or one.original is None:
        return False
    last = parts[-1]
    values = last.found.values
    zone = zone_named(values.get("zone")) or home
    starts: datetime = values["starts"]
    rule = parse_recurrence(str(values["rule"]), zone)
    here = shifted(one.original, last.by, zone)
    if next_occurrence(rule, starts, zone, here - timedelta(seconds=1)) != here:
        return False
    begins = one.values.get("starts") or here
    rest = continued_from(rule, starts, zone, here)
    rest = moved(rest, here, begins, zone) if begins != here else rest
    second = _second(last.found, one, begins, rest.text())
    by = wall_shift(one.original, begins, zone)
    if here <= starts:  # all of them
        parts[-1] = _Part(replace(second, uid=last.found.uid), last.since, by)
        return True
    shorter = ended_before(rule, here).text()
    parts[-1] = replace(last, found=replace(last.found, values={**values, "rule": shorter}))
    parts.append(_Part(second, one.original, by))
    return True


def _second(first: Found, one: Found, begins: datetime, rule: str) -> Found:
    given = {k: v for k, v in one.values.items() if v is not None and k not in _OWN}
    given = {k: v for k, v in given.items() if k not in one.guessed or k not in first.values}
    values: dict[str, Any] = {**first.values, **given, "starts": begins, "rule": rule}
    starts, ends = first.values.get("starts"), first.values.get("ends")
    if "ends" not in given and ends is not None and starts is not None:
        values["ends"] = begins + (ends - starts)
    stamp = one.original.astimezone(UTC) if one.original is not None else begins
    return replace(
        first, number=one.number, uid=f"{one.uid[:_LONGEST_UID]}-{stamp:%Y%m%dT%H%M%SZ}",
        values={**values, "moment": begins}, links={**first.links, **one.links},
        people=one.people or first.people, alarms=one.alarms or first.alarms,
        steps=one.steps or first.steps, guessed=first.guessed | {"moment"},
    )  # fmt: skip


def _placed(one: Found, parts: list[_Part], home: tzinfo) -> Found:
    """A changed date belongs to the part in which it lies."""
    found = next(_holding(parts, one), None)
    if found is None or one.original is None:
        return one
    zone = zone_named(found.found.values.get("zone")) or home
    return replace(one, uid=found.found.uid, original=shifted(one.original, found.by, zone))


def _holding(parts: list[_Part], one: Found) -> Iterator[_Part]:
    for part in reversed(parts):
        if one.original is not None and (part.since is None or part.since <= one.original):
            yield part
