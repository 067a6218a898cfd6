"""Strokes that several widgets and delegates share: boxes, pills, avatars, ticks, shadows.

Each function leaves the painter's brush empty. Backgrounds of cells are not painted here: they
must be filled before antialiasing is turned on, or seams show at 125 and 150 %.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
)

from crm_desktop.ui.theme import category, color, font, metrics, px, theme

AA = QPainter.RenderHint.Antialiasing
NO_PEN = Qt.PenStyle.NoPen
NO_BRUSH = Qt.BrushStyle.NoBrush
_SINGLE = Qt.TextFlag.TextSingleLine
LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | _SINGLE)
RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | _SINGLE)
CENTER = int(Qt.AlignmentFlag.AlignCenter | _SINGLE)
TONES = ("ok", "warn", "bad", "info", "neutral", "accent")


def tone_colors(tone: str) -> tuple[QColor, QColor]:
    """(ink, soft ground) of a tone; an unknown tone is neutral."""
    if tone == "accent":
        return color("accent_text"), color("accent_soft")
    known = tone if tone in TONES else "neutral"
    return color(known), color(f"{known}_soft")


def box(
    painter: QPainter,
    rect: QRectF,
    *,
    radius: float = 6,
    fill: str | QColor = "",
    border: str | QColor = "",
    width: float = 1,
) -> None:
    """A rounded box with a border that lies inside `rect`; colours are tokens or `QColor`."""
    painter.setRenderHint(AA)
    inset = width / 2 if border else 0.0
    painter.setPen(QPen(_colour(border), width) if border else NO_PEN)
    painter.setBrush(_colour(fill) if fill else NO_BRUSH)
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.setBrush(NO_BRUSH)


def focus_ring(painter: QPainter, rect: QRectF, radius: float = 6) -> None:
    """The 2 px accent ring of what has the keyboard, inside `rect`."""
    box(painter, rect, radius=radius, border="focus", width=2)


def _colour(value: str | QColor) -> QColor:
    return color(value) if isinstance(value, str) else value


def initials(name: str) -> str:
    """One or two letters for an avatar: of the words that carry the name, not the legal form.

    Quoted words win: in a company's name the quotes hold the name itself.
    """
    quoted = _between_quotes(name)
    words = [w.strip("«»\"'“”().,") for w in (quoted or name).replace("-", " ").split()]
    words = [w for w in words if w and w[0].isalnum()]
    if not quoted and len(words) > 1 and words[0].isupper() and 1 < len(words[0]) <= 4:
        words = words[1:]  # a legal form such as LLC
    if not words:
        return "·"
    return "".join(w[0] for w in words[:2]).upper()


def _between_quotes(name: str) -> str:
    for left, right in ("«»", '""', "“”"):
        start, end = name.find(left), name.rfind(right)
        if 0 <= start < end - 1:
            return name[start + 1 : end]
    return ""


def name_category(name: str) -> int:
    """The category whose colour a name gets: always the same for the same name."""
    return sum(map(ord, name)) % 6


def avatar(painter: QPainter, rect: QRectF, letters: str, *, number: int, square: bool) -> None:
    """Initials on the soft colour of a category; square for companies, round for people."""
    avatar_ground(painter, rect, number=number, square=square)
    avatar_letters(painter, rect, letters, number=number)


def portrait(
    painter: QPainter, rect: QRectF, name: str, picture: QPixmap | None, *, square: bool = False
) -> None:
    """The picture in a circle, else the initials."""
    if picture is None:
        avatar(painter, rect, initials(name), number=name_category(name), square=square)
        return
    made = _rounded(picture, rect.width(), painter.device().devicePixelRatioF())
    painter.drawPixmap(rect.topLeft(), made)


_MOST_ROUNDED = 600
_round: dict[tuple[int, float, float], QPixmap] = {}


def _rounded(picture: QPixmap, side: float, ratio: float) -> QPixmap:
    """The picture as a disc of that diameter; cut and made small once, not at every paint."""
    key = (picture.cacheKey(), side, ratio)
    found = _round.get(key)
    if found is None:
        while len(_round) >= _MOST_ROUNDED:
            del _round[next(iter(_round))]
        dots = max(1, math.ceil(side * ratio))
        mode = Qt.TransformationMode.SmoothTransformation
        small = picture.scaled(dots, dots, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
        found = QPixmap(dots, dots)
        found.fill(Qt.GlobalColor.transparent)
        inside = QPainter(found)
        inside.setRenderHint(AA)
        inside.setPen(NO_PEN)
        inside.setBrush(QBrush(small))
        inside.drawEllipse(QRectF(0, 0, side * ratio, side * ratio))
        inside.end()
        found.setDevicePixelRatio(ratio)
        _round[key] = found
    return found


def avatar_ground(painter: QPainter, rect: QRectF, *, number: int, square: bool) -> None:
    """The colour of an avatar without its letters."""
    _bar, soft, _ink = category(number)
    painter.setRenderHint(AA)
    painter.setPen(NO_PEN)
    painter.setBrush(soft)
    if square:
        radius = min(px(6), rect.height() / 5)
        painter.drawRoundedRect(rect, radius, radius)
    else:
        painter.drawEllipse(rect)
    painter.setBrush(NO_BRUSH)


def avatar_letters(painter: QPainter, rect: QRectF, letters: str, *, number: int) -> None:
    """The letters of an avatar, to be painted on its ground."""
    chosen, measured, widths = _avatar_font(rect.height())
    wide = widths.get(letters)
    if wide is None:
        wide = widths[letters] = measured.horizontalAdvance(letters)
    painter.setFont(chosen)
    painter.setPen(category(number)[2])
    base = (rect.height() + measured.ascent() - measured.descent()) / 2
    painter.drawText(QPointF(rect.left() + (rect.width() - wide) / 2, rect.top() + base), letters)


_AvatarFont = tuple[QFont, QFontMetricsF, dict[str, float]]
_avatar_fonts: dict[tuple[float, str], _AvatarFont] = {}


def _avatar_font(height: float) -> _AvatarFont:
    """(font, its metrics, widths of letters that are known)."""
    base = font("strong")
    key = (height, base.family())
    if key not in _avatar_fonts:
        made = QFont(base)
        made.setPointSizeF(max(7.5, height * 0.29))
        _avatar_fonts[key] = (made, QFontMetricsF(made), {})
    return _avatar_fonts[key]


def pill_width(text: str, *, dot: bool = True) -> int:
    """The width `pill` needs."""
    return metrics("small").horizontalAdvance(text) + px(27 if dot else 17)


def pill(painter: QPainter, rect: QRectF, text: str, *, tone: str, dot: bool = True) -> None:
    """A state in a word on its soft colour; the text is cut by the caller if it must be."""
    ink, soft = tone_colors(tone)
    painter.setRenderHint(AA)
    painter.setPen(NO_PEN)
    painter.setBrush(soft)
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    if dot:
        painter.setBrush(ink)
        painter.drawEllipse(QPointF(rect.left() + px(11), rect.center().y()), px(3), px(3))
    painter.setBrush(NO_BRUSH)
    painter.setFont(font("small"))
    painter.setPen(ink)
    painter.drawText(rect.adjusted(px(19 if dot else 8), 0, 0, 0), LEFT, text)


def tick_box(
    painter: QPainter, rect: QRectF, state: Qt.CheckState, *, enabled: bool = True
) -> None:
    """The square of a check box: empty, ticked or half."""
    if state == Qt.CheckState.Unchecked:
        ground = "surface" if enabled else "sunken"
        box(painter, rect, radius=4, fill=ground, border="field" if enabled else "line2", width=1.2)
        return
    box(painter, rect, radius=4, fill="accent" if enabled else "disabled")
    painter.setPen(stroke("on_accent", 1.8))
    if state == Qt.CheckState.Checked:
        tick(painter, rect)
    else:
        middle = rect.center().y()
        painter.drawLine(
            QPointF(rect.left() + rect.width() * 0.28, middle),
            QPointF(rect.right() - rect.width() * 0.28, middle),
        )


def tick(painter: QPainter, rect: QRectF) -> None:
    """The tick alone, with the pen that is set."""
    side = rect.width() / 16
    start = rect.topLeft()
    points = ((4, 8.4), (7, 11.4), (12.2, 5))
    painter.drawPolyline(QPolygonF([start + QPointF(x * side, y * side) for x, y in points]))


def stroke(name: str, width: float) -> QPen:
    """A round-ended pen in the colour of a token."""
    return QPen(
        color(name), width, Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin,
    )  # fmt: skip


def shadow(painter: QPainter, rect: QRectF, radius: float, spread: int = 12) -> None:
    """A soft shadow of a floating box, painted around and below `rect`."""
    painter.setRenderHint(AA)
    painter.setBrush(NO_BRUSH)
    for i in range(spread):
        fades = 2.6 * (1 - i / spread) ** 2
        painter.setPen(QPen(QColor(0, 0, 0, round(theme().tokens.shadow_alpha * fades)), 1.5))
        painter.drawRoundedRect(rect.adjusted(-i, -i + 3, i, i + 3), radius + i, radius + i)


def elided(text: str, kind: str, width: float) -> str:
    """The text cut with an ellipsis to fit `width` pixels in that type; of a name its initials."""
    known, room = metrics(kind), int(width)
    if known.horizontalAdvance(text) > room:
        from crm_desktop.models.text.short_names import shorter_names

        text = next((s for s in shorter_names(text) if known.horizontalAdvance(s) <= room), text)
    return known.elidedText(text, Qt.TextElideMode.ElideRight, room)
