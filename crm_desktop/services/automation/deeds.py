"""What each kind of rule writes: an activity with its reminder, a notice, a field, whose it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from crm_desktop import i18n
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin.activity import IDLE
from crm_desktop.models.catalogue.builtin.automation import DEEDS
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LongTextField, TextField
from crm_desktop.models.catalogue.sales_traits import Firings
from crm_desktop.models.catalogue.traits import Activities, Reminds, Scheduled
from crm_desktop.models.text.dates import format_datetime
from crm_desktop.models.worktime.arithmetic import WorkTime
from crm_desktop.services.assignment.service import Chosen
from crm_desktop.services.automation.known import Rule
from crm_desktop.services.automation.proposing import calendars, next_free
from crm_desktop.services.automation.standing import clashes, open_one
from crm_desktop.services.automation.values import filled, find, in_words, typed, zone
from crm_desktop.services.automation.whom import chosen, who_field
from crm_desktop.services.writing.batch import Batch, Staged
from crm_desktop.services.writing.staging import Create, Update, Write

PLAN, NOTIFY, ASSIGN, SET_FIELD, BEGIN_SET = (one.key for one in DEEDS)
DAILY = "day"
_MINUTE = timedelta(minutes=1)


class Deed(NamedTuple):
    """What a rule writes: `name` tells of it in one line, `activity` is the number of a new one,
    `set` of a set of steps that begins."""

    writes: tuple[Write, ...]
    name: str
    activity: int | None = None
    set: int | None = None


def deed(batch: Batch, staged: Staged, rule: Rule) -> Deed | None:
    """What the rule does for the record; None if there is nothing to do."""
    if rule.deed == SET_FIELD:
        return _set_field(batch, staged, rule)
    if rule.deed == BEGIN_SET:
        return Deed((), rule.name, set=rule.values.get("set"))
    who = chosen(batch, staged, rule)
    if rule.deed == ASSIGN:
        return _assign(batch, staged, who, rule)
    if staged.entity.trait(Activities) is None:
        return None
    return _notify(batch, staged, rule, who) if rule.deed == NOTIFY else (
        _activity(batch, staged, rule, who))  # fmt: skip


def firing(batch: Batch, staged: Staged, rule: Rule, done: Deed) -> Create:
    """The note that the rule fired."""
    entity, trait = batch.catalogue.with_trait(Firings)
    values: dict[str, Any] = {
        trait.rule: rule.id, trait.about: staged.ref, trait.fired: batch.now,
        entity.title_field: _cut(entity, entity.title_field, done.name),
    }  # fmt: skip
    link = next((f.key for f in batch.link_fields(entity)
                 if getattr(f, "target", "") == _events(batch)[0].key), None)  # fmt: skip
    if link is not None and done.activity is not None:
        values[link] = done.activity
    return Create(entity.key, values)


# --- activities -----------------------------------------------------------------------------------


def _activity(batch: Batch, staged: Staged, rule: Rule, who: Chosen) -> Deed | None:
    """Plans it once: while what it planned before is open, that is moved to a new time instead."""
    entity, when = _events(batch)
    kind = str(rule.values.get("kind") or "task")
    times = _times(batch, staged, rule, who.staff_id)
    before = open_one(batch, staged, rule) if rule.guard != DAILY or rule.values.get("at") else None
    if before is not None:
        return _moved(batch, staged, before, times if rule.values.get("at") else {})
    values = _event(batch, staged, rule, who, kind) | times
    place = rule.values.get("place")
    found = find(batch, staged, str(place)) if place else None
    if found is not None:
        values[when.place] = _cut(entity, when.place, in_words(batch, found)) or None
    id_ = batch.new_id()
    told, free = _clash(batch, staged, values)
    writes: list[Write] = [Create(entity.key, values, id=id_), *told]
    if rule.values.get("remind") is not None and who.staff_id is not None:
        writes.append(_reminder(batch, id_, who.staff_id, int(rule.values["remind"])))
    return Deed(tuple(writes), _noted(str(values[entity.title_field]), free), activity=id_)


def _moved(batch: Batch, staged: Staged, before: Staged, times: dict[str, Any]) -> Deed | None:
    """What stands already, at the time that is agreed now; None where it is the same."""
    entity, stands = before.entity, before.after or {}
    values = {key: value for key, value in times.items() if stands.get(key) != value}
    if not values:
        return None
    told, free = _clash(batch, staged, {**stands, **values}, but=before.id, values=values)
    title = _noted(str(stands.get(entity.title_field)), free)
    return Deed((Update(entity.key, before.id, values), *told), title, activity=before.id)


def _noted(title: str, free: str) -> str:
    """What was planned, with the time that was proposed instead, if any."""
    return f"{title}. {free}" if free else title


def _clash(
    batch: Batch, staged: Staged, planned: dict[str, Any], *, but: int | None = None,
    values: dict[str, Any] | None = None,
) -> tuple[list[Write], str]:  # fmt: skip
    """Names in the text of what is planned at a time (`values`: what is written of it) whom it
    takes twice and when they are free, and tells whoever is responsible for the record. The other
    half of the answer says the free time; '' where nothing clashes."""
    entity, when = _events(batch)
    who, starts = planned.get(when.who), planned.get(when.starts)
    if who is None or starts is None or planned.get(when.all_day):
        return [], ""
    span = starts, planned.get(when.ends) or starts
    found = clashes(batch, who, span, but=but)
    if not found:
        return [], ""
    free = _free(batch, next_free(batch, who, span, but=but))
    said = _("Taken twice then: {others}").format(others="; ".join(found)) + f"\n{free}"
    text = _text_of(entity, when)
    if text is not None:
        known = str(planned.get(text) or "")
        (planned if values is None else values)[text] = "\n".join(filter(None, (known, said)))
    f = who_field(staged.entity)
    responsible = (staged.after or {}).get(f.key) if f is not None else None
    if responsible is None or staged.entity.trait(Activities) is None:
        return [], free
    title = str(planned.get(entity.title_field))
    subject = _("“{name}” clashes with something else").format(name=title)
    return notice(batch, staged.ref, responsible, (subject, said)), free


def _free(batch: Batch, moment: datetime | None) -> str:
    if moment is None:
        return _("No free time within four weeks")
    told = format_datetime(moment.astimezone(zone(batch)), i18n.language())
    return _("Next free time: {moment}").format(moment=told)


def _text_of(entity: EntityDef, when: Scheduled) -> str | None:
    return next((f.key for f in entity.fields if isinstance(f, LongTextField)
                 and not f.readonly and f.key != when.rule), None)  # fmt: skip


def notice(batch: Batch, about: Ref | None, whom: int, said: tuple[str, str]) -> list[Write]:
    """Something that comes up at once for a colleague, about a record if one is named: its title
    and its text."""
    entity, when = _events(batch)
    id_, text = batch.new_id(), _text_of(entity, when)
    values: dict[str, Any] = {
        entity.title_field: _cut(entity, entity.title_field, said[0]), when.kind: IDLE[0],
        when.state: when.planned, when.who: whom, when.about: about,
    }  # fmt: skip
    if text is not None and said[1]:
        values[text] = said[1]
    reminder, due = _reminder(batch, id_, whom, 0), batch.catalogue.with_trait(Reminds)[1].due
    told = replace(reminder, values={**reminder.values, due: batch.now})
    return [Create(entity.key, values, id=id_), told]


def _notify(batch: Batch, staged: Staged, rule: Rule, who: Chosen) -> Deed | None:
    """Something that comes up at once for somebody, and is nobody's deadline."""
    if who.staff_id is None:
        return None
    entity, _when = _events(batch)
    values, id_ = _event(batch, staged, rule, who, IDLE[0]), batch.new_id()
    reminder = _reminder(batch, id_, who.staff_id, 0)
    due = batch.catalogue.with_trait(Reminds)[1].due
    told = replace(reminder, values={**reminder.values, due: batch.now})
    writes = (Create(entity.key, values, id=id_), told)
    return Deed(writes, str(values[entity.title_field]), activity=id_)


def _event(batch: Batch, staged: Staged, rule: Rule, who: Chosen, kind: str) -> dict[str, Any]:
    entity, when = _events(batch)
    subject = " ".join(filled(batch, staged, str(rule.values.get("subject") or "")).split())
    body = filled(batch, staged, str(rule.values.get("body") or ""))
    said = "\n".join(part for part in (body, who.note) if part)
    values: dict[str, Any] = {
        entity.title_field: _cut(entity, entity.title_field, subject or rule.name),
        when.kind: kind, when.state: when.planned, when.who: who.staff_id,
        when.about: staged.ref,
    }  # fmt: skip
    text = _text_of(entity, when)
    if text is not None and said:
        values[text] = said
    return {key: value for key, value in values.items() if value is not None}


def _times(batch: Batch, staged: Staged, rule: Rule, who: int | None) -> dict[str, Any]:
    """At the time in a field, for so long; else due after so many minutes of working time."""
    when, at = _events(batch)[1], rule.values.get("at")
    found = find(batch, staged, str(at)) if at else None
    if found is not None and isinstance(found.value, datetime):
        length = int(rule.values.get("length") or 0)
        ends = {when.ends: found.value + length * _MINUTE} if length else {}
        return {when.starts: found.value, when.due: found.value, **ends}
    if found is not None and isinstance(found.value, date):
        starts = datetime.combine(found.value, time(), zone(batch)).astimezone(UTC)
        return {when.starts: starts, when.due: starts, when.all_day: True}
    if rule.values.get("minutes") is None:
        return {}
    return {when.due: _due(batch, who, int(rule.values["minutes"]))}


def _due(batch: Batch, who: int | None, minutes: int) -> datetime:
    """So many working minutes from now by the calendar of whoever is to do it; their leave is not
    taken out: what they got must not wait for their return unseen."""
    try:
        return WorkTime(calendars(batch).of(who)).add_minutes(batch.now, minutes)
    except InvalidInput:  # a calendar without any working time
        return batch.now + minutes * _MINUTE


def _reminder(batch: Batch, event: int, whom: int, minutes: int) -> Create:
    entity, trait = batch.catalogue.with_trait(Reminds)
    return Create(entity.key, {
        trait.event: event, trait.whom: whom, trait.offset: minutes, trait.channel: trait.window,
    })  # fmt: skip


def _events(batch: Batch) -> tuple[EntityDef, Scheduled]:
    return batch.catalogue.with_trait(Scheduled)


def _cut(entity: EntityDef, key: str, text: str) -> str:
    f = entity.field(key)
    most = f.length if isinstance(f, TextField) else len(text)
    return text if len(text) <= most else text[: most - 1] + "…"


# --- fields ---------------------------------------------------------------------------------------


def _set_field(batch: Batch, staged: Staged, rule: Rule) -> Deed:
    f = staged.entity.field(str(rule.values.get("field")))
    text = str(rule.values.get("value") or "")
    value = filled(batch, staged, text) if isinstance(f, TextField | LongTextField) else text
    said = _("{field}: {value}").format(field=_(f.label), value=value)
    written = Update(staged.entity.key, staged.id, {f.key: typed(batch, f, value)})
    return Deed((written,), said)


def _assign(batch: Batch, staged: Staged, who: Chosen, rule: Rule) -> Deed | None:
    """Gives the record to somebody and tells them, unless it was theirs or they write themselves.
    Why it is no turn like any other stands with the record, where it has a place for notes."""
    f = who_field(staged.entity)
    if f is None or who.staff_id is None:
        return None
    values: dict[str, Any] = {f.key: who.staff_id}
    if who.note and staged.entity.has("note"):
        known = str((staged.after or {}).get("note") or "")
        values["note"] = "\n".join(part for part in (known, who.note) if part)
    writes: list[Write] = [Update(staged.entity.key, staged.id, values)]
    theirs = (staged.after or {}).get(f.key) == who.staff_id
    told = not theirs or bool(who.note)
    if told and who.staff_id != batch.author and staged.entity.trait(Activities) is not None:
        name = str((staged.after or {}).get(staged.entity.title_field) or "")
        said = _("{object} “{name}” is yours now").format(object=_(staged.entity.label), name=name)
        writes += notice(batch, staged.ref, who.staff_id, (said, who.note))
    return Deed(tuple(writes), rule.name)
