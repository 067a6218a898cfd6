"""What the server's trace tells while `crm-desktop serve` runs: wrong passwords, of whatever
program, for which the base locks the account (`sign_in_rules`), and passwords that were changed in
another base or by the server's services, with which the passes of this one end."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from crm_desktop.errors import UserError
from crm_desktop.models.backend import firebird_accounts as accounts
from crm_desktop.models.backend import firebird_second as server
from crm_desktop.models.backend.firebird_trace import Trace
from crm_desktop.services.audit import service as audit

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

_JUST_NOW, _MANY = timedelta(minutes=2), 1000


class RefusedPasswords:
    """Listens to one server. `problem`: why it does not, in words; '' while it does."""

    def __init__(self, workspace: Workspace, address: str) -> None:
        self._base, self._address = workspace, address
        self._trace: Trace | None = None
        self.problem = ""
        self._begin()

    def _begin(self) -> None:
        self.problem = ""
        try:
            self._trace = Trace(self._address, self._base.backend)
        except UserError as error:
            self._trace, self.problem = None, error.message

    def look(self, *, keep: bool = True) -> int:
        """Notes what was refused since the last look; how many times it was somebody's of this
        base. Ends passes of who got another password elsewhere. Begins anew where the server has
        ended it. Not `keep`: another program does it."""
        if self._trace is None or not self._trace.holds:
            self._begin()
        if self._trace is None:
            return 0
        refused, changed = self._trace.lookups.refused(), self._trace.lookups.changed()
        if not keep or not (refused or changed):
            return 0
        known = {one.login for one in accounts.accounts(self._base.backend)}
        for login in known.intersection(changed):
            self._end_passes(login)
        mine = {login: often for login, often in refused.items() if login in known}
        for login, often in mine.items():
            server.refused(self._base.backend, login, often, audit.FAILED)
        return sum(mine.values())

    def _end_passes(self, login: str) -> None:
        """The base has ended them itself, but for one, where the change was made in it."""
        since = self._base.clock.now() - _JUST_NOW
        by_owner = audit.Wanted(what=audit.OWN_PASSWORD, login=login, since=since)
        given = audit.last(self._base, _MANY, audit.Wanted(what=audit.NEW_PASSWORD, since=since))
        if audit.last(self._base, 1, by_owner) or login in {one.detail for one in given}:
            return
        server.end_passes(self._base.backend, login)
        audit.note(self._base, audit.ELSEWHERE, detail=login)

    def close(self) -> None:
        """Listens no more."""
        trace, self._trace = self._trace, None
        if trace is not None:
            with suppress(UserError):
                trace.close()
