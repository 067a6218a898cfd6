"""One entry of a timeline: picture of its kind, what, when, who, the text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import AA, LEFT, NO_PEN, RIGHT, elided, focus_ring, tone_colors
from crm_desktop.ui.record_card.abilities import ActivityShape
from crm_desktop.ui.record_card.loading import ChildRow
from crm_desktop.ui.record_card.values import Surroundings, ref_of, said_moment
from crm_desktop.ui.record_card.wrapping import wrapped
from crm_desktop.ui.theme import color, font, line_height, metrics, px
from crm_desktop.ui.widgets.buttons import focus_by_key


@dataclass(frozen=True, slots=True)
class Entry:
    """An activity in the words it is shown by."""

    record: Ref
    version: int
    icon: str
    tone: str
    kind: str
    title: str
    moment: str
    author: str
    body: str
    source: str = "noted"
    operation: int = 0
    about: str = ""
    quoted: str = ""
    pinned: bool = False
    planned: bool = False
    late: bool = False
    turns: datetime | None = None
    """When it becomes overdue by itself."""

    def with_words(self, **words: Any) -> Entry:
        """The same entry with other words or marks."""
        return replace(self, **words)


def entry_of(shape: ActivityShape, row: ChildRow, around: Surroundings) -> Entry:
    """The words of an activity; a text that repeats the title is not said twice."""
    values = row.values
    key = str(values.get(shape.kind.key) or "") if shape.kind else ""
    choice = shape.kind.choice(key) if shape.kind else None
    moment = values.get(shape.moment.key) if shape.moment else None
    author = ref_of(shape.author, values.get(shape.author.key)) if shape.author else None
    named = around.titles.get(author) if author else None
    title = str(values.get(shape.entity.title_field) or "")
    body = str(values.get(shape.body.key) or "") if shape.body else ""
    kind = _(choice.label) if choice else ""
    title, body = _told_once(title, body.strip(), kind)
    return Entry(
        row.ref, row.version, (choice.icon if choice else "") or shape.entity.icon,
        choice.tone if choice else "neutral", "" if title == kind else kind,
        title, said_moment(moment, around) if moment else "", named.text if named else "", body,
    )  # fmt: skip


def _told_once(title: str, body: str, kind: str) -> tuple[str, str]:
    """Title and text, where the title was made of the beginning of the text."""
    first, _sep, rest = body.partition("\n")
    if first == title:
        return title, rest.strip()
    if kind and title.endswith("…") and body.startswith(title[:-1]):
        return kind, body
    return title, body


class TimelineRow(QWidget):
    """Shows an `Entry`; reused for any. `most` lines of text, all of them after a click."""

    menu_asked = Signal(object, QPoint)
    opened = Signal(object)
    done_asked = Signal(object)
    """What was planned is done."""

    def __init__(self, parent: QWidget, *, most: int = 4) -> None:
        super().__init__(parent)
        self.entry: Entry | None = None
        self._most, self._whole = most, False
        self._last = False
        self._ring = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_entry(self, entry: Entry, *, last: bool) -> None:
        """Shows another entry; `last` ends the line that joins the pictures."""
        if self.entry is None or entry.record != self.entry.record:
            self._whole = False
        self.entry, self._last = entry, last
        parts = (entry.kind, entry.title, entry.moment, entry.author, entry.body)
        self.setAccessibleName(". ".join(part for part in parts if part))
        self.updateGeometry()
        self.update()

    def _text_width(self, width: int) -> int:
        return width - px(44)

    def _title_lines(self, width: int) -> tuple[str, ...]:
        assert self.entry is not None
        when = metrics("small").horizontalAdvance(self.entry.moment) + px(44)
        most = 1 if self._most == 1 else 2
        return wrapped(self.entry.title, "body", self._text_width(width) - when, most)

    def _body_lines(self, width: int) -> tuple[str, ...]:
        assert self.entry is not None
        body = self._body()
        if not body:
            return ()
        most = 400 if self._whole else self._most
        text = body.replace("\n", " ") if self._most == 1 else body
        room = self._text_width(width) - (px(28) if self._most > 1 else 0)
        return wrapped(text, "small", room, most)

    def _side(self) -> str:
        assert self.entry is not None
        pinned = _("Pinned") if self.entry.pinned else ""
        parts = (pinned, self.entry.kind, self.entry.about, self.entry.author)
        return " · ".join(part for part in parts if part)

    def _body(self) -> str:
        assert self.entry is not None
        quoted = f"> {self.entry.quoted}" if self.entry.quoted else ""
        return "\n".join(part for part in (quoted, self.entry.body) if part)

    def heightForWidth(self, width: int) -> int:
        if self.entry is None:
            return 0
        titles = len(self._title_lines(width)) * line_height("body")
        bodies = len(self._body_lines(width)) * line_height("small")
        side = line_height("small") if self._most > 1 or not bodies else 0
        least = px(60) if self.entry.planned and self._most > 1 else px(44)
        return max(least, px(8) + titles + bodies + side + px(8))

    def sizeHint(self) -> QSize:
        return QSize(px(300), self.heightForWidth(max(px(300), self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.entry is None:
            return
        painter = QPainter(self)
        if self._most > 1 and self.underMouse():
            painter.fillRect(self.rect().adjusted(px(36), 0, 0, 0), color("hover"))
        self._paint_picture(painter)
        self._paint_words(painter)
        if self._most > 1 and (self.underMouse() or self.hasFocus()):
            spot = self._menu_rect()
            painter.drawPixmap(spot.left() + px(6), spot.top() + px(6),
                               pixmap("more", "text2", 16))  # fmt: skip
        if self._most > 1 and self.entry.planned:
            spot = self._done_rect()
            painter.drawPixmap(spot.left() + px(6), spot.top() + px(6),
                               pixmap("check", "accent_text", 16))  # fmt: skip
        if self._ring and self.hasFocus():
            focus_ring(painter, QRectF(self.rect()))
        painter.end()

    def _menu_rect(self) -> QRect:
        return QRect(self.width() - px(30), px(4), px(28), px(28))

    def _done_rect(self) -> QRect:
        return QRect(self.width() - px(30), px(28), px(28), px(28))

    def _paint_picture(self, painter: QPainter) -> None:
        assert self.entry is not None
        ink, soft = tone_colors(self.entry.tone)
        middle = QPointF(px(14), px(20))
        if not self._last:
            painter.fillRect(QRectF(px(14), px(36), 1, self.height() - px(38)), color("line2"))
        painter.setRenderHint(AA)
        painter.setPen(NO_PEN)
        painter.setBrush(soft)
        painter.drawEllipse(middle, px(14), px(14))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPixmap(px(6), px(12), pixmap(self.entry.icon, ink.name(), 16))

    def _paint_words(self, painter: QPainter) -> None:
        assert self.entry is not None
        left, top, step = px(44), px(8), line_height("body")
        painter.setFont(font("small"))
        painter.setPen(color("bad" if self.entry is not None and self.entry.late else "text2"))
        right = self.width() - (px(32) if self._most > 1 else px(2))
        painter.drawText(QRectF(left, top, right - left, step), RIGHT, self.entry.moment)
        painter.setFont(font("strong" if self._most > 1 else "body"))
        painter.setPen(color("text"))
        for line in self._title_lines(self.width()):
            painter.drawText(QRectF(left, top, self._text_width(self.width()), step), LEFT, line)
            top += step
        step = line_height("small")
        painter.setFont(font("small"))
        painter.setPen(color("text2"))
        bodies = self._body_lines(self.width())
        for line in bodies:
            painter.drawText(QRectF(left, top, self.width() - left, step), LEFT, line)
            top += step
        if self._most > 1 or not bodies:
            painter.setPen(color("text3"))
            side = elided(self._side(), "small", self.width() - left)
            painter.drawText(QRectF(left, top, self.width() - left, step), LEFT, side)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self.entry is None:
            return
        place = event.position().toPoint()
        if self._most > 1 and self.entry.planned and self._done_rect().contains(place):
            self.done_asked.emit(self.entry)
        elif self._most > 1 and self._menu_rect().contains(place):
            self.menu_asked.emit(self.entry, self.mapToGlobal(self._menu_rect().bottomLeft()))
        else:
            self._toggle()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.entry is not None:
            self.opened.emit(self.entry)

    def _toggle(self) -> None:
        """Shows the whole text, or its beginning again."""
        if self._most > 1:
            self._whole = not self._whole
            self.updateGeometry()
            self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.entry is not None and self._most > 1:
            self.menu_asked.emit(self.entry, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.entry is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_F2):
            self.opened.emit(self.entry)
        elif event.key() == Qt.Key.Key_Space:
            self._toggle()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event, self._ring)
        super().focusInEvent(event)
        self.update()
