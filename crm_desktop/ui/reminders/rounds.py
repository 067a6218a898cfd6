"""What the program does by itself as long as a base is open.

Heads are told of what is overdue, with every look for reminders; annual dates get their
activities at the start, at midnight, and when one of them was written. Nothing is written where
there is nothing to do.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.models.catalogue.traits import AnnualDay
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.errors import UserError
    from crm_desktop.services.changes import ChangeSet
    from crm_desktop.services.workspace import Workspace


class Rounds(QObject):
    """One a session; every seat makes its rounds, and what one has done another finds done."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._day: date | None = None
        session.opened.connect(self._anew)
        session.changed.connect(self._changed)

    def _anew(self) -> None:
        self._day = None

    def _changed(self, changes: ChangeSet) -> None:
        base = self._session.workspace
        if base is not None and changes.touches(base.catalogue.with_trait(AnnualDay)[0].key):
            self._anew()

    def go(self) -> None:
        """Looks whether a head is to be told; on a new day, which annual dates are near."""
        base = self._session.workspace
        if base is None:
            return
        if self._day != base.clock.today():
            self._plan_annual(base)
        from crm_desktop.services.reminders.escalation import is_due

        self._session.operations.query(
            ("reminders", "heads"), lambda _job: is_due(base), owner=self, done=self._heads,
            failed=_another_time,
        )  # fmt: skip

    def _plan_annual(self, base: Workspace) -> None:
        from crm_desktop.services.annual_plans import plan_annual

        today = self._day = base.clock.today()

        def failed(_error: UserError) -> None:
            if self._day == today:
                self._day = None

        self._session.operations.run(
            lambda _job: plan_annual(base), owner=self, done=_nothing, failed=failed
        )

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
