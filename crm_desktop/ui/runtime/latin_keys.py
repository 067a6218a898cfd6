"""Ctrl+Z and its like with the Russian layout alone, of which X11 reports the Russian letter only.

Qt knows undo, copy and paste by the Latin letter: a field leaves Ctrl+Я to the window, which would
then undo the last change of the base instead of what was typed.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.models.text.layouts import other_layout

_KNOWN = "ACVXYZ"  # select all, copy, paste, cut, redo, undo
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)


def latin_twin(event: QEvent) -> QKeyEvent | None:
    """The same keys with the Latin letter, where a Russian one came with Ctrl; else None."""
    if event.type() not in _KEYS or not isinstance(event, QKeyEvent):
        return None
    if event.modifiers() & ~_SHIFT != _CTRL or not 0x400 <= event.key() <= 0x4FF:
        return None
    letter = (other_layout(chr(event.key())) or "").upper()
    if not letter or letter not in _KNOWN:
        return None
    return QKeyEvent(event.type(), ord(letter), event.modifiers(), "")


class LatinKeys(QObject):
    """Offers the Latin letter to whoever has the keyboard first; what it has no use for stays the
    window's, whose shortcuts know both letters."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.focusChanged.connect(self._follow)
        self._follow(None, app.focusWidget())

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None:
            before.removeEventFilter(self)
        if now is not None:
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        twin = latin_twin(event)
        if twin is None:
            return False
        twin.ignore()
        QCoreApplication.sendEvent(watched, twin)
        event.setAccepted(twin.isAccepted())
        return twin.isAccepted()
