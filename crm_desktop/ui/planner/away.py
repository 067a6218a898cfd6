"""Opens the box for somebody who is away, asks the base for proposals, carries them out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.applying import Applied
from crm_desktop.services.planner.double_booking import DoubleBooked
from crm_desktop.services.planner.standing_in import Away, Proposal, carry_out, propose
from crm_desktop.ui.operations import Job
from crm_desktop.ui.planner.asking import ask_twice
from crm_desktop.ui.planner.away_box import AwayBox

if TYPE_CHECKING:
    from crm_desktop.ui.planner.controller import PlannerController

Found = tuple[list[Proposal], dict[Ref, str]]


class SomebodyAway(QObject):
    """For one planner page."""

    def __init__(self, controller: PlannerController) -> None:
        super().__init__(controller)
        self._controller = controller
        self.box: AwayBox | None = None

    def open(self) -> None:
        """The box, for the person in whose row the keyboard is and the day that is shown."""
        controller = self._controller
        drawing = controller.grid.drawing
        staff = controller.planner.schedule.staff.key
        lines = drawing.sheet.lines if drawing is not None else []
        people = [line.row for line in lines if line.row.ref.entity == staff]
        if not people:
            controller.navigator.toast(_("Nobody works here yet"), tone="info")
            return
        row = controller.grid.current_row
        person = row if row in {one.ref for one in people} and row is not None else people[0].ref
        start = (person, controller.day)
        box = self.box = AwayBox(controller.grid, controller.session.base, people, start)
        box.asked.connect(self._ask)
        box.decided.connect(self._decided)
        box.finished.connect(self._closed)
        box.open()
        box.ask()

    def _closed(self, _answer: int) -> None:
        if self.box is not None:
            self.box.deleteLater()
            self.box = None

    def _ask(self, away: Away) -> None:
        planner = self._controller.planner

        def work(_job: Job) -> Found:
            found = propose(planner, away.person, away.first, away.last)
            return found, planner.names([one.bar for one in found])

        def done(found: Found) -> None:
            if self.box is not None and self.box.away() is not None:
                self.box.show_proposals(*found)

        key = ("planner", id(self), "away")
        self._controller.session.operations.query(key, work, owner=self, done=done)

    def _decided(self, proposals: Sequence[Proposal], away: Away, drafts: bool) -> None:
        if drafts:
            made = [draft for one in proposals if (draft := one.draft()) is not None]
            self._controller.drafting.add(made)
            self._close()
            return
        self._carry_out(proposals, away, twice=False)

    def _close(self) -> None:
        if self.box is not None:
            self.box.done(1)

    def _carry_out(self, proposals: Sequence[Proposal], away: Away, *, twice: bool) -> None:
        controller, planner = self._controller, self._controller.planner

        def done(applied: Applied) -> None:
            self._close()
            moved = sum(one.draft() is not None for one in proposals)
            said = ngettext("{count} entry planned anew", "{count} entries planned anew", moved)
            operation = applied.outcome.operation
            controller.navigator.toast(said.format(count=moved), undo_operation=operation)
            controller.read()

        def failed(error: UserError) -> None:
            if isinstance(error, DoubleBooked) and error.allowed:
                if ask_twice(self.box or controller.grid, error):
                    self._carry_out(proposals, away, twice=True)
                return
            controller.navigator.refuse(error)
            if self.box is not None:
                self.box.ask()

        controller.session.operations.run_asked(
            lambda _job: carry_out(planner, proposals, away, twice=twice),
            owner=self, done=done, failed=failed, title=_("Plan the day anew"),
        )  # fmt: skip
