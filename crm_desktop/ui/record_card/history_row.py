"""One change in the history: who and when, below it each field with its old and new value."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.i18n import N_, _
from crm_desktop.ui.icons import icon, pixmap
from crm_desktop.ui.painting import LEFT, RIGHT
from crm_desktop.ui.record_card.wrapping import wrapped
from crm_desktop.ui.theme import color, font, line_height, metrics, px
from crm_desktop.ui.widgets.buttons import ToolButton
from crm_desktop.ui.widgets.popover import Menu

if TYPE_CHECKING:
    from crm_desktop.services.history.record import PastChange

_KINDS = {"c": N_("Created"), "u": N_("Changed"), "d": N_("Deleted")}
_LEAST_LABEL, _MOST_LABEL = 96, 220
_BACK = 28  # the picture that brings a value back


class _Line(NamedTuple):
    """A field: its key and the lines of its name, of the old value and of the new one."""

    key: str
    label: tuple[str, ...]
    old: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def height(self) -> int:
        """In lines."""
        return max(len(self.label), len(self.old), len(self.new), 1)


class HistoryRow(QWidget):
    """Shows a `PastChange`; reused for any."""

    undo_asked = Signal(int)
    back_asked = Signal(int, str)
    """(change, key of the field): the former value is to come back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._change: PastChange | None = None
        self._when = ""
        self._over = ""
        self.undo = ToolButton("undo", "", size=28)
        self.undo.setParent(self)
        self.undo.clicked.connect(
            lambda: self._change is not None and self.undo_asked.emit(self._change.entry.operation)
        )
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_change(self, change: PastChange, when: str) -> None:
        """Shows another change."""
        self._change, self._when = change, when
        said = [f"{_(f.field.label)}: {f.old or '—'} → {f.new or '—'}" for f in change.entry.fields]
        self.setAccessibleName(". ".join([self._head(), when, *said]))
        self.undo.set_tip(_("Undo this change"))
        self.updateGeometry()
        self.update()

    def _head(self) -> str:
        assert self._change is not None
        entry = self._change.entry
        did = _("Restored") if entry.again else _(_KINDS.get(entry.kind, _KINDS["u"]))
        parts = (did, self._change.title, entry.author_name)
        return " · ".join(part for part in parts if part)

    # --- its lines --------------------------------------------------------------------------------

    def _label_width(self, width: int) -> int:
        """As wide as the longest name needs, never more than it may take from the values."""
        assert self._change is not None
        widest = max(
            (metrics().horizontalAdvance(_(c.field.label)) for c in self._change.entry.fields),
            default=0,
        )
        most = min(px(_MOST_LABEL), max(px(_LEAST_LABEL), width // 3))
        return max(px(_LEAST_LABEL), min(widest + px(16), most))

    def _lines(self, width: int) -> list[_Line]:
        assert self._change is not None
        left = self._label_width(width)
        room = width - left - px(_BACK)
        half = max(px(60), (room - px(24)) // 2)
        created = self._change.entry.kind == "c"
        lines = []
        for change in self._change.entry.fields:
            label = wrapped(_(change.field.label), "body", left - px(12), 3)
            old = () if created else wrapped(change.old or "—", "body", half, 3)
            new = wrapped(change.new or "—", "body", room if created else half, 3)
            if not created or change.new:
                lines.append(_Line(change.field.key, label, old, new))
        return lines

    def _places(self) -> list[tuple[_Line, QRect]]:
        """Every line and where it stands."""
        top, found = px(32), []
        for line in self._lines(self.width()):
            high = line.height * line_height("body")
            found.append((line, QRect(0, top, self.width(), high)))
            top += high
        return found

    def _back_rect(self, line: QRect) -> QRect:
        return QRect(self.width() - px(_BACK), line.top() - px(2), px(_BACK), line_height("body"))

    def heightForWidth(self, width: int) -> int:
        if self._change is None:
            return 0
        rows = sum(line.height for line in self._lines(width))
        return px(32) + rows * line_height("body") + px(14)

    def sizeHint(self) -> QSize:
        return QSize(px(320), self.heightForWidth(max(px(320), self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.undo.move(self.width() - self.undo.width(), px(2))

    # --- painting ---------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._change is None:
            return
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("line"))
        room = self.width() - px(44) - metrics("small").horizontalAdvance(self._when)
        painter.setFont(font("strong"))
        painter.setPen(color("text"))
        painter.drawText(QRectF(0, px(4), room, px(24)), LEFT, self._head())
        painter.setFont(font("small"))
        painter.setPen(color("text2"))
        painter.drawText(QRectF(0, px(4), self.width() - px(36), px(24)), RIGHT, self._when)
        self._paint_fields(painter)
        painter.end()

    def _paint_fields(self, painter: QPainter) -> None:
        left = self._label_width(self.width())
        half = max(px(60), (self.width() - left - px(_BACK) - px(24)) // 2)
        painter.setFont(font("body"))
        for line, place in self._places():
            top = float(place.top())
            self._write(painter, line.label, 0, top, "text2")
            self._write(painter, line.old, left, top, "text3")
            if line.old:
                widest = max(metrics().horizontalAdvance(text) for text in line.old) + px(8)
                at = left + min(widest, half)
                self._write(painter, ("→",), at, top, "text3")
                self._write(painter, line.new, at + px(24), top, "text")
            else:
                self._write(painter, line.new, left, top, "text")
            if line.key == self._over and self._can_bring_back():
                spot = self._back_rect(place)
                painter.drawPixmap(spot.left() + px(6), spot.top() + px(4),
                                   pixmap("restore", "accent_text", 16))  # fmt: skip

    def _write(
        self, painter: QPainter, lines: tuple[str, ...], left: float, top: float, ink: str
    ) -> None:
        painter.setPen(color(ink))
        for number, line in enumerate(lines):
            place = top + number * line_height("body")
            painter.drawText(QRectF(left, place, self.width(), line_height("body")), LEFT, line)

    # --- bringing back ----------------------------------------------------------------------------

    def _can_bring_back(self) -> bool:
        return self._change is not None and self._change.entry.kind == "u"

    def _line_at(self, place: QPoint) -> tuple[str, QRect] | None:
        return next(((line.key, r) for line, r in self._places() if r.contains(place)), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._line_at(event.position().toPoint()) if self._change is not None else None
        over = found[0] if found else ""
        if over != self._over:
            self._over = over
            self.setToolTip(_("Bring the former value back") if over and self._can_bring_back()
                            else "")  # fmt: skip
            self.update()

    def leaveEvent(self, event: object) -> None:
        self._over = ""
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        found = self._line_at(place) if self._can_bring_back() else None
        left = event.button() == Qt.MouseButton.LeftButton
        if found and left and self._back_rect(found[1]).contains(place):
            self.bring_back(found[0])

    def bring_back(self, key: str) -> None:
        """The former value of a field is to come back."""
        if self._change is not None:
            self.back_asked.emit(self._change.entry.seq, key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._change is None or not self._can_bring_back():
            return
        menu = Menu(self)
        for change in self._change.entry.fields:
            said = _("Bring back “{value}” ({field})").format(
                value=change.old[:40] or "—", field=_(change.field.label)
            )
            act = menu.addAction(icon("restore"), said)
            act.triggered.connect(lambda _on, key=change.field.key: self.bring_back(key))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())
