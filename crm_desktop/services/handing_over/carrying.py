"""A hand-over carried out: one operation in one transaction, with one message for each receiver and
the saved views."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.errors import DatabaseUnavailable, InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.ownership import owner_field
from crm_desktop.models.catalogue.traits import Recurring
from crm_desktop.services.audit import service as audit
from crm_desktop.services.handing_over.handed_views import marked
from crm_desktop.services.handing_over.letters import notices
from crm_desktop.services.handing_over.meetings import Moved
from crm_desktop.services.handing_over.planning import Draft, handed_views
from crm_desktop.services.operations import HAND_OVER
from crm_desktop.services.planner.bars import moment
from crm_desktop.services.planner.moving import Move
from crm_desktop.services.planner.service import Planner
from crm_desktop.services.reminders.outgoing import put_changes
from crm_desktop.services.series.writes import ALL, FOLLOWING, SeriesWrites
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.records import Plan
from crm_desktop.services.writing.staging import Create, Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

BLOCK = 500
TITLE = Title(N_("{name} hands over {count} record"), {}, N_("{name} hands over {count} records"))
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
    note: str = "",
    progress: Progress = lambda _done, _whole: None,
    check: Callable[[], None] = lambda: None,
) -> HandedOver:
    """Everything in one transaction, or after a refusal, a stop or a crash nothing.

    `note`: one's own words before the list in each message. `Cancelled` from `check` stops it.
    `progress` counts records.
    """
    given = list(drafted.given.items())
    if not given:
        raise InvalidInput(_("There is nothing to hand over"))
    leaving = Ref(workspace.catalogue.staff().key, drafted.handing.leaving)
    name = workspace.titles.of([leaving])[leaving].text
    title = Title(TITLE.message, {"name": name, "count": len(given)}, TITLE.many)
    moves = _by_record(workspace, drafted.moved)
    parts: list[list[Write] | Plan] = []
    for start in range(0, len(given), BLOCK):
        check()
        parts.append(list(_writes(workspace, given[start : start + BLOCK], moves)))
    said = [letter.with_note(note) for letter in drafted.letters]
    parts.append(lambda batch: notices(batch, said))
    views = handed_views(workspace, drafted.handing)

    def between(done: int) -> None:
        check()
        progress(min(done * BLOCK, len(given)), len(given))

    def beside(connection: sa.Connection, operation: int) -> None:
        put_changes(
            workspace, connection, operation, [(one.whom, one.subject, one.text) for one in said]
        )
        for view in views:
            workspace.views.put(connection, marked(view, operation))

    written = workspace.records.apply_whole(parts, title, HAND_OVER, between=between, beside=beside)
    with suppress(DatabaseUnavailable):  # it is made, whatever becomes of the line now
        detail = _("{name} hands over").format(name=name)
        audit.note(workspace, audit.MANY, amount=len(given), detail=detail)
    return HandedOver(written.operation, len(given), len(said), len(views))


def _by_record(workspace: Workspace, moved: Sequence[Moved]) -> dict[Ref, list[Move]]:
    event = Planner(workspace).schedule.event.key
    found: dict[Ref, list[Move]] = {}
    for one in moved:
        found.setdefault(Ref(event, one.entry[0]), []).append(one.move)
    return found


def _writes(
    workspace: Workspace, given: Sequence[tuple[Ref, int]], moves: Mapping[Ref, Sequence[Move]]
) -> Iterator[Write]:
    series = _series(workspace, [ref for ref, _who in given])
    moving = Planner(workspace).moving
    for ref, who in given:
        owner = owner_field(workspace.catalogue[ref.entity])
        assert owner is not None
        if ref in series:
            yield from _of_series(workspace, ref.id, {owner.key: who}, moves.get(ref, ()))
        elif ref in moves:
            yield from moving.writes(moves[ref])
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


def _of_series(
    workspace: Workspace, id_: int, values: dict[str, int], moves: Sequence[Move]
) -> list[Write]:
    """The dates to come, some of them at other times; those that were stay whose they are."""
    dates = SeriesWrites(workspace, id_)
    following = dates.next_date(workspace.clock.now())
    if following is None or dates.is_first(following):
        writes, owner = dates.edit(dates.starts, values, ALL), id_
        due = dates.values.get(dates.times.due)
    else:
        writes = dates.edit(following, values, FOLLOWING)
        owner = next(w.id for w in writes if isinstance(w, Create) and w.id is not None)
        due = following
    times = dates.times
    at = {
        moment(move.bar.origin): {
            **values, times.starts: moment(move.starts), times.ends: moment(move.ends)
        } for move in moves
    }  # fmt: skip
    return [*writes, *dates.apart(at, owner, due)]
