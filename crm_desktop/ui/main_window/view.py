"""The window as it is seen: navigation, top bar, tabs, strips, pages, side panel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QKeyEvent,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QStackedWidget, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.main_window.spring import Spring
from crm_desktop.ui.main_window.tab_strip import TabStrip
from crm_desktop.ui.main_window.top_bar import TopBar
from crm_desktop.ui.theme import color, px
from crm_desktop.ui.widgets.labels import Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.navigation import NavigationPanel
from crm_desktop.ui.widgets.split_panel import SplitPanel

NARROW_NAVIGATION = 1200
SMALLEST = (860, 560)
_TITLE_BAR = 40


def _smallest() -> QSize:
    """The least size of the window; at 200 % that may be more than the screen has."""
    wanted = QSize(px(SMALLEST[0]), px(SMALLEST[1]))
    screen = QGuiApplication.primaryScreen()
    if screen is None:
        return wanted
    room = screen.availableGeometry().size()
    return wanted.boundedTo(QSize(room.width(), room.height() - px(_TITLE_BAR)))


class WindowView(QWidget):
    """The one window of the program."""

    resized = Signal()
    moved = Signal()
    close_asked = Signal(QCloseEvent)
    activated = Signal()
    escaped = Signal()
    """Esc that nobody inside wanted."""
    painted = Signal()
    """Once, after the first paint."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setMinimumSize(_smallest())
        self._painted = False
        self.navigation = NavigationPanel(name=_("Sections"))
        Spring(self.navigation)
        self.top = TopBar()
        self.tabs = TabStrip()
        self.pages = QStackedWidget()
        self.strips = column(gap=0)
        middle = Surface("surface")
        inner = column(self.tabs, self.strips, self.pages, gap=0)
        inner.setStretch(2, 1)
        middle.setLayout(inner)
        self.side = SplitPanel(grip_name=_("Width of the panel"))
        self.side.set_main(middle)
        right = column(self.top, self.side, gap=0)
        right.setStretch(1, 1)
        whole = row(self.navigation, right, gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def set_chrome(self, shown: bool) -> None:
        """Navigation and top bar; the welcome page stands alone."""
        self.navigation.setVisible(shown)
        self.top.setVisible(shown)

    def add_strip(self, strip: QWidget) -> None:
        """Puts a strip across the page, under the tabs."""
        self.strips.addWidget(strip)

    # --- what Qt asks -----------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < px(NARROW_NAVIGATION)
        if narrow != self.navigation.collapsed():
            self.navigation.set_collapsed(narrow)
        self.resized.emit()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self.moved.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.close_asked.emit(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.activated.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), color("chrome"))
        painter.end()
        if not self._painted:
            self._painted = True
            self.painted.emit()
