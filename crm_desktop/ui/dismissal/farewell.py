"""The window of who was dismissed: leaves to the head what was typed, drafts of forms that were
closed and of the planner included, and closes the base."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.settings import PLANNER_DRAFTS
from crm_desktop.ui.drafts.on_server import KeptDrafts, here_in
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.messages import tell

if TYPE_CHECKING:
    from crm_desktop.services.licensing.entry import Entry
    from crm_desktop.ui.drafts.local import Typed
    from crm_desktop.ui.operations import Job
    from crm_desktop.ui.widgets.dialog import Dialog

ENDED = "dismissed"


class Farewell(QObject):
    """One a window."""

    def __init__(self, window: MainWindow, drafts: KeptDrafts) -> None:
        super().__init__(window)
        self._w, self._drafts = window, drafts
        self.box: Dialog | None = None
        self._said: Entry | None = None
        session = window.session
        session.seat.changed.connect(self._look)
        session.line.lost.connect(session.seat.beat)

    def _look(self) -> None:
        session = self._w.session
        entry = session.seat.entry
        if session.seat.why != ENDED or entry is None or entry is self._said:
            return
        self._said = entry
        found: list[Typed] = []
        session.texts_wanted.emit(found)
        found += self._kept({one.ref for one in found}, entry)
        numbers = [session.base.catalogue[one.ref.entity].number for one in found]
        kept, here, address = self._drafts.hand_over(), here_in(session), session.address
        planned = bool(session.settings.get(PLANNER_DRAFTS).get(address))

        def work(_job: Job) -> tuple[int, bool]:
            from crm_desktop.services.server.dismissal import parts_of

            for number, one in zip(numbers, found, strict=True):
                entry.broker.leave_text(number, one.ref.id, one.title, parts_of(one.text))
                one.drop()
            told = planned
            try:  # those of the planner stay where they are kept: the head reads them there
                kept(entry)
            except UserError:
                told = False
            for number, one in zip(numbers, found, strict=True):
                entry.broker.drop_draft(here, number, one.ref.id)
            return len(found), told

        def done(left: tuple[int, bool]) -> None:
            count, told = left
            if told:
                session.settings.put_entry(PLANNER_DRAFTS, address, None)
            self._close(count + told)

        session.operations.query(("farewell",), work, owner=self, done=done, failed=self._failed)

    def _kept(self, shown: set[Ref], entry: Entry) -> list[Typed]:
        """Drafts of forms that were closed: the base itself can be asked for nothing any more."""
        from crm_desktop.ui.drafts.local import Drafts, Typed, in_words, name_of

        base = self._w.session.base
        drafts = Drafts(self._w.session.settings.path.parent, entry.standing.guid)
        found = []
        for ref, draft in drafts.of(base.login, base.catalogue):
            if ref not in shown:
                entity = base.catalogue[ref.entity]
                title, text = name_of(entity, ref, draft.raw), in_words(entity, draft.raw)
                found.append(Typed(ref, title, text, partial(drafts.drop, ref)))
        return found

    def _failed(self, _error: UserError) -> None:
        """The line is gone: what was typed stays in the drafts of this computer."""
        self._close(0)

    def _close(self, left: int) -> None:
        self._w.session.close()
        self._w.news.clear()  # pages that were refused meanwhile spoke of a wrong password
        said = _("Your work in this base has ended: the administrator has closed your account.")
        if left:
            said += " " + _("What you had typed and not saved was passed on to your head.")
        self.box = tell(self._w.view, _("Your account was closed"), said)
