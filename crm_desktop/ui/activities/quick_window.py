"""A small window with the quick-add line, opened by a shortcut or from the tray."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.activities.quick_add import QuickAdd
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import color, px
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column

_WIDE = 640


class QuickWindow(QWidget):
    """Enter plans and puts it away, Esc only puts it away; what was typed then stays."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__(None, Qt.WindowType.Tool | Qt.WindowType.WindowStaysOnTopHint)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.add = QuickAdd(session, navigator)
        self.keys = Label("", "small", "text3")
        self.setLayout(column(self.add, self.keys, gap=8, margins=(16, 16, 16, 12)))
        self.setFixedWidth(px(_WIDE))
        self.add.planned.connect(self.hide)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.setWindowTitle(_("Plan in one line"))
        self.setAccessibleName(_("Plan in one line"))
        self.keys.setText(_("Enter plans it, Esc puts the line away"))

    def come_up(self, text: str = "") -> None:
        """Over the window in front, else in the middle of the screen, ready to type; `text` takes
        the place of what stands there."""
        if text:
            self.add.line.setText(text)
        self.adjustSize()
        front = QApplication.activeWindow()
        screen = front.screen() if front is not None else QGuiApplication.primaryScreen()
        room = front.frameGeometry() if front is not None else screen.availableGeometry()
        self.move(room.center().x() - self.width() // 2, room.top() + room.height() // 4)
        self.show()
        self.raise_()
        self.activateWindow()
        self.add.line.setFocus(Qt.FocusReason.OtherFocusReason)
        if not text:
            self.add.line.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        painter.end()


class QuickAdding(QObject):
    """One a session: makes the window when it is first asked for."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__(session)
        self._session, self._navigator = session, navigator
        self.window: QuickWindow | None = None
        navigator.quick_add_wanted.connect(self.come_up)
        session.closed.connect(self._put_away)

    @classmethod
    def of(cls, session: Session, navigator: Navigator) -> QuickAdding:
        """The one of this session."""
        found = session.findChild(cls)
        return found if found is not None else cls(session, navigator)

    def come_up(self, text: str = "") -> None:
        """Shows the window, if a base is open."""
        if self._session.workspace is None:
            return
        if self.window is None:
            self.window = QuickWindow(self._session, self._navigator)
            self.destroyed.connect(self.window.deleteLater)
        self.window.come_up(text)

    def _put_away(self) -> None:
        window, self.window = self.window, None
        if window is not None:
            window.hide()
            window.deleteLater()
