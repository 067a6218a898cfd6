"""What is typed into cells of a list, on its way to the base; each value is an operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from crm_desktop.errors import Conflict, DatabaseUnavailable, UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.money.currencies import in_own_currency
from crm_desktop.ui.drafts.in_place import KeptInPlace
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list.cell_typed import Cell, Given, ref_of, words_of
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.held_cells import HeldCells
from crm_desktop.ui.series_question import save_date
from crm_desktop.ui.server_line.until_back import UntilBack

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


class CellSaving(QObject):
    """For one list. What the server was missing for is saved when it is back."""

    refused = Signal(object)
    """A `Given` that was not saved, and says why."""

    def __init__(self, controller: ListController, held: HeldCells, kept: KeptInPlace) -> None:
        super().__init__(controller)
        self._c, self._held, self._kept = controller, held, kept
        self._drafted: set[tuple[int, str]] = set()
        """Cells of which a draft has what was typed."""
        self._until_back = UntilBack(controller.session, self)
        self._until_back.back.connect(self._save_waiting)

    def save(self, what: Given) -> None:
        """Saves it; `refused` follows if that is not to be."""
        ref, f, kept = Ref(self._c.key, what.cell.record), what.cell.field, self._kept
        base = self._c.session.base

        def work(_job: Job) -> int:
            operation = _write(base, what, ref)
            with kept.landing(ref, f.key):
                what.saved = True
            return operation

        def done(operation: int) -> None:
            self._held.arrived(what)
            self.give_up(what)
            said = _("{field}: saved").format(field=_(f.label))
            self._c.navigator.toast(said, undo_operation=operation)

        def failed(error: UserError) -> None:
            self._held.arrived(what)
            self._refuse(what, error)

        self._held.send(what)
        run = self._c.session.operations.run
        run(work, owner=self, done=done, failed=failed, title=_(f.label))

    def give_up(self, what: Given) -> None:
        """It is in the base, or not wanted any more."""
        if what.place in self._drafted:
            self._drafted.discard(what.place)
            self._kept.drop(what.handed_over(self._c.key))

    def _refuse(self, what: Given, error: UserError) -> None:
        cell = what.cell
        what.why, what.waits = self._until_back.said(error), isinstance(error, DatabaseUnavailable)
        if isinstance(error, Conflict) and error.current:
            theirs = in_own_currency(self._c.entity, error.current).get(cell.field.key)
            what.why = _(
                "Somebody else has changed it to “{value}” meanwhile. Enter keeps yours, Esc "
                "takes theirs."
            ).format(value=words_of(cell.field, theirs, what.titles))
            what.cell = Cell(cell.record, cell.field, theirs, None, cell.date)
        if what.waits:
            self._drafted.add(what.place)
            self._kept.keep(what.handed_over(self._c.key))
        self.refused.emit(what)

    def _save_waiting(self, _waiting: list[Any]) -> None:
        for one in self._held.take_waiting():
            self.save(one)


def _write(base: Workspace, what: Given, ref: Ref) -> int:
    """In the worker. Another field changed by somebody else is no conflict."""
    from crm_desktop.services.writing.batch import same

    cell = what.cell
    values = {cell.field.key: what.value}
    if cell.date is not None and what.extent:
        saved = save_date(base, ref, cell.date, values, what.extent, cell.version)
        return saved[0].operation
    try:
        return base.records.update(*ref, values, cell.version).operation
    except Conflict as conflict:
        theirs = conflict.current.get(cell.field.key)
        if not conflict.current or not same(theirs, cell.value):
            led = ref_of(cell.field, theirs) if theirs is not None else None
            what.titles = base.titles.of([led]) if led is not None else {}
            raise
        return base.records.update(*ref, values).operation
