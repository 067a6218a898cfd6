"""Others at work on the base that the window shows: commands on this computer, programs elsewhere.

A local base is locked by the window. A command that finds it so asks the window, gets what a child
process of the window would get, works beside it, and tells what it has touched. On a server nobody
needs to ask; there the window looks now and then whether objects or fields were added.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from crm_desktop.errors import BaseTooNew, UserError
from crm_desktop.ui.operations import Job
from crm_desktop.ui.session import Session

_LOOK_EVERY_MS = 5000


class Guests(QObject):
    """Answers commands that want to work on the open base."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """`{"base": path}` is answered with an environment, `{"news": ...}` with nothing."""
        workspace = self._session.workspace
        if workspace is None:
            return {}
        if "news" in question:
            self._take(question["news"])
            return {}
        if not _same_file(str(question.get("base", "")), self._session.address):
            return {}
        return {"environment": dict(workspace.backend.worker_environment)}

    def _take(self, news: Any) -> None:
        workspace = self._session.base

        def work(_job: Job) -> None:
            from crm_desktop.services.news import take_news

            take_news(workspace, news if isinstance(news, dict) else {})

        self._session.operations.run(work, owner=self, done=_ignore)


class CatalogueWatch(QObject):
    """Takes over what other programs add to the catalogue of a base on a server, and leaves a base
    that a newer program has upgraded."""

    def __init__(
        self, session: Session, parent: QObject | None = None, every_ms: int = _LOOK_EVERY_MS
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._timer = QTimer(self)
        self._timer.setInterval(every_ms)
        self._timer.timeout.connect(self._look)
        session.opened.connect(self._begin)
        session.closed.connect(self._timer.stop)

    def _begin(self) -> None:
        if not self._session.base.backend.exclusive:
            self._timer.start()

    def _look(self) -> None:
        """Only while somebody works here: a window left open over night asks nothing."""
        workspace = self._session.workspace
        active = QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive
        if workspace is None or not active:
            return
        self._session.operations.query(
            "catalogue", lambda job: workspace.catalogue_is_old(),
            owner=self, done=self._reload, failed=self._outgrown,
        )  # fmt: skip

    def _reload(self, is_old: bool) -> None:
        workspace = self._session.workspace
        if is_old and workspace is not None:
            self._session.operations.run(
                lambda job: workspace.reload(), owner=self, done=_ignore, failed=_ignore
            )

    def _outgrown(self, error: UserError) -> None:
        """A newer program has upgraded the base: the window leaves it and says so; what is typed
        stays in drafts. Anything else is told by whoever needs the server."""
        if isinstance(error, BaseTooNew) and self._session.workspace is not None:
            self._session.leave(error)


def _ignore(_outcome: object) -> None:
    """Nothing to show; a server that is away is told of by whoever needs it."""


def _same_file(one: str, other: str) -> bool:
    try:
        return bool(one and other) and Path(one).samefile(other)
    except OSError:
        return False
