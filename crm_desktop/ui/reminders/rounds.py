"""What the program does by itself as long as a base is open: heads are told of what is overdue.

Looked at with every look for reminders; written only when there is something to write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.errors import UserError


class Rounds(QObject):
    """One a session; every seat makes its rounds, and what one has done another finds done."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session

    def go(self) -> None:
        """Looks whether a head is to be told."""
        base = self._session.workspace
        if base is None:
            return
        from crm_desktop.services.reminders.escalation import is_due

        self._session.operations.query(
            ("reminders", "heads"), lambda _job: is_due(base), owner=self, done=self._heads,
            failed=_another_time,
        )  # fmt: skip

    def _heads(self, due: bool) -> None:
        base = self._session.workspace
        if base is None or not due:
            return
        from crm_desktop.services.reminders.escalation import tell_heads

        self._session.operations.run(
            lambda _job: tell_heads(base), owner=self, done=_nothing, failed=_another_time
        )


def _another_time(_error: UserError) -> None:
    """The base is busy or away: the next round comes."""


def _nothing(_outcome: object) -> None:
    """The reminders that were made are seen by the look that follows the change."""
