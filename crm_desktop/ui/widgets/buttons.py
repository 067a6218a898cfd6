"""Buttons: one with a word in four kinds, and a square one with an icon."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QCursor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QWindow
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import CENTER, LEFT, box, focus_ring
from crm_desktop.ui.theme import color, font, metrics, px
from crm_desktop.ui.tips import plain_tip

KINDS = ("plain", "primary", "ghost", "link", "danger")
_PAD = {"plain": 12, "primary": 14, "ghost": 8, "link": 4, "danger": 14}
_BY_MOUSE = (Qt.FocusReason.MouseFocusReason,)
_COMING_BACK = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)


class LastInput(QObject):
    """Whether the person used the keyboard or the mouse last; it hears windows, not widgets, which
    would slow down whatever is painted."""

    by_mouse = False

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.focusWindowChanged.connect(self._hear)
        self._hear(app.focusWindow())

    def _hear(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)  # a second time changes nothing but its turn

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress:
            LastInput.by_mouse = True
        elif event.type() in _KEYS:
            LastInput.by_mouse = False
        return False


def focus_by_key(event: QFocusEvent, before: bool = False) -> bool:
    """Whether the ring is due: the focus came from the keyboard, or from the program after a key.

    When the window or a menu gives the focus back, what was shown `before` is shown again.
    """
    if event.reason() in _COMING_BACK:
        return before
    if event.reason() == Qt.FocusReason.OtherFocusReason:
        return not LastInput.by_mouse
    return event.reason() not in _BY_MOUSE


def pressed_by_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Presses the button where the key is Enter: Qt leaves that to default buttons."""
    plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or plain.value:
        return False
    button.click()
    return True


def forget_pointer(button: QWidget, event: QEvent) -> None:
    """Takes the look of being pointed at from a button whose menu opened another window.

    The menu holds the mouse while the pointer leaves, so Qt tells the button nothing of it.
    """
    if event.type() != QEvent.Type.ActivationChange or not button.underMouse():
        return
    if not button.rect().contains(button.mapFromGlobal(QCursor.pos())):
        button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
        button.update()


class Refusable:
    """What can be refused to a person: grey with the reason as its tip, whatever the page says
    meanwhile about whether there is something to do; as the page wants it once it is allowed."""

    _why, _own_tip, _is_wanted = "", "", True

    def refuse(self, why: str) -> None:
        """Why it may not be used now; '' where it may."""
        if why != self._why:
            self._why = why
            super().setEnabled(self._is_wanted and not why)
            super().setToolTip(plain_tip(why) or self._own_tip)

    def refused(self) -> str:
        """The reason, as it is shown."""
        return self._why

    def wanted(self) -> bool:
        """Whether the page has something for it to do, refused or not."""
        return self._is_wanted

    def setEnabled(self, on: bool) -> None:  # noqa: N802 - the name is Qt's
        self._is_wanted = on
        super().setEnabled(on and not self._why)

    def setDisabled(self, off: bool) -> None:  # noqa: N802 - the name is Qt's
        self.setEnabled(not off)

    def setToolTip(self, tip: str) -> None:  # noqa: N802 - the name is Qt's
        self._own_tip = tip
        super().setToolTip(plain_tip(self._why) or tip)


class Button(Refusable, QPushButton):
    """A button with a word: plain, primary (one a page), ghost, link or danger."""

    def __init__(
        self,
        text: str = "",
        icon: str = "",
        kind: str = "plain",
        *,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`icon` is a meaning from `icons`; `name` is for screen readers if the text is not."""
        super().__init__(text, parent)
        self._icon = icon
        self._kind = kind if kind in KINDS else "plain"
        self._ring = False
        self.setFont(font("strong" if self._bold() else "body"))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        if name:
            self.setAccessibleName(name)

    def set_icon_name(self, icon: str) -> None:
        """Shows another icon; an empty name shows none."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def _bold(self) -> bool:
        return self._kind in ("primary", "danger")

    def _plain_text(self) -> str:
        return self.text().replace("&&", "\0").replace("&", "").replace("\0", "&")

    def _ink(self) -> str:
        if not self.isEnabled():
            return "disabled"
        inks = {"primary": "on_accent", "danger": "bad", "link": "accent_text", "ghost": "text2"}
        ink = inks.get(self._kind, "text")
        return "text" if ink == "text2" and self.underMouse() else ink

    def _ground(self) -> tuple[str, str]:
        """(fill, border) as tokens, empty for none."""
        over, down = self.underMouse() and self.isEnabled(), self.isDown() or self.isChecked()
        if self._kind == "primary":
            fill = "accent_hover" if over or down else "accent"
            return (fill, "") if self.isEnabled() else ("pressed", "")
        fill = "pressed" if down else "hover" if over else ""
        if self._kind == "link":
            return "", ""
        if self._kind == "ghost":
            return fill, ""
        ground = "raised_hover" if over else "raised"
        return ("pressed" if down else ground if self.isEnabled() else "sunken"), "line2"

    def _paint_label(self, painter: QPainter, rect: QRectF) -> None:
        text, ink = self._plain_text(), self._ink()
        wide = metrics("strong" if self._bold() else "body").horizontalAdvance(text)
        painter.setPen(color(ink))
        painter.setFont(self.font())
        if not self._icon:
            painter.drawText(rect, CENTER, text)
            return
        tint = "text2" if ink == "text" else ink
        left = rect.left() + max(px(4), (rect.width() - wide - px(16 + 8 * bool(text))) / 2)
        top = rect.center().y() - px(8)
        painter.drawPixmap(int(left), int(top + 0.5), pixmap(self._icon, tint, 16))
        painter.drawText(rect.adjusted(left - rect.left() + px(24), 0, 0, 0), LEFT, text)
        if self._kind == "link" and self.underMouse() and not self._icon:
            painter.fillRect(QRectF(left, rect.bottom() - 6, wide, 1), color(ink))

    def width_with(self, text: str) -> int:
        """How wide it is with another word on it."""
        wide = metrics("strong" if self._bold() else "body").horizontalAdvance(text)
        wide += px(2 * _PAD[self._kind]) + (px(16 + 8 * bool(text)) if self._icon else 0)
        return max(wide, px(32))

    def sizeHint(self) -> QSize:
        return QSize(self.width_with(self._plain_text()), px(32))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses as Space does: Qt leaves it to default buttons. Alt+arrow goes back and
        forward in the page; Qt would move the focus."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        elif not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        fill, border = self._ground()
        if fill or border:
            box(painter, rect, fill=fill, border=border)
        self._paint_label(painter, rect)
        if self._ring and self.hasFocus():
            self._paint_ring(painter, rect)
        painter.end()

    def _paint_ring(self, painter: QPainter, rect: QRectF) -> None:
        focus_ring(painter, rect)
        if self._kind == "primary":  # the ring has the button's own colour: set it off
            box(painter, rect.adjusted(2, 2, -2, -2), radius=4, border="on_accent", width=1.2)

    def changeEvent(self, event: QEvent) -> None:
        forget_pointer(self, event)
        super().changeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event, self._ring)
        super().focusInEvent(event)


class ToolButton(Refusable, QToolButton):
    """A 32 px square with an icon; the tip with its shortcut is also its accessible name."""

    def __init__(
        self,
        icon: str,
        tip: str,
        *,
        shortcut: str = "",
        boxed: bool = False,
        checkable: bool = False,
        size: int = 32,
    ) -> None:
        """`size` is the side in px at 100 %; below 28 the 16 px drawing is used."""
        super().__init__()
        self._icon, self._boxed, self._side = icon, boxed, size
        self._ring = False
        self._badge = ""
        self._role = "text2"
        self.setCheckable(checkable)
        self.setFixedSize(px(size), px(size))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_tip(tip, shortcut)

    def set_tip(self, tip: str, shortcut: str = "") -> None:
        """Sets tooltip and accessible name, for example after a switch of the language."""
        self.setToolTip(plain_tip(f"{tip} ({shortcut})" if shortcut else tip))
        self.setAccessibleName(tip)

    def set_icon_name(self, icon: str, role: str = "text2") -> None:
        """Shows another icon in the colour of a token."""
        self._icon, self._role = icon, role
        self.update()

    def set_badge(self, text: str) -> None:
        """A small number at the corner, for example of unread messages."""
        self._badge = text
        self.update()

    def _tint(self) -> str:
        if not self.isEnabled():
            return "disabled"
        if self.isChecked():
            return "accent_text"
        return "text" if self.underMouse() and self._role == "text2" else self._role

    def _paint_badge(self, painter: QPainter, rect: QRectF) -> None:
        wide = max(px(15), metrics("caption").horizontalAdvance(self._badge) + px(7))
        spot = QRectF(rect.right() - wide, rect.top() + 1, wide, px(15))
        box(painter, spot, radius=spot.height() / 2, fill="accent")
        painter.setPen(color("on_accent"))
        painter.setFont(font("caption"))
        painter.drawText(spot, CENTER, self._badge)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        fill = "accent_soft" if self.isChecked() else ""
        if self.isEnabled() and (self.underMouse() or self.isDown()) and not self.isChecked():
            over = "raised_hover" if self._boxed else "hover"
            fill = "pressed" if self.isDown() else over
        if self._boxed:
            box(painter, rect, fill=fill or "raised", border="line2")
        elif fill:
            box(painter, rect, fill=fill)
        side = 16 if self._side < 28 else 20
        picture = pixmap(self._icon + ("!" if self.isChecked() else ""), self._tint(), side)
        offset = (self.width() - px(side)) // 2
        painter.drawPixmap(offset, offset, picture)
        if self._badge:
            self._paint_badge(painter, rect)
        if self._ring and self.hasFocus():
            focus_ring(painter, rect)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        forget_pointer(self, event)
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event, self._ring)
        super().focusInEvent(event)
