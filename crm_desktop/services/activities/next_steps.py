"""Calls with their result and the next step, one after another; and one plan for many records.

A call that is noted and the step that follows from it are one operation, undone together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_desktop import i18n
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField, PhoneField
from crm_desktop.models.catalogue.traits import Latest, Mirror, Scheduled
from crm_desktop.services.activities.kinds import habits
from crm_desktop.services.activities.service import finishing, read_line, times_of, values_of
from crm_desktop.services.bulk.service import BLOCK, BulkResult
from crm_desktop.services.reader import parts_of
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.records import Outcome
from crm_desktop.services.writing.staging import Create, Write

CALL, TASK = "call", "task"
MOST_RESULTS = 100
LAST_SHOWN = 3


@dataclass(frozen=True)
class Said:
    """What came of a call: a value of the book of results, a few words, and the next step as a
    line with its date ("send the offer tomorrow"); all may be empty. `finishes`: the planned call
    that it was (`planned_call`)."""

    result: int | None = None
    note: str = ""
    following: str = ""
    finishes: int | None = None


@dataclass(frozen=True)
class PlannedCall:
    """A call that somebody still has to make, and the moment it is due."""

    id: int
    subject: str
    due: datetime


@dataclass(frozen=True)
class Past:
    """Something that was done or is planned about a record."""

    moment: datetime
    subject: str
    tone: str


@dataclass(frozen=True)
class Callee:
    """Who is called: name, telephones as people read them, the latest that was, and the call that
    is planned."""

    ref: Ref
    title: str
    numbers: tuple[str, ...]
    past: tuple[Past, ...]
    planned: PlannedCall | None = None


def results(workspace: Workspace) -> list[tuple[str, int]]:
    """The results a call may have, in their order."""
    entity, _trait = workspace.catalogue.with_trait(Scheduled)
    f = entity.field("result")
    if not isinstance(f, LinkField):
        return []
    found = workspace.titles.suggest(f.target, "", f.book, MOST_RESULTS)
    return [(title.text, ref.id) for ref, title in found]


def next_values(workspace: Workspace, line: str) -> dict[str, Any]:
    """The planned step of a line; a date alone means another call."""
    phrase = read_line(workspace, line)
    if not phrase.subject and phrase.moment is not None:
        return {"subject": _("Call again"), "kind": CALL, "state": "planned",
                **times_of(phrase, CALL, habits(workspace))}  # fmt: skip
    return values_of(workspace, line)


def planned_call(workspace: Workspace, ref: Ref) -> PlannedCall | None:
    """The call that whoever works here has to make today or is late with, about the record or what
    its next step is taken from (a client's deals); the earliest of them."""
    entity, trait = workspace.catalogue.with_trait(Scheduled)
    about = [ref.id, *_followed(workspace, ref, entity)]
    rows = workspace.reader.linked(entity.key, trait.about, about)
    zone, today = workspace.clock.zone(), workspace.clock.today()
    found = [
        PlannedCall(id_, str(row.values.get(entity.title_field) or ""), due)
        for id_, row in rows.items()
        if row.values.get(trait.kind) == CALL and row.values.get(trait.who) == workspace.user_id
        if row.values.get(trait.state) not in (trait.done, *trait.closed)
        if (due := row.values.get(trait.due)) is not None and due.astimezone(zone).date() <= today
    ]
    return min(found, key=lambda one: (one.due, one.id), default=None)


def _followed(workspace: Workspace, ref: Ref, scheduled: EntityDef) -> Iterator[int]:
    """The records whose activities the record's own next step follows."""
    ways = {
        (trait.child, trait.owner) for trait in workspace.catalogue[ref.entity].traits_of(Latest)
    }
    for child, owner in sorted(ways):
        if child != scheduled.key and workspace.catalogue[child].traits_of(Latest):
            yield from workspace.reader.linked(child, owner, [ref.id])


def log_call(workspace: Workspace, ref: Ref, said: Said) -> Outcome:
    """Notes a call about a record, which finishes the planned one if it was that, and plans what
    follows from it.

    `InvalidInput` for the field `result` if a planned call may not end without one.
    """
    entity, trait = workspace.catalogue.with_trait(Scheduled)
    writes: list[Write]
    if said.finishes is not None:
        writes = finishing(workspace, said.finishes, result=said.result, note=said.note)
    else:
        call: dict[str, Any] = {
            "subject": _("Call"), trait.kind: CALL, trait.state: trait.done, trait.about: ref,
            "direction": "out", "result": said.result, "body": said.note.strip() or None,
        }  # fmt: skip
        writes = [Create(entity.key, {k: v for k, v in call.items() if v is not None})]
    if said.following.strip():
        values = next_values(workspace, said.following)
        writes.append(Create(entity.key, {**values, trait.about: ref}))
    name = workspace.titles.of([ref]).get(ref)
    title = Title(N_("Call noted: {name}"), {"name": name.text if name else "…"})
    return workspace.records.apply(writes, title)


def callee(workspace: Workspace, ref: Ref) -> Callee | None:
    """What one wants to see while calling; None if the record is gone."""
    record = workspace.reader.get(ref.entity, ref.id)
    if record is None:
        return None
    title = workspace.titles.of([ref])[ref].text
    entity = workspace.catalogue[ref.entity]
    numbers = dict.fromkeys(_numbers(workspace, entity, ref.id, record.values))
    past, planned = tuple(_past(workspace, ref)), planned_call(workspace, ref)
    return Callee(ref, title, tuple(numbers), past, planned)


def _numbers(
    workspace: Workspace, entity: EntityDef, id_: int, values: dict[str, Any]
) -> list[str]:
    """The main number first, then those of its contacts."""
    language = i18n.language()
    own = [(f, values.get(f.key)) for f in entity.fields if isinstance(f, PhoneField)]
    found = [f.format(value, language) for f, value in own if value]
    for mirror in entity.traits:
        if not isinstance(mirror, Mirror) or not isinstance(entity.field(mirror.field), PhoneField):
            continue
        child = workspace.catalogue[mirror.child]
        rows = workspace.reader.linked(child.key, mirror.owner, [id_]).values()
        shape = entity.field(mirror.field)
        for row in rows:
            fits = mirror.kind is None or row.values.get(mirror.kind[0]) == mirror.kind[1]
            usable = not (mirror.unless and row.values.get(mirror.unless))
            if fits and usable and row.values.get(mirror.value):
                found.append(shape.format(row.values[mirror.value], language))
    return found


def _past(workspace: Workspace, ref: Ref) -> list[Past]:
    entity, trait = workspace.catalogue.with_trait(Scheduled)
    rows = workspace.reader.linked(entity.key, trait.about, [ref.id]).values()
    latest = sorted(rows, key=lambda row: row.values["moment"], reverse=True)[:LAST_SHOWN]
    state = entity.field(trait.state)
    found = []
    for row in latest:
        chosen = state.choice(row.values[trait.state]) if isinstance(state, ChoiceField) else None
        subject = str(row.values.get(entity.title_field) or "")
        found.append(Past(row.values["moment"], subject, chosen.tone if chosen else "neutral"))
    return found


# --- many records -------------------------------------------------------------------------------


def plan_for(
    workspace: Workspace, entity: EntityDef, ids: Sequence[int], line: str, kind: str = "",
    *, check: Callable[[], None] = lambda: None,
) -> BulkResult:  # fmt: skip
    """Plans the same step about each of the records, as one operation.

    `InvalidInput` if the line says no subject.
    """
    if not ids:
        raise InvalidInput(_("Choose the records first"))
    planned, trait = workspace.catalogue.with_trait(Scheduled)
    values = values_of(workspace, line, kind)
    title = Title(
        N_("“{name}” planned for {count} record"), {"name": values["subject"], "count": len(ids)},
        N_("“{name}” planned for {count} records"),
    )  # fmt: skip
    records = workspace.records
    operation = records.operations.start(title, workspace.clock.now(), "bulk")
    done = 0
    try:
        for part in parts_of(ids, BLOCK):
            check()
            made = [Create(planned.key, {**values, trait.about: Ref(entity.key, id_)})
                    for id_ in part]  # fmt: skip
            records.apply(made, operation=operation)
            done += len(part)
    finally:
        records.operations.end(operation, workspace.clock.now())
    return BulkResult(operation.id if done else None, done)
