"""The small panel for something new over the grid: opened where the time was swept over, and once
more with what was typed where it could not be made."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.moving import NewEntry
from crm_desktop.services.rights.words import CREATE
from crm_desktop.ui.drafts.local import in_words
from crm_desktop.ui.planner import words
from crm_desktop.ui.planner.controller import PlannerController
from crm_desktop.ui.planner.inviting import Invitation
from crm_desktop.ui.planner.new_box import NewBox
from crm_desktop.ui.server_line.until_back import UntilBack
from crm_desktop.ui.widgets.popover import Popover


class NewEntries(QObject):
    """What is made over the grid of one planner."""

    def __init__(self, controller: PlannerController) -> None:
        super().__init__(controller)
        self._controller = controller

    def ask(self, ref: Ref, starts: int, ends: int, about: Ref | None = None) -> None:
        """The small panel below the place that was swept over."""
        if not self._controller.drafting.stops(CREATE):
            self._open(NewEntry(ref, starts, ends, "", "", about))

    def _open(self, asked: NewEntry, error: UserError | None = None) -> None:
        controller, grid = self._controller, self._controller.grid
        drawing = grid.drawing
        if drawing is None:
            return
        axis, line = drawing.axis, drawing.sheet.by_ref.get(asked.row)
        name, (starts, ends) = line.row.name if line is not None else "", asked[1:3]
        whole = starts in axis.edges and ends in axis.edges
        local = axis.local(starts)
        when = (
            words.whole_days(axis, starts, ends, name) if whole
            else f"{words.day(local)}, {axis.clock(starts)}–{axis.clock(ends)} · {name}"
        )  # fmt: skip
        kinds: list[tuple[str, object]] = [
            (_(c.label), c.key) for c in controller.look.kinds if not c.retired
        ]
        box = NewBox(when, kinds, asked.kind or controller.planner.schedule.scheduled.usual)
        box.subject.setText(asked.subject)
        invite = Invitation(controller, box, (asked.row, starts, ends), asked.others)
        popover = Popover(box, name=_("New"), parent=grid)
        invite.panel.grown.connect(popover.fit)

        unsure = error.operation if isinstance(error, DatabaseUnavailable) else None

        def entry(subject: str, kind: str) -> NewEntry:
            popover.close_panel()
            return invite.entry(subject, kind)._replace(all_day=whole, about=asked.about)

        box.made.connect(lambda *typed: self._make(entry(*typed), unsure))
        box.more.connect(lambda *typed: controller.create_in_form(entry(*typed)))
        popover.open_below(grid, grid.place_of(asked.row, starts, ends))
        if error is not None:
            self._say(box, error)
            popover.fit()

    def _make(self, new: NewEntry, unsure: int | None) -> None:
        """`unsure`: the operation that was to make it, if nobody heard whether it was kept."""
        self._controller.create(new, partial(self._refused, new), unsure=unsure)

    def _refused(self, new: NewEntry, error: UserError) -> None:
        """Asks again with what was typed; whoever looks at something else reads it in a toast."""
        controller = self._controller
        if controller.grid.isVisible():
            self._open(new, error)
            return
        event = controller.planner.schedule.event
        typed = in_words(event, {event.title_field: new.subject})
        said = _("Not saved: “{typed}”. {why}").format(typed=typed, why=error.message)
        controller.navigator.toast(said, tone="bad")

    def _say(self, box: NewBox, error: UserError) -> None:
        until_back = UntilBack(self._controller.session, box)
        until_back.back.connect(lambda _waiting: box.make())
        box.say(until_back.said(error))
