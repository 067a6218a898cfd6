"""How the thread of the window ends what a worker asks the base."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

    from crm_desktop.models.backend.base import Backend


class Stopping:
    """Ends from outside what is asked. Apart from who asks, of whose query it hears: a list that is
    gone gives its ids back at once, and not when cycles are looked for."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._connection: sa.Connection | None = None
        self._guard = threading.Lock()

    def started(self, connection: sa.Connection | None) -> None:
        """What is asked next is asked here; None: nothing is asked."""
        with self._guard:
            self._connection = connection

    def stop(self) -> None:
        """Interrupts what is being asked."""
        with self._guard:
            if self._connection is not None:
                self._backend.interrupt(self._connection)
