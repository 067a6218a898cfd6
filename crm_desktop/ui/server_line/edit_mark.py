"""The mark by which colleagues see that somebody here is changing a record: of a form, of a value
that is typed in place on a card, of cells of a list.

It is taken with the first letter and given back at the end; where cells of one record are typed
into one after another, once for all of them. A local base has nobody to tell.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from crm_desktop.models.catalogue.definitions import Ref

if TYPE_CHECKING:
    from crm_desktop.ui.editors import EditorBase
    from crm_desktop.ui.operations import Job
    from crm_desktop.ui.session import Session

REST_MS = 2_000
"""A mark is held so long after a cell was left: the next one is mostly of the same record."""


class EditMark:
    """One mark at a time; lives on where the form that held it is gone already."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._wanted: Ref | None = None
        self._told: Ref | None = None
        """What the base was told last, by the worker."""
        self._turn = threading.Lock()
        self._rests = 0

    def take(self, ref: Ref) -> None:
        """Begins; another record is let go for it."""
        self._rests += 1
        if ref.id > 0 and ref != self._wanted:
            self._wanted = ref
            self._tell()

    def give_back(self, *_gone: object) -> None:
        """Ends."""
        if self._wanted is not None:
            self._wanted = None
            self._tell()

    def rest(self, *_gone: object) -> None:
        """Ends unless it is begun again in a moment."""
        self._rests += 1
        rests = self._rests
        if self._wanted is not None:
            QTimer.singleShot(REST_MS, self._session, lambda: self._rested(rests))

    def follow(self, editor: EditorBase, ref: Ref | None) -> None:
        """Held from the first letter in the editor until the editor is gone."""
        if ref is not None:
            editor.changed.connect(lambda: self.take(ref))
            editor.destroyed.connect(self.rest)

    def _rested(self, rests: int) -> None:
        if rests == self._rests:
            self.give_back()

    def _tell(self) -> None:
        """Beside the writes: a mark keeps nobody waiting, and nobody misses one that fails. The
        newest question brings the base to what is wanted then, whichever it overtook."""
        base = self._session.workspace
        feed = base.feed if base is not None else None
        if feed is None:
            return
        marks = feed.marks

        def work(_job: Job) -> None:
            with self._turn:
                wanted = self._wanted
                if self._told is not None and self._told != wanted:
                    told, self._told = self._told, None
                    marks.give_back(told)
                if wanted is not None and self._told is None:
                    marks.take(wanted)
                    self._told = wanted

        session = self._session
        session.operations.query(
            ("mark", id(self)), work, owner=session, done=_ignore, failed=_ignore
        )


def _ignore(_outcome: object) -> None:
    """Nothing to show."""
