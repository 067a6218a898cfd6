"""Fields to type in: one line, search, many lines. All paint the same frame.

The frame is painted here and not by a style sheet: the focus ring takes 2 px inside the same
rectangle, so nothing shifts, and no selector touches a scroll area.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import box
from crm_desktop.ui.theme import color, font, line_height, px
from crm_desktop.ui.widgets.buttons import ToolButton
from crm_desktop.ui.widgets.layouts import row


def paint_field(
    painter: QPainter, widget: QWidget, *, focused: bool, bad: bool, quiet: bool = False
) -> None:
    """The frame of a field: 1 px, 2 px accent with the focus, red when the value is bad.

    `quiet` shows no frame until the pointer or the focus is on it.
    """
    rect = QRectF(widget.rect())
    if not widget.isEnabled():
        box(painter, rect, radius=px(6), fill="sunken", border="line2")
        return
    if bad:
        box(painter, rect, radius=px(6), fill="surface", border="bad", width=2 if focused else 1)
    elif focused:
        box(painter, rect, radius=px(6), fill="surface", border="focus", width=2)
    elif not quiet:
        box(painter, rect, radius=px(6), fill="surface", border="field")
    elif widget.underMouse():
        box(painter, rect, radius=px(6), fill="hover")


def clear_ground(widget: QWidget) -> None:
    """Lets the painted frame show through a Qt editor that would fill itself."""
    palette = QPalette(widget.palette())
    for role in (QPalette.ColorRole.Base, QPalette.ColorRole.Window):
        palette.setColor(role, color("clear"))
    widget.setPalette(palette)


class LineEdit(QLineEdit):
    """One line, 32 px high. `icon` stands at the left; `set_bad` reddens the frame."""

    cleared = Signal()

    def __init__(
        self,
        text: str = "",
        *,
        name: str,
        placeholder: str = "",
        icon: str = "",
        quiet: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`name` is what screen readers say; `quiet` hides the frame until it is used."""
        super().__init__(text, parent)
        self._icon, self._bad, self._quiet = icon, False, quiet
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setFrame(False)
        self.setFont(font("body"))
        self.setFixedHeight(px(32))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._place_text()

    def set_bad(self, bad: bool) -> None:
        """Shows or takes away the red frame."""
        if bad != self._bad:
            self._bad = bad
            self.update()

    def is_bad(self) -> bool:
        """Whether the frame is red."""
        return self._bad

    def set_right_room(self, width: int) -> None:
        """Keeps `width` px free at the right, for a button that lies over the field."""
        self._place_text(width)

    def _place_text(self, right: int = 8) -> None:
        left = 34 if self._icon else 8
        self.setTextMargins(px(left), 0, px(right), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_field(painter, self, focused=self.hasFocus(), bad=self._bad, quiet=self._quiet)
        if self._icon:
            painter.drawPixmap(
                px(10), (self.height() - px(20)) // 2, pixmap(self._icon, "text3", 20)
            )
        painter.end()
        super().paintEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(px(180), px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(60), px(32))


class SearchField(LineEdit):
    """A line to search in: tells `searched` a moment after the last key, Esc empties it."""

    searched = Signal(str)

    def __init__(
        self,
        *,
        name: str,
        placeholder: str = "",
        icon: str = "search",
        delay_ms: int = 60,
        parent: QWidget | None = None,
    ) -> None:
        """`delay_ms` is how long a pause in typing starts the search."""
        super().__init__(name=name, placeholder=placeholder or name, icon=icon, parent=parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(delay_ms)
        self._timer.timeout.connect(self._tell)
        self._cross = ToolButton("close", "", size=24)
        self._cross.setParent(self)
        self._cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._cross.setCursor(Qt.CursorShape.ArrowCursor)
        self._cross.clicked.connect(self._clear_now)
        self._cross.hide()
        self.set_right_room(30)
        self.textChanged.connect(self._typed)

    def set_clear_tip(self, tip: str) -> None:
        """What the cross says when the pointer rests on it."""
        self._cross.set_tip(tip)

    def set_quietly(self, text: str) -> None:
        """Shows a text without searching for it."""
        self.blockSignals(True)
        self.setText(text)
        self.blockSignals(False)
        self._cross.setVisible(bool(text))

    def _typed(self, text: str) -> None:
        self._cross.setVisible(bool(text))
        self._timer.start()

    def _tell(self) -> None:
        self.searched.emit(self.text())

    def _clear_now(self) -> None:
        self.clear()
        self._timer.stop()
        self._tell()
        self.cleared.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self._cross.height()
        self._cross.move(self.width() - side - px(4), (self.height() - side) // 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self._clear_now()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._timer.isActive():
            self._timer.stop()
            self._tell()
        super().keyPressEvent(event)


class _Text(QPlainTextEdit):
    """The editor inside `TextEdit`: Tab leaves it instead of being typed."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setFont(font("body"))
        self.document().setDocumentMargin(px(3))
        self.viewport().setAutoFillBackground(False)
        clear_ground(self)

    def _was_not_typed_in(self) -> bool:
        document = self.document()
        return document.isEmpty() and not (document.isUndoAvailable() or document.isRedoAvailable())

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z is the window's where nothing was typed: a note was just saved from here."""
        early = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if early and event.matches(QKeySequence.StandardKey.Undo) and self._was_not_typed_in():
            event.ignore()
            return False
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            clear_ground(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.parentWidget().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.parentWidget().update()
        self.left.emit()


class TextEdit(QWidget):
    """Several lines of plain text that grow with what is typed, from `lines` to `most`."""

    text_changed = Signal()
    editing_finished = Signal()

    def __init__(
        self,
        text: str = "",
        *,
        name: str,
        placeholder: str = "",
        lines: int = 3,
        most: int = 10,
        parent: QWidget | None = None,
    ) -> None:
        """`name` is what screen readers say; `lines` and `most` bound the height."""
        super().__init__(parent)
        self._bad = False
        self._lines, self._most = lines, most
        self.edit = _Text(self)
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setPlainText(text)
        self.edit.textChanged.connect(self._changed)
        self.edit.left.connect(self.editing_finished)
        self.setFocusProxy(self.edit)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setLayout(row(self.edit, margins=(5, 3, 3, 3)))
        self._fit()

    def text(self) -> str:
        """What was typed."""
        return self.edit.toPlainText()

    def set_text(self, text: str) -> None:
        """Shows another text and forgets the steps back."""
        self.edit.setPlainText(text)

    def set_read_only(self, read_only: bool) -> None:
        """Lets the text be read and copied only."""
        self.edit.setReadOnly(read_only)

    def set_bad(self, bad: bool) -> None:
        """Shows or takes away the red frame."""
        self._bad = bad
        self.update()

    def _changed(self) -> None:
        self._fit()
        self.text_changed.emit()

    def _fit(self) -> None:
        shown = min(self._most, max(self._lines, self.edit.document().blockCount()))
        self.setFixedHeight(shown * line_height("body") + px(14))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_field(painter, self, focused=self.edit.hasFocus(), bad=self._bad)
        painter.end()
