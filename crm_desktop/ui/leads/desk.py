"""What the window does about leads by itself: watched folders, and the box for pasted words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.leads.paste_box import LeadBox
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.errors import UserError
    from crm_desktop.services.intake.service import FromFile
    from crm_desktop.services.workspace import Workspace

EVERY_MS = 30_000
"""How often watched folders are looked at."""


class LeadDesk(QObject):
    """One a session."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__(session)
        self._session, self._navigator = session, navigator
        self._told: set[str] = set()
        self._busy = False
        self.box: LeadBox | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)
        navigator.lead_wanted.connect(self.open_box)
        session.opened.connect(self._begin)
        session.closed.connect(self._end)
        if session.workspace is not None:
            self._begin()

    @classmethod
    def of(cls, session: Session, navigator: Navigator) -> LeadDesk:
        """The one of this session."""
        found = session.findChild(cls)
        return found if found is not None else cls(session, navigator)

    def _begin(self) -> None:
        self._told.clear()
        self._busy = False
        self._timer.start()

    def _end(self) -> None:
        self._timer.stop()
        box, self.box = self.box, None
        if box is not None:
            box.reject()

    # --- folders ----------------------------------------------------------------------------------

    def look(self) -> None:
        """Looks, in the worker, whether this computer watches folders; if so, takes in what waits
        there."""
        base = self._session.workspace
        if base is None or self._busy:
            return
        self._busy = True
        self._session.operations.query(
            ("intake folders",), lambda _job: bool(base.intake.waits_here()), owner=self,
            done=partial(self._take, base), failed=self._rest,
        )  # fmt: skip

    def _take(self, base: Workspace, waits: bool) -> None:
        if not waits or base is not self._session.workspace:
            self._busy = False
            return
        self._session.operations.run(
            lambda _job: base.intake.look(), owner=self, done=self._came, failed=self._rest
        )

    def _rest(self, _error: UserError) -> None:
        """The base is busy or away: the next look comes."""
        self._busy = False

    def _came(self, found: list[FromFile]) -> None:
        """Says what came; what cannot be read is said once."""
        self._busy = False
        arrived = [one for file in found for one in file.arrived if one.operation is not None]
        if arrived:
            text = ngettext(
                "{count} enquiry came in", "{count} enquiries came in", len(arrived)
            ).format(count=len(arrived))
            operations = {one.operation for one in arrived}
            undone = arrived[0].operation if len(operations) == 1 else None
            self._navigator.toast(text, undo_operation=undone, tone="info")
        for one in found:
            said = _("{file}: {reason}").format(file=one.file, reason=one.reason)
            if one.reason and said not in self._told:
                self._told.add(said)
                self._navigator.toast(said, tone="warn")

    # --- words ------------------------------------------------------------------------------------

    def open_box(self, text: str = "") -> None:
        """Opens the box for pasted words; with those that are given."""
        if self._session.workspace is None:
            return
        if self.box is not None:
            self.box.raise_()
            return
        box = self.box = LeadBox(self._session, self._navigator, text, QApplication.activeWindow())
        box.finished.connect(lambda _result: self._forget(box))
        box.open()

    def _forget(self, box: LeadBox) -> None:
        if self.box is box:
            self.box = None
        box.deleteLater()
