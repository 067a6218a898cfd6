"""A chart on the screen: hover tells, click or Enter opens the rows, arrows walk, Ctrl+C copies."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from crm_desktop.ui.charts.chart import FUNNEL, Chart
from crm_desktop.ui.charts.files import picture
from crm_desktop.ui.charts.geometry import Geometry
from crm_desktop.ui.charts.painting import lay_out, paint
from crm_desktop.ui.theme import px, theme
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import focus_by_key

_HEIGHT, _ROW, _HEAD = 300, 48, 90
_STEPS = {
    Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1,
}  # fmt: skip


class ChartView(QWidget):
    """Shows a `Chart`."""

    opened = Signal(int, int)
    """(series, place): the rows of a value are wanted."""
    menu_asked = Signal(QPoint)
    copied = Signal()

    def __init__(self, *, name: str) -> None:
        super().__init__()
        self.chart: Chart | None = None
        self._geometry: Geometry | None = None
        self._over = self._focus = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().theme_changed.connect(self._dressed)

    def show_chart(self, chart: Chart) -> None:
        """Another picture."""
        self.chart, self._over, self._focus = chart, -1, -1
        self.setAccessibleName(chart.title)
        self._lay_out()
        self.updateGeometry()

    def spot_rect(self, series: int, place: int) -> QRectF:
        """Where a value is, for whoever points at it."""
        assert self._geometry is not None
        return next(s.rect for s in self._geometry.spots if (s.series, s.place) == (series, place))

    def copy(self) -> None:
        """Puts the picture on the clipboard, as on paper."""
        if self.chart is not None:
            QGuiApplication.clipboard().setImage(picture(self.chart, self.size()))
            self.copied.emit()

    def _dressed(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        if self.chart is not None:
            room = QRectF(self.rect()).adjusted(0, px(4), -px(4), -px(4))
            self._geometry = lay_out(self.chart, room)
        self.update()

    def _tell(self, number: int) -> str:
        """What a value says: its label, its series, the value itself."""
        assert self.chart is not None and self._geometry is not None
        spot = self._geometry.spots[number]
        series = self.chart.series[spot.series]
        label, said = self.chart.labels[spot.place], series.said[spot.place]
        note = series.notes[spot.place] if series.notes else ""
        lines = [f"{label}: {said}", series.name if len(self.chart.series) > 1 else "", note]
        return "\n".join(line for line in lines if line)

    def _open(self, number: int) -> None:
        if self._geometry is not None and 0 <= number < len(self._geometry.spots):
            spot = self._geometry.spots[number]
            self.opened.emit(spot.series, spot.place)

    def _walk(self, step: int) -> None:
        if self._geometry is None or not self._geometry.spots:
            return
        count = len(self._geometry.spots)
        self._focus = 0 if self._focus < 0 else (self._focus + step) % count
        self.setAccessibleDescription(self._tell(self._focus))
        place = self._geometry.spots[self._focus].rect.center().toPoint()
        QToolTip.showText(self.mapToGlobal(place), plain_tip(self._tell(self._focus)), self)
        self.update()

    def sizeHint(self) -> QSize:
        if self.chart is not None and self.chart.kind == FUNNEL:
            return QSize(px(480), px(_HEAD + _ROW * len(self.chart.labels)))
        return QSize(px(480), px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(280), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._geometry is not None:
            painter = QPainter(self)
            shown = self._focus if self.hasFocus() else -1
            paint(painter, self._geometry, over=self._over, focus=shown)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._geometry.at(event.position()) if self._geometry is not None else -1
        if over != self._over:
            self._over = over
            shape = Qt.CursorShape.PointingHandCursor if over >= 0 else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            self.update()
            if over >= 0:
                QToolTip.showText(
                    event.globalPosition().toPoint(), plain_tip(self._tell(over)), self
                )
            else:
                QToolTip.hideText()

    def leaveEvent(self, event: QEvent) -> None:
        self._over = -1
        self.update()
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._geometry is not None:
            self._open(self._geometry.at(event.position()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif step is not None:
            self._walk(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(self._focus)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if focus_by_key(event) and self._focus < 0:
            self._walk(1)
        super().focusInEvent(event)
