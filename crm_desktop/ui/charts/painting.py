"""Paints a chart by its geometry, in the tokens of the theme that is in force."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen, QPolygonF

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.text.numbers import format_number
from crm_desktop.ui.charts.chart import FUNNEL, LINE, Chart
from crm_desktop.ui.charts.geometry import Geometry, Spot
from crm_desktop.ui.painting import AA, CENTER, LEFT, NO_BRUSH, NO_PEN, RIGHT, elided, focus_ring
from crm_desktop.ui.theme import category, color, font, metrics, px

_RADIUS = 3
_FADE = 0.10
_LIGHTEST = 0.42


def axis_text(value: float) -> str:
    """A mark of the axis as the language writes it, large ones in thousands and millions."""
    if value >= 1_000_000:
        return _("{number} M").format(number=_number(value / 1_000_000))
    if value >= 10_000:
        return _("{number} k").format(number=_number(value / 1_000))
    return _number(value)


def _number(value: float) -> str:
    return format_number(Decimal(str(round(value, 2))), None, i18n.language())


def axis_width(chart: Chart) -> float:
    """The room that the marks of the axis take."""
    said = (axis_text(tick) for tick in chart.ticks)
    return float(max(metrics("small").horizontalAdvance(text) for text in said) + px(10))


def lay_out(chart: Chart, rect: QRectF) -> Geometry:
    """The geometry of a chart with room for its marks."""
    return Geometry(chart, rect, 0 if chart.kind == FUNNEL else axis_width(chart))


def paint(painter: QPainter, geometry: Geometry, *, over: int = -1, focus: int = -1) -> None:
    """The whole picture; `over` and `focus` are numbers of spots."""
    painter.setRenderHint(AA)
    chart = geometry.chart
    _text(painter, geometry.title, chart.title, "title", "text")
    if chart.subtitle:
        _text(painter, geometry.subtitle, chart.subtitle, "small", "text3")
    if len(chart.series) > 1:
        _legend(painter, geometry)
    if chart.kind == FUNNEL:
        _funnel(painter, geometry, over)
    else:
        _axis(painter, geometry)
        (_lines if chart.kind == LINE else _bars)(painter, geometry, over)
    if focus >= 0:
        focus_ring(painter, geometry.spots[focus].rect.adjusted(-3, -3, 3, 3), _RADIUS + 2)


def series_color(chart: Chart, number: int) -> QColor:
    """Grey for what lies behind, else the colour of its category."""
    if chart.series[number].quiet:
        return color("line2")
    loud = [n for n, series in enumerate(chart.series) if not series.quiet]
    return category(loud.index(number))[0]


def _text(
    painter: QPainter, rect: QRectF, text: str, kind: str, ink: str, flags: int = LEFT
) -> None:  # fmt: skip
    painter.setFont(font(kind))
    painter.setPen(color(ink))
    painter.drawText(rect, flags, elided(text, kind, rect.width()))


def _legend(painter: QPainter, geometry: Geometry) -> None:
    left, line = geometry.legend.left(), geometry.legend
    for number, series in enumerate(geometry.chart.series):
        mark = QRectF(left, line.center().y() - px(5), px(10), px(10))
        painter.setPen(NO_PEN)
        painter.setBrush(series_color(geometry.chart, number))
        painter.drawRoundedRect(mark, 2, 2)
        painter.setBrush(NO_BRUSH)
        wide = metrics("small").horizontalAdvance(series.name)
        text = QRectF(mark.right() + px(6), line.top(), wide + 2, line.height())
        _text(painter, text, series.name, "small", "text2")
        left = text.right() + px(18)


def _axis(painter: QPainter, geometry: Geometry) -> None:
    plot = geometry.plot
    for tick in geometry.ticks:
        y = geometry.y(tick)
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        mark = QRectF(geometry.rect.left(), y - px(9), plot.left() - geometry.rect.left() - px(8),
                      px(18))  # fmt: skip
        _text(painter, mark, axis_text(tick), "small", "text3", RIGHT)
    for place, label in enumerate(geometry.chart.labels):
        slot = geometry.slot(place)
        below = QRectF(slot.left() + 2, plot.bottom() + px(4), slot.width() - 4, px(20))
        _text(painter, below, label, "small", "text3", CENTER)


def _bars(painter: QPainter, geometry: Geometry, over: int) -> None:
    for number, spot in enumerate(geometry.spots):
        if spot.rect.height() <= 0:
            continue
        fill = QColor(series_color(geometry.chart, spot.series))
        _fill(painter, spot.rect, fill, lit=number == over)


def _fill(painter: QPainter, rect: QRectF, fill: QColor, *, lit: bool) -> None:
    painter.setPen(NO_PEN)
    painter.setBrush(fill.lighter(115) if lit else fill)
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
    painter.setBrush(NO_BRUSH)


def _mixed(ink: QColor, ground: QColor, share: float) -> QColor:
    """So much of the ink on the ground; nothing shines through."""
    pairs = zip(ink.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(one * share + other * (1 - share)) for one, other in pairs))


def _lines(painter: QPainter, geometry: Geometry, over: int) -> None:
    chart = geometry.chart
    for number, series in enumerate(chart.series):
        spots = [spot for spot in geometry.spots if spot.series == number]
        points = QPolygonF([spot.rect.center() for spot in spots])
        ink = series_color(chart, number)
        if not series.quiet:
            _shade(painter, geometry, points, ink)
        painter.setPen(QPen(ink, px(2), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                            Qt.PenJoinStyle.RoundJoin))  # fmt: skip
        painter.drawPolyline(points)
        for spot in spots:
            _dot(painter, spot, ink, lit=over >= 0 and geometry.spots[over] == spot)


def _shade(painter: QPainter, geometry: Geometry, points: QPolygonF, ink: QColor) -> None:
    below = QLinearGradient(geometry.plot.topLeft(), geometry.plot.bottomLeft())
    strong, weak = QColor(ink), QColor(ink)
    strong.setAlphaF(0.18)
    weak.setAlphaF(0.0)
    below.setColorAt(0, strong)
    below.setColorAt(1, weak)
    bottom = geometry.plot.bottom()
    area = QPolygonF(points)
    area.append(QPointF(points.last().x(), bottom))
    area.append(QPointF(points.first().x(), bottom))
    painter.setPen(NO_PEN)
    painter.setBrush(below)
    painter.drawPolygon(area)
    painter.setBrush(NO_BRUSH)


def _dot(painter: QPainter, spot: Spot, ink: QColor, *, lit: bool) -> None:
    size = px(5) if lit else px(3.5)
    painter.setPen(QPen(ink, px(2)))
    painter.setBrush(color("surface"))
    painter.drawEllipse(spot.rect.center(), size, size)
    painter.setBrush(NO_BRUSH)


def _funnel(painter: QPainter, geometry: Geometry, over: int) -> None:
    chart = geometry.chart
    for place, label in enumerate(chart.labels):
        slot = geometry.slot(place)
        room = geometry.plot.left() - geometry.rect.left() - px(10)
        name = QRectF(geometry.rect.left(), slot.top(), room, slot.height())
        _text(painter, name, label, "body", "text2")
    quiet = [(n, s) for n, s in enumerate(geometry.spots) if chart.series[s.series].quiet]
    loud = [(n, s) for n, s in enumerate(geometry.spots) if not chart.series[s.series].quiet]
    for number, spot in quiet:
        _fill(painter, spot.rect, color("line"), lit=number == over)
    for number, spot in loud:
        fill = _mixed(color("accent"), color("surface"), max(_LIGHTEST, 1 - _FADE * spot.place))
        _fill(painter, spot.rect, fill, lit=number == over)
        series = chart.series[spot.series]
        right = max(s.rect.right() for _n, s in [*quiet, (number, spot)] if s.place == spot.place)
        said = QRectF(right + px(10), spot.rect.top(), px(400), spot.rect.height())
        _text(painter, said, series.said[spot.place], "strong", "text")
        wide = metrics("strong").horizontalAdvance(series.said[spot.place])
        if series.notes:
            _text(painter, said.adjusted(wide + px(10), 0, 0, 0), series.notes[spot.place],
                  "small", "text3")  # fmt: skip
