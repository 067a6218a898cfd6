"""Holding something dragged over a line of the navigation opens it, to be dropped there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QDragMoveEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from crm_desktop.ui.record_drag import record_of

WAIT_MS = 600


class Spring(QObject):
    """Watches one panel of buttons."""

    def __init__(self, panel: QWidget) -> None:
        super().__init__(panel)
        self._panel = panel
        self._over: QAbstractButton | None = None
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self._open)
        panel.setAcceptDrops(True)
        panel.installEventFilter(self)

    def _open(self) -> None:
        if self._over is not None:
            self._over.click()

    def _hold(self, event: QDragMoveEvent) -> None:
        if record_of(event.mimeData()) is None:
            return
        event.accept()
        under = self._panel.childAt(event.position().toPoint())
        button = under if isinstance(under, QAbstractButton) else None
        if button is not self._over:
            self._over = button
            self._wait.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragMoveEvent):  # entering is a kind of moving
            self._hold(event)
            return event.isAccepted()
        if event.type() in (QEvent.Type.DragLeave, QEvent.Type.Drop):
            self._over = None
            self._wait.stop()
        return super().eventFilter(watched, event)
