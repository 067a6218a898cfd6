"""Lists change by themselves while nothing in the base does: rows turn red when they are overdue,
and come or go where the list asks for what is before now, or for a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.record_list.loader import Loader
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.services.lists.turns import Turn

_EVERY_MS = 20_000
_NOW_AND_THEN = timedelta(minutes=5)
"""How often a list is read anew that changes at moments nobody looks for."""


class ListTurning(QObject):
    """Looks at the clock while its page is seen; several times a minute, for clocks are set and
    machines sleep. The base is asked once, in a worker, when the list next becomes another one."""

    def __init__(self, session: Session, loader: Loader, seen: QWidget) -> None:
        super().__init__(seen)
        self._session, self._loader, self._seen = session, loader, seen
        self._turn: Turn | None = None
        self._day: date | None = None
        self._since: datetime | None = None
        """When the list was read that `_turn` is about."""
        loader.opened.connect(self._ask)
        loader.refreshed.connect(self._ask)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Reads the list anew if a moment of what was read is over."""
        base, source = self._session.workspace, self._loader.source
        if base is None or source is None or not self._seen.isVisible():
            return
        now = base.clock.now()
        reddens = source.turns is not None and now > source.turns
        if reddens or self._is_over(now, base.clock.local().date()):
            self._turn = None
            self._loader.reopen()

    def next_turn(self) -> Turn | None:
        """When the list becomes another one; None while that is not known, or never."""
        return self._turn

    def _is_over(self, now: datetime, today: date) -> bool:
        turn, since = self._turn, self._since
        if turn is None or since is None:
            return False
        return (
            (turn.daily and today != self._day)
            or (turn.at is not None and now > turn.at)
            or (turn.often and now - since > _NOW_AND_THEN)
        )

    def _ask(self) -> None:
        """When the list that has come is to be read again; lists without conditions never are."""
        base, query = self._session.workspace, self._loader.query
        self._turn = None
        if base is None or query is None or query.where is None:
            return
        self._day, self._since = base.clock.local().date(), base.clock.now()

        def done(turn: Turn) -> None:
            if query is self._loader.query:
                self._turn = turn

        self._loader.ask("turn", lambda _job, _source: base.lists.next_turn(query), done)
