"""What was promised and not kept, and who has no next step: the dearest and oldest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import MoneyField, UserField
from crm_desktop.models.catalogue.traits import Latest
from crm_desktop.models.query import Condition, Query, Sort, both
from crm_desktop.services.conditions.values import PASSED
from crm_desktop.services.interactive import interactive
from crm_desktop.services.reminders.question import EVERYBODY, event_of, open_states
from crm_desktop.services.reminders.snooze import tomorrow
from crm_desktop.services.series.card import of_due_date
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOST = 500
CALL_AT = time(10)
CALL = "call"
MOVED = Title(N_("Put off until tomorrow: {count} activity"), {},
              N_("Put off until tomorrow: {count} activities"))  # fmt: skip
PLANNED = Title(N_("Call planned for tomorrow: {count} record"), {},
                N_("Call planned for tomorrow: {count} records"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Promise:
    """A record somebody waits at: `ref` is the overdue activity, or the record without a step.

    `since`: when it was due, or when there was contact last; `money`: what the record is worth.
    """

    ref: Ref
    record: Ref | None
    text: str
    since: datetime | None
    money: Decimal | None
    whom: int | None


def broken(workspace: Workspace, whom: int | None) -> list[Promise]:
    """Open activities whose day is past, of one colleague or of `EVERYBODY`."""
    question = workspace.reminders.question
    when, event = question.scheduled, question.event
    mine = _of(when.who, whom)
    open_ = Condition(when.state, "in", open_states(event))
    late = Condition(when.due, "period", PASSED)
    query = Query(event.key, ("id",), both(open_, late, mine), sort=(Sort(when.due),))
    ids = [row.id for row in workspace.lists.open(query).rows(0, MOST)]
    keys = (event.title_field, when.due, when.about, when.who)
    found = workspace.reader.many(event.key, ids, keys)
    money = _money(workspace, (values[when.about] for values in found.values()))
    promises = [
        Promise(Ref(event.key, id_), values[when.about], str(values[event.title_field] or ""),
                values[when.due], money.get(values[when.about]), values[when.who])
        for id_, values in found.items()
    ]  # fmt: skip
    return sorted(promises, key=_dearest)


def without_step(workspace: Workspace, whom: int | None) -> list[Promise]:
    """Records of which nothing is planned, of one colleague or of `EVERYBODY`."""
    entity, step, contact = kept_step(workspace.catalogue)
    money, owner = money_field(entity), owner_field(entity)
    none = Condition(step, "empty")
    sort = (Sort(money, True), Sort(contact)) if money else (Sort(contact),)
    mine = _of(owner, whom) if owner else None
    query = Query(entity.key, ("id",), both(none, mine), sort=sort)
    ids = [row.id for row in workspace.lists.open(query).rows(0, MOST)]
    keys = tuple(key for key in (entity.title_field, contact, money, owner) if key)
    found = workspace.reader.many(entity.key, ids, keys)
    promises = []
    for id_ in ids:
        values = found.get(id_)
        if values is not None:
            ref = Ref(entity.key, id_)
            promises.append(Promise(
                ref, ref, str(values[entity.title_field] or ""), values[contact],
                values[money] if money else None, values[owner] if owner else None,
            ))  # fmt: skip
    return sorted(promises, key=_dearest)


def call_tomorrow(workspace: Workspace, promises: Iterable[Promise]) -> int:
    """Overdue activities move to tomorrow at ten; records without a step get a call then.

    Tomorrow is the next working day of whoever is responsible. The operation, to be undone by.
    """
    question = workspace.reminders.question
    when, event = question.scheduled, question.event
    writes: list[Write] = []
    wanted = list(promises)
    for promise in wanted:
        moment = _tomorrow(workspace, promise.whom)
        if promise.ref.entity == event.key:
            values: dict[str, Any] = {when.due: moment}
            starts = workspace.reader.many(event.key, [promise.ref.id], (when.starts,))
            if starts.get(promise.ref.id, {}).get(when.starts) is not None:
                values[when.starts] = moment
            writes += of_due_date(workspace, promise.ref, values)
        else:
            writes.append(Create(event.key, {
                event.title_field: _("Call"), when.kind: CALL, when.state: when.planned,
                when.starts: moment, when.due: moment, when.about: promise.record,
                when.who: promise.whom if promise.whom is not None else workspace.user_id,
            }))  # fmt: skip
    moved = bool(writes) and any(promise.ref.entity == event.key for promise in wanted)
    title = MOVED if moved else PLANNED
    named = Title(title.message, {"count": len(writes)}, title.many)
    with interactive(on=False):  # a list to be called from ten on: one click, and no questions
        return workspace.records.apply(writes, named).operation


def _tomorrow(workspace: Workspace, whom: int | None) -> datetime:
    """Ten o\'clock of the next day on which that colleague works."""
    zone = workspace.clock.zone()
    moment = tomorrow(workspace.clock.now(), zone, CALL_AT)
    working = workspace.worktime.of(whom)
    for _day in range(30):
        if working.is_workday(moment.astimezone(zone).date()):
            return moment
        moment = tomorrow(moment, zone, CALL_AT)
    return tomorrow(workspace.clock.now(), zone, CALL_AT)


def kept_step(catalogue: Catalogue) -> tuple[EntityDef, str, str]:
    """The first object that knows its next step: it, the field, the field of the last contact."""
    event = event_of(catalogue)
    for entity in catalogue:
        own = [t for t in entity.traits_of(Latest) if t.child == event.key]
        steps = [t.field for t in own if t.earliest]
        contacts = [t.field for t in own if not t.earliest]
        if entity.navigation and steps and contacts:
            return entity, steps[0], contacts[0]
    raise KeyError(event.key)


def money_field(entity: EntityDef) -> str:
    """The first sum of money an object knows; empty for none."""
    return next((f.key for f in entity.fields if isinstance(f, MoneyField)), "")


def owner_field(entity: EntityDef) -> str:
    """The colleague who is responsible; empty where nobody is."""
    return next((f.key for f in entity.fields if isinstance(f, UserField)), "")


def _of(field: str, whom: int | None) -> Condition | None:
    if whom == EVERYBODY:
        return None
    return Condition(field, "empty") if whom is None else Condition(field, "in", (whom,))


def _money(workspace: Workspace, refs: Iterable[Ref | None]) -> dict[Ref | None, Decimal | None]:
    by_entity: dict[str, list[int]] = {}
    for ref in refs:
        if ref is not None and money_field(workspace.catalogue[ref.entity]):
            by_entity.setdefault(ref.entity, []).append(ref.id)
    found: dict[Ref | None, Decimal | None] = {}
    for key, ids in by_entity.items():
        field = money_field(workspace.catalogue[key])
        for id_, values in workspace.reader.many(key, ids, (field,)).items():
            found[Ref(key, id_)] = values[field]
    return found


def _dearest(promise: Promise) -> tuple[Decimal, float]:
    """By money, the most first; then by age, the oldest first, never is oldest."""
    since = promise.since.timestamp() if promise.since is not None else 0.0
    return -(promise.money or Decimal(0)), since
