"""A page that is made before anybody wants it: what a person opens next is there at once.

Making the full card of a record, or the planner, takes longer than reading and showing what stands
in it, and the pieces are the same every time. They are made one at a time while nothing else goes
on; a page that was closed and can rest is as good as a new one.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QStackedWidget

from crm_desktop.ui.page import AheadPage

_IDLE_MS = 400
_BETWEEN_MS = 40
_AGAIN_MS, _TRIES = 1000, 6


class SparePage(QObject):
    """At most one page, kept hidden among the others until somebody takes it."""

    def __init__(
        self, make: Callable[[], AheadPage | None], pages: QStackedWidget, *, later_ms: int = 0
    ) -> None:
        """`make`: None if there can be none yet. `later_ms`: how much others are to go first."""
        super().__init__(pages)
        self._make, self._pages, self._later_ms = make, pages, later_ms
        self._page: AheadPage | None = None
        self._tries = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    def order(self) -> None:
        """A page is made soon, when nothing has been opened for a while."""
        self._tries = _TRIES
        self._timer.start(_IDLE_MS + self._later_ms)

    def take(self) -> AheadPage | None:
        """The page, if it was begun; the caller keeps it."""
        self._timer.stop()
        page, self._page = self._page, None
        while page is not None and page.go_on():
            pass
        return page

    def keep(self, page: AheadPage) -> bool:
        """A page that was closed becomes the next one, if it can."""
        if self._page is not None or not page.rest():
            return False
        self._page = page
        return True

    def drop(self) -> None:
        """The base is closed: what was made for it goes."""
        self._timer.stop()
        page, self._page = self._page, None
        if page is not None:
            self._pages.removeWidget(page)
            page.deleteLater()

    def _go_on(self) -> None:
        if self._page is None:
            self._page = self._make()
            if self._page is None:
                self._try_again()
                return
            self._pages.addWidget(self._page)
        elif not self._page.go_on():
            self._page.resize(self._pages.size())
            return
        self._timer.start(_BETWEEN_MS)

    def _try_again(self) -> None:
        self._tries -= 1
        if self._tries > 0:
            self._timer.start(_AGAIN_MS)
