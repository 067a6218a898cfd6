"""Test runs and imports: where they are carried out is decided here and nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.ui.import_wizard.reading import OpenTable
from crm_desktop.ui.import_wizard.state import LikeLine, Outcome, Reading, UnknownWord
from crm_desktop.ui.operations import Job
from crm_desktop.ui.operations import Progress as Step
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.importing.importer import Order
    from crm_desktop.services.importing.mapping import Mapping
    from crm_desktop.services.importing.results import ImportResult, Progress
    from crm_desktop.services.workspace import Workspace

KEEP, UNDO = "keep", "undo"
_BLOCK = 500  # rows a transaction: others write in between, and Stop answers at once


@dataclass(frozen=True)
class Wanted:
    """What is to be tried out or brought in."""

    table: OpenTable
    reading: Reading
    entity: EntityDef
    mapping: Mapping

    def order(self) -> Order:
        """As the importer wants it."""
        return self.table.order(self.entity, self.reading, self.mapping)


class Stopping:
    """How the person wants a run to end; asked by the worker between blocks."""

    def __init__(self) -> None:
        self._wish = ""
        self._lock = threading.Lock()

    def wish(self, how: str) -> None:
        """`keep` or `undo` what is in."""
        with self._lock:
            self._wish = how

    def __call__(self) -> str:
        with self._lock:
            return self._wish


@dataclass(frozen=True)
class Heard:
    """Who is told; all on the GUI thread."""

    owner: QObject
    done: Callable[[Outcome], None]
    failed: Callable[[UserError], None]
    progress: Callable[[Step], None]
    told: Callable[[object], None]
    """A `results.Progress`: the counts so far; called in the worker."""


@dataclass(frozen=True)
class UndoHeard:
    """Who is told of an undo. `done` gets how many records were left alone."""

    owner: QObject
    done: Callable[[int], None]
    failed: Callable[[UserError], None]
    progress: Callable[[Step], None]


def try_out(session: Session, wanted: Wanted, stop: Stopping, heard: Heard) -> None:
    """Works everything out and writes nothing. Other reads and saves go on meanwhile."""
    base = session.base

    def work(job: Job) -> Outcome:
        from crm_desktop.services.importing.hidden import hidden_rows, said_of_hidden
        from crm_desktop.services.importing.importer import Importer
        from crm_desktop.services.importing.next_table import bounded
        from crm_desktop.services.importing.other_object import said_of_others

        def ends() -> str:
            job.check()
            return stop()

        order, below = bounded(base.catalogue, wanted.order())
        importer = Importer(base, block=_BLOCK)
        tell = _teller(job, heard)
        tried = importer.test_run(order, progress=tell, stop=ends)
        found = _outcome(base, tried)
        hidden = hidden_rows(order)
        said = [sentence for sentence, _key in said_of_others(base.catalogue, tried.fits)]
        said += ([said_of_hidden(hidden)] if hidden else []) + ([below.said()] if below else [])
        return replace(found, remarks=tuple(said))

    session.operations.query(
        ("import-test", id(heard.owner)), work, owner=heard.owner, done=heard.done,
        failed=heard.failed,
    ).shows(heard.owner, heard.progress)  # fmt: skip


def bring_in(
    session: Session, wanted: Wanted, stop: Stopping, *, heard: Heard, rejects: Path
) -> None:
    """Imports. `rejects` becomes a workbook of the refused rows if there are any.

    A child process writes, and a thread of those that read waits for it: saves go on meanwhile.
    """
    base, address = session.base, session.whole_address

    def work(job: Job) -> Outcome:
        from crm_desktop.services.importing import worker
        from crm_desktop.services.importing.next_table import bounded

        order, _below = bounded(base.catalogue, wanted.order())
        watch = worker.Watch(_teller(job, heard), stop, started=job.on_cancel)
        return _outcome(base, worker.bring_in(base, address, order, watch, rejects=rejects))

    session.operations.query(
        ("import", id(heard.owner)), work, owner=heard.owner, done=heard.done, failed=heard.failed
    ).shows(heard.owner, heard.progress)


def take_back(session: Session, operation: int, *, rest: bool, heard: UndoHeard) -> Job:
    """Undoes the import; `rest` leaves alone what was changed since."""
    base = session.base

    def work(job: Job) -> int:
        result = base.undo.undo(
            operation, skip_blocked=rest, progress=job.progress, check=job.check
        )
        return result.blocked_total

    return session.operations.run(
        work, owner=heard.owner, done=heard.done, failed=heard.failed, title=_("Undoing"),
        progress=heard.progress,
    )  # fmt: skip


def _teller(job: Job, heard: Heard) -> Callable[[Progress], None]:
    def tell(state: Progress) -> None:
        heard.told(state)
        job.progress(state.read, state.total)

    return tell


def _outcome(base: Workspace, result: ImportResult) -> Outcome:
    from crm_desktop.services.importing.results import (
        said_of_names,
        said_of_spared,
    )

    catalogue = base.catalogue
    others = tuple(
        (_(catalogue[key].plural) if catalogue.has(key) else key, count)
        for key, count in result.others.items()
    )
    if result.pictures:
        others += ((_("Photos"), result.pictures),)
    return Outcome(
        result.state, result.created, result.updated, result.skipped, result.rejected,
        result.seconds, result.operation,
        tuple((r.row, r.label, r.value, r.reason) for r in result.rejects), others,
        tuple(
            LikeLine(one.row, one.name, one.title, one.likelihood, one.id, one.new)
            for one in result.like
        ),
        result.looked, result.left_out, said_of_names(result.to_json()),
        said_of_spared(result.sparable) if result.sparable else "", result.past,
        tuple(one.row for one in result.past_rows),
        tuple(UnknownWord(one.field, one.name, one.rows) for one in result.missing),
    )  # fmt: skip
