"""The line to a base on a server, as the window sees it: whether it holds, and who edits what.

What others save is published by the feed of the workspace and arrives as every other change does
(`Session.changed`). A local base has no line: it always holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from crm_desktop.models.catalogue.definitions import Ref

if TYPE_CHECKING:  # SQLAlchemy must not be imported before the first paint
    from crm_desktop.services.live.marks import Editor, Marked
    from crm_desktop.services.workspace import Workspace


class Line(QObject):
    """One for a session; its signals come on the GUI thread."""

    lost = Signal()
    """The server is out of reach: what is shown stays, what was typed waits."""
    back = Signal()
    """It answers again, or did when it was doubted: who waits for it goes on."""
    marked = Signal()
    """Somebody has begun or ended editing a record."""
    seats = Signal()
    """Somebody asks for a seat, or one was taken from its program: the own may be meant."""
    rights = Signal()
    """What people may do is something else now."""
    _line_told = Signal(object, bool)
    _marks_told = Signal(object, object)
    _news_told = Signal(object, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.holds = True
        self._workspace: Workspace | None = None
        self._marks: Marked = {}
        self._line_told.connect(self._take_line, Qt.ConnectionType.QueuedConnection)
        self._marks_told.connect(self._take_marks, Qt.ConnectionType.QueuedConnection)
        self._news_told.connect(self._take_news, Qt.ConnectionType.QueuedConnection)

    def begin(self, workspace: Workspace) -> None:
        """In the worker, before anything is shown: nothing that others save from now on is missed.

        A local base has nobody to follow.
        """
        if workspace.backend.exclusive:
            return
        from crm_desktop.services.live.feed import Feed, Hearers

        hearers = Hearers(
            line=lambda holds: self._line_told.emit(workspace, holds),
            marks=lambda marked: self._marks_told.emit(workspace, marked),
            seats=lambda: self._news_told.emit(workspace, "seats"),
            rights=lambda: self._news_told.emit(workspace, "rights"),
        )
        workspace.feed = Feed(workspace, hearers)
        workspace.feed.start()

    def follow(self, workspace: Workspace | None) -> None:
        """The base is open now; None: none is."""
        self._workspace, self._marks = workspace, {}
        self.holds = workspace is None or workspace.feed is None or workspace.feed.holds
        if not self.holds:  # lost since it was begun, when nobody listened yet
            self.lost.emit()

    def doubt(self) -> None:
        """The server is tried at once: somebody could not reach it, or wants to know."""
        if self._workspace is not None and self._workspace.feed is not None:
            self._workspace.feed.doubt()

    @property
    def refusal(self) -> str:
        """Why the server lets whoever works here in no more; '' where it holds, or is away."""
        feed = self._workspace.feed if self._workspace is not None else None
        return feed.refusal if feed is not None and not self.holds else ""

    def editors(self, ref: Ref) -> tuple[Editor, ...]:
        """Colleagues who are editing a record."""
        return self._marks.get(ref, ())

    @Slot(object, bool)
    def _take_line(self, workspace: Workspace, holds: bool) -> None:
        if workspace is self._workspace and (holds or self.holds or self.refusal):
            self.holds = holds
            (self.back if holds else self.lost).emit()

    @Slot(object, object)
    def _take_marks(self, workspace: Workspace, marked: Marked) -> None:
        if workspace is self._workspace:
            self._marks = marked
            self.marked.emit()

    @Slot(object, str)
    def _take_news(self, workspace: Workspace, what: str) -> None:
        if workspace is self._workspace:
            (self.seats if what == "seats" else self.rights).emit()
