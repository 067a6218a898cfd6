"""Carries drafts out: one operation, nothing overwritten that was changed meanwhile, and one
message to each who is concerned."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.errors import UserError
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import DELETED, Bar, moment, seconds
from crm_desktop.services.planner.double_booking import check_double_booking
from crm_desktop.services.planner.drafts import COPIED, MOVED, NEW, TIMED, Draft, entries_of
from crm_desktop.services.planner.moving import Move, NewEntry
from crm_desktop.services.planner.repeated import series_writes
from crm_desktop.services.planner.telling import said_changes, tell
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.records import Outcome
from crm_desktop.services.writing.staging import Create, Write

if TYPE_CHECKING:
    from crm_desktop.services.planner.service import Planner

APPLIED = Title(N_("Drafts of the planner applied"))
MORE = Callable[[Batch], Sequence[Write]]


@dataclass(frozen=True)
class Meanwhile:
    """A draft whose record somebody has changed since: `version` as it is now, 0 if it is gone."""

    draft: Draft
    version: int
    text: str


class ChangedMeanwhile(UserError):
    """Nothing was applied: these records have been changed since they were drafted."""

    def __init__(self, found: Sequence[Meanwhile]) -> None:
        super().__init__("\n".join(one.text for one in found))
        self.found = tuple(found)


@dataclass(frozen=True)
class Applied:
    """The operation, and to how many people a message goes."""

    outcome: Outcome
    told: int


def apply_drafts(
    planner: Planner,
    drafts: Sequence[Draft],
    *,
    accepted: Mapping[int, int] | None = None,
    twice: bool = False,
    title: Title = APPLIED,
    more: Sequence[Write] = (),
) -> Applied:
    """All the drafts, and `more` writes, as one operation.

    `accepted`: versions of records that are to be overwritten although they were changed
    meanwhile; any other such record raises `ChangedMeanwhile`. `DoubleBooked`: see there.
    """
    seen = accepted or {}
    late = [one for one in changed_meanwhile(planner, drafts) if seen.get(one.draft.now.id)
            != one.version or not one.version]  # fmt: skip
    if late:
        raise ChangedMeanwhile(late)
    known = [_at_version(draft, seen) for draft in drafts]
    _check_clashes(planner, known, twice=twice)
    said = said_changes(planner, known)
    fixed = [*_moves(planner, known), *_times(planner, known), *_deletes(planner, known), *more]

    def plan(batch: Batch) -> list[Write]:
        return [*fixed, *_new(planner, batch, known)]

    outcome = planner.base.records.apply(plan, title)
    return Applied(outcome, tell(planner.base, outcome.operation, said))


def _at_version(draft: Draft, seen: Mapping[int, int]) -> Draft:
    if draft.was is None:
        return draft
    version = seen.get(draft.was.id, draft.was.version)
    return draft._replace(was=draft.was._replace(version=version),
                          now=draft.now._replace(version=version))  # fmt: skip


# --- what was changed meanwhile -----------------------------------------------------------------


def changed_meanwhile(planner: Planner, drafts: Iterable[Draft]) -> list[Meanwhile]:
    """The drafts whose records are not as they were when they were drafted."""
    scheduled, event = planner.schedule.scheduled, planner.schedule.event
    known = [d for d in entries_of(drafts) if d.was is not None and d.kind != COPIED]
    keys = ("version", scheduled.starts, scheduled.ends, scheduled.who, event.title_field)
    ids = [d.now.id for d in known]
    stored = planner.base.reader.many(event.key, ids, keys)
    found = []
    for draft in known:
        values = stored.get(draft.now.id)
        if values is None:
            gone = _("“{name}” was deleted meanwhile").format(name=draft.now.subject)
            found.append(Meanwhile(draft, 0, gone))
        elif draft.was is not None and values["version"] != draft.was.version:
            starts, who = values[scheduled.starts], values[scheduled.who]
            text = _now_words(planner, draft, starts, who)
            found.append(Meanwhile(draft, values["version"], text))
    return found


def _now_words(planner: Planner, draft: Draft, starts: object, who: object) -> str:
    """What stands in the base now."""
    from crm_desktop.services.planner.telling import when_words

    ref = Ref(planner.schedule.staff.key, who) if isinstance(who, int) else None
    names = planner.base.titles.of([ref]) if ref is not None else {}
    name = names[ref].text if ref is not None and ref in names else ""
    when = ""
    if starts is not None and not draft.now.series:
        when = when_words(planner.base, seconds(starts), 0)  # type: ignore[arg-type]
    said = ", ".join(part for part in (when, name) if part)
    return _("“{name}” was changed meanwhile: {now}").format(name=draft.now.subject, now=said)


def _check_clashes(planner: Planner, drafts: Sequence[Draft], *, twice: bool) -> None:
    moves, sources = [], {}
    for draft in drafts:
        if draft.kind == DELETED:
            continue
        bar = draft.was if draft.kind == MOVED and draft.was is not None else draft.now
        moves.append(Move(bar, draft.now.starts, draft.now.ends, draft.now.row))
        if draft.kind == COPIED and draft.was is not None:
            sources[draft.now.id] = draft.was.id
        moves += [
            Move(bar._replace(part=-1 - place), draft.now.starts, draft.now.ends, row)
            for place, row in enumerate(draft.others)
        ]
    gone = [d.now.id for d in drafts if d.kind == DELETED and not d.now.series]
    check_double_booking(planner, moves, twice=twice, copies=sources, gone=gone)


# --- writes -------------------------------------------------------------------------------------


def _moves(planner: Planner, drafts: Sequence[Draft]) -> list[Write]:
    moved = [d for d in drafts if d.kind == MOVED and d.was is not None]
    found: list[Write] = []
    for extent in dict.fromkeys(d.extent for d in moved):
        moves = [
            Move(d.was, d.now.starts, d.now.ends, d.now.row)
            for d in moved
            if d.extent == extent and d.was is not None
        ]
        found += planner.moving.writes(moves, series_writes(planner.base, extent))
    return found


def _times(planner: Planner, drafts: Sequence[Draft]) -> list[Write]:
    timed = (d.now for d in drafts if d.kind == TIMED)
    return [write for bar in timed for write in planner.time_writes(bar)]


def _deletes(planner: Planner, drafts: Sequence[Draft]) -> list[Write]:
    gone = list(entries_of(d for d in drafts if d.kind == DELETED))
    return [write for d in gone for write in planner.delete_writes(d.now, d.extent)]


def _new(planner: Planner, batch: Batch, drafts: Sequence[Draft]) -> list[Write]:
    found: list[Write] = []
    for draft in drafts:
        now = draft.now
        if draft.kind == NEW:
            new = NewEntry(now.row, now.starts, now.ends, now.subject, now.kind, now.about,
                           draft.others, now.all_day)  # fmt: skip
            found += planner.new_writes(batch, new)
        elif draft.kind == COPIED and draft.was is not None:
            move = Move(draft.was, now.starts, now.ends, now.row)
            found += planner.copy_writes(batch, move)
    return found


def absence(planner: Planner, person: Ref, starts: int, ends: int, subject: str) -> Create:
    """The write that notes that somebody is away for whole days."""
    scheduled, event = planner.schedule.scheduled, planner.schedule.event
    return Create(event.key, {
        event.title_field: subject, scheduled.kind: scheduled.lasting[0], scheduled.all_day: True,
        scheduled.starts: moment(starts), scheduled.ends: moment(ends),
        scheduled.who: person.id, scheduled.state: scheduled.planned,
    })  # fmt: skip


def bars_of(drafts: Iterable[Draft], kinds: Collection[str] = (MOVED,)) -> list[Bar]:
    """The bars as they will be."""
    return [draft.now for draft in drafts if draft.kind in kinds]
