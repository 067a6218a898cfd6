"""The action by which somebody's records go to others, for the colleague in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.i18n import N_, _, language, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.numbers import format_number
from crm_desktop.services.rights import words
from crm_desktop.ui.actions import Action
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.navigation import RECORD
from crm_desktop.ui.operations import Job
from crm_desktop.ui.page import Page

if TYPE_CHECKING:
    from crm_desktop.services.handing_over.carrying import HandedOver
    from crm_desktop.services.handing_over.giving_back import Return
    from crm_desktop.services.handing_over.leaving import Leaving
    from crm_desktop.services.handing_over.planning import Draft, Handing
    from crm_desktop.ui.handing_over.back_box import GiveBackBox
    from crm_desktop.ui.handing_over.box import HandOverBox

GROUP = N_("Records")


class HandingOverDesk(QObject):
    """One a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._w = window
        self.box: HandOverBox | None = None
        self.back_box: GiveBackBox | None = None
        self._job: Job | None = None
        self._unsure: HandedOver | None = None
        """What was sent, if nobody knows whether the server has kept it."""
        window.session.line.back.connect(self._look_whether_kept)
        window.actions.add(
            Action("hand-over", N_("Hand over…"), self.open, "people-team", "", group=GROUP,
                   enabled=lambda: self._pointed() is not None),
            Action("hand-back", N_("Give back after a hand-over…"), self.ask_back, "undo", "",
                   group=GROUP, enabled=lambda: self._owned() is not None, why=self._why_not),
        )  # fmt: skip

    def _in_front(self) -> Ref | None:
        """The record in front, where something may be changed."""
        page, base, place = self._w.pages.page, self._w.session.workspace, self._w.pages.place
        if base is None or base.read_only or place is None:
            return None
        if place.kind == RECORD and place.id:
            ref: Ref | None = Ref(place.entity, place.id)
        else:
            ref = page.pointed() if isinstance(page, Page) else None
        return ref if ref and ref.id > 0 and base.catalogue.has(ref.entity) else None

    def _pointed(self) -> Ref | None:
        """The colleague in front."""
        from crm_desktop.models.catalogue.traits import Staff

        base, ref = self._w.session.workspace, self._in_front()
        return ref if base and ref and base.catalogue[ref.entity].trait(Staff) else None

    def open(self) -> None:
        """The box about the colleague in front."""
        ref, base = self._pointed(), self._w.session.workspace
        if ref is None or base is None or self.box is not None:
            return
        from crm_desktop.services.handing_over.leaving import leaving_of

        self._w.session.operations.query(
            ("hand over", "who"), lambda _job: leaving_of(base, ref), owner=self, done=self._show,
            failed=self._w.navigator.refuse,
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

    def _carry_out(self, draft: Draft, note: str) -> None:
        from crm_desktop.services.handing_over.carrying import HandedOver, carry_out

        box, base = self.box, self._w.session.base
        if box is None:
            return

        def work(job: Job) -> HandedOver:
            return carry_out(base, draft, note=note, progress=job.progress, check=job.check)

        def failed(error: UserError) -> None:
            box.set_busy(busy=False)
            box.say(error.message)
            if isinstance(error, DatabaseUnavailable) and error.operation is not None:
                self._unsure = HandedOver(error.operation, len(draft.given), len(draft.letters))
                box.await_server()
                self._w.session.line.doubt()

        box.set_busy(busy=True)
        # the box has named every time that would be taken twice: it is not asked once more
        self._job = self._w.session.operations.run_asked(
            work, owner=box, done=self._done, failed=failed, title=_("Hand over…")
        )
        self._job.shows(box, lambda state: box.bar.set_progress(state.done, state.total))
        self._job.after_cancel(lambda: box.set_busy(busy=False))

    def _done(self, over: HandedOver) -> None:
        if self.box is not None:
            self.box.set_busy(busy=False)
            self.box.accept()
        said = ngettext("{count} record went over", "{count} records went over", over.count)
        count = format_number(over.count, 0, language())
        self._w.navigator.toast(said.format(count=count), undo_operation=over.operation)

    def _look_whether_kept(self) -> None:
        """The server is back: a hand-over of which nobody heard was made, or may be made now. Made
        twice, receivers would get each message twice, and of a series what was past as well."""
        from crm_desktop.services.live.arrival import was_kept

        (sent, self._unsure), base = (self._unsure, None), self._w.session.workspace
        if sent is None or base is None:
            return

        def known(kept: bool) -> None:
            if kept:
                self._done(sent)
            elif self.box is not None:
                self.box.ask()

        def failed(_error: UserError) -> None:
            self._unsure = sent

        self._w.session.operations.query(
            ("hand over", "kept"), lambda _job: was_kept(base, sent.operation), owner=self,
            done=known, failed=failed,
        )  # fmt: skip

    # --- one record back --------------------------------------------------------------------------

    def _owned(self) -> Ref | None:
        """The record in front, of an object that somebody answers for."""
        from crm_desktop.models.catalogue.ownership import owner_field

        base, ref = self._w.session.workspace, self._in_front()
        if base is None or ref is None or owner_field(base.catalogue[ref.entity]) is None:
            return None
        return ref

    def _why_not(self) -> str:
        ref = self._owned()
        return self._w.session.refusals.why(words.REASSIGN, ref.entity) if ref else ""

    def ask_back(self) -> None:
        """Says what would go back with the record in front, and asks."""
        ref, base = self._owned(), self._w.session.workspace
        if ref is None or base is None or self.back_box is not None:
            return
        from crm_desktop.services.handing_over.giving_back import going_back, hand_over_of

        self._w.session.operations.query(
            ("hand back", "what"), lambda _job: going_back(base, hand_over_of(base, ref), ref),
            owner=self, done=lambda back: self._show_back(ref, back),
            failed=self._w.navigator.refuse,
        )  # fmt: skip

    def _show_back(self, ref: Ref, back: Return) -> None:
        from crm_desktop.ui.handing_over.back_box import GiveBackBox

        if self.back_box is not None or self._w.session.workspace is None:
            return
        self.back_box = box = GiveBackBox(self._w.session, back, self._w.view)
        box.decided.connect(lambda: self._give_back(ref, back))
        box.finished.connect(self._forget_back)
        box.open()

    def _forget_back(self) -> None:
        box, self.back_box = self.back_box, None
        if box is not None:
            box.deleteLater()

    def _give_back(self, ref: Ref, back: Return) -> None:
        from crm_desktop.services.handing_over.giving_back import give_back

        box, base = self.back_box, self._w.session.base

        def done(operation: int) -> None:
            if box is not None:
                box.accept()
            said = _("{record} is {name}’s again").format(record=back.record, name=back.name)
            self._w.navigator.toast(said, undo_operation=operation)

        self._w.session.operations.run(
            lambda _job: give_back(base, back.operation, ref), owner=self, done=done,
            failed=lambda error: box.say(error.message) if box is not None else None,
            title=_("Give back after a hand-over…"),
        )  # fmt: skip
