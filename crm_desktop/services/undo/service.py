"""Undo of any operation, big or old: the former values go back through the one writer.

What was changed since by other operations is listed, and left alone or the undo not made at all;
nothing is overwritten silently. An undo is an operation too, so undoing it is redo. The work goes
in blocks; a record already in its former state is passed over, so that an undo that was cut off
can simply be run again.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import Cancelled, Conflict, NotAllowed, UserError
from crm_desktop.i18n import N_, _, ngettext
from crm_desktop.services.handing_over.handed_views import HandedViews
from crm_desktop.services.long_work import long_work
from crm_desktop.services.operations import (
    BY_ITSELF,
    HAND_OVER,
    RESTORE,
    RUNNING,
    UNDONE,
    Operation,
)
from crm_desktop.services.seeds import NEW_BASE
from crm_desktop.services.undo.alone import WORTH_ASKING, Alone
from crm_desktop.services.undo.rests import rests_of
from crm_desktop.services.undo.state import Blocked, LoggedChange, UndoResult, UndoState
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import COLUMNS, ChangeSet, Title
from crm_desktop.services.writing.gone_records import Unmaking
from crm_desktop.services.writing.records import Records
from crm_desktop.services.writing.staging import Write

BLOCK = 24_000
"""Changes of one transaction, which others wait for; a client with two contacts has three. On a
server half as many more: for each transaction it writes much of the indexes anew."""
RECOVERY = "recovery"
"""The kind of an operation that takes back what a crash cut off; it is final."""
Progress = Callable[[int, int], None]
_NUMBER = itemgetter(0)
_read = json.JSONDecoder().raw_decode

__all__ = ["Blocked", "Undo", "UndoBlocked", "UndoResult"]


class UndoBlocked(UserError):
    """The undo was not made, since other changes came after; `blocked` names them."""

    def __init__(self, result: UndoResult) -> None:
        names = "; ".join(f"{b.name}: {b.reason}" for b in result.blocked[:5])
        super().__init__(
            ngettext(
                "{count} record was changed since, so nothing was undone: {names}",
                "{count} records were changed since, so nothing was undone: {names}",
                result.blocked_total,
            ).format(count=result.blocked_total, names=names)
        )
        self.blocked = result.blocked
        self.blocked_total = result.blocked_total


class Undo:
    """Undoes operations of one workspace."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._backend = records.backend
        self._rows = records.tables.system("change_row")

    # --- what people ask for ----------------------------------------------------------------------

    def undo(
        self,
        id_: int,
        *,
        skip_blocked: bool = False,
        progress: Progress | None = None,
        check: Callable[[], None] | None = None,
    ) -> UndoResult:
        """Undoes an operation. Without `skip_blocked`, `UndoBlocked` if anything changed since.

        `check` may raise `Cancelled` between blocks: what was undone stays undone as an operation
        of its own, the target stays done, and undoing it again goes on from there.
        """
        target = self._records.operations.get(id_)
        if target.state == UNDONE:
            raise Conflict(_("The operation {number} is undone already").format(number=id_))
        if target.kind == RECOVERY:
            raise Conflict(
                _(
                    "The operation {number} took back work that the end of the program had cut "
                    "off: half of it is not brought back"
                ).format(number=id_)
            )
        if not skip_blocked and self._others_since(target):
            plan = self.preview(id_)
            if plan.blocked_total:
                raise UndoBlocked(plan)
        return self._run(self._begin(target, "undo"), target, progress, check)

    def _begin(self, target: Operation, kind: str) -> Operation:
        first, taken_back = self._first(target)
        message = N_("Done again: {what}") if taken_back else N_("Undone: {what}")
        title = Title(message, {"what": first.title})
        now = self._records.clock.now()
        return self._records.operations.start(title, now, kind, undoes=target.id)

    def _first(self, operation: Operation) -> tuple[Operation, bool]:
        """What was done before all going back and forth, and whether the operation took it back."""
        taken_back = False
        while operation.undoes is not None:
            operation, taken_back = self._records.operations.get(operation.undoes), not taken_back
        return operation, taken_back

    def is_final(self, operation: Operation) -> bool:
        """Whether the operation, or what took it back, repaired a crash: there is no way back."""
        if operation.kind == RECOVERY or operation.undone_by is None:
            return operation.kind == RECOVERY
        return self._records.operations.get(operation.undone_by).kind == RECOVERY

    def preview(self, id_: int) -> UndoResult:
        """What an undo would have to leave alone; nothing is changed."""
        result = UndoResult(0)
        for block in self._blocks(id_):
            with self._backend.read() as connection:
                self._plan(block, id_, result)(self._records.batch(connection, lock=False))
        return result

    def _others_since(self, target: Operation) -> bool:
        """Whether anything was done after the operation that could stand in its way."""
        newest = self._records.operations.last(50)
        later = [o for o in newest if o.id != target.id and o.started_at >= target.started_at]
        return len(later) == len(newest) or any(o.state != UNDONE for o in later)

    def last_undoable(self) -> Operation | None:
        """The newest finished operation of this user that is not an undo: what Ctrl+Z takes."""
        for operation in self._records.operations.last(50):
            own = operation.author == self._records.author and operation.title != NEW_BASE
            asked = own and operation.kind != BY_ITSELF
            if asked and operation.state == "done" and operation.undoes is None:
                return operation
        return None

    def last_redoable(self) -> Operation | None:
        """The newest undo of this user, if nothing new was done after it: what Ctrl+Y takes."""
        for operation in self._records.operations.last(50):
            own = operation.author == self._records.author and operation.kind != BY_ITSELF
            if not own or operation.state != "done":
                continue
            if operation.undoes is None or operation.kind == RECOVERY:
                return None
            if self._first(operation)[1]:  # what was done again is passed over
                return operation
        return None

    def recover(self, is_dead: Callable[[Operation], bool]) -> list[UndoResult]:
        """Takes back operations that a crash cut off, and finishes undos that it cut off: on a
        server one's own alone, for it is done with the rights of whoever does it."""
        cut_off = [o for o in self._records.operations.running() if is_dead(o) and self._may(o)]
        results = []
        for operation in cut_off:
            if operation.undoes is not None:
                target = self._records.operations.get(operation.undoes)
                operation.total = self._count(operation.id)
                results.append(self._run(operation, target, None, None))
            elif not self._count(operation.id):
                self._records.operations.end(operation, self._records.clock.now())
            elif all(other.undoes != operation.id for other in cut_off):
                begun = self._begin(operation, RECOVERY)
                results.append(self._run(begun, operation, None, None))
        return results

    def _may(self, operation: Operation) -> bool:
        return not self._backend.login or operation.author == self._records.author

    def _count(self, id_: int) -> int:
        """How many changes an operation has made."""
        wanted = sa.select(sa.func.count()).where(self._rows.c.op == id_)
        with self._backend.read() as connection:
            return int(connection.execute(wanted).scalar_one())

    # --- the work ---------------------------------------------------------------------------------

    def _run(
        self,
        operation: Operation,
        target: Operation,
        progress: Progress | None,
        check: Callable[[], None] | None,
    ) -> UndoResult:
        result = UndoResult(operation.id)
        big = self._backend.exclusive and target.total >= WORTH_ASKING and not operation.total
        unmakes = target.undoes is None and target.kind != RESTORE
        alone = Alone(self._records.tables, target.id, operation.id) if big else None
        done = 0
        try:
            with long_work(self._backend):
                for block in self._blocks(target.id):
                    if check is not None:
                        check()
                    plan = self._plan(block, target.id, result, alone, unmakes=unmakes)
                    self._records.apply(plan, operation=operation)
                    done += len(block)
                    if progress is not None:
                        progress(done, max(target.total, done))
        except (Cancelled, NotAllowed):
            self._end_early(operation)
            raise
        if target.state == RUNNING:  # a crash cut it off before its changes were counted
            target.total = done
        self._finish(operation, target, self._records.clock.now())
        return result

    def _end_early(self, operation: Operation) -> None:
        """The undo was stopped: the part that was made is done; one that made nothing is gone."""
        if not operation.total:
            operation.undoes = None
        self._records.operations.end(operation, self._records.clock.now())
        self._records.publish(ChangeSet(operation.id, {}))

    def _finish(self, operation: Operation, target: Operation, now: datetime) -> None:
        operations = self._records.operations
        first, taken_back = self._first(target)
        with self._backend.write() as connection:
            if first.kind == HAND_OVER:
                views = HandedViews(self._backend, self._records.tables, first.id)
                (views.give_again if taken_back else views.take_back)(connection)
            if target.state == RUNNING:
                operations.finish(connection, target, target.total, now)
            operations.finish(connection, operation, operation.total, now)
            operations.mark_undone(connection, target.id, operation.id)
            if target.undoes is not None:
                operations.mark_undone(connection, target.undoes, None)
        self._records.publish(ChangeSet(operation.id, {}))

    def _blocks(self, id_: int) -> Iterator[list[LoggedChange]]:
        """The operation's changes, newest first, in blocks.

        Their numbers are read before: a server would put whole rows in order for every block.
        """
        rows, numbers = self._rows.c, self._numbers(id_)
        size = BLOCK * 3 // 2 if self._backend.parallel else BLOCK
        wanted = sa.select(*(rows[name] for name in COLUMNS)).where(rows.op == id_)
        for start in range(0, len(numbers), size):
            part = numbers[start : start + size]
            with self._backend.read() as connection:
                between = wanted.where(rows.seq.between(part[-1], part[0]))
                block = connection.execute(between).all()
            yield [self._logged(row) for row in sorted(block, key=_NUMBER, reverse=True)]

    def _numbers(self, id_: int) -> array[int]:
        """The numbers of the operation's changes, the newest first."""
        rows = self._rows.c
        with self._backend.read() as connection:
            (found,) = self._backend.columns(connection, sa.select(rows.seq).where(rows.op == id_))
        return array("q", sorted(found, reverse=True))

    def _logged(self, row: Any) -> LoggedChange:
        seq, _op, made_at, author, ent, rid, kind, delta, overflow = row
        entity = self._records.tables.catalogue.numbered(ent)
        text = overflow or delta
        return LoggedChange(seq, entity, rid, kind, text, _read(text)[0], made_at, author)

    def _plan(
        self,
        block: Sequence[LoggedChange],
        id_: int,
        result: UndoResult,
        alone: Alone | None = None,
        *,
        unmakes: bool = False,
    ) -> Callable[[Batch], list[Write]]:
        """The way back for a block, from what stands in the base when it is written. `unmakes`:
        what the operation has made was not there before."""
        before = (result.restored, result.blocked_total, len(result.blocked))
        is_handed = self._records.operations.get(id_).kind == HAND_OVER
        handed = rests_of(self._backend, self._records.tables, id_) if is_handed else None

        def plan(batch: Batch) -> list[Write]:
            result.restored, result.blocked_total = before[:2]
            del result.blocked[before[2] :]
            is_alone = alone is not None and alone.check(batch.connection)
            left = self._unmade(batch, block, result) if is_alone and unmakes else block
            state = UndoState(self._records, batch, left, id_, is_alone=is_alone, handed=handed)
            found = [state.reverse(change, result) for change in left]
            writes = [write for write in found if write is not None]
            result.restored += len(writes)
            return writes

        return plan

    def _unmade(
        self, batch: Batch, block: Sequence[LoggedChange], result: UndoResult
    ) -> Sequence[LoggedChange]:
        """Takes back by columns what can be; the other changes."""
        gone, left = Unmaking(self._records.tables.catalogue).split(batch, block)
        if gone is not None:
            batch.unmade.append(gone)
            result.restored += len(gone.changes)
        return left
