"""One line of a card: label, value, copy button; the editor when the value is being changed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.editors import EditorBase
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import LEFT, box, elided, focus_ring, pill, pill_width
from crm_desktop.ui.record_card.facts import Fact
from crm_desktop.ui.record_card.wrapping import wrapped
from crm_desktop.ui.theme import color, font, line_height, metrics, px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import focus_by_key
from crm_desktop.ui.widgets.field_box import beside
from crm_desktop.ui.widgets.labels import Label

LABEL_WIDTH = 124
_LABEL_GAP = 12
_MOST_LINES = 3
_MOST_LONG = 14
_FLASH_MS = 900


class FactRow(QWidget):
    """Shows a `Fact`. Reused for any fact: `set_fact` changes what it shows."""

    edit_asked = Signal(object)
    opened = Signal(object)
    """The `Fact` whose linked record or address the person wants to see."""
    copied = Signal(str)
    height_changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.fact: Fact | None = None
        self.editor: EditorBase | None = None
        self.label_room = px(LABEL_WIDTH)
        """Where the value begins, in pixels; the same for all rows of a card."""
        self._error: Label | None = None
        self._ring = False
        self._over = ""
        self._flash: QVariantAnimation | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_fact(self, fact: Fact) -> None:
        """Shows another fact, or another value of the same one."""
        self.fact = fact
        words = ", ".join([fact.shown.text, *(word for word, _tone in fact.shown.pills)])
        self.setAccessibleName(f"{fact.label}: {words.strip(', ') or '—'}")
        hint = _("Press Enter to change it") if fact.editable else fact.closed
        self.setAccessibleDescription(hint)
        self.setToolTip(plain_tip(fact.closed))
        self.update()

    def flash(self) -> None:
        """Lights up softly: the value was saved."""
        if self._flash is None:
            self._flash = QVariantAnimation(self, duration=_FLASH_MS, startValue=1.0, endValue=0.0)
            self._flash.valueChanged.connect(lambda _value: self.update())
        self._flash.stop()
        self._flash.start()

    def _light(self) -> float:
        """How much of the flash is left, 0 to 1."""
        running = QVariantAnimation.State.Running
        if self._flash is None or self._flash.state() != running:
            return 0.0
        return float(self._flash.currentValue() or 0)

    # --- editing in place -------------------------------------------------------------------------

    def edit(self, editor: EditorBase, *, focus: bool = True) -> None:
        """Puts an editor over the value; with `focus` it takes the keyboard."""
        self.editor = editor
        editor.setParent(self)
        editor.in_place = True
        editor.checked.connect(self.set_error)
        editor.understood.connect(self.set_note)
        self._place_editor()
        self.installEventFilter(self)
        editor.show()
        self.height_changed.emit()
        if focus:
            editor.start()

    def set_error(self, sentence: str) -> None:
        """Says below the editor why the value cannot be kept; '' takes the sentence away."""
        if self.editor is not None:
            self.editor.set_bad(bool(sentence))
            if self.fact is not None and not self.fact.bare:
                sentence = beside(self.fact.label, sentence)
            self._say_below(sentence, "bad")

    def set_note(self, note: str) -> None:
        """Says below the editor how typed words are taken."""
        self._say_below(note, "text2")

    def _say_below(self, sentence: str, ink: str) -> None:
        if self.editor is None or (self._error is None and not sentence):
            return
        if self._error is None:
            self._error = Label("", "small", ink, wrap=True)
            self._error.setParent(self)
        self._error.set_ink(ink)
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.editor.setAccessibleDescription(sentence)
        self._place_editor()
        self.height_changed.emit()

    def end_edit(self) -> None:
        """Takes the editor away; leaving it means nothing any more."""
        if self.editor is not None:
            self.editor.in_place = False
        for widget in (self.editor, self._error):
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.removeEventFilter(self)
        self.editor = self._error = None
        self.height_changed.emit()
        self.update()

    # --- where things are -------------------------------------------------------------------------

    def _value_left(self) -> int:
        return 0 if self.fact is not None and self.fact.bare else self.label_room

    def label_needs(self) -> int:
        """The room that the whole label takes, with the gap behind it."""
        if self.fact is None or self.fact.bare:
            return 0
        return metrics("body").horizontalAdvance(self.fact.label) + px(_LABEL_GAP)

    def _label_lines(self) -> tuple[str, ...]:
        """The label, in two lines where it is longer than its room."""
        if self.fact is None or self.fact.bare:
            return ()
        return wrapped(self.fact.label, "body", self.label_room - px(_LABEL_GAP - 2), 2)

    def _room(self) -> int:
        return max(px(40), self.width() - self._value_left() - self._beside())

    def _beside(self) -> int:
        """What stands right of the words: the button that copies, and the star of the main one."""
        return px(58) if self.fact is not None and self.fact.shown.star else px(36)

    def _lines(self, width: int) -> tuple[str, ...]:
        assert self.fact is not None
        most = _MOST_LONG if self.fact.shown.long else _MOST_LINES
        return wrapped(
            self.fact.shown.text, "body", width - self._value_left() - self._beside(), most
        )

    def height_for(self, width: int) -> int:
        """The height it needs at that width."""
        if self.fact is None:
            return 0
        if self.editor is not None:
            return self._editor_height(width) + px(4) + self._error_height(width)
        several = max(1, len(self._lines(width))) if self.fact.shown.text else 1
        several = max(several, len(self._label_lines()))
        return several * line_height("body") + px(8)

    def _editor_height(self, width: int) -> int:
        assert self.editor is not None
        if self.editor.hasHeightForWidth():
            return max(px(32), self.editor.heightForWidth(width - self._value_left()))
        return max(px(32), self.editor.sizeHint().height())

    def _error_height(self, width: int) -> int:
        if self._error is None or self._error.isHidden():
            return 0
        return self._error.heightForWidth(width - self._value_left()) + px(4)

    def _place_editor(self) -> None:
        if self.editor is None:
            return
        left, wide = self._value_left(), self.width() - self._value_left()
        tall = self._editor_height(self.width())
        self.editor.setGeometry(left, px(2), wide, tall)
        if self._error is not None:
            below = self._error_height(self.width())
            self._error.setGeometry(left, px(4) + tall, wide, max(0, below - px(2)))

    def _copy_rect(self) -> QRect:
        return QRect(self.width() - px(28), 0, px(28), px(28))

    def _words_rect(self) -> QRect:
        if self.fact is None or not self.fact.shown.text:
            return QRect()
        lines = self._lines(self.width())
        wide = max(metrics("body").horizontalAdvance(line) for line in lines)
        return QRect(self._value_left(), 0, min(wide, self._room()) + 4, self.height())

    def _part_at(self, place: object) -> str:
        """What is under the pointer: `copy`, `words` that lead somewhere, `value` or ''."""
        if self.fact is None or self.editor is not None:
            return ""
        if self.fact.shown.copy and self._copy_rect().contains(place):  # type: ignore[call-overload]
            return "copy"
        leads = self.fact.shown.ref or self.fact.shown.address
        if leads and self._words_rect().contains(place):  # type: ignore[call-overload]
            return "words"
        return "value" if self.fact.editable else ""

    # --- painting ---------------------------------------------------------------------------------

    def _spot(self) -> QRectF:
        """Behind the value; the label stands beside it."""
        left = max(0, self._value_left() - px(6))
        return QRectF(left, 0, self.width() - left, self.height())

    def _paint_ground(self, painter: QPainter) -> None:
        spot = self._spot()
        light = self._light()
        if light:
            glow = QColor(color("ok_soft"))
            glow.setAlphaF(light)
            box(painter, spot, fill=glow)
        elif self._over:
            box(painter, spot, fill="hover")

    def _paint_words(self, painter: QPainter, fact: Fact) -> None:
        left, step = self._value_left(), line_height("body")
        leads = fact.shown.ref or fact.shown.address
        painter.setFont(font("body"))
        plain = not leads or fact.shown.address.startswith("tel:")
        painter.setPen(color("text" if plain else "accent_text"))
        x = left
        if fact.shown.text:
            for number, line in enumerate(self._lines(self.width())):
                rect = QRectF(left, px(4) + number * step, self._room() + 2, step)
                painter.drawText(rect, LEFT, line)
            x = self._words_rect().right() + px(6)
        elif not fact.shown.pills:
            painter.setPen(color("text3"))
            painter.drawText(QRectF(left, px(4), self._room(), step), LEFT, "—")
        self._paint_marks(painter, fact, x)

    def _paint_marks(self, painter: QPainter, fact: Fact, left: int) -> None:
        top = (px(28) - px(22)) // 2
        if fact.shown.star:
            painter.drawPixmap(left, px(6), pixmap("star!", "warn", 16))
            left += px(22)
        for word, tone in fact.shown.pills:
            wide = min(pill_width(word), self.width() - px(36) - left)
            if wide < px(30):
                return
            text = elided(word, "small", wide - px(26))
            pill(painter, QRectF(left, top, wide, px(22)), text, tone=tone)
            left += wide + px(6)

    def paintEvent(self, event: QPaintEvent) -> None:
        fact = self.fact
        if fact is None:
            return
        painter = QPainter(self)
        if self.editor is None:
            self._paint_ground(painter)
            self._paint_words(painter, fact)
            self._paint_buttons(painter, fact)
        if not fact.bare:
            painter.setFont(font("body"))
            painter.setPen(color("text2"))
            top = px(8) if self.editor is not None else px(4)
            room = QRectF(0, top, self.label_room - px(_LABEL_GAP - 2), line_height("body"))
            for line in self._label_lines():
                painter.drawText(room, LEFT, elided(line, "body", room.width()))
                room.translate(0, line_height("body"))
        if self._ring and self.hasFocus() and self.editor is None:
            focus_ring(painter, self._spot())
        painter.end()

    def _paint_buttons(self, painter: QPainter, fact: Fact) -> None:
        over = bool(self._over) or (self._ring and self.hasFocus())
        spot = self._copy_rect()
        if fact.shown.copy and (fact.copies or over):
            tint = "text" if self._over == "copy" else "text3"
            painter.drawPixmap(spot.left() + px(8), spot.top() + px(6), pixmap("copy", tint, 16))
        elif fact.editable and over:
            painter.drawPixmap(spot.left() + px(8), spot.top() + px(6), pixmap("edit", "text3", 16))

    # --- what Qt asks -----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(px(240), self.height_for(max(px(240), self.width())))

    def event(self, event: QEvent) -> bool:
        """F2 belongs to the row that has the focus, not to the window."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F2:
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only while there is an editor: it may grow."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place_editor()
            self.height_changed.emit()
        return False

    def _opens_tip(self) -> str:
        if self.fact is None:
            return ""
        return _("Open “{name}”").format(name=self.fact.shown.text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_editor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._part_at(event.position().toPoint())
        if over != self._over:
            self._over = over
            hand = over in ("words", "copy")
            shape = Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            tips = {"copy": _("Copy"), "words": self._opens_tip()}
            self.setToolTip(plain_tip(tips.get(over, "")))
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._over = ""
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._act(self._part_at(event.position().toPoint()))

    def _act(self, part: str) -> None:
        if self.fact is None:
            return
        if part == "copy":
            self.copied.emit(self.fact.shown.copy)
        elif part == "words":
            self.opened.emit(self.fact)
        elif part == "value":
            self.edit_asked.emit(self.fact)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._act("words")
        elif (
            self.fact is not None and self.fact.editable and (enter or event.key() == Qt.Key.Key_F2)
        ):
            self._act("value")
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._act("copy")
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event, self._ring)
        super().focusInEvent(event)
        self.update()
