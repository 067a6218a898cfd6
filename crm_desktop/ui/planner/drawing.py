"""Paints a sheet in its own coordinates: on the screen a part of it, on paper all of it.

What is narrow is painted without text and without round corners, many at a time: in three weeks of
fifty people there are thousands of bars of a few pixels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from crm_desktop.i18n import _
from crm_desktop.services.planner.bars import DELETED, Bar
from crm_desktop.services.planner.load import tone
from crm_desktop.ui.painting import AA, LEFT, NO_BRUSH, NO_PEN, RIGHT, box, elided, stroke, tick
from crm_desktop.ui.planner.axis import Axis, hour_step
from crm_desktop.ui.planner.geometry import STRIP, Entry, Geometry
from crm_desktop.ui.planner.look import Look
from crm_desktop.ui.planner.sheet import Sheet, Spot
from crm_desktop.ui.theme import category, color, font, metrics, px

LEAST, NARROW, PLAIN, TIGHT, WORDY = 3.0, 6, 24, 28, 42
"""Widths: that of the narrowest bar; below the second a bar is a stroke, below the third it has no
round corners, below the fourth no words, below the last only the beginning of a name."""
_KEPT, _LATE = 4000, -1
PINNED = 60
"""Words that keep to the edge leave so much of themselves in sight, and no less."""
Chosen = Collection[tuple[int, int]]


class Drawing:
    """How one sheet is painted; `scale` is pixels a minute."""

    def __init__(self, sheet: Sheet, geometry: Geometry, look: Look) -> None:
        self.sheet, self.geometry, self.look = sheet, geometry, look
        self.scale = 1.0
        self.chosen: Chosen = ()
        self.faded: Chosen = ()
        self.on_top = False
        """Words stand at the top of a bar, not in its middle: bars go down the hours."""
        self.pin = 0.0
        """The left edge of what is seen: words of bars that begin before it keep to it."""
        self._cut: dict[tuple[str, str, int], str] = {}

    @property
    def axis(self) -> Axis:
        """Time across."""
        return self.sheet.axis

    @property
    def width(self) -> float:
        """Of all the days, in pixels."""
        return self.axis.length * self.scale

    def rect_of(self, spot: Spot, entry: Entry) -> QRectF:
        """Where a bar is painted."""
        left = spot.left * self.scale
        wide = max(LEAST, (spot.right - spot.left) * self.scale - 1)
        return QRectF(left, entry.lane_top(spot.lane), wide, entry.lane - 2)

    # --- the ground -------------------------------------------------------------------------------

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Everything within `area` but what moves."""
        painter.fillRect(area, color("surface"))
        entries = list(self.geometry.between(int(area.top()), int(area.bottom())))
        rows = [entry for entry in entries if entry.line is not None]
        self._paint_shades(painter, area, rows)
        self._paint_upright(painter, area)
        self._paint_across(painter, area, entries)
        if self.axis.days > 1:
            self._paint_loads(painter, area, rows)
        for entry in rows:
            self._paint_row(painter, area, entry)
        self._paint_now(painter, area)

    def _paint_shades(self, painter: QPainter, area: QRectF, rows: list[Entry]) -> None:
        scale, rects = self.scale, []
        for entry in rows:
            assert entry.line is not None
            for left, right in entry.line.shades:
                if right * scale >= area.left() and left * scale <= area.right():
                    wide = max(1, round(right * scale) - round(left * scale))
                    rects.append(QRect(round(left * scale), entry.top, wide, entry.height))
        painter.setPen(NO_PEN)
        painter.setBrush(color("chrome"))
        painter.drawRects(rects)
        painter.setBrush(NO_BRUSH)

    def _paint_upright(self, painter: QPainter, area: QRectF) -> None:
        top, bottom = area.top(), area.bottom()
        hours, days = [], []
        for left, whole in self.uprights(area):
            (days if whole else hours).append(QLineF(left, top, left, bottom))
        painter.setRenderHint(AA, False)
        painter.setPen(color("line"))
        painter.drawLines(hours)
        painter.setPen(color("line2"))
        painter.drawLines(days)

    def uprights(self, area: QRectF) -> Iterator[tuple[float, bool]]:
        """Lines of the hours within `area`, and whether a day begins there."""
        axis, scale = self.axis, self.scale
        step = hour_step(60 * scale) * 60
        wide = axis.shown * scale
        first = max(0, int(area.left() // wide))
        for day in range(first, min(axis.days, int(area.right() // wide) + 1)):
            yield round(day * wide), True
            if step:
                begin = -(-axis.opens // step) * step
                for minute in range(begin, axis.closes, step):
                    if minute > axis.opens:
                        yield round((day * axis.shown + minute - axis.opens) * scale), False

    def _paint_across(self, painter: QPainter, area: QRectF, entries: list[Entry]) -> None:
        lines = []
        for entry in entries:
            if entry.line is None:
                rect = QRectF(area.left(), entry.top, area.width(), entry.height)
                painter.fillRect(rect, color("chrome"))
            under = entry.bottom - 1
            lines.append(QLineF(area.left(), under, area.right(), under))
        painter.setPen(color("line"))
        painter.drawLines(lines)

    def _paint_loads(self, painter: QPainter, area: QRectF, rows: list[Entry]) -> None:
        wide = self.axis.shown * self.scale
        first = max(0, int(area.left() // wide))
        days = range(first, min(self.axis.days, int(area.right() // wide) + 1))
        worded = wide >= px(44)
        painter.setFont(font("caption"))
        for entry in rows:
            assert entry.line is not None
            for day in days:
                load = entry.line.loads[day] if day < len(entry.line.loads) else None
                if load is None or not load.busy:
                    continue
                ink = color(tone(load.busy, load.capacity) or "text3")
                share = min(1.0, load.busy / load.capacity) if load.capacity else 1.0
                left, room = day * wide + px(4), wide - px(8)
                words = load_words(load.busy, load.capacity) if worded else ""
                place = QRectF(left, entry.bottom - px(STRIP) - 2, room, px(STRIP))
                if words:
                    painter.setPen(ink)
                    painter.drawText(place, RIGHT, words)
                taken = metrics("caption").horizontalAdvance(words) + px(4) if words else 0
                bar = QRectF(left, place.center().y() - 1, max(0.0, room - taken), 3)
                painter.fillRect(bar, color("line"))
                bar.setWidth(bar.width() * share)
                painter.fillRect(bar, ink)

    # --- bars -------------------------------------------------------------------------------------

    def _paint_row(self, painter: QPainter, area: QRectF, entry: Entry) -> None:
        assert entry.line is not None
        edges: dict[int, list[QRect]] = defaultdict(list)
        grounds: dict[int, list[QRect]] = defaultdict(list)
        wordy: list[Spot] = []
        scale, faded, now = self.scale, self.faded, self.sheet.now
        past = self.axis.place(now)
        spots = list(entry.line.between((area.left() - 4) / scale, (area.right() + 4) / scale))
        numbers = self.look.numbers([spot.bar for spot in spots])
        heights = [_rounded(entry.lane_top(n), entry.lane - 2) for n in range(entry.line.lanes)]
        for spot, number in zip(spots, numbers, strict=True):
            left, right, lane, bar = spot
            wide = (right - left) * scale - 1
            if wide < LEAST:
                wide = LEAST
            if wide >= PLAIN or bar.draft or (faded and bar.key in faded):
                wordy.append(spot)
                continue
            begin, (y, tall) = left * scale, heights[lane]
            x = round(begin)
            broad = round(begin + wide) - x
            if wide >= NARROW:
                grounds[number].append(QRect(x, y, broad, tall))
                broad = 3
            late = right <= past and bar.is_late(now)
            edges[_LATE if late else number].append(QRect(x, y, broad, tall))
        painter.setRenderHint(AA, False)
        painter.setPen(NO_PEN)
        for place, found in ((1, grounds), (0, edges)):
            for number, rects in found.items():
                painter.setBrush(color("bad") if number == _LATE else category(number)[place])
                painter.drawRects(rects)
        painter.setBrush(NO_BRUSH)
        for spot in wordy:
            self.paint_bar(painter, spot.bar, self.rect_of(spot, entry))
        if self.chosen:
            self._paint_chosen(painter, area, entry)

    def paint_bar(self, painter: QPainter, bar: Bar, rect: QRectF, *, ghost: bool = False) -> None:
        """One bar that is wide enough to be told from its neighbours."""
        edge, soft, ink = self.look.colours(bar)
        if bar.is_late(self.sheet.now):
            edge = ink = color("bad")
        faded = not ghost and bar.key in self.faded
        painter.setOpacity(0.4 if faded or bar.draft == DELETED else 1.0)
        painter.setRenderHint(AA)
        painter.setPen(NO_PEN)
        painter.setBrush(soft)
        painter.drawRoundedRect(rect, 3, 3)
        painter.setBrush(NO_BRUSH)
        painter.fillRect(QRectF(rect.left(), rect.top(), px(3), rect.height()), edge)
        if rect.width() >= px(WORDY):
            self._paint_words(painter, bar, rect, ink)
        elif rect.width() >= px(TIGHT):
            painter.setPen(ink)
            painter.setFont(font("small"))
            painter.drawText(rect.adjusted(px(6), 0, -1, 0), LEFT, self.words(bar)[0])
        if bar.draft:
            _paint_draft(painter, rect, ink, struck=bar.draft == DELETED)
        painter.setOpacity(1.0)

    def _paint_words(self, painter: QPainter, bar: Bar, rect: QRectF, ink: QColor) -> None:
        room = rect.adjusted(px(8), 1, -px(3), -1)
        room.setLeft(max(room.left(), min(self.pin + px(8), room.right() - px(PINNED))))
        done = bar.state == "done" and rect.width() > px(70)
        if done:
            spot = QRectF(rect.right() - px(20), rect.top() + px(3), px(14), px(14))
            painter.setPen(stroke("ok", 1.6))
            tick(painter, spot)
            room.setRight(spot.left() - px(2))
        others = self.behind(bar)
        if others:
            self._paint_number(painter, room, len(others), ink)
        title, second = self.words(bar)
        lines = [("strong", title)]
        if rect.height() >= px(37) and second:
            lines.append(("small", second))
        if rect.height() >= px(50) and rect.width() > px(76) and not bar.all_day:
            times = f"{self.axis.clock(bar.starts)}–{self.axis.clock(bar.ends)}"
            lines.append(("small", times))
        tall = px(17)
        spare = max(0.0, (room.height() - tall * len(lines)) / 2)
        top = room.top() + (min(spare, px(2)) if self.on_top else spare)
        painter.setPen(ink)
        for place, (kind, text) in enumerate(lines):
            wide = rect.right() - px(3) - room.left() if place else room.width()
            painter.setFont(font(kind))
            line = QRectF(room.left(), top + place * tall, wide, tall)
            painter.drawText(line, LEFT, self.elided(text, kind, int(wide)))

    @staticmethod
    def _paint_number(painter: QPainter, room: QRectF, count: int, ink: QColor) -> None:
        """How many stand behind the bar, at its right edge; takes the room away."""
        said = f"+{count}"
        painter.setFont(font("strong"))
        painter.setPen(ink)
        painter.drawText(room, RIGHT, said)
        room.setRight(room.right() - metrics("strong").horizontalAdvance(said) - px(4))

    def behind(self, bar: Bar) -> list[Bar]:
        """What stands behind a bar that is shown."""
        line = self.sheet.by_ref.get(bar.row)
        return line.behind.get(bar.key, []) if line is not None else []

    def words(self, bar: Bar) -> tuple[str, str]:
        """The two lines of a bar: whom it is about and what it is."""
        if bar.hidden:
            return _("Busy"), ""
        name = self.sheet.names.get(bar.about, "") if bar.about else ""
        what = bar.subject or self.look.kind_word(bar.kind)
        return (name, what) if name else (what, self.look.kind_word(bar.kind))

    def elided(self, text: str, kind: str, wide: int) -> str:
        """The text cut to a width; remembered."""
        key = (text, kind, wide)
        known = self._cut.get(key)
        if known is None:
            if len(self._cut) > _KEPT:
                self._cut.clear()
            known = elided(text, kind, wide)
            self._cut[key] = known
        return known

    def _paint_chosen(self, painter: QPainter, area: QRectF, entry: Entry) -> None:
        assert entry.line is not None
        for spot in entry.line.between(area.left() / self.scale, area.right() / self.scale):
            if spot.bar.key in self.chosen:
                rect = self.rect_of(spot, entry).adjusted(-1, -1, 1, 1)
                box(painter, rect, radius=4, border=self.look.colours(spot.bar)[0], width=2)

    def _paint_now(self, painter: QPainter, area: QRectF) -> None:
        left = self.now_left()
        if left is not None and area.left() - 2 <= left <= area.right() + 2:
            painter.setRenderHint(AA, False)
            painter.setPen(QPen(color("bad"), 2))
            painter.drawLine(QPointF(left, area.top()), QPointF(left, area.bottom()))

    def now_left(self) -> float | None:
        """Where now is; None if it is on none of the days."""
        edges, now = self.axis.edges, self.sheet.now
        if not edges[0] <= now < edges[-1]:
            return None
        return round(self.axis.place(now) * self.scale)


def _rounded(begin: float, length: float) -> tuple[int, int]:
    """Whole pixels: where it begins and how long it is."""
    first = round(begin)
    return first, round(begin + length) - first


def load_words(busy: int, capacity: int) -> str:
    """`82 %`, or the hours where nobody works that day."""
    if capacity:
        return f"{round(100 * busy / capacity)} %"
    return f"{busy // 60}:{busy % 60:02}"


def _paint_draft(painter: QPainter, rect: QRectF, ink: QColor, *, struck: bool) -> None:
    """A dashed edge; what a draft deletes is struck out."""
    painter.setPen(QPen(ink, 1.5, Qt.PenStyle.DashLine))
    painter.drawRoundedRect(rect.adjusted(0.75, 0.75, -0.75, -0.75), 3, 3)
    if struck:
        painter.setPen(QPen(ink, 1.5))
        middle = rect.center().y()
        painter.drawLine(QPointF(rect.left() + 4, middle), QPointF(rect.right() - 4, middle))
