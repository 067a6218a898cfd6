"""The conditions of a live selection are edited in the list itself: its chips, rows and count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.i18n import _
from crm_desktop.models.query import Condition
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list import state as st
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.state import ListState
from crm_desktop.ui.widgets.strips import StripMessage

if TYPE_CHECKING:
    from crm_desktop.services.selections.service import Selection
    from crm_desktop.services.writing.records import Outcome


class SelectionEditing(QObject):
    """Shows the conditions of one selection as chips until they are saved or left."""

    def __init__(self, controller: ListController) -> None:
        super().__init__(controller)
        self._c = controller
        self.selection: Selection | None = None
        self.strip: StripMessage | None = None
        self._before: ListState | None = None
        self._begun: ListState | None = None
        controller.state_changed.connect(self._say)

    def begin(self, one: Selection) -> None:
        """Takes the conditions apart; what the list showed comes back when they are left."""
        self._end()
        self._before, self.selection = self._c.state, one
        strip = StripMessage(
            _("The conditions of the segment “{name}” stand above: change, add or remove them")
            .format(name=one.name), action=_("Save"), close=_("Leave the conditions as they were"),
        )  # fmt: skip
        strip.acted.connect(self.save)
        strip.dismissed.connect(self.leave)
        self.strip = strip
        self._c.view.strips.addWidget(strip)
        fresh = st.of_view(self._c.entity, None).asking(
            columns=self._c.state.query.columns, where=one.query.where
        )
        self._begun = fresh
        self._c.view.filters.search.set_quietly("")
        self._c.view.filters.hold_views(True)
        self._c.show(fresh, fresh)
        self._c.view.filters.add.setFocus()

    def leave(self) -> None:
        """The selection stays as it was; the list shows what it showed before."""
        before = self._before
        self._end()
        if before is not None:
            self._c.show(before, st.of_view(self._c.entity, None) if before.view is None else None)

    def save(self) -> None:
        """Keeps what the chips say; the toast offers to undo it."""
        one, base, query = self.selection, self._c.session.base, self._c.state.query
        if one is None:
            return

        def work(_job: Job) -> Outcome:
            from crm_desktop.services.selections.changes import change_selection

            return change_selection(base, one, query=query)

        self._c.session.operations.run(
            work,
            owner=self,
            done=lambda found: self._saved(one, found),
            failed=self._c.navigator.refuse,
        )

    def _saved(self, one: Selection, found: Outcome) -> None:
        self._end()
        said = _("Conditions of “{name}” saved").format(name=one.name)
        self._c.navigator.toast(said, undo_operation=found.operation)
        self._c.change(where=Condition("in_segment", "in", (one.id,)), text="")

    def _end(self) -> None:
        if self.strip is not None:
            self.strip.hide()
            self.strip.deleteLater()
        self.strip, self.selection, self._before = None, None, None
        self._c.view.filters.hold_views(False)

    def _say(self) -> None:
        """Somebody went to another view: what was edited is left."""
        if self.selection is not None and self._c.saved is not self._begun:
            self._end()
