"""Texts and small pictures that are made once and painted often.

Keys hold everything the picture depends on; the caches are dropped with the theme and when they
grow too big. A picture is put on whole device pixels, or it would blur at 125 and 150 %.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap

from crm_desktop.ui import painting
from crm_desktop.ui.theme import color, font, metrics, px, theme

_MOST = 6000


class Texts:
    """One-line texts cut to their room: by (text, type, width).

    Most of what a new page costs is measuring. Of the alphabets of our users each letter has its
    own width wherever it stands, so those are added up; any other text is measured by Qt.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, int], str] = {}
        self._wide: dict[tuple[str, str], int] = {}
        self._letters: dict[str, dict[str, float]] = {}

    def fitted(self, text: str, kind: str, room: int) -> str:
        """The text, cut with an ellipsis if it is wider than `room` px."""
        key = (text, kind, room)
        found = self._known.get(key)
        if found is None:
            if len(self._known) > _MOST:
                self._known.clear()
            line, room = text.replace("\n", " "), max(0, room)
            found = self._fit(line, kind, room)
            if found != line:
                from crm_desktop.models.text.short_names import shorter_names

                found = next(
                    (s for s in shorter_names(line) if self._fit(s, kind, room) == s), found
                )
            self._known[key] = found
        return found

    def _fit(self, line: str, kind: str, room: int) -> str:
        widths = self._letters.setdefault(kind, {})
        left, cut = float(room), -1
        for place, letter in enumerate(line):
            wide = widths.get(letter)
            if wide is None:
                if not _stands_alone(letter):
                    return metrics(kind).elidedText(line, Qt.TextElideMode.ElideRight, room)
                wide = widths[letter] = QFontMetricsF(font(kind)).horizontalAdvance(letter)
            left -= wide
            if cut < 0 and left < self._ellipsis(kind, widths):
                cut = place
            if left < 0:
                return line[:cut].rstrip() + "…"
        return line

    @staticmethod
    def _ellipsis(kind: str, widths: dict[str, float]) -> float:
        wide = widths.get("…")
        if wide is None:
            wide = widths["…"] = QFontMetricsF(font(kind)).horizontalAdvance("…")
        return wide

    def width(self, text: str, kind: str) -> int:
        """How wide the text is, in px."""
        key = (text, kind)
        found = self._wide.get(key)
        if found is None:
            if len(self._wide) > _MOST:
                self._wide.clear()
            found = self._wide[key] = metrics(kind).horizontalAdvance(text)
        return found

    def forget(self) -> None:
        """After a switch of the theme or of the scale."""
        self._known.clear()
        self._wide.clear()
        self._letters.clear()


def _stands_alone(letter: str) -> bool:
    """Latin, Greek, Cyrillic and the marks of an office; others are joined or combined."""
    code = ord(letter)
    return (
        code < 0x300
        or 0x370 <= code < 0x483
        or 0x48A <= code < 0x530
        or 0x2010 <= code <= 0x2027
        or letter in "№₽€"
    )


class Pictures:
    """Pills, avatars and tick boxes as pixmaps, by look and ratio of the screen."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], QPixmap] = {}

    def forget(self) -> None:
        """After a switch of the theme or of the scale."""
        self._known.clear()

    def pill(self, text: str, tone: str, width: int, ratio: float) -> QPixmap:
        """A pill at most `width` px wide; the word is cut if it must be."""
        key = ("pill", text, tone, width, ratio)
        if key not in self._known:
            shown = painting.elided(text, "small", width - px(27))
            wide = min(width, painting.pill_width(shown))
            picture, painter = self._canvas(wide, px(22), ratio)
            painting.pill(painter, QRectF(0, 0, wide, px(22)), shown, tone=tone)
            self._keep(key, picture, painter)
        return self._known[key]

    def chip(self, text: str, tone: str, width: int, ratio: float) -> QPixmap:
        """A tag at most `width` px wide: square where a pill is round, and without its dot."""
        key = ("chip", text, tone, width, ratio)
        if key not in self._known:
            shown = painting.elided(text, "small", width - px(14))
            wide = min(width, metrics("small").horizontalAdvance(shown) + px(14))
            picture, painter = self._canvas(wide, px(20), ratio)
            ink, soft = painting.tone_colors(tone)
            painting.box(painter, QRectF(0, 0, wide, px(20)), radius=5, fill=soft)
            painter.setFont(font("small"))
            painter.setPen(ink)
            painter.drawText(QRectF(0, 0, wide, px(20)), painting.CENTER, shown)
            self._keep(key, picture, painter)
        return self._known[key]

    def avatar(self, number: int, shape: str, side: int, ratio: float) -> QPixmap:
        """The ground of an avatar; its letters are written on it by `painting.letters`."""
        key = ("avatar", number, shape, side, ratio)
        if key not in self._known:
            picture, painter = self._canvas(side, side, ratio)
            rect = QRectF(0.5, 0.5, side - 1, side - 1)
            painting.avatar_ground(painter, rect, number=number, square=shape == "square")
            self._keep(key, picture, painter)
        return self._known[key]

    def tick(self, state: Qt.CheckState, ratio: float) -> QPixmap:
        """A tick box of 16 px."""
        key = ("tick", state, ratio)
        if key not in self._known:
            picture, painter = self._canvas(px(16), px(16), ratio)
            painting.tick_box(painter, QRectF(0, 0, px(16), px(16)), state)
            self._keep(key, picture, painter)
        return self._known[key]

    def tag(self, text: str, ratio: float) -> QPixmap:
        """A small word in a box, after a title."""
        key = ("badge", text, ratio)
        if key not in self._known:
            wide = metrics("caption").horizontalAdvance(text) + px(14)
            picture, painter = self._canvas(wide, px(18), ratio)
            rect = QRectF(0, 0, wide, px(18))
            painting.box(painter, rect, radius=4, fill="surface", border="line2")
            painter.setFont(font("caption"))
            painter.setPen(color("text2"))
            painter.drawText(rect, painting.CENTER, text)
            self._keep(key, picture, painter)
        return self._known[key]

    def _canvas(self, wide: int, tall: int, ratio: float) -> tuple[QPixmap, QPainter]:
        if len(self._known) > _MOST // 4:
            self._known.clear()
        picture = QPixmap((QSizeF(max(1, wide), tall) * ratio).toSize())
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        return picture, QPainter(picture)

    def _keep(self, key: tuple[object, ...], picture: QPixmap, painter: QPainter) -> None:
        painter.end()
        self._known[key] = picture


def whole(painter: QPainter, x: float, y: float) -> QPointF:
    """The nearest point that lies on a device pixel."""
    t = painter.deviceTransform()
    sx, sy, dx, dy = t.m11(), t.m22(), t.dx(), t.dy()
    return QPointF((round(x * sx + dx) - dx) / sx, (round(y * sy + dy) - dy) / sy)


def look_key() -> tuple[object, float]:
    """What the caches depend on besides their keys."""
    return theme().tokens, theme().scale
