"""Short news at the bottom of the window, with a way back: at most three, five seconds each, but
for alarms, which stay until somebody has closed them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QDragEnterEvent,
    QEnterEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import CENTER, box, shadow
from crm_desktop.ui.theme import color, font, metrics, px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import pressed_by_enter
from crm_desktop.ui.widgets.labels import IconLabel, Label
from crm_desktop.ui.widgets.layouts import row

SHOWN_MS = 5000
MOST = 3
_MARGIN = 10
_SIGNS = {
    "ok": ("success!", "tooltip_ok"),
    "bad": ("error!", "tooltip_bad"),
    "alarm": ("error!", "tooltip_bad"),  # stays until it is closed
    "info": ("info!", "tooltip_link"),
}


class _ToastButton(QAbstractButton):
    """A word or a cross on the dark ground of a toast."""

    def __init__(self, text: str, icon: str, name: str) -> None:
        super().__init__()
        self._icon = icon
        self.setText(text)
        self.setAccessibleName(name or text)
        self.setToolTip(plain_tip(name))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        wide = metrics("strong").horizontalAdvance(text) + px(16) if text else px(28)
        self.setFixedSize(wide, px(28))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._icon:
            spot = (self.width() - px(16)) // 2
            painter.drawPixmap(spot, spot, pixmap(self._icon, "on_tooltip", 16))
        painter.setFont(font("strong"))
        painter.setPen(color("tooltip_link"))
        painter.drawText(self.rect(), CENTER, self.text())
        if self.underMouse() and self.text():
            wide = metrics("strong").horizontalAdvance(self.text())
            left, bottom = (self.width() - wide) // 2, self.height() - px(5)
            painter.fillRect(left, bottom, wide, 1, color("tooltip_link"))
        if self.hasFocus():
            box(painter, QRectF(self.rect()), border="tooltip_link", width=2)
        painter.end()


class Toast(QWidget):
    """One piece of news. It waits while the pointer or the focus is on it; an alarm stays."""

    finished = Signal()

    def __init__(self, text: str, *, tone: str, undo: str, close: str, parent: QWidget) -> None:
        """`undo` is the word of the way back, empty for none; `close` names the cross."""
        super().__init__(parent)
        self.text, self.stays = text, tone == "alarm"
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(px(660))  # the longest line beside a long word of the way back
        sign, ink = _SIGNS.get(tone, _SIGNS["info"])
        label = Label(text, "body", "on_tooltip", wrap=metrics().horizontalAdvance(text) > px(380))
        if label.wordWrap():
            label.setFixedWidth(px(380))
        self.undo_button = _ToastButton(undo, "", undo) if undo else None
        cross = _ToastButton("", "close", close)
        cross.clicked.connect(self.finish)
        side = _MARGIN + px(10)
        self.buttons = [self.undo_button, cross] if self.undo_button else [cross]
        layout = row(IconLabel(sign, ink), label, 8, *self.buttons, gap=8)
        layout.setContentsMargins(side + px(4), _MARGIN + px(8), side - px(4), _MARGIN + px(8))
        self.setLayout(layout)
        self.setAcceptDrops(True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.finish)
        self._run()

    def _run(self) -> None:
        if not self.stays:
            self._timer.start()

    def finish(self) -> None:
        """Takes it away."""
        self._timer.stop()
        self.hide()
        self.finished.emit()

    def waiting(self) -> bool:
        """Whether its time runs."""
        return self._timer.isActive()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        self._run()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.finish()  # it lay over what something is to be dropped on

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN - 3, -_MARGIN, -_MARGIN + 1)
        shadow(painter, rect, 8, 8)
        box(painter, rect, radius=8, fill="tooltip")
        painter.end()


class ToastStack(QObject):
    """The toasts of a window: stacked at the bottom, the oldest goes when a fourth comes."""

    shown = Signal(str)
    """Every text, for the list under the bell."""

    def __init__(self, window: QWidget, *, close_name: str, after: QWidget | None = None) -> None:
        """`close_name` is what the cross is called; Tab comes to the buttons from `after`.

        At the end of the order they would get the keyboard whenever a page hides what had it.
        """
        super().__init__(window)
        self._window, self._after = window, after
        self._close_name = close_name
        self._toasts: list[Toast] = []
        window.installEventFilter(self)

    def set_close_name(self, name: str) -> None:
        """The name of the cross in another language, for toasts to come."""
        self._close_name = name

    @property
    def toasts(self) -> list[Toast]:
        """Those that are seen now, the oldest first."""
        return list(self._toasts)

    def show(
        self, text: str, *, tone: str = "ok", undo: Callable[[], None] | None = None, word: str = ""
    ) -> Toast:
        """Shows a sentence. `undo` is called by the button with the `word`."""
        while len(self._toasts) >= MOST:
            self._remove(next((t for t in self._toasts if not t.stays), self._toasts[0]))
        with_word = word if undo else ""
        toast = Toast(text, tone=tone, undo=with_word, close=self._close_name, parent=self._window)
        toast.finished.connect(lambda: self._remove(toast))
        if toast.undo_button is not None and undo is not None:
            toast.undo_button.clicked.connect(toast.finish)
            toast.undo_button.clicked.connect(lambda: undo())
        if self._after is not None:
            for before, button in pairwise([self._after, *toast.buttons]):
                QWidget.setTabOrder(before, button)
        self._toasts.append(toast)
        self._place()
        toast.show()
        toast.raise_()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._window, text))
        self.shown.emit(text)
        return toast

    def _remove(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._place()

    def _place(self) -> None:
        bottom = self._window.height() - px(36)
        for toast in reversed(self._toasts):
            toast.adjustSize()
            bottom -= toast.height() - 2 * _MARGIN + px(8)
            toast.move((self._window.width() - toast.width()) // 2, bottom - _MARGIN)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._toasts:
            self._place()
        return False
