"""Strips across a page: news that stays until it is dealt with, progress, and waiting rows."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from crm_desktop.ui.painting import box, tone_colors
from crm_desktop.ui.theme import color, px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.labels import ElidedLabel, IconLabel, Label
from crm_desktop.ui.widgets.layouts import row

LATE_MS = 150
"""So long nothing is shown of something that is being read."""
_SIGNS = {"warn": "warning", "bad": "error", "info": "info", "ok": "success"}


class StripMessage(QWidget):
    """A sentence on top of a page with one action and a cross; the page can be used meanwhile."""

    acted = Signal()
    dismissed = Signal()

    def __init__(self, text: str, *, tone: str = "info", action: str = "", close: str = "") -> None:
        """`action` is the word of the button; `close` names the cross, empty for none."""
        super().__init__()
        self._tone = tone
        self.label = Label(text, "body", "text", wrap=True, selectable=True)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.button = Button(action)
        if not action:  # shown before it stands somewhere, it would be a window for a moment
            self.button.hide()
        self.button.clicked.connect(self.acted)
        self.cross = ToolButton("close", close)
        if not close:
            self.cross.hide()
        self.cross.clicked.connect(self._dismiss)
        self.setAccessibleName(text)
        sign = IconLabel(_SIGNS.get(tone, "info"), tone)
        self.setLayout(row(sign, self.label, self.button, self.cross, margins=(16, 6, 12, 6)))

    def set_text(self, text: str) -> None:
        """Shows another sentence."""
        self.label.setText(text)
        self.setAccessibleName(text)

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), tone_colors(self._tone)[1])
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), color("line"))
        painter.end()


class ProgressBar(QWidget):
    """A thin bar. A total of 0 shows that something goes on, without saying how far."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        """`name` is what screen readers say."""
        super().__init__(parent)
        self._done, self._total = 0, 0
        self._name = name
        self.setFixedHeight(px(6))
        self.setMinimumWidth(px(80))
        self.setAccessibleName(name)

    def set_progress(self, done: int, total: int) -> None:
        """Shows `done` of `total`."""
        self._done, self._total = done, total
        share = f" {100 * done // total} %" if total else ""
        self.setAccessibleName(self._name + share)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        radius = rect.height() / 2
        box(painter, rect, radius=radius, fill="pressed")
        if self._total:
            wide = rect.width() * min(1.0, self._done / self._total)
            if wide >= rect.height():
                box(painter, QRectF(0, 0, wide, rect.height()), radius=radius, fill="accent")
        elif self._done:
            span = rect.width() / 4
            left = (self._done * px(7)) % max(1, int(rect.width() - span))
            box(painter, QRectF(left, 0, span, rect.height()), radius=radius, fill="accent")
        painter.end()


class ProgressStrip(QWidget):
    """What is going on, how fast, how far, and a way to stop it."""

    cancelled = Signal()

    def __init__(self, title: str = "", *, cancel: str, parent: QWidget | None = None) -> None:
        """`cancel` is the word of the button."""
        super().__init__(parent)
        self.title = Label(title, "strong")
        self.detail = ElidedLabel("", "small", "text3")
        self.bar = ProgressBar(name=title)
        self.bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button = Button(cancel)
        self.button.clicked.connect(self.cancelled)
        self.detail.setMinimumWidth(px(160))
        self.setLayout(
            row(self.title, self.bar, self.detail, self.button, gap=12, margins=(24, 6, 24, 6))
        )

    def set_progress(self, done: int, total: int, detail: str = "") -> None:
        """`detail` says the speed, or how much is left."""
        self.bar.set_progress(done, total)
        self.detail.setText(detail)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("sunken"))
        painter.fillRect(QRect(0, 0, self.width(), 1), color("line"))
        painter.end()


class Skeleton(QWidget):
    """Grey bars where texts will be: for a card or a page that is being loaded."""

    def __init__(self, lines: int = 4, parent: QWidget | None = None, *, pad: int = 0) -> None:
        """`pad` px at the left and at the right."""
        super().__init__(parent)
        self._lines, self._pad = lines, px(pad)
        self._places: tuple[QWidget, ...] = ()
        self._hidden: list[QWidget] = []
        self._keyboard: QWidget | None = None
        """Who had the keyboard in what is hidden."""
        self._soon = QTimer(self, singleShot=True, interval=LATE_MS)
        self._soon.timeout.connect(self._come)
        self.setMinimumHeight(px(lines * 28))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def begin(self, *places: QWidget) -> None:
        """Something is read: comes into sight in the place of widgets if that takes its time."""
        if self.isHidden():
            self._places = places
            self._soon.start()

    def end(self) -> None:
        """It has been read, or could not be: what stood there is shown again."""
        self._soon.stop()
        if not self.isHidden():
            held = self.hasFocus()
            for place in self._hidden:
                place.show()
            if held and self._keyboard is not None:
                self._keyboard.setFocus(Qt.FocusReason.OtherFocusReason)
            self.hide()

    def _come(self) -> None:
        self._hidden = [place for place in self._places if not place.isHidden()]
        held = QApplication.focusWidget()
        inside = held is not None and any(
            place is held or place.isAncestorOf(held) for place in self._hidden
        )
        self._keyboard = held if inside else None
        self.show()
        if inside:  # it would go to whatever is next in the window
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        for place in self._hidden:
            place.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = self.width() - 2 * self._pad
        for line in range(self._lines):
            wide = room * (50 + line * 37 % 45) // 100
            bar = QRectF(self._pad, px(8) + line * px(28), wide, px(12))
            box(painter, bar, radius=4, fill="pressed")
        painter.end()
