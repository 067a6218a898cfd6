"""A series keeps a rule that can be carried out; whoever completes it completes one occurrence.

The record of a series is always the plan. When somebody ticks it off, the occurrence that was due
becomes a record of its own, and the series goes on to its next date.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin.activity import OPEN_STATES
from crm_desktop.models.recurrence.moving import ENDLESS, last_date, shifted
from crm_desktop.models.recurrence.occurrences import IsWorkday, check_rule, next_occurrence
from crm_desktop.models.recurrence.rule import Recurrence, parse_recurrence
from crm_desktop.services.office.zone import zone_in
from crm_desktop.services.worktime.reading import read_calendars
from crm_desktop.services.writing.batch import Batch, Staged

DONE = "done"
EARLIEST, LATEST = 1900, 2900
MATTERS = frozenset(("rule", "starts", "ends", "zone"))
OWN_OF_ONE = ("result", "reason", "body", "moment", "attempt")
"""What is said of the occurrence that is completed; the series has none of it."""


def keep_series(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Checks the rule, keeps when it ends, and goes on to the next date when one is completed."""
    values = staged.after
    if values is None:
        return
    if not values.get("rule"):
        if values.get("recurs_until") is not None and "recurs_until" not in given:
            values["recurs_until"] = None
        return
    if staged.before is not None and not MATTERS & set(given):
        _complete_one(batch, staged)
        return
    starts = values.get("starts")
    if starts is None:
        raise InvalidInput(_("Say when it starts: a series is counted from there"), field="starts")
    if not EARLIEST <= starts.year <= LATEST:
        raise InvalidInput(_("A series cannot begin in the year {year}").format(year=starts.year),
                           field="starts")  # fmt: skip
    zone = zone_in(batch.reader.tables, batch.connection, values.get("zone"))
    rule = _checked(str(values["rule"]), starts, zone, "rule" in given)
    if "rule" in given:
        values["rule"] = rule.text()
    if not values.get("zone") and "zone" not in given:
        values["zone"] = str(zone)[:60]
    if "recurs_until" not in given:
        values["recurs_until"] = _end(values, rule, zone)


def _checked(text: str, starts: datetime, zone: tzinfo, is_new: bool) -> Recurrence:
    try:
        return check_rule(text, starts, zone) if is_new else parse_recurrence(text, zone)
    except InvalidInput as wrong:
        raise InvalidInput(wrong.message, field="rule") from wrong


def _end(values: dict[str, Any], rule: Recurrence, zone: tzinfo) -> datetime:
    """When the last occurrence ends, a day more: moved holidays may push one on."""
    starts: datetime = values["starts"]
    last = last_date(rule, starts, zone)
    if last >= ENDLESS:
        return ENDLESS
    ends: datetime = values.get("ends") or starts
    return last + max(ends - starts, timedelta()) + timedelta(days=1)


def leave_out(batch: Batch, staged: Staged) -> None:
    """A deleted date stays deleted: the series does not come back to the start it replaced."""
    gone = staged.before or {}
    original, series = gone.get("occurrence"), gone.get("series")
    if original is None or series is None:
        return
    try:
        owner = batch.row(staged.entity, series)
    except NotFound:  # it goes as well
        return
    values = owner.after or {}
    if not values.get("rule"):
        return
    zone = zone_in(batch.reader.tables, batch.connection, values.get("zone"))
    rest = parse_recurrence(str(values["rule"]), zone).without(original)
    batch.put(owner, "rule", staged.entity.field("rule").check(rest.text()))


# --- one after the other --------------------------------------------------------------------------


def _complete_one(batch: Batch, staged: Staged) -> None:
    """What was ticked off becomes a record of its own; the series stays open."""
    before, values = staged.before or {}, staged.after or {}
    was_open = before.get("state") in OPEN_STATES
    if not was_open or values.get("state") != DONE or values.get("starts") is None:
        return
    zone = zone_in(batch.reader.tables, batch.connection, values.get("zone"))
    rule = parse_recurrence(str(values["rule"]), zone)
    counts_from_done = values.get("count_from") == DONE
    here = values["starts"] if counts_from_done else _due_one(batch, staged, rule, zone)
    following = (
        _after_completion(batch, rule, values, zone)
        if counts_from_done
        else here and _free_after(batch, staged, rule, zone, here)
    )
    if here is None or following is None:
        return  # it was the last one: the series is done
    _part(batch, staged, here)
    _go_on(staged, rule, following, counts_from_done)


def _due_one(batch: Batch, staged: Staged, rule: Recurrence, zone: tzinfo) -> datetime | None:
    """The first date without a record of its own."""
    return _free_after(batch, staged, rule, zone, None)


def _free_after(
    batch: Batch, staged: Staged, rule: Recurrence, zone: tzinfo, after: datetime | None
) -> datetime | None:
    values, entity = staged.after or {}, staged.entity
    known = {
        (one.after or {}).get("occurrence")
        for one in batch.linked(entity, entity.field("series"), staged.id)
    }
    starts: datetime = values["starts"]
    moment = after or starts - timedelta(seconds=1)
    is_workday = _workdays(batch, rule)
    for _step in range(len(known) + 1):
        found = next_occurrence(rule, starts, zone, moment, is_workday=is_workday)
        if found is None or found not in known:
            return found
        moment = found
    return None


def _after_completion(
    batch: Batch, rule: Recurrence, values: dict[str, Any], zone: tzinfo
) -> datetime | None:
    """The next date of the rule when it is begun anew on the day of completion."""
    left = int(rule.parts().get("COUNT", "2")) if rule.rule else 0
    if left < 2:
        return None
    starts: datetime = values["starts"]
    wall = batch.now.astimezone(zone).date() - starts.astimezone(zone).date()
    today = shifted(starts, wall, zone)
    plain, after = replace(rule, exdates=(), rdates=()), max(today, starts)
    return next_occurrence(plain, today, zone, after, is_workday=_workdays(batch, rule))


def _workdays(batch: Batch, rule: Recurrence) -> IsWorkday | None:
    """The working days of the office, for a rule that is counted in them."""
    if not rule.workdays:
        return None
    office = read_calendars(batch.reader, batch.connection).of(None)
    return lambda day: bool(office.plan(day).hours)


def _part(batch: Batch, staged: Staged, here: datetime) -> None:
    """Makes the record of the completed occurrence."""
    values, entity = staged.after or {}, staged.entity
    length = (values.get("ends") or values["starts"]) - values["starts"]
    copy = {
        f.key: values.get(f.key)
        for f in entity.fields
        if not f.kept and values.get(f.key) is not None
    }
    for key in ("rule", "recurs_until", "count_from", "uid"):
        copy.pop(key, None)
    copy |= {"series": staged.id, "occurrence": here, "starts": here, "due": here}
    if values.get("ends") is not None:
        copy["ends"] = here + length
    batch.create(entity, copy)


def _go_on(staged: Staged, rule: Recurrence, following: datetime, from_done: bool) -> None:
    """The series is the plan again, due at its next date."""
    before, values = staged.before or {}, staged.after or {}
    for key in ("state", *OWN_OF_ONE):
        values[key] = before.get(key)
    values["due"] = values["moment"] = following
    if not from_done:
        return
    if values.get("ends") is not None:
        values["ends"] = following + (values["ends"] - values["starts"])
    values["starts"] = following
    if "COUNT" in rule.parts():
        rule = rule.with_parts(COUNT=str(int(rule.parts()["COUNT"]) - 1))
    values["rule"] = replace(rule, exdates=(), rdates=()).text()
