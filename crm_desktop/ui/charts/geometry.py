"""Where everything of a chart lies: the same for painting, pointing and the keyboard."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF

from crm_desktop.ui.charts.chart import FUNNEL, LINE, STACKED, Chart
from crm_desktop.ui.theme import line_height, metrics, px

_WIDEST_BAR, _THINNEST = 26, 3
_FUNNEL_BAR = 34
_MOST_NAME = 0.3
_MORE = 1.16  # a funnel's bars leave room for the numbers behind them


class Spot(NamedTuple):
    """A value in the picture: its series, its place on the axis and where it is."""

    series: int
    place: int
    rect: QRectF


class Geometry:
    """The lay-out of one chart in one rectangle."""

    def __init__(self, chart: Chart, rect: QRectF, axis_width: float = 0) -> None:
        self.chart, self.rect = chart, rect
        self.ticks = chart.ticks
        head = line_height("title") + (line_height("small") if chart.subtitle else 0)
        self.title = QRectF(rect.left(), rect.top(), rect.width(), line_height("title"))
        self.subtitle = QRectF(rect.left(), self.title.bottom(), rect.width(), line_height("small"))
        top = rect.top() + head + px(10)
        self.legend = QRectF(rect.left(), top, rect.width(), line_height("small"))
        if len(chart.series) > 1:
            top = self.legend.bottom() + px(16)
        left = self._name_width() if chart.kind == FUNNEL else axis_width
        bottom = rect.bottom() - (0 if chart.kind == FUNNEL else line_height("small") + px(6))
        self.plot = QRectF(rect.left() + left, top, max(1.0, rect.width() - left), bottom - top)
        self.spots = self._spots() if chart.labels else []

    def _name_width(self) -> float:
        wide = max((metrics().horizontalAdvance(name) for name in self.chart.labels), default=0)
        return min(wide + px(16), self.rect.width() * _MOST_NAME)

    def y(self, value: float) -> float:
        """The height of a value."""
        return self.plot.bottom() - self.plot.height() * value / self.ticks[-1]

    def slot(self, place: int) -> QRectF:
        """The room of one label."""
        count = len(self.chart.labels)
        if self.chart.kind == FUNNEL:
            high = min(self.plot.height() / count, px(_FUNNEL_BAR) * 1.4)
            return QRectF(self.plot.left(), self.plot.top() + high * place, self.plot.width(), high)
        wide = self.plot.width() / count
        return QRectF(self.plot.left() + wide * place, self.plot.top(), wide, self.plot.height())

    def at(self, point: QPointF) -> int:
        """The number of the spot under a point, -1 for none; the series in front first."""
        order = sorted(
            range(len(self.spots)), key=lambda n: self.chart.series[self.spots[n].series].quiet
        )
        for number in order:
            if self._reach(self.spots[number]).contains(point):
                return number
        return -1

    def _reach(self, spot: Spot) -> QRectF:
        """Low bars and points of a line can be hit as well."""
        least, rect = float(px(10)), QRectF(spot.rect)
        if rect.height() < least:
            rect.setTop(rect.bottom() - least)
        if rect.width() < least:
            rect.setWidth(least)
        return rect

    def _spots(self) -> list[Spot]:
        make = {FUNNEL: self._funnel, LINE: self._line, STACKED: self._stacked}
        return make.get(self.chart.kind, self._bars)()

    def _funnel(self) -> list[Spot]:
        most, found = self.chart.most * _MORE or 1.0, []
        for number, series in enumerate(self.chart.series):
            for place, value in enumerate(series.values):
                slot = self.slot(place)
                high = min(slot.height() * 0.72, float(px(_FUNNEL_BAR)))
                wide = max(slot.width() * value / most, float(px(2)))
                rect = QRectF(slot.left(), slot.center().y() - high / 2, wide, high)
                if series.quiet:
                    rect = rect.adjusted(0, -px(4), 0, px(4))
                found.append(Spot(number, place, rect))
        return found

    def _bars(self) -> list[Spot]:
        found, count = [], len(self.chart.series)
        for place in range(len(self.chart.labels)):
            slot = self.slot(place)
            wide = max(min(slot.width() * 0.72 / count, float(px(_WIDEST_BAR))), float(_THINNEST))
            left = slot.center().x() - wide * count / 2
            for number, series in enumerate(self.chart.series):
                top = self.y(series.values[place])
                rect = QRectF(left + wide * number, top, wide - 1, self.plot.bottom() - top)
                found.append(Spot(number, place, rect))
        return found

    def _stacked(self) -> list[Spot]:
        found = []
        for place in range(len(self.chart.labels)):
            slot, below = self.slot(place), 0.0
            wide = min(slot.width() * 0.6, float(px(_WIDEST_BAR) * 1.5))
            for number, series in enumerate(self.chart.series):
                bottom, below = self.y(below), below + series.values[place]
                top = self.y(below)
                rect = QRectF(slot.center().x() - wide / 2, top, wide, bottom - top)
                found.append(Spot(number, place, rect))
        return found

    def _line(self) -> list[Spot]:
        size = float(px(12))
        return [
            Spot(number, place, QRectF(
                self.slot(place).center().x() - size / 2, self.y(value) - size / 2, size, size
            ))
            for number, series in enumerate(self.chart.series)
            for place, value in enumerate(series.values)
        ]  # fmt: skip
