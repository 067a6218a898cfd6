"""The action by which somebody's records go to others, for the colleague in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.errors import UserError
from crm_desktop.i18n import N_, _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.actions import Action
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.navigation import RECORD
from crm_desktop.ui.operations import Job
from crm_desktop.ui.page import Page

if TYPE_CHECKING:
    from crm_desktop.services.handing_over.carrying import HandedOver
    from crm_desktop.services.handing_over.planning import Draft, Handing
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.handing_over.box import HandOverBox, Leaving

MOST_COLLEAGUES = 500
GROUP = N_("Records")


class HandingOverDesk(QObject):
    """One a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._w = window
        self.box: HandOverBox | None = None
        self._job: Job | None = None
        window.actions.add(
            Action("hand-over", N_("Hand over…"), self.open, "people-team", "", group=GROUP,
                   enabled=lambda: self._pointed() is not None),
        )  # fmt: skip

    def _pointed(self) -> Ref | None:
        """The colleague in front, where something may be changed."""
        from crm_desktop.models.catalogue.traits import Staff

        page, base, place = self._w.pages.page, self._w.session.workspace, self._w.pages.place
        if base is None or base.read_only or place is None:
            return None
        if place.kind == RECORD and place.id:
            ref: Ref | None = Ref(place.entity, place.id)
        else:
            ref = page.pointed() if isinstance(page, Page) else None
        known = ref is not None and ref.id > 0 and base.catalogue.has(ref.entity)
        return ref if known and ref and base.catalogue[ref.entity].trait(Staff) else None

    def open(self) -> None:
        """The box about the colleague in front."""
        ref, base = self._pointed(), self._w.session.workspace
        if ref is None or base is None or self.box is not None:
            return
        self._w.session.operations.query(
            ("hand over", "who"), lambda _job: leaving_of(base, ref), owner=self, done=self._show,
            failed=self._say,
        )  # fmt: skip

    def _show(self, leaving: Leaving) -> None:
        from crm_desktop.ui.handing_over.box import HandOverBox

        if self.box is not None or self._w.session.workspace is None:
            return
        self.box = box = HandOverBox(self._w.session, leaving, self._w.view)
        box.asked.connect(self._count)
        box.parted.connect(lambda key: self._part(leaving.person, key))
        box.decided.connect(self._carry_out)
        box.stopped.connect(lambda: self._job.cancel() if self._job is not None else None)
        box.finished.connect(self._forget)
        box.open()

    def _forget(self) -> None:
        box, self.box = self.box, None
        if box is not None:
            box.deleteLater()

    def _say(self, error: UserError) -> None:
        self._w.navigator.toast(error.message, tone="warn")

    # --- asking -----------------------------------------------------------------------------------

    def _count(self, handing: Handing) -> None:
        from crm_desktop.services.handing_over.planning import draft

        box, base = self.box, self._w.session.base
        if box is not None:
            self._w.session.operations.query(
                ("hand over", "count"), lambda _job: draft(base, handing), owner=box,
                done=box.show_draft, failed=lambda error: box.say(error.message),
            )  # fmt: skip

    def _part(self, leaving: int, key: str) -> None:
        from crm_desktop.services.handing_over.parting import parts

        box, base = self.box, self._w.session.base
        if box is not None:
            self._w.session.operations.query(
                ("hand over", "parts"), lambda _job: parts(base, leaving, key), owner=box,
                done=box.show_parts, failed=lambda error: box.say(error.message),
            )  # fmt: skip

    def _carry_out(self, draft: Draft) -> None:
        from crm_desktop.services.handing_over.carrying import carry_out

        box, base = self.box, self._w.session.base
        if box is None:
            return

        def work(job: Job) -> HandedOver:
            return carry_out(base, draft, progress=job.progress, check=job.check)

        def done(over: HandedOver) -> None:
            box.set_busy(busy=False)
            box.accept()
            said = ngettext("{count} record went over", "{count} records went over", over.count)
            self._w.navigator.toast(said.format(count=over.count), undo_operation=over.operation)

        def failed(error: UserError) -> None:
            box.set_busy(busy=False)
            box.say(error.message)

        box.set_busy(busy=True)
        self._job = self._w.session.operations.run(
            work, owner=box, done=done, failed=failed, title=_("Hand over…"),
            progress=lambda state: box.bar.set_progress(state.done, state.total),
        )  # fmt: skip
        self._job.after_cancel(lambda: box.set_busy(busy=False))


def leaving_of(base: Workspace, ref: Ref) -> Leaving:
    """Who hands over and who may take over; in the worker."""
    from crm_desktop.models.catalogue.planner_traits import PlannerRows
    from crm_desktop.models.query import Condition, Query, Sort
    from crm_desktop.services.handing_over.parting import parting_fields
    from crm_desktop.ui.handing_over.box import Leaving

    staff = base.catalogue[ref.entity]
    rows = staff.trait(PlannerRows)
    where = Condition(rows.hidden, "eq", False) if rows is not None else None
    query = Query(staff.key, (staff.title_field,), where, sort=(Sort(staff.title_field),))
    found = base.lists.open(query).first(MOST_COLLEAGUES)
    people = [(row.id, str(row.cells[0])) for row in found if row.id != ref.id]
    fields = [(f.key, _(f.label)) for f in parting_fields(base)]
    return Leaving(ref.id, base.titles.of([ref])[ref].text, people, fields)
