"""Which records have to be read again by whoever keeps some of them in memory.

Changes are heard on the thread that writes, so hearing does nothing but note ids. What this program
writes or is told of is heard; on a server others write unheard, so there all of it is read again
after `OLDEST` seconds.
"""

from __future__ import annotations

import threading
import time

from crm_desktop.services.changes import ChangeSet
from crm_desktop.services.news import MOST_NAMED
from crm_desktop.services.workspace import Workspace

OLDEST = 15.0
Touched = dict[str, set[int]]


class Heard:
    """Ids of some objects' records that were touched since they were last asked for."""

    def __init__(self, workspace: Workspace, *objects: str) -> None:
        self._objects = objects
        self._lock = threading.Lock()
        self._touched: Touched | None = None
        self._backend = workspace.backend
        self._whole_at = 0.0
        workspace.listen(self._hear)

    def forget(self) -> None:
        """Everything has to be read."""
        with self._lock:
            self._touched = None

    def _hear(self, changes: ChangeSet) -> None:
        with self._lock:
            if self._touched is None:
                return
            if not changes.touched:
                self._touched = None  # nobody knows what: an undo that ended, another catalogue
                return
            for key in self._objects:
                ids = changes.touched.get(key, ())
                known = self._touched.setdefault(key, set())
                known.update(ids)
                if len(known) >= MOST_NAMED:  # of more than that not all are named
                    self._touched = None
                    return

    def take(self) -> Touched | None:
        """What has to be read again, by object; None: everything.

        To be called before the reading transaction begins, else a change could fall between.
        """
        now = time.monotonic()
        with self._lock:
            found, self._touched = self._touched, {}
            if found is None or (not self._backend.exclusive and now - self._whole_at > OLDEST):
                self._whole_at = now
                return None
            return found
