"""Where the window was: kept as text, given back only on a screen that still exists."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QPoint, QRect, QSize, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from crm_desktop import settings as s
from crm_desktop.ui.theme import px

_KEEP_AFTER_MS = 500
_FIRST = (1440, 900)
_TITLE_BAR = 32  # this much of the window must be on a screen, so that it can be dragged back


class Geometry:
    """Gives a window its place back and remembers every new one."""

    def __init__(self, window: QWidget, settings: s.Settings) -> None:
        self._window = window
        self._settings = settings
        self._soon = QTimer(window)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_KEEP_AFTER_MS)
        self._soon.timeout.connect(self.keep)

    def restore(self) -> None:
        """The place where the window was left, or the middle of the screen."""
        kept = self._settings.get(s.WINDOW_GEOMETRY)
        known = bool(kept) and self._window.restoreGeometry(
            QByteArray.fromBase64(kept.encode("ascii", "ignore"))
        )
        if not known:
            self._first_place()
        elif not on_a_screen(self._window.geometry()):
            self._window.setGeometry(self._middle(self._window.size()))

    def keep_soon(self) -> None:
        """After a move or a change of size."""
        self._soon.start()

    def keep(self) -> None:
        """Remembers the place now."""
        self._soon.stop()
        state = bytes(self._window.saveGeometry().toBase64().data()).decode("ascii")
        if state != self._settings.get(s.WINDOW_GEOMETRY):
            self._settings.put(s.WINDOW_GEOMETRY, state)

    def _first_place(self) -> None:
        self._window.setGeometry(self._middle(QSize(px(_FIRST[0]), px(_FIRST[1]))))

    @staticmethod
    def _middle(size: QSize) -> QRect:
        screen = QGuiApplication.primaryScreen()
        free = screen.availableGeometry() if screen else QRect(0, 0, 1440, 900)
        fitting = size.boundedTo(free.size() - QSize(0, _TITLE_BAR))
        corner = free.center() - QPoint(fitting.width() // 2, fitting.height() // 2)
        return QRect(corner, fitting)


def on_a_screen(place: QRect) -> bool:
    """Whether enough of a window's upper edge lies on a screen that is there now."""
    edge = QRect(place.left(), place.top(), place.width(), _TITLE_BAR)
    for screen in QGuiApplication.screens():
        seen = screen.availableGeometry().intersected(edge)
        if seen.width() >= min(120, place.width()) and seen.height() >= 8:
            return True
    return False
