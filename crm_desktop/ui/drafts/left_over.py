"""What was typed and not saved when the program ended is told at the next start: the form offers
it again, but who would look for it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.ui.operations import Job

REST_MS = 1500
"""The first page comes first."""
_NAMED = 3


class DraftsLeft(QObject):
    """One a window."""

    def __init__(self, session: Session, navigator: Navigator, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._navigator = session, navigator
        self._later = QTimer(self, singleShot=True, interval=REST_MS)
        self._later.timeout.connect(self.look)
        session.opened.connect(self._later.start)
        session.closed.connect(self._later.stop)

    def look(self) -> None:
        """Reads what this person left on this computer, and says it."""
        base = self._session.workspace
        if base is None:
            return
        from crm_desktop.ui.drafts.local import Drafts, name_of

        home = self._session.settings.path.parent

        def work(_job: Job) -> dict[Ref, str]:
            kept = dict(Drafts(home, base.info("guid")).of(base.login, base.catalogue))
            titles = base.titles.of([ref for ref in kept if ref.id > 0])
            names = {ref: title.text for ref, title in titles.items()}
            for ref, draft in kept.items():
                if ref.id <= 0:
                    names[ref] = (
                        name_of(base.catalogue[ref.entity], ref, draft.raw) if ref.id else ""
                    )
            return names

        self._session.operations.query(("drafts left",), work, owner=self, done=self._say)

    def _say(self, left: dict[Ref, str]) -> None:
        base = self._session.workspace
        if base is None or not left:
            return
        names = [title or _(base.catalogue[ref.entity].new_label) for ref, title in left.items()]
        shown = ", ".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")
        sentence = _("Left unsaved: {names}. Open the form to restore what was typed.")
        self._navigator.toast(sentence.format(names=shown), tone="info")
