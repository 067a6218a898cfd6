"""Rows of a table as the design draws them, within 8 ms for a screen of 25 rows by 8 columns.

Grounds are filled before antialiasing is turned on, texts are measured once, pills and avatars
are pixmaps. The view says which row is current and which is under the pointer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from crm_desktop.ui.delegates.pictures import Pictures, Texts, look_key, whole
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.itemmodels.cells import CELL_ROLE, Cell
from crm_desktop.ui.painting import (
    AA,
    avatar_letters,
    initials,
    name_category,
    pill_width,
    portrait,
    tone_colors,
)
from crm_desktop.ui.theme import font, line_height, metrics, px, theme

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.definitions import Ref

_Index = QModelIndex | QPersistentModelIndex
_AVATAR, _FACE = 26, 20
"""Of what a row stands for, and of whom a cell names."""
_CHIP = 48  # less room is not worth a part of a tag
_NAMES = 5000  # whose initials are kept
_RIGHT = ("number", "money")


Place = tuple[int, int, int]
"""(column, left, width) of a cell."""


class RowState(Protocol):
    """What the view tells the delegate about a row."""

    hover_row: int

    def is_marked(self, row: int) -> bool:
        """Whether the row is current or ticked, and gets the ground of a selection."""
        ...

    def is_late(self) -> bool:
        """Whether rows have been missing long enough to show skeletons."""
        ...

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell to paint; asked of the view because a role of the model is twice as dear."""
        ...


class TableDelegate(QStyledItemDelegate):
    """Paints the `Cell` of an index by its kind."""

    def __init__(self, view: RowState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._texts = Texts()
        self._pictures = Pictures()
        self._letters: dict[str, str] = {}
        self._look: object = None
        self._leads: dict[int, int] = {}
        """By the left edge of its column, how far the sum of a group begins before it."""
        self._row = -1
        self._tint: QColor | None = None  # the ground of the row that is painted
        self._take_look()

    def _take_look(self) -> None:
        """Copies colours and sizes out of the theme: a cell must not look them up."""
        self._look = look_key()
        self._texts.forget()
        self._pictures.forget()
        self._fonts: dict[str, QFont] = {k: font(k) for k in ("strong", "body", "small")}
        self._tall = {k: metrics(k).height() for k in self._fonts}
        self._ascent = {k: metrics(k).ascent() for k in self._fonts}
        self._colors: dict[str, QColor] = dict(theme().colors)
        self._marks: dict[str, tuple[QColor, QColor]] = {}
        self._line = self._colors["line"]
        self._pad = px(10)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        self.begin()
        self.paint_row(painter, rect.top(), rect.height(), index.row(),
                       [(index.column(), rect.left(), rect.width())])  # fmt: skip

    def begin(self) -> None:
        """Before rows are painted: takes over another theme."""
        if look_key() != self._look:
            self._take_look()

    def paint_row(
        self, painter: QPainter, top: int, tall: int, row: int, places: Sequence[Place]
    ) -> None:
        """Paints cells of a row; a whole row at once is a third cheaper than cell by cell."""
        self._tint, self._row = self._row_tint(row), row
        left = min(place[1] for place in places)
        wide = max(place[1] + place[2] for place in places) - left
        if self._tint is not None:
            painter.fillRect(left, top, wide, tall, self._tint)
        painter.fillRect(left, top + tall - 1, wide, 1, self._line)
        for column, x, width in places:
            cell = self._view.cell(row, column)
            if cell is not None:
                rect = QRect(x, top, width, tall)
                if cell.mark:
                    self._mark(painter, rect, cell)
                self._content(painter, rect, cell)
            elif self._view.is_late():
                self._skeleton(painter, QRect(x, top, width, tall), row * 7 + column * 3)

    def paint_head(
        self, painter: QPainter, top: int, tall: int, row: int, places: Sequence[Place]
    ) -> None:
        """Paints the head of a group, all its columns: its name runs on over empty ones."""
        column, left, wide = places[0]
        name = self._view.cell(row, column)
        if name is None or len(places) == 1:
            self.paint_row(painter, top, tall, row, places)
            return
        ground = self._row_tint(row) or self._colors["sunken"]
        painter.fillRect(left, top, wide, tall, ground)  # a sum may begin over it
        painter.fillRect(left, top + tall - 1, wide, 1, self._line)
        wide = self._place_sums(row, places, wide - self._name_width(name))
        self.paint_row(painter, top, tall, row, places[1:])
        if self._tint is not None:
            painter.fillRect(left, top, wide, tall, self._tint)
        painter.fillRect(left, top + tall - 1, wide, 1, self._line)
        self._group(painter, QRect(left, top, wide, tall), name)

    def _place_sums(self, row: int, places: Sequence[Place], free: int) -> int:
        """How far each sum begins before its column, over the `free` room and empty columns; how
        wide the name is then."""
        self._leads, named = {}, 0
        for column, x, width in places[1:]:
            cell = self._view.cell(row, column)
            if cell is not None and not cell.text:
                free += width
                continue
            text = cell.text if cell is not None else ""
            need = self._texts.width(text, "body") + 2 * self._pad + px(2) - width
            lead = self._leads[x] = max(0, min(need, free))
            named, free = named or x - lead - places[0][1], 0
        _column, last, width = places[-1]
        return named or last + width - places[0][1]

    def _name_width(self, cell: Cell) -> int:
        """What the name of a group and its number take."""
        counted = metrics("small").horizontalAdvance(cell.tag) + px(8)
        before = px(8) + cell.depth * px(18) + px(12) + 2 * self._pad
        return before + self._texts.width(cell.text, "strong") + counted

    def _mark(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        """The colour of a condition that holds: a ground, and a bar where the row begins."""
        bar, ground = self._mark_colors(cell.mark)
        if self._tint is None:
            painter.fillRect(rect.adjusted(0, 0, 0, -1), ground)
        if cell.striped:
            painter.fillRect(QRect(rect.left(), rect.top(), px(3), rect.height() - 1), bar)

    def _mark_colors(self, tone: str) -> tuple[QColor, QColor]:
        """(bar, ground) of a mark."""
        found = self._marks.get(tone)
        if found is None:
            found = self._marks[tone] = tone_colors(tone)
        return found

    def _row_tint(self, row: int) -> QColor | None:
        if self._view.is_marked(row):
            return self._colors["select"]
        return self._colors["hover"] if self._view.hover_row == row else None

    def _content(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        kind = cell.kind
        if kind == "title":
            self._title(painter, rect, cell)
        elif kind == "group":
            self._group(painter, rect, cell)
        elif kind == "pill":
            if cell.text:
                self._pill(painter, rect, cell)
        elif kind == "tags":
            if cell.text:
                self._tags(painter, rect, cell)
        elif kind == "check":
            if cell.text:
                self._check(painter, rect)
        elif cell.text:
            self._words(painter, rect, cell)

    def _words(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        if cell.face is not None:
            rect = self._face(painter, rect, cell)
        ink = "bad" if cell.bad else _INKS.get(cell.kind, "text2")
        self._text(painter, rect, cell.text, ink=ink, right=cell.kind in _RIGHT)

    def _text(
        self,
        painter: QPainter,
        rect: QRect,
        text: str,
        *,
        ink: str,
        right: bool,
        kind: str = "body",
    ) -> tuple[str, int]:
        """Paints a line inside the cell; gives what is seen of it and its left end."""
        room = rect.width() - 2 * self._pad
        shown = self._texts.fitted(text, kind, room)
        painter.setFont(self._fonts[kind])
        painter.setPen(self._colors[ink])
        left = rect.left() + self._pad
        if right:
            left += max(0, room - self._texts.width(shown, kind))
        base = rect.top() + (rect.height() - 1 - self._tall[kind]) // 2 + self._ascent[kind]
        painter.drawText(left, base, shown)
        return shown, left

    def _photo(self, cell: Cell) -> QPixmap | None:
        """The picture of whom the cell names, or of what the row stands for, where its view knows
        one."""
        if cell.face is not None:
            of: Callable[[Ref], QPixmap | None] | None = getattr(self._view, "face_of", None)
            return of(cell.face) if of is not None else None
        ask: Callable[[int], QPixmap | None] | None = getattr(self._view, "picture_at", None)
        return ask(self._row) if ask is not None else None

    def _face(self, painter: QPainter, rect: QRect, cell: Cell) -> QRect:
        """Who is named, small; the room that is left for the name."""
        side = min(px(_FACE), rect.height() - 6)
        if rect.width() < 3 * side:
            return rect
        self._avatar(painter, rect, (self._pad, side), cell, "round")
        return rect.adjusted(side + px(6), 0, 0, 0)

    def _avatar(
        self, painter: QPainter, rect: QRect, spot: tuple[int, int], cell: Cell, shape: str
    ) -> None:
        """A picture, else initials; `spot`: how far from the left, and the side."""
        left, side = spot
        top = rect.top() + (rect.height() - 1 - side) / 2
        place = whole(painter, rect.left() + left, top)
        photo = self._photo(cell)
        if photo is not None:
            portrait(painter, QRectF(place.x(), place.y(), side, side), cell.text, photo)
            return
        number, ratio = name_category(cell.text), painter.device().devicePixelRatioF()
        painter.drawPixmap(place, self._pictures.avatar(number, shape, side, ratio))
        square = QRectF(place.x() + 0.5, place.y() + 0.5, side - 1, side - 1)
        avatar_letters(painter, square, self._initials(cell.text), number=number)

    def _title(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        ratio = painter.device().devicePixelRatioF()
        if cell.avatar:
            side = min(px(_AVATAR), rect.height() - 6)
            self._avatar(painter, rect, (px(8), side), cell, cell.avatar)
            rect = rect.adjusted(side + px(8), 0, 0, 0)
        shown, left = self._text(painter, rect, cell.text, ink="text", right=False, kind="strong")
        if cell.tag:
            end = left + self._texts.width(shown, "strong")
            picture = self._pictures.tag(cell.tag, ratio)
            wide = picture.width() / ratio
            if end + px(8) + wide < rect.right() - 4:
                top = rect.top() + (rect.height() - 1 - px(18)) / 2
                painter.drawPixmap(whole(painter, end + px(8), top), picture)

    def _initials(self, name: str) -> str:
        found = self._letters.get(name)
        if found is None:
            if len(self._letters) > _NAMES:
                self._letters.clear()
            found = self._letters[name] = initials(name)
        return found

    def _pill(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        ratio = painter.device().devicePixelRatioF()
        room = rect.width() - px(12)
        picture = self._pictures.pill(cell.text, cell.tone, room, ratio)
        top = rect.top() + (rect.height() - 1 - px(22)) / 2
        painter.drawPixmap(whole(painter, rect.left() + px(8), top), picture)

    def _tags(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        """Tags side by side as far as there is room; then how many more there are."""
        ratio = painter.device().devicePixelRatioF()
        names, tones = cell.text.split(","), cell.tone.split(",")
        left, end = rect.left() + px(8), rect.right() - px(4)
        top = rect.top() + (rect.height() - 1 - px(20)) / 2
        for place, name in enumerate(names):
            rest = len(names) - place
            room = end - left - (px(30) if rest > 1 else 0)
            if room < px(_CHIP) and place:
                picture = self._pictures.chip(f"+{rest}", "neutral", px(40), ratio)
                rest = 0
            else:
                tone = tones[place] if place < len(tones) else "neutral"
                picture = self._pictures.chip(name.strip(), tone, max(px(30), room), ratio)
            painter.drawPixmap(whole(painter, left, top), picture)
            if not rest:
                return
            left += round(picture.width() / ratio) + px(4)

    def _group(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        """The head of a group: a chevron, its name and number; at the right of it the sums."""
        if self._tint is None:
            painter.fillRect(rect.adjusted(0, 0, 0, -1), self._colors["sunken"])
        if cell.depth < 0:
            wide = rect.adjusted(-self._leads.get(rect.left(), 0), 0, 0, 0)
            self._text(painter, wide, cell.text, ink="text2", right=True)
        if not cell.avatar:
            return
        left = rect.left() + px(8) + cell.depth * px(18)
        top = rect.top() + (rect.height() - px(16)) // 2
        name = "chevron-down" if cell.avatar == "open" else "chevron-right"
        painter.drawPixmap(left, top, pixmap(name, "text2", 16))
        room = rect.adjusted(left - rect.left() + px(12), 0, 0, 0)
        counted = metrics("small").horizontalAdvance(cell.tag) + px(8)
        words = room.adjusted(0, 0, -counted, 0)
        shown, at = self._text(painter, words, cell.text, ink="text", right=False, kind="strong")
        end = at + self._texts.width(shown, "strong")
        place = QRect(end, rect.top(), rect.right() - end, rect.height())
        self._text(painter, place, cell.tag, ink="text3", right=False, kind="small")

    def _check(self, painter: QPainter, rect: QRect) -> None:
        top = rect.top() + (rect.height() - px(16)) / 2
        painter.drawPixmap(whole(painter, rect.left() + self._pad, top), pixmap("check", "ok", 16))

    def _skeleton(self, painter: QPainter, rect: QRect, seed: int) -> None:
        room = rect.width() - 2 * self._pad
        wide = room * (45 + seed * 37 % 50) // 100
        painter.setRenderHint(AA)
        painter.setBrush(self._colors["pressed"])
        painter.setPen(self._colors["clear"])
        top = rect.top() + (rect.height() - px(10)) // 2
        bar = QRect(rect.left() + self._pad, top, wide, px(10))
        painter.drawRoundedRect(bar, 4, 4)
        painter.setRenderHint(AA, on=False)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        cell = index.data(CELL_ROLE)
        if cell is None:
            return QSize(px(60), line_height("body"))
        if cell.kind == "pill":
            return QSize(pill_width(cell.text) + px(18), px(30))
        wide = metrics("strong" if cell.kind == "title" else "body").horizontalAdvance(cell.text)
        extra = px(_AVATAR + 8) if cell.avatar else px(_FACE + 6) if cell.face else 0
        return QSize(wide + extra + px(22), px(30))


_INKS = {"text": "text", "number": "text", "money": "text", "link": "accent_text"}
