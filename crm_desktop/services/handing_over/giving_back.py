"""One record of a hand-over and what went along with it, given back to whoever had it.

What was finished meanwhile stays with whoever did it, and so do the figures of that time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.ownership import owner_field
from crm_desktop.services.handing_over.handed_views import HandedViews
from crm_desktop.services.handing_over.planning import handed_objects, leading_of
from crm_desktop.services.open_work import is_open, still_open
from crm_desktop.services.operations import HAND_OVER, UNDONE, Operation
from crm_desktop.services.writing.changes import CREATED, UPDATED, Title
from crm_desktop.services.writing.staging import Update

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

DAYS_BACK = 14
"""So long one client may be given back by itself."""
BACK = Title(N_("Given back: {name}"))


@dataclass(frozen=True)
class Return:
    """What would go back: by which hand-over, when that was, to which colleague, what of it; the
    names of the record and of the colleague."""

    operation: int
    handed_at: datetime
    to: int
    writes: tuple[Update, ...]
    record: str
    name: str

    def counts(self) -> Mapping[str, int]:
        """How many records of each object."""
        found: dict[str, int] = {}
        for write in self.writes:
            found[write.entity] = found.get(write.entity, 0) + 1
        return found


def hand_over_of(workspace: Workspace, record: Ref) -> int:
    """The last hand-over within `DAYS_BACK` days by which the record went to somebody; InvalidInput
    if there is none."""
    rows, log = (workspace.tables.system(name) for name in ("change_row", "operation_log"))
    since = workspace.clock.now() - timedelta(days=DAYS_BACK)
    wanted = (
        sa.select(sa.func.max(log.c.id))
        .join(rows, rows.c.op == log.c.id)
        .where(
            rows.c.rid == record.id, rows.c.ent == workspace.catalogue[record.entity].number,
            log.c.kind == HAND_OVER, log.c.state != UNDONE, log.c.started_at >= since,
        )
    )  # fmt: skip
    with workspace.backend.read() as connection:
        found = connection.execute(wanted).scalar()
    if found is None:
        said = _("It was not handed over in the last {days} days")
        raise InvalidInput(said.format(days=DAYS_BACK))
    return int(found)


def going_back(workspace: Workspace, operation: int, record: Ref) -> Return:
    """What would go back with the record.

    `InvalidInput` for another operation, after `DAYS_BACK` days, where nothing is as it was left.
    """
    known = workspace.operations.get(operation)
    _may_go_back(workspace, known)
    to = _owners(workspace, operation, record, _owner_key(workspace, record.entity))[0]
    writes = tuple(_back(workspace, operation, record, to)) if to is not None else ()
    if to is None or not writes:
        raise InvalidInput(_("Nothing of it is as the hand-over left it"))
    whose = Ref(workspace.catalogue.staff().key, to)
    names = workspace.titles.of([record, whose])
    return Return(
        operation, known.started_at, to, writes, names[record].text, names[whose].text
    )  # fmt: skip


def give_back(workspace: Workspace, operation: int, record: Ref) -> int:
    """One record of a hand-over and what went along with it, back to whoever had it; the operation.
    Errors are those of `going_back`."""
    back = going_back(workspace, operation, record)
    title = Title(BACK.message, {"name": back.record})
    done = workspace.records.apply(list(back.writes), title).operation
    _take_views_back(workspace, operation)
    return done


def _take_views_back(workspace: Workspace, operation: int) -> None:
    """From receivers who have nothing open of the hand-over any more."""
    views = HandedViews(workspace.backend, workspace.tables, operation)
    with workspace.backend.read() as connection:
        receivers = views.receivers(connection)
    gone = receivers - _holding(workspace, operation) if receivers else ()
    if gone:
        with workspace.backend.write() as connection:
            views.take_back(connection, gone)


def _holding(workspace: Workspace, operation: int) -> set[int]:
    """Whose is by now what it gave and is still open; its message to each receiver is theirs."""
    found, changed = set[int](), _touched(workspace, operation, UPDATED)
    for entity in handed_objects(workspace):
        owner = owner_field(entity)
        assert owner is not None
        ids = _still_open(workspace, entity, changed)
        rows = workspace.reader.many(entity.key, ids, [owner.key])
        found |= {values[owner.key] for values in rows.values()}
    return found


def _owner_key(workspace: Workspace, entity: str) -> str:
    owner = owner_field(workspace.catalogue[entity])
    if owner is None:
        raise InvalidInput(_("Nothing of it is as the hand-over left it"))
    return owner.key


def _may_go_back(workspace: Workspace, operation: Operation) -> None:
    if operation.kind != HAND_OVER:
        raise InvalidInput(_("This operation is no hand-over"))
    if workspace.clock.now() - operation.started_at > timedelta(days=DAYS_BACK):
        said = _("The hand-over is more than {days} days old: change the responsible one by hand")
        raise InvalidInput(said.format(days=DAYS_BACK))


def _back(workspace: Workspace, operation: int, record: Ref, to: int) -> Iterator[Update]:
    """Open records whose owner is still the one that the operation gave them."""
    family, changed = {record}, _touched(workspace, operation, CREATED, UPDATED)
    for entity in handed_objects(workspace):
        owner, ids = owner_field(entity), _still_open(workspace, entity, changed)
        assert owner is not None
        leading = leading_of(workspace, entity, ids)
        mine = [
            id_ for id_ in ids
            if Ref(entity.key, id_) in family or leading.get(id_) in family
        ]  # fmt: skip
        family |= {Ref(entity.key, id_) for id_ in mine}
        now = workspace.reader.many(entity.key, mine, [owner.key])
        for id_ in now:
            before, after = _owners(workspace, operation, Ref(entity.key, id_), owner.key)
            if after is not None and now[id_][owner.key] == after:
                # what the hand-over made, the rest of a series, had nobody before
                yield Update(entity.key, id_, {owner.key: to if before is None else before})


def _still_open(
    workspace: Workspace, entity: EntityDef, changed: Mapping[str, list[int]]
) -> list[int]:
    ids, unfinished = changed.get(entity.key, []), still_open(entity)
    if not ids or unfinished is None:
        return ids
    found = workspace.reader.many(entity.key, ids, [unfinished.path])
    return [id_ for id_, values in found.items() if is_open(entity, values)]


def _touched(workspace: Workspace, operation: int, *kinds: str) -> dict[str, list[int]]:
    rows = workspace.tables.system("change_row")
    known = {entity.number: entity.key for entity in workspace.catalogue}
    found: dict[str, list[int]] = {}
    wanted = sa.select(rows.c.ent, rows.c.rid).where(rows.c.op == operation, rows.c.kind.in_(kinds))
    with workspace.backend.read() as connection:
        for number, id_ in connection.execute(wanted):
            if number in known:
                found.setdefault(known[number], []).append(id_)
    return found


def _owners(
    workspace: Workspace, operation: int, ref: Ref, key: str
) -> tuple[int | None, int | None]:
    """Who had it before and after the operation, by the change log."""
    rows = workspace.tables.system("change_row")
    number = workspace.catalogue[ref.entity].number
    wanted = sa.select(rows.c.kind, rows.c.delta, rows.c.overflow).where(
        rows.c.op == operation, rows.c.ent == number, rows.c.rid == ref.id
    )
    with workspace.backend.read() as connection:
        for kind, delta, overflow in connection.execute(wanted):
            values = json.loads(overflow or delta)
            if key in values:
                before, after = (None, values[key]) if kind == CREATED else values[key]
                return before, after
    return None, None
