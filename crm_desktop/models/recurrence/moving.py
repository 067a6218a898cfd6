"""What becomes of a rule when its dates move, are parted in two, or are used up one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from crm_desktop.models.recurrence.occurrences import MOST_FOUND, IsWorkday, occurrences
from crm_desktop.models.recurrence.rule import DAYS, Recurrence, until_of

ENDLESS = datetime(2999, 12, 31, tzinfo=UTC)
"""Stands for the end of a series without one: later than anything that is planned."""


def wall_shift(old: datetime, new: datetime, zone: tzinfo) -> timedelta:
    """How far the clocks of a zone are apart at two moments."""
    return _wall(new, zone) - _wall(old, zone)


def shifted(moment: datetime, by: timedelta, zone: tzinfo) -> datetime:
    """The moment at which the clocks of the zone show so much more."""
    return (_wall(moment, zone) + by).replace(tzinfo=zone).astimezone(UTC)


def _wall(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def moved(rule: Recurrence, old: datetime, new: datetime, zone: tzinfo) -> Recurrence:
    """The rule when the occurrence at `old` comes at `new`: days of the week and of the month
    follow, single dates move as far on the clock."""
    by = wall_shift(old, new, zone)
    days = (_wall(new, zone).date() - _wall(old, zone).date()).days
    changed = _on_other_days(rule, days, _wall(old, zone), _wall(new, zone)) if days else rule
    until = until_of(rule.parts(), zone) if rule.rule else None
    if until is not None and by:
        stamp = (until + by).replace(tzinfo=zone).astimezone(UTC)
        changed = changed.with_parts(UNTIL=f"{stamp:%Y%m%dT%H%M%SZ}")
    return replace(
        changed,
        exdates=tuple(shifted(one, by, zone) for one in rule.exdates),
        rdates=tuple(shifted(one, by, zone) for one in rule.rdates),
    )


def _on_other_days(rule: Recurrence, days: int, old: datetime, new: datetime) -> Recurrence:
    parts = rule.parts()
    named = parts.get("BYDAY", "")
    if parts.get("FREQ") == "WEEKLY" and named:
        turned = {DAYS[(DAYS.index(one) + days) % 7] for one in named.split(",")}
        return rule.with_parts(BYDAY=",".join(day for day in DAYS if day in turned))
    if parts.get("BYMONTHDAY") == str(old.day):
        rule = rule.with_parts(BYMONTHDAY=str(new.day))
    elif "," not in named and named[:-2] and "BYSETPOS" not in parts:
        place = -1 if named.startswith("-") else (new.day - 1) // 7 + 1
        rule = rule.with_parts(BYDAY=f"{place}{DAYS[new.weekday()]}")
    if parts.get("BYMONTH") == str(old.month):
        rule = rule.with_parts(BYMONTH=str(new.month))
    return rule


def ended_before(rule: Recurrence, moment: datetime) -> Recurrence:
    """The rule without anything from `moment` on."""
    last = moment.astimezone(UTC) - timedelta(seconds=1)
    shorter = rule.with_parts(COUNT=None, UNTIL=f"{last:%Y%m%dT%H%M%SZ}") if rule.rule else rule
    return replace(
        shorter,
        exdates=tuple(one for one in rule.exdates if one < moment),
        rdates=tuple(one for one in rule.rdates if one < moment),
    )


def continued_from(
    rule: Recurrence, starts: datetime, zone: tzinfo, moment: datetime
) -> Recurrence:
    """The rest of a rule from its date `moment` on: of a number of times, those that are left."""
    rest = replace(
        rule,
        exdates=tuple(one for one in rule.exdates if one >= moment),
        rdates=tuple(one for one in rule.rdates if one >= moment),
    )
    count = rule.parts().get("COUNT") if rule.rule else None
    if count is None:
        return rest
    whole = replace(rule, exdates=(), rdates=())
    gone = len(occurrences(whole, starts, zone, after=starts, before=moment))
    return rest.with_parts(COUNT=str(max(1, int(count) - gone)))


def last_date(
    rule: Recurrence, starts: datetime, zone: tzinfo, is_workday: IsWorkday | None = None
) -> datetime:
    """The last date of a rule; `ENDLESS` if it has none or lies too far away to be found."""
    if rule.endless:
        return ENDLESS
    until = until_of(rule.parts(), zone) if rule.rule else None
    if until is not None:
        return max([until.replace(tzinfo=zone).astimezone(UTC), *rule.rdates])
    found = occurrences(
        rule, starts, zone, after=min([starts, *rule.rdates]), before=ENDLESS, is_workday=is_workday
    )
    return found[-1] if found and len(found) < MOST_FOUND else ENDLESS if found else starts
