"""What was begun to be dragged and may not be: the pointer says so until the button is let go."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget


class RefusedDrag:
    """Of one view."""

    def __init__(self) -> None:
        self._on = False

    def begin(self, viewport: QWidget) -> None:
        """Nothing is dragged; why is said elsewhere."""
        self._on = True
        viewport.setCursor(Qt.CursorShape.ForbiddenCursor)

    def holds(self, event: QMouseEvent) -> bool:
        """Whether the mouse moves with the button still held after that."""
        self._on = self._on and event.buttons() != Qt.MouseButton.NoButton
        return self._on
