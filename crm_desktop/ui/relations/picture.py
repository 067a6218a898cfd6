"""The picture of relations, painted: boxes with names, lines between them; a click opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.painting import AA, LEFT, NO_BRUSH, box, elided, focus_ring
from crm_desktop.ui.relations.places import Box, boxes, ends, height_for
from crm_desktop.ui.theme import color, font, px
from crm_desktop.ui.tips import plain_tip

if TYPE_CHECKING:
    from crm_desktop.services.relations import Picture

_NEXT = (Qt.Key.Key_Down, Qt.Key.Key_Right)
_BACK = (Qt.Key.Key_Up, Qt.Key.Key_Left)


class RelationPicture(QWidget):
    """This record in the middle, related ones around it, the next step faint."""

    opened = Signal(object, bool)
    """(the `Ref` of a record, whether in a new tab)"""

    def __init__(self) -> None:
        super().__init__()
        self._picture: Picture | None = None
        self.boxes: list[Box] = []
        self._over = self._current = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)

    def show_picture(self, picture: Picture) -> None:
        """Shows other relations; nothing if there are none."""
        self._picture = picture
        self._over = self._current = -1
        self.setVisible(bool(picture.around))
        self._place()

    def _place(self) -> None:
        picture = self._picture
        if picture is None or not picture.around:
            self.boxes = []
            return
        self.setFixedHeight(height_for(picture, self.width()))
        self.boxes = boxes(picture, self.width(), self.height())
        names = ", ".join(f"{b.node.name}: {b.node.title}" for b in self.boxes if b.step == 1)
        self.setAccessibleName(_("Relations: {names}").format(names=names))
        self.update()

    def _at(self, point: QPointF) -> int:
        return next((n for n, one in enumerate(self.boxes) if one.rect.contains(point)), -1)

    def _open(self, place: int, new_tab: bool) -> None:
        if place > 0:
            self.opened.emit(self.boxes[place].node.ref, new_tab)

    # --- painting ---------------------------------------------------------------------------------

    def _paint_line(self, painter: QPainter, one: Box) -> None:
        start, end = ends(one)
        middle = (start.x() + end.x()) / 2
        path = QPainterPath(start)
        path.cubicTo(QPointF(middle, start.y()), QPointF(middle, end.y()), end)
        painter.setPen(QPen(color("line2" if one.step == 2 else "field"), 1.4))
        painter.setBrush(NO_BRUSH)
        painter.drawPath(path)

    def _paint_box(self, painter: QPainter, place: int, one: Box) -> None:
        inks = {0: ("accent_soft", "accent_text"), 1: ("surface", "text"), 2: ("surface", "text3")}
        fill, ink = inks[one.step]
        hover = place == self._over and place > 0
        border = "" if one.step == 0 else "line2" if one.step == 2 else "field"
        box(painter, one.rect, radius=px(8), fill="hover" if hover else fill, border=border)
        room = one.rect.adjusted(px(10), px(3), -px(8), -px(3))
        painter.setPen(color(ink))
        painter.setFont(font("body" if one.step else "strong"))
        title = elided(one.node.title, "body" if one.step else "strong", room.width())
        if not one.node.name:
            painter.drawText(room, LEFT, title)
        else:
            half = room.height() / 2
            top = QRectF(room.left(), room.top(), room.width(), half)
            painter.drawText(top, LEFT, title)
            painter.setFont(font("caption"))
            painter.setPen(color("text3" if one.step == 2 else "text2"))
            name = self._said(one)
            painter.drawText(top.translated(0, half), LEFT, elided(name, "caption", room.width()))
        if self.hasFocus() and place == self._current:
            focus_ring(painter, one.rect, px(8))

    @staticmethod
    def _said(one: Box) -> str:
        if not one.node.more:
            return one.node.name
        return _("{name}, {count} more").format(name=one.node.name, count=one.node.more)

    # --- Qt ---------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(px(360), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(AA)
        for one in self.boxes:
            if one.joint is not None:
                self._paint_line(painter, one)
        for place, one in enumerate(self.boxes):
            self._paint_box(painter, place, one)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._place()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._at(event.position())
        if over != self._over:
            self._over = over
            seen = over > 0
            shape = Qt.CursorShape.PointingHandCursor if seen else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            node = self.boxes[over].node if seen else None
            self.setToolTip(plain_tip(f"{node.title}\n{node.name}" if node is not None else ""))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        middle = event.button() == Qt.MouseButton.MiddleButton
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self._open(self._at(event.position()), middle or ctrl)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (*_NEXT, *_BACK) and len(self.boxes) > 1:
            step = 1 if event.key() in _NEXT else -1
            self._current = (max(self._current, 0) - 1 + step) % (len(self.boxes) - 1) + 1
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self._current, False)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._current < 0 and len(self.boxes) > 1:
            self._current = 1
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
