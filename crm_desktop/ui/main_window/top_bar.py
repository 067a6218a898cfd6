"""The top bar: the way into the search box, undo, news, help, and the one primary button."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.painting import CENTER, LEFT, box, elided, focus_ring
from crm_desktop.ui.theme import color, font, metrics, px
from crm_desktop.ui.widgets.buttons import Button, ToolButton, focus_by_key
from crm_desktop.ui.widgets.labels import Surface
from crm_desktop.ui.widgets.layouts import row

_WIDEST, _NARROWEST = 520, 200


class SearchTrigger(QAbstractButton):
    """Looks like a field and opens the search box: by a click, or by a letter typed into it."""

    typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ring = False
        self._key = ""
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(px(_WIDEST))

    def set_texts(self, text: str, key: str) -> None:
        """The words in the field and the keys that open it."""
        self.setText(text)
        self.setAccessibleName(text)
        self._key = key
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(_WIDEST), px(34))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(_NARROWEST), px(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        border = "field" if self.underMouse() else "line2"
        box(painter, rect, radius=px(8), fill="surface", border=border)
        top = (self.height() - px(20)) // 2
        painter.drawPixmap(px(11), top, pixmap("search", "text3", 20))
        cap_wide = metrics("caption").horizontalAdvance(self._key) + px(14)
        cap = QRectF(rect.right() - cap_wide - px(8), rect.center().y() - px(11), cap_wide, px(22))
        words = QRectF(px(39), 0, cap.left() - px(47), rect.height())
        painter.setFont(font("body"))
        painter.setPen(color("text3"))
        painter.drawText(words, LEFT, elided(self.text(), "body", words.width()))
        box(painter, cap, radius=px(4), border="line2")
        painter.setFont(font("caption"))
        painter.setPen(color("text3"))
        painter.drawText(cap, CENTER, self._key)
        if self._ring and self.hasFocus():
            focus_ring(painter, rect, px(8))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier,
        )  # fmt: skip
        if plain and event.text().strip() and event.text().isprintable():
            self.typed.emit(event.text())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event)
        super().focusInEvent(event)


class TopBar(Surface):
    """Search, undo, redo, news, help, create."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("chrome", "b", parent)
        self.search = SearchTrigger()
        self.undo = ToolButton("undo", "")
        self.redo = ToolButton("redo", "")
        self.bell = ToolButton("bell", "")
        self.help = ToolButton("help", "")
        self.create_button = Button("", "add", "primary")
        self._undo_what = self._redo_what = ""
        parts = (self.search, None, self.undo, self.redo, self.bell, self.help, 4)
        layout = row(*parts, self.create_button, gap=4, margins=(24, 0, 24, 0))
        layout.setStretch(0, 4)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.setFixedHeight(px(56))
        self.set_undo("", False)
        self.set_redo("", False)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.search.set_texts(_("Find a record or a command"), _("Ctrl K"))
        self.bell.set_tip(_("News"))
        self.help.set_tip(_("Keyboard map"), "F1")
        self.create_button.setText(_("Create"))
        self._say_undo()

    def _say_undo(self) -> None:
        undo = _("Undo: {what}").format(what=self._undo_what) if self._undo_what else _("Undo")
        redo = _("Redo: {what}").format(what=self._redo_what) if self._redo_what else _("Redo")
        self.undo.set_tip(undo, "Ctrl+Z")
        self.redo.set_tip(redo, "Ctrl+Y")

    def set_undo(self, what: str, able: bool) -> None:
        """What Ctrl+Z would take back."""
        self._undo_what = what
        self.undo.setEnabled(able)
        self._say_undo()

    def set_redo(self, what: str, able: bool) -> None:
        """What Ctrl+Y would do again."""
        self._redo_what = what
        self.redo.setEnabled(able)
        self._say_undo()

    def set_base_open(self, is_open: bool) -> None:
        """Without a base there is nothing to find or to make."""
        self.search.setEnabled(is_open)
        self.create_button.setEnabled(is_open)
