"""Moves the lines of a section of the navigation: by dragging, or by Alt with an arrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QWidget

from crm_desktop.ui.theme import color, px

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
Line = tuple[str, QAbstractButton]


class LineMoving(QObject):
    """Watches the buttons of a panel; a line that is carried shows where it would stand."""

    moved = Signal(object)
    """The keys of the section in their new order."""

    def __init__(self, panel: QWidget, section: Callable[[QObject], Sequence[Line]]) -> None:
        """`section`: the lines that may change places with a button, itself among them."""
        super().__init__(panel)
        self._panel, self._section = panel, section
        self._from: QPoint | None = None
        self._mark: QFrame | None = None
        self._target = -1

    def _order(self, button: QObject, place: int) -> list[str]:
        """The keys with that of the button at `place`, counted before it was taken out."""
        lines = self._section(button)
        keys = [key for key, _button in lines]
        at = next(n for n, (_key, other) in enumerate(lines) if other is button)
        key = keys.pop(at)
        keys.insert(place - (place > at), key)
        return keys

    def _drag(self, button: QAbstractButton, event: QMouseEvent) -> None:
        lines = self._section(button)
        if self._from is None or len(lines) < 2:
            return
        here = event.globalPosition().toPoint()
        far = (here - self._from).manhattanLength() >= QApplication.startDragDistance()
        if self._mark is None and not far:
            return
        middles = [b.mapToGlobal(b.rect().center()).y() for _key, b in lines]
        self._target = sum(here.y() > middle for middle in middles)
        self._show_mark(lines)

    def _show_mark(self, lines: Sequence[Line]) -> None:
        if self._mark is None:
            self._mark = QFrame(self._panel)
            self._mark.setAutoFillBackground(True)
            palette = self._mark.palette()
            palette.setColor(self._mark.backgroundRole(), color("accent"))
            self._mark.setPalette(palette)
        last = self._target == len(lines)
        button = lines[-1 if last else self._target][1]
        corner = button.rect().bottomLeft() if last else button.rect().topLeft()
        spot = button.mapTo(self._panel, corner)
        self._mark.setGeometry(spot.x() + px(12), spot.y() - 1, button.width() - px(24), px(2))
        self._mark.show()
        self._mark.raise_()

    def _drop(self, button: QAbstractButton) -> bool:
        """Ends carrying; False where nothing was carried and the click is a click."""
        mark, self._mark, self._from = self._mark, None, None
        if mark is None:
            return False
        mark.hide()
        mark.deleteLater()
        button.setDown(False)
        self._tell(button, self._target)
        return True

    def _tell(self, button: QAbstractButton, place: int) -> None:
        keys = self._order(button, place)
        if keys != [key for key, _button in self._section(button)]:
            self.moved.emit(keys)

    def _key(self, button: QAbstractButton, event: QKeyEvent) -> bool:
        lines = self._section(button)
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if not step or not event.modifiers() & Qt.KeyboardModifier.AltModifier or not lines:
            return False
        at = next(n for n, (_key, other) in enumerate(lines) if other is button)
        if 0 <= at + step < len(lines):
            self._tell(button, at - 1 if step < 0 else at + 2)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(watched, QAbstractButton):
            return False
        kind = event.type()
        if isinstance(event, QMouseEvent):
            if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
                self._from = event.globalPosition().toPoint()
            elif kind == QEvent.Type.MouseMove:
                self._drag(watched, event)
            elif kind == QEvent.Type.MouseButtonRelease:
                return self._drop(watched)
        elif isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress:
            return self._key(watched, event)
        return False
