"""What the program does by itself as long as a base is open.

Heads are told of what is overdue, with every look for reminders; annual dates and birthdays get
their activities at the start, at midnight, and when a record that may hold one was written (not
more often than every few minutes, but for annual dates). Deals that recur are made at the same
times; probabilities by history are renewed once a day. The window of an administrator ends lines of
dismissed colleagues and substitutions that are over and clears the audit, if no other program does.
Nothing is written where there is nothing to do, and what is to be written goes in parts, between
which others have their turn.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.models.catalogue.sales_traits import Repeating
from crm_desktop.models.catalogue.traits import AnnualDay
from crm_desktop.services.server.job_leases import CARE, do_mine, mine
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.errors import UserError
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.writing.changes import ChangeSet


SELDOM = timedelta(minutes=10)
AT_ONCE = 50
"""Activities that are planned before others have their turn."""


class Rounds(QObject):
    """One a session; every seat makes its rounds, and what one has done another finds done."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._day: date | None = None
        self._looked: datetime | None = None
        self._asked = False
        session.opened.connect(self._anew)
        session.changed.connect(self._changed)

    def _anew(self) -> None:
        self._day, self._asked = None, False

    def _changed(self, changes: ChangeSet) -> None:
        base = self._session.workspace
        if base is None:
            return
        if any(
            changes.touches(base.catalogue.with_trait(t)[0].key) for t in (AnnualDay, Repeating)
        ):
            self._anew()
            return
        from crm_desktop.services.annual.times import own_days

        self._asked |= any(own_days(base.catalogue[key]) for key in changes.touched)

    def go(self) -> None:
        """Looks whether a head is to be told; on a new day, which annual dates are near."""
        base = self._session.workspace
        if base is None or base.read_only:
            return
        if base.login and base.administers:
            self._look_care(base)
        late = self._looked is None or base.clock.now() - self._looked >= SELDOM
        if self._day != base.clock.today():
            self._look_recurring(base)
            self._look_chances(base)
        if self._day != base.clock.today() or (self._asked and late):
            self._look_annual(base)
        from crm_desktop.services.reminders.escalation import is_due

        self._session.operations.query(
            ("reminders", "heads"), lambda _job: mine(base, is_due), owner=self, done=self._heads,
            failed=_another_time,
        )  # fmt: skip

    def _look_care(self, base: Workspace) -> None:
        """Does what only an administrator's program may do."""
        from crm_desktop.services.server.worker import care, care_is_due

        def found(due: bool) -> None:
            if due and base is self._session.workspace:
                self._session.operations.run(
                    lambda _job: care(base), owner=self, done=_nothing, failed=_another_time
                )

        self._session.operations.query(
            ("care", "due"), lambda _job: mine(base, care_is_due, CARE), owner=self, done=found,
            failed=_another_time,
        )  # fmt: skip

    def _look_annual(self, base: Workspace) -> None:
        from crm_desktop.services.annual.plans import is_due

        self._day, self._looked, self._asked = base.clock.today(), base.clock.now(), False
        self._session.operations.query(
            ("reminders", "annual"), lambda _job: mine(base, is_due), owner=self,
            done=partial(self._plan_annual, base), failed=self._look_again,
        )  # fmt: skip

    def _look_recurring(self, base: Workspace) -> None:
        """Makes what is to be made again by the rules of templates."""
        from crm_desktop.services.recurring import is_due, make_due

        def found(due: bool) -> None:
            if due and base is self._session.workspace:
                self._session.operations.run(
                    lambda _job: do_mine(base, make_due),
                    owner=self,
                    done=_nothing,
                    failed=_another_time,
                )

        self._session.operations.query(
            ("recurring", "due"), lambda _job: mine(base, is_due), owner=self, done=found,
            failed=_another_time,
        )  # fmt: skip

    def _look_chances(self, base: Workspace) -> None:
        """Renews probabilities that follow from what became of others."""
        from crm_desktop.services.pipelines.renewing import MOST, is_due, renew

        def found(due: bool) -> None:
            if due and base is self._session.workspace:
                self._session.operations.run(
                    lambda _job: do_mine(base, renew), owner=self,
                    done=lambda made: found(made >= MOST), failed=_another_time,
                )  # fmt: skip

        self._session.operations.query(
            ("chances", "due"), lambda _job: mine(base, is_due), owner=self, done=found,
            failed=_another_time,
        )  # fmt: skip

    def _plan_annual(self, base: Workspace, due: bool) -> None:
        if not due or base is not self._session.workspace:
            return
        from crm_desktop.services.annual.plans import plan_annual

        self._session.operations.run(
            lambda _job: do_mine(base, partial(plan_annual, most=AT_ONCE)), owner=self,
            done=lambda made: self._plan_annual(base, made >= AT_ONCE), failed=self._look_again,
        )  # fmt: skip

    def _look_again(self, _error: UserError) -> None:
        self._day = None

    def _heads(self, due: bool) -> None:
        base = self._session.workspace
        if base is None or not due:
            return
        from crm_desktop.services.reminders.escalation import tell_heads

        self._session.operations.run(
            lambda _job: do_mine(base, tell_heads), owner=self, done=_nothing, failed=_another_time
        )


def _another_time(_error: UserError) -> None:
    """The base is busy or away: the next round comes."""


def _nothing(_outcome: object) -> None:
    """The reminders that were made are seen by the look that follows the change."""
