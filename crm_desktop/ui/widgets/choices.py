"""Choosing: combo box, check box, switch, segments."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import CENTER, LEFT, box, elided, focus_ring, tick_box
from crm_desktop.ui.theme import color, font, metrics, px
from crm_desktop.ui.widgets.buttons import Refusable, focus_by_key
from crm_desktop.ui.widgets.inputs import paint_field

_HOVER = QStyle.StateFlag.State_MouseOver
_SELECTED = QStyle.StateFlag.State_Selected


class ChoiceDelegate(QStyledItemDelegate):
    """A row of a small list: 32 px, rounded ground under the pointer, a tick on the current."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._box = parent

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        rect = QRectF(option.rect).adjusted(px(4), 1, -px(4), -1)
        current = isinstance(self._box, QComboBox) and self._box.currentIndex() == index.row()
        if option.state & (_SELECTED | _HOVER):
            box(painter, rect, radius=px(6), fill="raised_hover")
        off = not index.flags() & Qt.ItemFlag.ItemIsEnabled
        painter.setFont(font("body"))
        painter.setPen(color("disabled" if off else "text"))
        room = rect.width() - px(44)
        text = elided(str(index.data() or ""), "body", room)
        painter.drawText(rect.adjusted(px(10), 0, 0, 0), LEFT, text)
        if current:
            top = rect.center().y() - px(8)
            painter.drawPixmap(
                int(rect.right() - px(24)), int(top), pixmap("check", "accent_text", 16)
            )

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        wide = metrics("body").horizontalAdvance(str(index.data() or ""))
        return QSize(wide + px(52), px(32))


class ComboBox(QComboBox):
    """A list to choose from that looks like a field. The wheel does not change it by accident."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        """`name` is what screen readers say."""
        super().__init__(parent)
        self._bad = False
        self.setAccessibleName(name)
        self.setFont(font("body"))
        self.setFixedHeight(px(32))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(12)
        view = QListView(self)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setMouseTracking(True)
        self.setView(view)
        view.setItemDelegate(ChoiceDelegate(self))

    def set_choices(self, choices: list[tuple[str, object]], current: object = None) -> None:
        """Replaces the list by (text, value) pairs and chooses the value `current`."""
        with QSignalBlocker(self):
            self.clear()
            for text, value in choices:
                self.addItem(text, value)
            self.set_value(current)
        self.updateGeometry()

    def renew(self, choices: list[tuple[str, object]]) -> bool:
        """Other choices, told to nobody: what was chosen stays chosen, or the first one is where it
        has gone. Whether it has."""
        was_chosen = self.currentIndex() >= 0
        self.set_choices(choices, self.value())
        if self.currentIndex() >= 0:
            return False
        self.choose_first()
        return was_chosen

    def choose_first(self) -> None:
        """The first row, told to nobody."""
        with QSignalBlocker(self):
            self.setCurrentIndex(0)

    def value(self) -> object:
        """The value of the chosen row, None if there is none."""
        return self.currentData()

    def set_value(self, value: object) -> None:
        """Chooses the row that holds `value`; nothing if there is no such row."""
        found = (i for i in range(self.count()) if self.itemData(i) == value)
        self.setCurrentIndex(next(found, -1))

    def set_bad(self, bad: bool) -> None:
        """Shows or takes away the red frame."""
        self._bad = bad
        self.update()

    def _widest(self) -> int:
        widths = (metrics().horizontalAdvance(self.itemText(i)) for i in range(self.count()))
        return max(widths, default=0)

    @staticmethod
    def _dress(choices: QWidget, frame: QWidget) -> None:
        """Gives the list the ground and the border of a menu: on a popover it had no edge."""
        colors = frame.palette()
        colors.setColor(QPalette.ColorRole.Base, color("raised"))
        colors.setColor(QPalette.ColorRole.WindowText, color("line2"))
        for widget in (frame, choices):
            widget.setPalette(colors)
        if isinstance(frame, QFrame):
            frame.setFrameStyle(QFrame.Shape.Box | QFrame.Shadow.Plain)
            frame.setLineWidth(1)

    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        """Below the field, or above it near the end of the screen; wide enough for every word."""
        self.view().setMinimumWidth(min(px(480), self._widest() + px(64)))
        self._dress(self.view(), self.view().window())
        super().showPopup()
        frame = self.view().window()
        below = self.mapToGlobal(QPoint(0, self.height() + 2))
        if below.y() + frame.height() > self.screen().availableGeometry().bottom():
            below.setY(self.mapToGlobal(QPoint(0, 0)).y() - frame.height() - 2)
        frame.move(below)

    def sizeHint(self) -> QSize:
        return QSize(min(px(320), max(px(96), self._widest() + px(46))), px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(72), px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_field(painter, self, focused=self.hasFocus(), bad=self._bad)
        painter.setFont(font("body"))
        text = self.currentText() or self.placeholderText()
        ink = "text" if self.currentText() else "text3"
        painter.setPen(color(ink if self.isEnabled() else "disabled"))
        rect = QRectF(self.rect()).adjusted(px(10), 0, -px(32), 0)
        painter.drawText(rect, LEFT, elided(text, "body", rect.width()))
        tint = "text2" if self.isEnabled() else "disabled"
        top = (self.height() - px(16)) // 2
        painter.drawPixmap(self.width() - px(26), top, pixmap("chevron-down", tint, 16))
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class CheckBox(Refusable, QCheckBox):
    """A tick box with a sentence."""

    def __init__(self, text: str = "", *, name: str = "", parent: QWidget | None = None) -> None:
        """`name` is what screen readers say when there is no text."""
        super().__init__(text, parent)
        self._ring = False
        self.setFont(font("body"))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        if name:
            self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        wide = metrics().horizontalAdvance(self.text())
        return QSize(wide + px(30 if self.text() else 20), px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, position: object) -> bool:  # noqa: N802 - Qt's name
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        top = (self.height() - px(16)) / 2
        square = QRectF(2, top, px(16), px(16))
        tick_box(painter, square, self.checkState(), enabled=self.isEnabled())
        painter.setFont(font("body"))
        painter.setPen(color("text" if self.isEnabled() else "disabled"))
        painter.drawText(QRectF(self.rect()).adjusted(px(26), 0, 0, 0), LEFT, self.text())
        if self._ring and self.hasFocus():
            focus_ring(painter, square.adjusted(-2, -2, 2, 2), 5)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event, self._ring)
        super().focusInEvent(event)


class Switch(QAbstractButton):
    """On or off at once, without a Save button: settings."""

    def __init__(self, text: str = "", *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ring = False
        self.setText(text)
        self.setAccessibleName(name or text)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        wide = metrics().horizontalAdvance(self.text()) + px(10) if self.text() else 0
        return QSize(px(40) + wide, px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _colors(self) -> tuple[str, str, str]:
        """(fill, border, knob) as tokens."""
        if not self.isEnabled():
            return "sunken", "line2", "disabled"
        if self.isChecked():
            return ("accent_hover" if self.underMouse() else "accent"), "", "on_accent"
        return ("hover" if self.underMouse() else "surface"), "field", "field"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        track = QRectF(1, (self.height() - px(20)) / 2, px(36), px(20))
        fill, border, knob = self._colors()
        box(painter, track, radius=track.height() / 2, fill=fill, border=border)
        side = px(12)
        left = track.right() - side - px(4) if self.isChecked() else track.left() + px(4)
        spot = QRectF(left, track.center().y() - side / 2, side, side)
        box(painter, spot, radius=side / 2, fill=knob)
        painter.setFont(font("body"))
        painter.setPen(color("text" if self.isEnabled() else "disabled"))
        painter.drawText(QRectF(self.rect()).adjusted(px(48), 0, 0, 0), LEFT, self.text())
        if self._ring and self.hasFocus():
            focus_ring(painter, track.adjusted(-1, -2, 2, 2), track.height() / 2 + 2)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event, self._ring)
        super().focusInEvent(event)


class Segment(QWidget):
    """A few choices side by side, one in force: Day | Week | Month. Arrow keys move it."""

    chosen = Signal(object)

    def __init__(
        self, choices: list[tuple[str, object]], *, name: str, parent: QWidget | None = None
    ) -> None:
        """`choices` are (text, value) pairs; `name` is what screen readers say."""
        super().__init__(parent)
        self._name = name
        self._ring = False
        self._over = -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_choices(choices)

    def set_name(self, name: str) -> None:
        """What screen readers say, in another language."""
        self._name = name
        self._say()

    def set_choices(self, choices: list[tuple[str, object]]) -> None:
        """Replaces the choices and keeps the place."""
        self._choices = choices
        self._current = min(getattr(self, "_current", 0), max(0, len(choices) - 1))
        self._say()
        self.updateGeometry()
        self.update()

    def value(self) -> object:
        """The value in force."""
        return self._choices[self._current][1]

    def set_value(self, value: object) -> None:
        """Puts another value in force without telling."""
        self._current = next((i for i, c in enumerate(self._choices) if c[1] == value), 0)
        self._say()
        self.update()

    def _say(self) -> None:
        word = self._choices[self._current][0] if self._choices else ""
        self.setAccessibleName(f"{self._name}: {word}")

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._choices) and place != self._current:
            self._current = place
            self._say()
            self.update()
            self.chosen.emit(self.value())

    def _rects(self) -> list[QRectF]:
        left, rects = float(px(3)), []
        for text, _value in self._choices:
            wide = metrics("strong").horizontalAdvance(text) + px(24)
            rects.append(QRectF(left, px(3), wide, self.height() - px(6)))
            left += wide
        return rects

    def _at(self, event: QMouseEvent) -> int:
        spots = enumerate(self._rects())
        return next((i for i, r in spots if r.contains(event.position())), -1)

    def sizeHint(self) -> QSize:
        wide = sum(metrics("strong").horizontalAdvance(t) + px(24) for t, _v in self._choices)
        return QSize(wide + px(6), px(32))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box(painter, QRectF(self.rect()), radius=px(7), fill="pressed")
        for place, rect in enumerate(self._rects()):
            on = place == self._current
            if on:
                box(painter, rect, radius=px(5), fill="raised", border="line2")
            painter.setFont(font("strong" if on else "body"))
            painter.setPen(color("text" if on or place == self._over else "text2"))
            painter.drawText(rect, CENTER, self._choices[place][0])
        if self._ring and self.hasFocus():
            focus_ring(painter, QRectF(self.rect()), px(7))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(self._at(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._over = self._at(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps:
            self._choose(self._current + steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event, self._ring)
        super().focusInEvent(event)
        self.update()
