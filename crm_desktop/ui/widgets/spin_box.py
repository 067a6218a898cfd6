"""A whole number between two bounds, in the frame of a field."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.inputs import LineEdit


class SpinBox(LineEdit):
    """Typed, or stepped with Up and Down. The wheel does not change it by accident."""

    value_changed = Signal(int)

    def __init__(
        self, *, name: str, least: int = 0, most: int = 999_999, parent: QWidget | None = None
    ) -> None:
        """`name` is what screen readers say."""
        super().__init__(name=name, parent=parent)
        self._least, self._most = least, most
        self._value = least
        self.setValidator(QIntValidator(least, most, self))
        self.set_value(least)
        self.textEdited.connect(self._take_text)
        self.editingFinished.connect(lambda: self.set_value(self._value))

    def value(self) -> int:
        """The number; while something unfinished is typed, the last whole one."""
        return self._value

    def set_value(self, value: int) -> None:
        """Shows a number, within the bounds, without telling."""
        self._value = min(self._most, max(self._least, value))
        if self.text() != str(self._value):
            self.setText(str(self._value))

    def _take_text(self, text: str) -> None:
        if self.hasAcceptableInput():
            self._tell(int(text))

    def _tell(self, value: int) -> None:
        before = self._value
        self.set_value(value)
        if self._value != before:
            self.value_changed.emit(self._value)

    def sizeHint(self) -> QSize:
        return QSize(px(96), px(32))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10,
                 Qt.Key.Key_PageDown: -10}  # fmt: skip
        if event.key() in steps:
            self._tell(self._value + steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)
