"""The lines of the settings: what it is at the left, the choice at the right."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from crm_desktop.i18n import N_, _
from crm_desktop.ui.painting import AA, NO_PEN, focus_ring
from crm_desktop.ui.theme import color, px, theme
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.tokens import ACCENTS, tokens_for
from crm_desktop.ui.widgets.buttons import focus_by_key
from crm_desktop.ui.widgets.labels import Label, Rule, Surface
from crm_desktop.ui.widgets.layouts import column, row

_WIDEST = 760
ACCENT_NAMES = {
    "blue": N_("Blue"), "teal": N_("Teal"), "orange": N_("Orange"), "pink": N_("Pink"),
    "violet": N_("Violet"), "graphite": N_("Graphite"),
}  # fmt: skip


class SettingRow(QWidget):
    """One setting: its name, a short help below it, the widget that changes it."""

    def __init__(self, control: QWidget) -> None:
        super().__init__()
        self.control = control
        self._name = Label("", "body")
        self._hint = Label("", "small", "text3", wrap=True)
        self._name.setBuddy(control)
        words = column(self._name, self._hint, gap=2)
        line = self._line = row(words, control, gap=24, margins=(0, 10, 0, 10))
        line.setStretch(0, 1)
        line.setAlignment(control, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(column(line, Rule(), gap=0))

    def add_picture(self, picture: QWidget) -> None:
        """A small picture before the name."""
        self._line.insertWidget(0, picture)
        self._line.setStretch(0, 0)
        self._line.setStretch(1, 1)
        self._line.setSpacing(px(12))

    def name(self) -> str:
        """What the setting is called in the language of the moment."""
        return self._name.text()

    def set_texts(self, name: str, hint: str = "") -> None:
        """In the language of the moment; the control is called the same."""
        self._name.setText(name)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.control.setAccessibleDescription(hint)
        if self.control.accessibleName() == "" or isinstance(self.control, AccentPicker):
            self.control.setAccessibleName(name)


class AccentPicker(QWidget):
    """Six colours side by side; arrow keys move."""

    chosen = Signal(str)

    def __init__(self, *, name: str) -> None:
        super().__init__()
        self._current, self._ring, self._name = "blue", False, name
        self._keys = tuple(ACCENTS)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_value("blue")

    def value(self) -> str:
        """The accent in force."""
        return self._current

    def set_value(self, accent: str) -> None:
        """Puts an accent in force without telling."""
        self._current = accent
        self._say()
        self.update()

    def set_name(self, name: str) -> None:
        """What screen readers say, in another language."""
        self._name = name
        self._say()

    def _say(self) -> None:
        word = _(ACCENT_NAMES.get(self._current, ""))
        self.setAccessibleName(f"{self._name}: {word}")
        self.setToolTip(plain_tip(word))

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._keys) and self._keys[place] != self._current:
            self.set_value(self._keys[place])
            self.chosen.emit(self._current)

    def _rect(self, place: int) -> QRectF:
        return QRectF(px(4) + place * px(36), px(4), px(28), px(28))

    def sizeHint(self) -> QSize:
        return QSize(px(36) * len(self._keys), px(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(AA)
        for place, key in enumerate(self._keys):
            rect = self._rect(place)
            painter.setPen(NO_PEN)
            painter.setBrush(_shown(key))
            painter.drawEllipse(rect.adjusted(4, 4, -4, -4))
            if key == self._current:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(color("text"), 2))
                painter.drawEllipse(rect.adjusted(1, 1, -1, -1))
        if self._ring and self.hasFocus():
            focus_ring(painter, QRectF(self.rect()))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spots = (p for p in range(len(self._keys)) if self._rect(p).contains(event.position()))
        self._choose(next(spots, -1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps:
            self._choose(self._keys.index(self._current) + steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event, self._ring)
        super().focusInEvent(event)
        self.update()


def _shown(accent: str) -> str:
    return tokens_for(dark=theme().dark, accent=accent).accent


def section(*parts: QWidget) -> QScrollArea:
    """A page of settings that scrolls, no wider than can be read."""
    inner = QWidget()
    inner.setMaximumWidth(px(_WIDEST))
    inner.setLayout(column(*parts, None, gap=0))
    ground = Surface("surface")
    line = row(inner, None, margins=(24, 8, 24, 24))
    line.setStretch(0, 100)
    ground.setLayout(column(line, None, gap=0))
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(ground)
    return area
