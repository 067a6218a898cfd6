"""A hand-over carried out: one operation in one transaction, with one message for each receiver and
the saved views."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.ownership import owner_field
from crm_desktop.models.catalogue.traits import Recurring
from crm_desktop.services.changes import Title
from crm_desktop.services.handing_over.planning import Draft, handed_views
from crm_desktop.services.reminders.outgoing import put_changes
from crm_desktop.services.series_writes import ALL, FOLLOWING, SeriesWrites
from crm_desktop.services.staging import Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

KIND = "hand_over"
BLOCK = 500
MOST_NAMED = 20
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
    said = list(_messages(workspace, drafted, name))
    views = handed_views(workspace, drafted.handing)

    def between(done: int) -> None:
        check()
        progress(min(done * BLOCK, len(given)), len(given))

    def beside(connection: sa.Connection, operation: int) -> None:
        put_changes(workspace, connection, operation, said)
        for view in views:
            workspace.views.put(connection, view)

    written = workspace.records.apply_whole(parts, title, KIND, between=between, beside=beside)
    return HandedOver(written.operation, len(given), len(said), len(views))


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
