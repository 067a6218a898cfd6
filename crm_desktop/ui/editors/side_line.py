"""A line with small things at its right end: a unit, a calendar button, an arrow."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.theme import px, theme
from crm_desktop.ui.widgets.inputs import LineEdit


class SideLine(LineEdit):
    """A `LineEdit` that keeps room for the widgets given to `add_side`."""

    def __init__(self, *, name: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name=name, icon=icon, parent=parent)
        self._sides: list[QWidget] = []

    def add_side(self, widget: QWidget) -> None:
        """Puts a widget at the right end, left of those that are there."""
        widget.setParent(self)
        widget.setCursor(Qt.CursorShape.ArrowCursor)
        widget.show()
        self._sides.append(widget)
        self.place_sides()

    def place_sides(self) -> None:
        """Call it when a side widget was shown, hidden or has changed its width."""
        right = self.width() - px(4)
        used = 4
        for widget in self._sides:
            if widget.isHidden():
                continue
            wide = max(widget.sizeHint().width(), widget.minimumWidth())
            tall = min(self.height(), max(widget.sizeHint().height(), widget.minimumHeight()))
            right -= wide
            widget.setGeometry(right, (self.height() - tall) // 2, wide, tall)
            right -= px(2)
            used += round((wide + 2) / theme().scale)
        self.set_right_room(used + 4)

    def below(self) -> QPoint:
        """The place on the screen where a popup of this line begins."""
        return self.mapToGlobal(QPoint(0, self.height() + px(4)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place_sides()
