"""Importer: the rows of a sheet become records in one operation, or are only tried.

Rows are streamed in blocks of one transaction each. The operation is `running` until the last of
them, so that one that was cut off is taken back when the base is opened next.
"""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.sales_traits import Leads
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.services.importing.ahead import Reading, Request, early_opening, prepare_blocks
from crm_desktop.services.importing.allowed import RowRights
from crm_desktop.services.importing.block import CREATED, SKIPPED, UPDATED, Block
from crm_desktop.services.importing.continued import headings_of
from crm_desktop.services.importing.elsewhere import Elsewhere
from crm_desktop.services.importing.gates import PastGates
from crm_desktop.services.importing.likeness import Likeness
from crm_desktop.services.importing.links import LinkNames
from crm_desktop.services.importing.lookup import Lookup
from crm_desktop.services.importing.mapping import LEAVE_OUT, Mapping, unused
from crm_desktop.services.importing.memory import Memory
from crm_desktop.services.importing.other_object import named_alone
from crm_desktop.services.importing.parcel import RowBlock
from crm_desktop.services.importing.pictures import PICTURES
from crm_desktop.services.importing.readers.base import ReadOptions, Sheet, Source
from crm_desktop.services.importing.readers.header import Header, guess_header, header_at
from crm_desktop.services.importing.results import (
    DONE,
    KEPT,
    TESTED,
    UNDONE,
    ImportResult,
    Progress,
    RejectedRows,
)
from crm_desktop.services.importing.rowplan import Prepared, Problem, RowPlan
from crm_desktop.services.leads.landing import would_land
from crm_desktop.services.long_work import long_work
from crm_desktop.services.operations import BROUGHT_IN, Operation
from crm_desktop.services.os_integration.memory import give_back
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

BLOCK, SERVER_BLOCK = 4000, 8000
"""Rows of one transaction, which others wait for: each of them writes much of the indexes anew. In
a file twice as many spared a twentieth of the work, and took 120 MiB more."""
MOST_REJECTS = 1000
GO_ON, STOP_AND_KEEP, STOP_AND_UNDO = "", "keep", "undo"
LONG, LONG_BYTES = 10_000, 1 << 20  # rows, or where they are not counted the size of the file
WORTH_ANALYZING = 1000  # new rows after which the base looks at its figures again

Stop = Callable[[], str]
"""Asked between blocks: GO_ON, STOP_AND_KEEP or STOP_AND_UNDO."""
Told = Callable[[Progress], None]


@dataclass(frozen=True)
class Order:
    """What is to be imported: the rows under a header of a sheet, into an object, by a mapping."""

    entity: EntityDef
    sheet: Sheet
    header: Header
    mapping: Mapping
    path: Path
    options: ReadOptions
    rows: int = 0
    forgiving: bool = False
    """A card of an address book comes in without the number that is none."""
    reading: Reading | None = None
    """A process that has opened the file already; whoever began it closes it."""

    @property
    def is_long(self) -> bool:
        """Whether it is worth a process of its own to read the rows."""
        if self.rows:
            return self.rows >= LONG
        try:
            return self.path.stat().st_size >= LONG_BYTES
        except OSError:  # gone since it was opened: whoever reads it says so in words
            return False

    def read_elsewhere(self, reading: Reading | None = None) -> Order:
        """The same without the rows, a hundred megabytes at times: another process reads them."""
        return replace(self, sheet=Elsewhere(self.sheet.name, self.sheet.twins), reading=reading)


def order(
    source: Source, entity: EntityDef, mapping: Mapping, *, sheet: str | int | None = None,
    header_row: int | None = None,
) -> Order:  # fmt: skip
    """An order for a sheet of an open file; without `header_row` the header is found."""
    which = source.main_sheet if sheet is None else sheet
    chosen = source.sheet(which)
    header = guess_header(chosen) if header_row is None else header_at(chosen, header_row)
    options = source.options
    mapping = mapping.read_as(options)
    known = next((info.rows for info in source.sheets if info.name == chosen.name), None) or 0
    rows = max(0, known - max(0, header.first_data_row - 1)) if header.row else known
    forgiving = source.kind == "vcard" or mapping.unreadable == LEAVE_OUT
    return Order(entity, chosen, header, mapping, source.path, options, rows, forgiving)


def read_early(path: Path, options: ReadOptions) -> Reading | None:
    """A process that opens the file while its order is still made; None for a small file."""
    try:
        is_big = path.stat().st_size >= LONG_BYTES
    except OSError:  # whoever opens it says so in words
        return None
    return Reading(early_opening(path, options)) if is_big else None


def go_on() -> str:
    """For a caller that does not stop."""
    return GO_ON


def silent(_progress: Progress) -> None:
    """For a caller that shows no progress."""


class Importer:
    """Imports into one workspace; use one at a time."""

    def __init__(
        self, workspace: Workspace, *, block: int = 0, at_once: Callable[[], int] | None = None
    ) -> None:
        """`block`: rows read together, 0 for the usual number; so many are written together, too,
        unless `at_once` says less, asked again and again."""
        self._workspace = workspace
        self._size = block or (BLOCK if workspace.backend.exclusive else SERVER_BLOCK)
        self._at_once = at_once or (lambda: self._size)

    def test_run(
        self, order: Order, *, problems: int = 100, progress: Told = silent, stop: Stop = go_on
    ) -> ImportResult:
        """What `run` would do; nothing is written."""
        work = long_work(self._workspace.backend)
        with work, _Run(self._workspace, order, most_listed=problems, is_test=True) as run:
            for rows in run.blocks(self._size, self._at_once):
                run.try_out(rows)
                progress(run.progress())
                if stop() != GO_ON:
                    return run.result(KEPT)
            return run.result(TESTED)

    def run(
        self, order: Order, *, progress: Told = silent, stop: Stop = go_on,
        rejects: Path | None = None,
    ) -> ImportResult:  # fmt: skip
        """Imports. `rejects`: a workbook for the refused rows, written only if there are any."""
        work = long_work(self._workspace.backend)
        with work, _Run(self._workspace, order, most_listed=MOST_REJECTS) as run:
            try:
                state = self._write(run, progress, stop)
                run.end(state)
            except BaseException:
                run.take_back()
                raise
            if state != UNDONE:
                run.look_after(rejects)
            return run.result(state)

    def _write(self, run: _Run, progress: Told, stop: Stop) -> str:
        for rows in run.blocks(self._size, self._at_once):
            run.write(rows)
            if self._size == SERVER_BLOCK:  # of which more lies free in pieces each time
                give_back()
            progress(run.progress())
            wish = stop()
            if wish == STOP_AND_UNDO:
                run.take_back()
                return UNDONE
            if wish == STOP_AND_KEEP:
                return KEPT
        return DONE


class _Run:
    """One run over the rows of an order."""

    def __init__(
        self, workspace: Workspace, order: Order, *, most_listed: int, is_test: bool = False
    ) -> None:
        self._workspace = workspace
        self._order = order
        if order.entity.trait(Scheduled) is not None:
            workspace.worktime.of(workspace.user_id)  # a deadline's day ends with the work of it
        context = workspace.parse_context()
        catalogue = workspace.catalogue
        self.plan = RowPlan(
            catalogue,
            order.entity,
            order.mapping,
            header=order.header.names,
            context=context,
            forgiving=order.forgiving,
        )
        self._rights = RowRights(workspace, self.plan)
        self._rights.refuse_at_once()
        lookup = Lookup(workspace.backend, workspace.tables)
        self._memory = Memory(LinkNames(catalogue, lookup, context), lookup, is_test)
        self._rejected = RejectedRows(most_listed, self.plan.names.listed)
        self._like = Likeness(workspace, order.entity)
        self._counts: Counter[str] = Counter()
        self._others: Counter[str] = Counter()
        self._read = 0
        self._fake_ids = itertools.count(-1, -1)
        self._landed: dict[str, int] = {}  # of a trial: whose lead has which contact
        self._gates = PastGates(workspace, order.entity)
        self._operation: Operation | None = None
        self._reading: Reading | None = None
        self._started = time.perf_counter()

    def __enter__(self) -> _Run:
        return self

    def __exit__(self, *error: object) -> None:
        self._rejected.close()
        if self._reading is not None:
            self._reading.close()

    # --- rows -------------------------------------------------------------------------------------

    def blocks(self, size: int, at_once: Callable[[], int]) -> Iterator[RowBlock]:
        """The rows that could be read, in blocks; the others are refused at once."""
        for block in (part for whole in self._source(size) for part in whole.parts(at_once)):
            self._read += block.read
            for row in block.bad:
                self._rejected.add(row.number, row.cells, row.problems)
                self._rejected.sparable += self.plan.can_spare(row.problems)
            for row in block.good if self.plan.leaves_out else ():
                self._rejected.leave_out(row.number, row.left_out)
            self._rejected.note_names(block.lone)
            yield block

    def _source(self, size: int) -> Iterator[RowBlock]:
        """From this process, or, where that is worth a second one, read ahead by it."""
        order = self._order
        if not order.is_long:
            rows = order.sheet.rows(start=order.header.first_data_row)
            headings = headings_of(order.sheet)
            return prepare_blocks(rows, self.plan, size, None, headings)
        reading = order.reading
        if reading is None or reading.is_asked:
            reading = self._reading = Reading(early_opening(order.path, order.options))
        return reading.blocks(
            Request(
                sheet=order.sheet.name,
                first_row=order.header.first_data_row,
                header=order.header.names,
                catalogue=self._workspace.catalogue,
                entity=order.entity.key,
                mapping=order.mapping,
                context=self.plan.context,
                block=size,
                forgiving=order.forgiving,
            )  # fmt: skip
        )

    def try_out(self, rows: RowBlock) -> None:
        """Works a block out without writing it."""
        with self._workspace.backend.read() as connection:
            batch = self._workspace.records.batch(connection, lock=False)
            usual = rows._replace(good=rows.usual(self.plan), plain=None)
            block, writes = self._worked_out(batch, lambda: next(self._fake_ids), usual)
            if self._order.entity.trait(Leads) is not None:
                block.land(would_land(batch, writes, self._landed))
        self._like.look(block.new)
        self._settle(block)

    def write(self, rows: RowBlock) -> None:
        """Writes a block in one transaction. If the writer refuses it, its halves are tried, so
        that only the row that is wrong is refused."""
        if not rows.good and rows.plain is None:
            return
        try:
            self._write(rows)
        except DatabaseUnavailable:  # nobody knows whether the block is in: the whole is taken back
            raise
        except UserError as error:
            whole = rows.usual(self.plan)
            if len(whole) == 1:
                self._refuse(whole[0], error)
                return
            middle = len(whole) // 2
            for half in (whole[:middle], whole[middle:]):
                self.write(RowBlock(len(half), half, [], rows.foreseen))

    def _write(self, rows: RowBlock) -> None:
        blocks: list[Block] = []
        expected = len(rows.good)

        def plan(batch: Batch) -> list[Write]:
            batch.foreseen = rows.foreseen
            block, writes = self._worked_out(batch, lambda: batch.new_id(expected), rows)
            blocks.append(block)
            return writes

        if self._operation is None:
            self._operation = self._start()
        outcome = self._workspace.records.apply(plan, operation=self._operation)
        if outcome.landed:
            blocks[-1].land(outcome.landed)
        self._like.note(blocks[-1].new)
        self._gates.look(blocks[-1].new)
        self._settle(blocks[-1])

    def _worked_out(
        self, batch: Batch, new_id: Callable[[], int], rows: RowBlock
    ) -> tuple[Block, list[Write]]:  # fmt: skip
        make = partial(Block, self.plan, self._memory, batch, new_id=new_id)
        return self._rights.worked_out(batch, make, rows)

    def _settle(self, block: Block) -> None:
        block.keep()
        self._counts.update(block.counts.rows)
        self._others.update(block.counts.others)
        for row, problems in block.rejected:
            self._rejected.add(row.number, row.cells, problems)
            self._rejected.fits[named_alone(self.plan, row)] += 1
        self._rejected.note_missing(block.missing)
        for row, problems in block.left_out:
            self._rejected.leave_out(row.number, problems)

    def _refuse(self, row: Prepared, error: UserError) -> None:
        self._rejected.add(row.number, row.cells, [Problem("", "", "", error.message)])

    # --- the operation ----------------------------------------------------------------------------

    def _start(self) -> Operation:
        title = Title(
            N_("Import into {object}: {file}"),
            {"object": self._order.entity.plural, "file": self._order.path.name},
        )
        now = self._workspace.clock.now()
        return self._workspace.operations.start(title, now, BROUGHT_IN)

    def end(self, state: str) -> None:
        """All is in, or was taken back."""
        if self._operation is not None and state != UNDONE:
            self._workspace.operations.end(self._operation, self._workspace.clock.now())

    def look_after(self, rejects: Path | None) -> None:
        """What follows once all is in, and must not undo it."""
        with suppress(UserError):  # as when another import renews the figures just now
            if self._counts[CREATED] >= WORTH_ANALYZING:
                self._workspace.backend.analyze()  # what is asked next of a base that was empty
        with suppress(UserError):
            self._like.look_back(time.perf_counter() - self._started)
        if rejects is not None:
            self._rejected.write(rejects, self._order.header.names)

    def take_back(self) -> None:
        """Undoes what is in; what others changed meanwhile stays."""
        if self._operation is not None:
            self._workspace.undo.undo(self._operation.id, skip_blocked=True)

    # --- telling ----------------------------------------------------------------------------------

    def progress(self) -> Progress:
        """How far it is."""
        return Progress(
            self._read, max(self._order.rows, self._read), self._counts[CREATED],
            self._counts[UPDATED], self._counts[SKIPPED], self._rejected.count,
            time.perf_counter() - self._started,
        )  # fmt: skip

    def result(self, state: str) -> ImportResult:
        """What came of it."""
        operation = self._operation if self._operation and self._operation.total else None
        return ImportResult(
            state=state, operation=operation.id if operation else None, read=self._read,
            created=self._counts[CREATED], updated=self._counts[UPDATED],
            skipped=self._counts[SKIPPED], pictures=self._counts[PICTURES],
            seconds=time.perf_counter() - self._started, others=dict(self._others),
            like=tuple(self._like.found), looked=self._like.looked,
            past=self._gates.count, past_rows=tuple(self._gates.found),
            unused=unused(self._order.mapping, self._order.header.names, self._order.sheet.twins),
            **self._rejected.told(),
        )  # fmt: skip
