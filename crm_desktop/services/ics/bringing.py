"""A calendar file is brought into the base: one operation, undone in one click.

Read a second time, the same file updates what it brought: activities are known by their UID. What
the file says nothing about stays as people have made it here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.services.ics.attached import stored
from crm_desktop.services.ics.entries import Contents, Reading, read_entries
from crm_desktop.services.ics.folding import Folding
from crm_desktop.services.ics.found import Left
from crm_desktop.services.ics.lines import CalendarText, read_calendar_file
from crm_desktop.services.ics.lookup import Base, home_zone
from crm_desktop.services.ics.writes import CREATED, UNCHANGED, UPDATED, Writing
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Write

Check = Callable[[], None]


def _nothing() -> None:
    """Nobody stops it."""


@dataclass(frozen=True)
class Row:
    """One activity of the file: what becomes or would become of it."""

    act: str
    number: int
    values: dict[str, Any]
    id: int | None = None


@dataclass
class Brought:
    """What came of a file: the operation (None when nothing was written), its activities, what
    was left out or mended, and how many entries were in it."""

    read: int
    operation: int | None = None
    rows: list[Row] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    def count(self, act: str) -> int:
        """How many activities were created, updated or found unchanged."""
        return sum(row.act == act for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, as the command line answers."""
        acts = {act: self.count(act) for act in (CREATED, UPDATED, UNCHANGED)}
        left = [{"entry": one.number, "name": one.name, "reason": one.reason}
                for one in self.left]  # fmt: skip
        return {"operation": self.operation, "read": self.read, **acts, "left_out": left}


def bring_file(
    workspace: Workspace, path: Path, *, test: bool = False, check: Check = _nothing
) -> Brought:
    """Brings in the file; with `test` only says what would become of it.

    `FileProblem` or `InvalidInput` with a sentence if it is no calendar: nothing is changed.
    """
    return _bring(workspace, read_calendar_file(path), path.name, test=test, check=check)


def _bring(
    workspace: Workspace, text: CalendarText, name: str, *, test: bool, check: Check
) -> Brought:
    entity, _trait = workspace.catalogue.with_trait(Scheduled)
    reading = Reading(entity, home_zone(workspace), workspace.clock.now())
    contents = read_entries(text, reading, check)
    folding = _folded(contents)
    folding.part(reading.home)
    brought = Brought(read=len(text.entries))
    check()
    if test:
        with workspace.backend.read() as connection:
            batch = workspace.records.batch(connection, lock=False)
            _plan(workspace, batch, folding, contents, brought, _numbers())
    else:
        _write(workspace, folding, contents, brought, name)
    brought.left = sorted(contents.left, key=lambda one: one.number)
    return brought


def _folded(contents: Contents) -> Folding:
    folding = Folding(contents.left)
    for found in contents.found:
        folding.take(found)
    return folding


def _numbers() -> Callable[[], int]:
    """Numbers for a trial, which nobody has."""
    given = [0]

    def next_one() -> int:
        given[0] -= 1
        return given[0]

    return next_one


def _plan(
    workspace: Workspace, batch: Batch, folding: Folding, contents: Contents, brought: Brought,
    new_id: Callable[[], int],
) -> Sequence[Write]:  # fmt: skip
    """What is to be written; `brought` and `contents` learn what becomes of what."""
    kept = folding.kept()
    base = Base(workspace, batch.connection)
    writing = Writing(base, new_id, contents.left, contents.stored)
    writing.prepare([*kept, *folding.cancelled])
    brought.rows = [Row(*writing.write(one)) for one in kept]
    brought.rows += [Row(*row) for one in folding.cancelled if (row := writing.cancel(one))]
    return writing.writes


def _write(
    workspace: Workspace, folding: Folding, contents: Contents, brought: Brought, name: str
) -> None:
    records, said = workspace.records, list(contents.left)
    amount = len(folding.kept()) + 1
    contents.stored = stored(workspace, (file for one in folding.kept() for file in one.files))

    def plan(batch: Batch) -> Sequence[Write]:
        contents.left[:] = said  # a repeated transaction plans anew
        return _plan(workspace, batch, folding, contents, brought,
                     lambda: batch.new_id(amount))  # fmt: skip

    title = Title(N_("Calendar {file} brought in"), {"file": name})
    operation = records.operations.start(title, workspace.clock.now(), "import")
    try:
        records.apply(plan, operation=operation)
    finally:
        records.operations.end(operation, workspace.clock.now())
    brought.operation = operation.id if operation.total else None
