"""Counts wrong passwords, of whatever program, while `crm-desktop serve` runs: the server's trace
tells of them, and the base locks the account (`sign_in_rules`)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from crm_desktop.errors import UserError
from crm_desktop.models.backend import firebird_accounts as accounts
from crm_desktop.models.backend import firebird_second as server
from crm_desktop.models.backend.firebird_trace import Trace
from crm_desktop.services.audit import service as audit

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


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
        base. Begins anew where the server has ended it. Not `keep`: another program notes it."""
        if self._trace is None or not self._trace.holds:
            self._begin()
        if self._trace is None:
            return 0
        refused = self._trace.lookups.refused()
        if not refused or not keep:
            return 0
        known = {one.login for one in accounts.accounts(self._base.backend)}
        mine = {login: often for login, often in refused.items() if login in known}
        for login, often in mine.items():
            server.refused(self._base.backend, login, often, audit.FAILED)
        return sum(mine.values())

    def close(self) -> None:
        """Listens no more."""
        trace, self._trace = self._trace, None
        if trace is not None:
            with suppress(UserError):
                trace.close()
