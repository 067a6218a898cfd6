"""Which records have to be read again by whoever keeps some of them in memory.

Changes are heard on the thread that writes, so hearing does nothing but note ids. On a server
others are heard only while the feed holds (`services/live`); without it all is read again after
`OLDEST` seconds.
"""

from __future__ import annotations

import threading
import time

from crm_desktop.services.news import MOST_NAMED
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import ChangeSet

OLDEST = 15.0
Touched = dict[str, set[int]]


class StaleRecords:
    """Ids of some objects' records that were touched since they were last asked for."""

    def __init__(self, workspace: Workspace, *objects: str) -> None:
        self._objects = objects
        self._lock = threading.Lock()
        self._touched: Touched | None = None
        self._workspace = workspace
        self._whole_at = 0.0
        self._services = workspace.late
        self._end = workspace.listen(self._hear)

    @property
    def hears_all(self) -> bool:
        """Whether nobody can write unheard."""
        feed = self._workspace.feed
        return self._workspace.backend.exclusive or (feed is not None and feed.holds)

    def forget(self) -> None:
        """Everything has to be read."""
        with self._lock:
            self._touched = None

    @property
    def _outlived(self) -> bool:
        """Whether the services that keep something were made anew since (`Workspace.reload`)."""
        return self._workspace.late is not self._services

    def _hear(self, changes: ChangeSet) -> None:
        if self._outlived:
            self._end()
        with self._lock:
            if self._touched is None:
                return
            if changes.whole or (not changes.touched and not changes.operation):
                self._touched = None  # nobody knows what: a large transaction, another catalogue
                return
            for key in self._objects:
                ids = changes.touched.get(key, ())
                known = self._touched.setdefault(key, set())
                known.update(ids)
                if len(known) >= MOST_NAMED:  # of more than that not all are named
                    self._touched = None
                    return

    @property
    def is_deaf(self) -> bool:
        """Whether others may have written unheard since everything was read."""
        return not self.hears_all and time.monotonic() - self._whole_at > OLDEST

    def note_whole(self) -> None:
        """All has been read now, however long that took: it is not old at once."""
        with self._lock:
            self._whole_at = time.monotonic()

    def take(self, *, whatever: bool = False) -> Touched | None:
        """What has to be read again, by object; None: everything. `whatever`: also where others
        may have written unheard.

        To be called before the reading transaction begins, else a change could fall between.
        """
        with self._lock:
            found, self._touched = self._touched, {}
            if found is not None and not self._outlived and (whatever or not self.is_deaf):
                return found
            self._whole_at = time.monotonic()
            return None
