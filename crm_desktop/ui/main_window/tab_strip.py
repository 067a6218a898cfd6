"""The strip of open tabs: the section first, then full cards that can be closed.

It hides itself while there is only the section: then the page has the room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import LEFT, NO_PEN, box, elided, focus_ring
from crm_desktop.ui.theme import color, font, metrics, px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import focus_by_key

_WIDEST, _NARROWEST = 220, 96


@dataclass(frozen=True)
class OpenTab:
    """What a tab says: word, picture, whether something is not saved, whether it can be closed."""

    title: str
    icon: str
    changed: bool = False
    closable: bool = True


class TabStrip(QWidget):
    """Open tabs. A click chooses, the cross or the middle button closes."""

    chosen = Signal(int)
    close_asked = Signal(int)
    menu_asked = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs: tuple[OpenTab, ...] = ()
        self._current = 0
        self._over = -1
        self._over_cross = False
        self._first = 0
        self._ring = False
        self.setMouseTracking(True)
        self.setFixedHeight(px(38))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Open tabs"))
        self.hide()

    def set_tabs(self, tabs: Sequence[OpenTab], current: int) -> None:
        """Shows these; the strip is seen once there are two."""
        self._tabs, self._current = tuple(tabs), current
        self.setVisible(len(tabs) > 1)
        if 0 <= current < len(tabs):
            said = _("Tab {number} of {count}: {title}")
            title = tabs[current].title
            self.setAccessibleName(said.format(number=current + 1, count=len(tabs), title=title))
        self._keep_in_sight()
        self.update()

    # --- where things are -------------------------------------------------------------------------

    def _wide(self, tab: OpenTab) -> int:
        wide = metrics("small").horizontalAdvance(tab.title) + px(50 + 22 * tab.closable)
        return min(max(wide, px(_NARROWEST)), px(_WIDEST))

    def _rects(self) -> dict[int, QRectF]:
        left, rects = float(px(8)), {}
        for place in (0, *range(max(1, self._first), len(self._tabs))):
            wide = self._wide(self._tabs[place])
            rects[place] = QRectF(left, px(4), wide, self.height() - px(4))
            left += wide + px(2)
        return rects

    def _keep_in_sight(self) -> None:
        """Scrolls the strip so that the current tab is seen."""
        self._first = min(self._first, max(1, len(self._tabs) - 1))
        if 0 < self._current < max(1, self._first):
            self._first = self._current
        while self._current > self._first and self._rects()[self._current].right() > self.width():
            if self._first >= self._current:
                break
            self._first = max(1, self._first) + 1

    def _at(self, place: QPointF) -> int:
        return next((n for n, r in self._rects().items() if r.contains(place)), -1)

    def _cross(self, rect: QRectF) -> QRectF:
        return QRectF(rect.right() - px(28), rect.center().y() - px(11), px(22), px(22))

    # --- painting ---------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(px(300), px(38))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("chrome"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("line"))
        for place, rect in self._rects().items():
            if rect.left() < self.width():
                self._paint_tab(painter, place, rect)
        painter.end()

    def _paint_tab(self, painter: QPainter, place: int, rect: QRectF) -> None:
        tab, on = self._tabs[place], place == self._current
        if on:
            painter.setClipRect(rect)
            box(painter, rect.adjusted(0, 0, 0, px(8)), radius=px(6), fill="surface", border="line")
            painter.setClipping(False)
        elif place == self._over:
            box(painter, rect.adjusted(0, px(2), 0, -px(4)), radius=px(6), fill="hover")
        middle = int(rect.center().y())
        tint = "accent_text" if on else "text3"
        painter.drawPixmap(int(rect.left()) + px(11), middle - px(8), pixmap(tab.icon, tint, 16))
        words = rect.adjusted(px(34), 0, -px(30 if tab.closable else 10), 0)
        painter.setFont(font("small"))
        painter.setPen(color("text" if on else "text2"))
        painter.drawText(words, LEFT, elided(tab.title, "small", words.width()))
        if tab.closable:
            self._paint_cross(painter, place, rect)
        if not {place, place + 1} & {self._current, self._over, len(self._tabs)}:
            height = px(16)
            line = QRectF(rect.right(), rect.center().y() - height / 2, 1, height)
            painter.fillRect(line, color("line2"))
        if on and self._ring and self.hasFocus():
            focus_ring(painter, rect.adjusted(2, 2, -2, -3))

    def _paint_cross(self, painter: QPainter, place: int, rect: QRectF) -> None:
        cross, hot = self._cross(rect), place == self._over and self._over_cross
        if self._tabs[place].changed and not hot:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(NO_PEN)
            painter.setBrush(color("accent"))
            painter.drawEllipse(cross.center(), px(3.5), px(3.5))
            return
        if hot:
            box(painter, cross, radius=px(4), fill="pressed")
        if place in (self._over, self._current):
            spot = cross.center() - QPointF(px(8), px(8))
            painter.drawPixmap(spot.toPoint(), pixmap("close", "text3", 16))

    # --- what the person does ---------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position())
        if place < 0:
            return
        if self._tabs[place].closable and self._closes(place, event):
            self.close_asked.emit(place)
        elif event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(place)

    def _closes(self, place: int, event: QMouseEvent) -> bool:
        if event.button() == Qt.MouseButton.MiddleButton:
            return True
        cross = self._cross(self._rects()[place])
        return event.button() == Qt.MouseButton.LeftButton and cross.contains(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._over = self._at(event.position())
        self._over_cross = False
        if self._over >= 0:
            rect = self._rects()[self._over]
            self._over_cross = self._cross(rect).contains(event.position())
            tab = self._tabs[self._over]
            cut = metrics("small").horizontalAdvance(tab.title) > rect.width() - px(64)
            self.setToolTip(plain_tip(tab.title if cut else ""))
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._over = -1
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        step = 1 if event.angleDelta().y() < 0 else -1
        self._first = min(max(1, self._first + step), max(1, len(self._tabs) - 1))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps:
            place = self._current + steps[Qt.Key(event.key())]
            if 0 <= place < len(self._tabs):
                self.chosen.emit(place)
        elif event.key() == Qt.Key.Key_Delete and self._tabs[self._current].closable:
            self.close_asked.emit(self._current)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        place = self._current if by_key else self._at(QPointF(event.pos()))
        if place >= 0:
            self.menu_asked.emit(place, event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event)
        super().focusInEvent(event)
        self.update()
