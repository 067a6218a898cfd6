"""What the lines of the navigation lie in: it scrolls in a low window and is never wider."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QWidget

from crm_desktop.ui.theme import px

_NARROWEST = 56


class PanelArea(QScrollArea):
    """The items scroll when the window is low."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(px(60))
        self.inside = QWidget()
        under = QWidget()  # Qt's own one would be met by making every class of widgets: 40 ms
        self.setViewport(under)
        self.setWidget(self.inside)
        under.setAutoFillBackground(False)
        self.inside.setAutoFillBackground(False)

    def fill(self, layout: QLayout) -> None:
        """Replaces what is inside."""
        self.inside = QWidget()
        self.inside.setLayout(layout)
        self.setWidget(self.inside)
        self.inside.setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        return QSize(px(_NARROWEST), px(200))
