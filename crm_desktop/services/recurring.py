"""Records that are made again by themselves, after a sample, on the dates of a rule.

Each date is made once: the template goes on to its next date in the transaction that makes the
record, and the date is noted with the base: one whose making was undone does not come again.
Days on which no program was open are caught up with.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput, NotFound, UserError
from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.builtin.deal import DEAL_PERSON
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.sales_traits import Funnel, PricedLines, Repeating
from crm_desktop.models.recurrence.occurrences import next_occurrence
from crm_desktop.services.office.zone import office_zone
from crm_desktop.services.operations import BY_ITSELF
from crm_desktop.services.recurring_refused import tell_refused
from crm_desktop.services.writing.batch import Batch, Staged, is_empty
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create, Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

_log = logging.getLogger(__name__)
MOST = 50
"""Records made by one look; the next look makes the others."""
MADE = Title(N_("Made again by a rule: {name}"))
_FACT = "turn."
_NOON = time(12)


def is_due(workspace: Workspace) -> bool:
    """Whether `make_due` has anything to do; only reads."""
    return bool(_due(workspace))


def make_due(workspace: Workspace) -> int:
    """Makes what has come; how many records."""
    made, passed = 0, set[int]()
    while made < MOST:
        waiting = [id_ for id_ in _due(workspace) if id_ not in passed]
        if not waiting:
            break
        for id_ in waiting:
            try:
                made += _make(workspace, id_)
            except UserError as wrong:  # the sample cannot be made like this: others go on
                _log.warning("template %s makes nothing: %s", id_, wrong.message)
                passed.add(id_)
                if isinstance(wrong, InvalidInput):  # no busy base: somebody has to do something
                    tell_refused(workspace, id_, wrong.message)
    return made


def next_turn(rule: str, first: date, zone: tzinfo, after: date | None) -> date | None:
    """The first date of the rule, after a day if one is given; None if there is no more."""
    starts = datetime.combine(first, _NOON, zone).astimezone(UTC)
    known = starts - timedelta(minutes=1)
    if after is not None:
        known = max(known, datetime.combine(after, _NOON, zone).astimezone(UTC))
    found = next_occurrence(rule, starts, zone, known)
    return found.astimezone(zone).date() if found is not None else None


# --- what has come --------------------------------------------------------------------------------


def _shape(workspace: Workspace) -> tuple[EntityDef, Repeating]:
    return workspace.catalogue.with_trait(Repeating)


def _due(workspace: Workspace) -> list[int]:
    """Templates whose next date has come so near that it is to be made."""
    entity, trait = _shape(workspace)
    table, today = workspace.tables.main[entity.key], workspace.clock.today()
    turn, ahead, gone, sample = (
        table.c[entity.field(key).name] for key in (trait.next, "ahead", "retired", trait.sample)
    )
    asked = sa.select(table.c.id, turn, ahead, gone).where(
        turn.is_not(None), sample.is_not(None), turn <= today + timedelta(days=366)
    )
    with workspace.backend.read() as connection:
        rows = connection.execute(asked.order_by(turn, table.c.id)).all()
    return [id_ for id_, day, days, left in rows
            if not left and day - timedelta(days=days or 0) <= today]  # fmt: skip


# --- making ---------------------------------------------------------------------------------------


def _make(workspace: Workspace, id_: int) -> int:
    entity, trait = _shape(workspace)
    made: list[int] = []

    def plan(batch: Batch) -> Sequence[Write]:
        made.clear()
        try:
            template = batch.row(entity, id_)
        except NotFound:  # another seat was quicker
            return []
        values = template.after or {}
        turn = values.get(trait.next)
        if (
            turn is None
            or turn - timedelta(days=values.get("ahead") or 0) > workspace.clock.today()
        ):
            return []
        return list(_writes(workspace, batch, template, turn, made))

    record = workspace.reader.get(entity.key, id_)
    name = str(record.values.get(entity.title_field) or "") if record is not None else ""
    workspace.records.apply(plan, Title(MADE.message, {"name": name}), kind=BY_ITSELF)
    return len(made)


def _writes(
    workspace: Workspace, batch: Batch, template: Staged, turn: date, made: list[int]
) -> Iterator[Write]:
    """The record of one date, and the template on its way to the next one."""
    trait, values = _shape(workspace)[1], template.after or {}
    count = int(values.get("made") or 0)
    if not _is_noted(batch, template.id, turn):
        made.append(template.id)
        count += 1
        yield from _copy(batch, template, turn)
        _note(batch, template.id, turn)
    zone = office_zone(batch.reader.tables, batch.connection)
    following = next_turn(str(values[trait.rule]), values["first"], zone, turn)
    if values.get("most") is not None and count >= int(values["most"]):
        following = None
    yield Update(template.entity.key, template.id, {trait.next: following, "made": count})


def _copy(batch: Batch, template: Staged, turn: date) -> Iterator[Write]:
    values, trait = template.after or {}, batch.catalogue.with_trait(Repeating)[1]
    link = template.entity.field(trait.sample)
    if not isinstance(link, LinkField):
        raise InvalidInput(link.label)
    entity = batch.catalogue[link.target]
    sample, id_ = batch.row(entity, values[trait.sample]), batch.new_id()
    new = _kept(entity, sample.after or {})
    links = (f for f in entity.fields if isinstance(f, LinkField))
    back = next((f.key for f in links if f.target == template.entity.key), None)
    new |= {back: template.id, "turn": turn} if back is not None else {}
    funnel = entity.trait(Funnel)
    if funnel is not None and values.get("closes") is not None:
        new[funnel.expected] = turn + timedelta(days=int(values["closes"]))
    yield Create(entity.key, new, id=id_)
    for child in batch.catalogue.children(entity):
        if child.entity.trait(PricedLines) is None and child.entity.key != DEAL_PERSON.key:
            continue
        for one in batch.linked(child.entity, child.field, sample.id):
            own = _kept(child.entity, one.after or {})
            yield Create(child.entity.key, {**own, child.field.key: id_})


def _kept(entity: EntityDef, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a new record takes over: everything but what came of the old one."""
    trait = entity.trait(Funnel)
    past = (
        {trait.stage, trait.opened, trait.closed, trait.expected, trait.reason, trait.comment,
         trait.probability, trait.chance_by} if trait is not None else set()
    )  # fmt: skip
    return {
        f.key: values[f.key] for f in entity.fields
        if not f.readonly and not f.kept and f.key not in past and not is_empty(values.get(f.key))
    }  # fmt: skip


# --- what was made --------------------------------------------------------------------------------


def _is_noted(batch: Batch, template: int, turn: date) -> bool:
    facts = batch.reader.tables.system("base_info")
    asked = sa.select(facts.c.content).where(facts.c.name == f"{_FACT}{template}")
    return str(batch.connection.execute(asked).scalar() or "") >= turn.isoformat()


def _note(batch: Batch, template: int, turn: date) -> None:
    facts, name = batch.reader.tables.system("base_info"), f"{_FACT}{template}"
    batch.backend.delete_keys(batch.connection, facts, ("name",), [(name,)])
    batch.backend.insert_many(
        batch.connection, facts, ("name", "content"), [(name, turn.isoformat())]
    )
