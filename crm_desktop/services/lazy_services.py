"""The services of a base that its first list does not need: each is made when it is asked for.

Importing what writes, undoes and merges takes longer than opening the base and reading the list;
`Lazy` keeps it out of the start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.definitions import Ref
    from crm_desktop.services.annual.service import AnnualDays
    from crm_desktop.services.board.kept import KeptBoard
    from crm_desktop.services.customisation.constructor import Constructor
    from crm_desktop.services.customisation.layouts import Layouts
    from crm_desktop.services.duplicates.service import Duplicates
    from crm_desktop.services.history.as_of import AsOf
    from crm_desktop.services.history.record import RecordHistory
    from crm_desktop.services.history.service import History
    from crm_desktop.services.history.timeline import Timeline
    from crm_desktop.services.intake.service import Intake
    from crm_desktop.services.leads.service import Leads
    from crm_desktop.services.letters import Letters
    from crm_desktop.services.merging.merge import Merging
    from crm_desktop.services.pipelines.service import Pipelines
    from crm_desktop.services.recycle_bin import RecycleBin
    from crm_desktop.services.reminders.service import Reminders
    from crm_desktop.services.sales_figures.service import Funnels
    from crm_desktop.services.undo.service import Undo
    from crm_desktop.services.wishes import Wishes
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.writing.batch import Batch
    from crm_desktop.services.writing.records import Records

T = TypeVar("T")


class Lazy(Generic[T]):
    """A service as an attribute of the workspace; `late` of the workspace holds those made."""

    def __init__(self, make: Callable[[Workspace], T]) -> None:
        self._make = make
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, base: Workspace, owner: type | None = None) -> T:
        made: T | None = base.late.get(self._name)
        if made is not None:
            return made
        with base.late_lock:
            if self._name not in base.late:
                base.late[self._name] = self._make(base)
            found: T = base.late[self._name]
            return found


def records(base: Workspace) -> Records:
    """The one writer."""
    from crm_desktop.services.writing.records import Records

    def refuse_taken(batch: Batch, asked: Sequence[Ref]) -> None:
        from crm_desktop.services.planner.written import check_written

        check_written(base, batch, asked)

    return Records(
        backend=base.backend, tables=base.tables, reader=base.reader, index=base.index,
        log=base.log, operations=base.operations, clock=base.clock, author=base.user_id,
        publish=base.publish, private=base.privacy.mark, refuse_reader=base.refuse_reader,
        guard=base.reaching or base.rights,
        refuse_taken=refuse_taken,
    )  # fmt: skip


def history(base: Workspace) -> History:
    """Former values."""
    from crm_desktop.services.history.service import History
    from crm_desktop.services.private.past import PrivatePast

    made = History(base.backend, base.tables, base.titles)
    made.past = PrivatePast(base.backend, base.tables, base.privacy)
    return made


def letters(base: Workspace) -> Letters:
    """Letters and chats that are taken in."""
    from crm_desktop.services.letters import Letters

    return Letters(base.records, base.reader, base.titles, base.lists)


def record_history(base: Workspace) -> RecordHistory:
    """Former values of one record, and back to them."""
    from crm_desktop.services.history.record import RecordHistory

    return RecordHistory(base.records, base.history)


def timeline(base: Workspace) -> Timeline:
    """Everything that happened."""
    from crm_desktop.services.history.timeline import Timeline

    made = Timeline(base.reader, base.history, base.operations)
    made.privacy = base.privacy
    return made


def undo(base: Workspace) -> Undo:
    """Operations taken back."""
    from crm_desktop.services.undo.service import Undo

    return Undo(base.records)


def as_of(base: Workspace) -> AsOf:
    """Records as they were on a day."""
    from crm_desktop.services.history.as_of import AsOf

    made = AsOf(base.reader, base.titles)
    made.past = base.history.past
    return made


def recycle_bin(base: Workspace) -> RecycleBin:
    """What was deleted."""
    from crm_desktop.services.recycle_bin import RecycleBin

    made = RecycleBin(base.records, base.titles)
    made.past = base.history.past
    return made


def merging(base: Workspace) -> Merging:
    """Several records made one."""
    from crm_desktop.services.merging.merge import Merging

    return Merging(base.records)


def layouts(base: Workspace) -> Layouts:
    """Tabs and sections of cards."""
    from crm_desktop.services.customisation.layouts import Layouts

    return Layouts(base.backend, base.tables)


def wishes(base: Workspace) -> Wishes:
    """What must not be forgotten of a client."""
    from crm_desktop.services.wishes import Wishes

    return Wishes(base.records)


def annual(base: Workspace) -> AnnualDays:
    """Birthdays and other days of every year."""
    from crm_desktop.services.annual.service import AnnualDays

    return AnnualDays(base.catalogue, base.reader, base.lists, base.clock)


def constructor(base: Workspace) -> Constructor:
    """Objects and fields of one's own."""
    from crm_desktop.services.customisation.constructor import Constructor

    return Constructor(base.backend, base.reload)


def duplicates(base: Workspace) -> Duplicates:
    """What records mean the same."""
    from crm_desktop.services.duplicates.service import Duplicates

    return Duplicates(base)


def reminders(base: Workspace) -> Reminders:
    """What has come up and waits for an answer."""
    from crm_desktop.services.reminders.service import Reminders

    return Reminders(base)


def pipelines(base: Workspace) -> Pipelines:
    """The stages deals go through."""
    from crm_desktop.services.pipelines.service import Pipelines

    return Pipelines(base)


def leads(base: Workspace) -> Leads:
    """Enquiries and what becomes of them."""
    from crm_desktop.services.leads.service import Leads

    return Leads(base)


def intake(base: Workspace) -> Intake:
    """Folders that enquiries come into."""
    from crm_desktop.services.intake.service import Intake

    return Intake(base)


def funnels(base: Workspace) -> Funnels:
    """How far deals came."""
    from crm_desktop.services.sales_figures.service import Funnels

    return Funnels(base)


def board(base: Workspace) -> KeptBoard:
    """The board that was read last."""
    from crm_desktop.services.board.kept import KeptBoard

    return KeptBoard(base)
