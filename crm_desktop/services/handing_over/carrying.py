"""A hand-over carried out: one operation in one transaction, with one message for each receiver and
the saved views; and given back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.ownership import owner_field
from crm_desktop.models.catalogue.traits import Recurring
from crm_desktop.services.changes import UPDATED, Title
from crm_desktop.services.handing_over.planning import Draft, handed_objects, leading_of
from crm_desktop.services.operations import Operation
from crm_desktop.services.reminders.outgoing import put_changes
from crm_desktop.services.series_writes import ALL, FOLLOWING, SeriesWrites
from crm_desktop.services.staging import Update, Write
from crm_desktop.services.views import LONGEST_NAME, SavedView

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

KIND = "hand_over"
BLOCK = 500
DAYS_BACK = 14
"""So long one client may be given back by itself."""
MOST_NAMED = 20
TITLE = Title(N_("{name} hands over {count} record"), {}, N_("{name} hands over {count} records"))
BACK = Title(N_("Given back: {name}"))
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class HandedOver:
    """What came of it: the operation, how many records, how many messages wait to be sent, how
    many saved views the first receiver has got."""

    operation: int
    count: int
    messages: int
    views: int = 0


def carry_out(
    workspace: Workspace,
    drafted: Draft,
    *,
    progress: Progress = lambda _done, _whole: None,
    check: Callable[[], None] = lambda: None,
) -> HandedOver:
    """Everything in one transaction, or after a refusal, a stop or a crash nothing.

    `Cancelled` from `check` stops it. `progress` counts records.
    """
    given = list(drafted.given.items())
    if not given:
        raise InvalidInput(_("There is nothing to hand over"))
    leaving = Ref(workspace.catalogue.staff().key, drafted.handing.leaving)
    name = workspace.titles.of([leaving])[leaving].text
    title = Title(TITLE.message, {"name": name, "count": len(given)}, TITLE.many)
    parts = []
    for start in range(0, len(given), BLOCK):
        check()
        parts.append(list(_writes(workspace, given[start : start + BLOCK])))
    said, views = list(_messages(workspace, drafted, name)), _views(workspace, drafted, name)

    def between(done: int) -> None:
        check()
        progress(min(done * BLOCK, len(given)), len(given))

    def beside(connection: sa.Connection, operation: int) -> None:
        put_changes(workspace, connection, operation, said)
        for view in views:
            workspace.views.put(connection, view)

    written = workspace.records.apply_whole(parts, title, KIND, between=between, beside=beside)
    return HandedOver(written.operation, len(given), len(said), len(views))


def _views(workspace: Workspace, drafted: Draft, name: str) -> list[SavedView]:
    """The views that only the leaving one sees, for the first receiver too."""
    handing, views = drafted.handing, workspace.views
    if handing.objects or not handing.receivers:
        return []
    receiver, new = handing.receivers[0], []
    for view in views.all(handing.leaving):
        if view.shared or view.author != handing.leaving:
            continue
        whose = name[: LONGEST_NAME // 2]
        called = f"{view.name[: LONGEST_NAME - len(whose) - 3]} ({whose})"
        taken = {one.name.casefold() for one in views.of(view.entity, receiver)}
        if called.casefold() not in taken:
            layout = {**view.layout, "pinned": False}
            new.append(views.view(called, view.query, author=receiver, shared=False, layout=layout))
    return new


def _writes(workspace: Workspace, given: Sequence[tuple[Ref, int]]) -> Iterator[Write]:
    series = _series(workspace, [ref for ref, _who in given])
    for ref, who in given:
        owner = owner_field(workspace.catalogue[ref.entity])
        assert owner is not None
        if ref in series:
            yield from _of_series(workspace, ref.id, {owner.key: who})
        else:
            yield Update(ref.entity, ref.id, {owner.key: who})


def _series(workspace: Workspace, refs: Sequence[Ref]) -> set[Ref]:
    found = set()
    for entity in workspace.catalogue:
        recurring = entity.trait(Recurring)
        ids = [ref.id for ref in refs if ref.entity == entity.key]
        if recurring is None or not ids:
            continue
        rules = workspace.reader.many(entity.key, ids, [recurring.rule])
        found |= {Ref(entity.key, id_) for id_, values in rules.items() if values[recurring.rule]}
    return found


def _of_series(workspace: Workspace, id_: int, values: dict[str, int]) -> list[Write]:
    """The dates to come; those that were stay whose they are."""
    dates = SeriesWrites(workspace, id_)
    following = dates.next_date(workspace.clock.now())
    if following is None or dates.is_first(following):
        return dates.edit(dates.starts, values, ALL)
    return dates.edit(following, values, FOLLOWING)


def _messages(workspace: Workspace, drafted: Draft, name: str) -> Iterator[tuple[int, str, str]]:
    catalogue = workspace.catalogue
    for who, counts in drafted.counts().items():
        whole = sum(counts.values())
        subject = ngettext("{name} hands {count} record over to you",
                           "{name} hands {count} records over to you", whole)  # fmt: skip
        mine = [ref for ref, receiver in drafted.given.items() if receiver == who]
        lines = [f"{_(catalogue[key].plural)}: {count}" for key, count in counts.items()]
        titles = workspace.titles.of(mine[:MOST_NAMED])
        lines += [titles[ref].text for ref in mine[:MOST_NAMED] if ref in titles]
        if whole > MOST_NAMED:
            lines.append("…")
        yield who, subject.format(name=name, count=whole), "\n".join(lines)


# --- back -----------------------------------------------------------------------------------------


def give_back(workspace: Workspace, operation: int, record: Ref) -> int:
    """One record of a hand-over and what went along with it, back to whoever had it; the operation.

    `InvalidInput` for another operation, after `DAYS_BACK` days, where nothing is as it was left.
    """
    known = workspace.operations.get(operation)
    _may_go_back(workspace, known)
    writes = list(_back(workspace, operation, record))
    if not writes:
        raise InvalidInput(_("Nothing of it is as the hand-over left it"))
    name = workspace.titles.of([record])[record].text
    title = Title(BACK.message, {"name": name})
    return workspace.records.apply(writes, title).operation


def _may_go_back(workspace: Workspace, operation: Operation) -> None:
    if operation.kind != KIND:
        raise InvalidInput(_("This operation is no hand-over"))
    if workspace.clock.now() - operation.started_at > timedelta(days=DAYS_BACK):
        said = _("The hand-over is more than {days} days old: change the responsible one by hand")
        raise InvalidInput(said.format(days=DAYS_BACK))


def _back(workspace: Workspace, operation: int, record: Ref) -> Iterator[Write]:
    """Records whose owner is still the one that the operation gave them."""
    family, changed = {record}, _touched(workspace, operation)
    for entity in handed_objects(workspace):
        owner, ids = owner_field(entity), changed.get(entity.key, [])
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
            if before is not None and now[id_][owner.key] == after:
                yield Update(entity.key, id_, {owner.key: before})


def _touched(workspace: Workspace, operation: int) -> dict[str, list[int]]:
    rows = workspace.tables.system("change_row")
    known = {entity.number: entity.key for entity in workspace.catalogue}
    found: dict[str, list[int]] = {}
    wanted = sa.select(rows.c.ent, rows.c.rid).where(rows.c.op == operation, rows.c.kind == UPDATED)
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
    wanted = sa.select(rows.c.delta, rows.c.overflow).where(
        rows.c.op == operation, rows.c.ent == number, rows.c.rid == ref.id
    )
    with workspace.backend.read() as connection:
        for delta, overflow in connection.execute(wanted):
            values = json.loads(overflow or delta)
            if key in values:
                before, after = values[key]
                return before, after
    return None, None
