"""Many records changed or deleted as one operation, in blocks, so that the base is never held long.

Stopped in between, or refused by one record, what was done stays done as one operation, which can
be undone or asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import Cancelled, ConsentNeeded, UserError
from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.services.reader import parts_of
from crm_desktop.services.rights import words
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.records import MANY, Plan, Records
from crm_desktop.services.writing.staging import Delete, Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

BLOCK = 500
Progress = Callable[[int, int], None]
Check = Callable[[], None]


@dataclass(frozen=True)
class BulkResult:
    """What came of it: the operation (None if nothing was written), how many records were written,
    whether it was stopped, and the sentence of the record that was refused."""

    operation: int | None
    written: int
    stopped: bool = False
    refused: str = ""


def update_all(
    records: Records,
    entity: EntityDef,
    ids: Sequence[int],
    values: Mapping[str, Any],
    *,
    progress: Progress,
    check: Check,
) -> BulkResult:
    """Gives all the records these values."""
    title = _changed(entity, values, len(ids))

    def planned(part: Sequence[int]) -> list[Write]:
        return [Update(entity.key, id_, values) for id_ in part]

    named = title if len(ids) > 1 else None
    with _watched(records, entity, ids, title):
        return in_blocks(records, ids, planned, named, progress=progress, check=check)


@contextmanager
def _watched(
    records: Records, entity: EntityDef, ids: Sequence[int], title: Title, *, deletes: bool = False
) -> Iterator[None]:
    """Whoever may not change so many records is refused; what was done is noted."""
    guard = records.guard
    if guard is None:
        yield
        return
    if len(ids) > 1:
        guard.require_all(words.MASS_EDIT, entity, ids)
    guard.require_all(words.DELETE if deletes else words.EDIT, entity, ids)
    yield
    if len(ids) > 1:
        guard.did_many(entity, len(ids), title.text())


def update_due(
    workspace: Workspace,
    entity: EntityDef,
    ids: Sequence[int],
    values: Mapping[str, Any],
    *,
    progress: Progress,
    check: Check,
) -> BulkResult:
    """The same, of series only for the date that is due."""
    title = _changed(entity, values, len(ids))

    def planned(part: Sequence[int]) -> list[Write]:
        from crm_desktop.services.series.card import of_due_date

        return [w for id_ in part for w in of_due_date(workspace, Ref(entity.key, id_), values)]

    with _watched(workspace.records, entity, ids, title):
        return in_blocks(workspace.records, ids, planned, title, progress=progress, check=check)


def _changed(entity: EntityDef, values: Mapping[str, Any], count: int) -> Title:
    fields = ", ".join(entity.field(key).label for key in values)
    return Title(
        N_("{object}: {field} changed in {count} record"),
        {"object": entity.plural, "field": fields, "count": count},
        N_("{object}: {field} changed in {count} records"),
    )


def delete_all(
    records: Records, entity: EntityDef, ids: Sequence[int], *, progress: Progress, check: Check
) -> BulkResult:
    """Deletes the records and what belongs to them."""
    one, many = MANY[Delete]
    title = Title(one, {"object": entity.plural, "count": len(ids)}, many)

    def planned(part: Sequence[int]) -> list[Write]:
        return [Delete(entity.key, id_) for id_ in part]

    named = title if len(ids) > 1 else None
    with _watched(records, entity, ids, title, deletes=True):
        return in_blocks(records, ids, planned, named, progress=progress, check=check)


def in_blocks(
    records: Records,
    ids: Sequence[int],
    planned: Callable[[Sequence[int]], Sequence[Write] | Plan],
    title: Title | None,
    *,
    progress: Progress,
    check: Check,
) -> BulkResult:
    """What `planned` makes of each part of the ids, as one operation; without a `title` it is
    named after its one record."""
    if len(ids) <= BLOCK or title is None:
        check()
        outcome = records.apply(planned(ids), title)
        progress(len(ids), len(ids))
        return BulkResult(outcome.operation, len(ids))
    operation = records.operations.start(title, records.clock.now(), "bulk")
    done, stopped, refused = 0, False, ""
    try:
        for part in parts_of(ids, BLOCK):
            check()
            records.apply(planned(part), operation=operation)
            done += len(part)
            progress(done, len(ids))
    except Cancelled:
        stopped = True
    except UserError as error:
        if isinstance(error, ConsentNeeded) and error.allowed:
            raise  # on yes all is done once more: what was written already stays as it is
        refused = error.message
    finally:
        records.operations.end(operation, records.clock.now())
    return BulkResult(operation.id if done else None, done, stopped, refused)
