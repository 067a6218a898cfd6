"""Why something cannot be done here, known in memory: for actions, menus and buttons that are grey.

The sentences name the right, one's roles and whom to ask for which role (`services/rights`). They
are read when a base opens, when the base tells that roles are others, and now and then. Everything
by which a person changes the base is handed to `keep`: it is grey as long as there is a reason,
says it when pointed at, and becomes possible by itself.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget
from shiboken6 import isValid

from crm_desktop.services.rights import words
from crm_desktop.ui.operations import Job
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import Refusable

if TYPE_CHECKING:
    from crm_desktop.errors import UserError
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.services.rights.refusals import Refused
    from crm_desktop.services.rights.whose import Whose
    from crm_desktop.ui.session import Session

T = TypeVar("T", bound=QAction | QWidget)
Ask = Callable[[], str]

_AGAIN_MS = 30_000
_NEEDS_NO_SEAT = (
    words.SEE, words.BEYOND, words.UNFOUND, words.EXPORT, words.PRINT, words.CALENDARS,
    words.ADMINISTER,
)  # fmt: skip
"""What changes no records: whoever came in only to read may do it."""
WRITE = ""
"""In place of an action: what every person with a seat may change, such as lists of his own."""
_ASK = "_why_refused"


class Kept:
    """Parts of the window that are grey while somebody gives a reason."""

    def __init__(self) -> None:
        self._kept: list[weakref.ref[QAction | QWidget]] = []

    def follow(self, target: T, ask: Ask) -> T:
        """Keeps it grey while `ask`, which may not ask the base, gives a reason."""
        setattr(target, _ASK, ask)
        self._kept.append(weakref.ref(target))
        refuse(target, ask())
        return target

    def look(self) -> None:
        """Asks all of them once more: something that decides on it has changed."""
        alive = []
        for kept in self._kept:
            target = kept()
            if target is not None and isValid(target):
                alive.append(kept)
                refuse(target, getattr(target, _ASK)())
        self._kept = alive


class Refusals(QObject):
    """One a session."""

    changed = Signal()
    """Something is refused now, or no longer."""
    renewed = Signal()
    """Rights are others than before: other records may be seen now, and other ones changed."""
    said = Signal(str)
    """Why what was wanted by a key or by dragging is not done."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._known: Refused | None = None
        self._kept = Kept()
        self._timer = QTimer(self)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self.read)
        session.opened.connect(self._opened)
        session.closed.connect(self._closed)
        session.seat.changed.connect(self._tell)
        session.line.rights.connect(self._others_now)

    def _opened(self) -> None:
        self._known = None
        base = self._session.workspace
        if base is not None and base.rights is not None:
            self._timer.start()
            self.read()
        self._tell()

    def _closed(self) -> None:
        self._timer.stop()
        self._known = None

    def _others_now(self) -> None:
        base = self._session.workspace
        if base is not None and base.rights is not None:
            base.rights.doubt()
            self.read()

    def read(self) -> None:
        """Asks the base what is refused now."""
        base = self._session.workspace
        if base is None or base.rights is None:
            return

        def work(_job: Job) -> Refused:
            from crm_desktop.services.rights.refusals import refusals

            return refusals(base)

        def done(found: Refused) -> None:
            if base is self._session.workspace and found != self._known:
                before, self._known = self._known, found
                self._tell()
                if before is not None:
                    self.renewed.emit()

        self._session.operations.query(
            ("refusals",), work, owner=self, done=done, failed=_another_time
        )

    def why(self, action: str, entity: str = "") -> str:
        """Why the person may do that with no record of the object; '' if he may with some."""
        base = self._session.workspace
        if base is None:
            return ""
        if base.read_only and action not in _NEEDS_NO_SEAT:
            return base.read_only
        return self._known.whole.get((action, entity), "") if self._known is not None else ""

    def why_of(self, action: str, one: Whose | None) -> str:
        """Why the person may not do that with a record; '' if he may, or if nobody knows yet whose
        it is (`None`): then the base says it."""
        return self._known.why(action, one) if self._known is not None and one is not None else ""

    def is_narrow(self, entity: str) -> bool:
        """Whether some records of an object may be changed and others, which are seen, may not."""
        return self._known is not None and entity in self._known.narrow

    def stops(self, action: str, entity: str = "") -> bool:
        """Whether a key, a drag or another gesture without a look of its own is refused: says why
        then."""
        why = self.why(action, entity)
        if why:
            self.said.emit(why)
        return bool(why)

    # --- what is grey -----------------------------------------------------------------------------

    def keep(self, target: T, action: str, entity: str = "") -> T:
        """Keeps a line of a menu, a button or another part of a page grey while the action is
        refused on all records of the object; gives it back."""
        return self.follow(target, lambda: self.why(action, entity))

    def follow(self, target: T, ask: Ask) -> T:
        """Keeps it grey while `ask`, which may not ask the base, gives a reason."""
        return self._kept.follow(target, ask)

    def look(self) -> None:
        """Asks all that is kept once more: something that decides on it has changed."""
        self._kept.look()

    def _tell(self) -> None:
        self.look()
        self.changed.emit()


def refuse(target: QAction | QWidget, why: str) -> None:
    """Greys it out and says why when pointed at; for '' it is as it was before."""
    if isinstance(target, Refusable):
        target.refuse(why)
    elif why:
        put_off(target, why)
    elif getattr(target, _PUT_OFF, False):
        setattr(target, _PUT_OFF, False)
        target.setEnabled(True)
        target.setToolTip("")
        target.setStatusTip("")


_PUT_OFF = "_is_put_off"


def put_off(target: QAction | QWidget, why: str) -> None:
    """Greys out a line of a menu or a part of a page that cannot be used, and says why when pointed
    at; a menu shows it at its lines. Does nothing where there is no reason."""
    if not why:
        return
    setattr(target, _PUT_OFF, True)
    target.setEnabled(False)
    target.setToolTip(plain_tip(why))
    target.setStatusTip(why)
    if isinstance(target, QAction):
        above = target.parent()
        if isinstance(above, QMenu):
            above.setToolTipsVisible(True)


def activities_of(catalogue: Catalogue) -> str:
    """The object of calls, tasks and meetings: who plans or notes one makes a record of it."""
    from crm_desktop.models.catalogue.traits import Scheduled  # not before the first paint

    return catalogue.with_trait(Scheduled)[0].key


def _another_time(_error: UserError) -> None:
    """The base is away: it is asked again."""
