"""Which cards were opened, gathered in memory and noted in the audit every few seconds in one go:
opening a card costs no round trip more."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from crm_desktop.errors import UserError
from crm_desktop.models.catalogue.definitions import Ref

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

AGAIN_S = 600.0
"""The same card, opened again within this time, is not noted anew."""
MOST = 5000
"""Kept while the server is away; older ones go."""


class OpenedCards:
    """One a workspace; safe from several threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._base = workspace
        self._lock = threading.Lock()
        self._waiting: list[Ref] = []
        self._noted: dict[Ref, float] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether something is still to be noted."""
        return bool(self._waiting)

    def opened(self, ref: Ref) -> None:
        """The card of a record is shown. Nothing but memory is touched."""
        if not self._base.login or ref.id <= 0:
            return
        now = time.monotonic()
        with self._lock:
            if now - self._noted.get(ref, -AGAIN_S) < AGAIN_S:
                return
            self._noted[ref] = now
            self._waiting = [*self._waiting[1 - MOST :], ref]
            if len(self._noted) > MOST:
                kept = sorted(self._noted.items(), key=lambda one: one[1])[-MOST // 2 :]
                self._noted = dict(kept)

    def flush(self) -> None:
        """In the worker: notes what is waiting; what the server does not take now waits on."""
        from crm_desktop.services.audit import service as audit

        with self._lock:
            taken, self._waiting = self._waiting, []
        if not taken:
            return
        try:
            audit.note_seen(self._base, taken)
        except UserError:
            with self._lock:
                self._waiting = [*taken, *self._waiting][-MOST:]
