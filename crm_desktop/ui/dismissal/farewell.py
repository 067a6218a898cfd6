"""The window of who was dismissed: leaves what was typed to the head and closes the base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.messages import tell

if TYPE_CHECKING:
    from crm_desktop.services.licensing.entry import Entry
    from crm_desktop.ui.operations import Job
    from crm_desktop.ui.record_card.drafts import Typed
    from crm_desktop.ui.widgets.dialog import Dialog

ENDED = "dismissed"


class Farewell(QObject):
    """One a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._w = window
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
        numbers = [session.base.catalogue[one.ref.entity].number for one in found]

        def work(_job: Job) -> int:
            from crm_desktop.services.server.dismissal import parts_of

            for number, one in zip(numbers, found, strict=True):
                entry.broker.leave_text(number, one.ref.id, one.title, parts_of(one.text))
                one.drop()
            return len(found)

        session.operations.query(
            ("farewell",), work, owner=self, done=self._close, failed=self._failed
        )

    def _failed(self, _error: UserError) -> None:
        """The line is gone: what was typed stays in the drafts of this computer."""
        self._close(0)

    def _close(self, left: int) -> None:
        self._w.session.close()
        said = _("Your work in this base has ended: the administrator has closed your account.")
        if left:
            said += " " + _("What you had typed and not saved was passed on to your head.")
        self.box = tell(self._w.view, _("Your account was closed"), said)
