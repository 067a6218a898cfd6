"""A small table of figures on a page: a number that has rows opens them, by click or by Enter.

As high as its rows, so that the page scrolls as a whole; arrows walk over the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolTip, QWidget

from crm_desktop.ui.painting import LEFT, RIGHT, elided, focus_ring
from crm_desktop.ui.theme import color, font, metrics, px, theme
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import focus_by_key

_HIGH, _PAD, _FIRST, _LEAST = 34, 10, 150, 64
_STEPS = {
    Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Up: (-1, 0),
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One cell. `value`: what a workbook gets; `opens`: whether rows stand behind it; `why`: what
    is told when the pointer rests on it."""

    text: str
    value: object = None
    opens: bool = False
    strong: bool = False
    tone: str = ""
    why: str = ""


@dataclass(frozen=True)
class Grid:
    """Headings and lines; the first column holds names, the others figures."""

    header: tuple[str, ...]
    lines: tuple[tuple[Figure, ...], ...]

    def plain(self) -> list[list[object]]:
        """The lines as a workbook takes them."""
        return [[f.text if f.value is None else f.value for f in line] for line in self.lines]


class NumberTable(QWidget):
    """Shows a `Grid`."""

    copied = Signal()
    opened = Signal(int, int)
    """(line, column) of a number whose rows are wanted."""
    walked = Signal(QRect)
    """Where the keyboard is now."""

    def __init__(self, *, name: str) -> None:
        super().__init__()
        self.grid = Grid((), ())
        self._over: tuple[int, int] | None = None
        self._focus: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().theme_changed.connect(self._dressed)

    def show_grid(self, grid: Grid) -> None:
        """Other figures."""
        self.grid, self._over, self._focus = grid, None, None
        self.updateGeometry()
        self.update()

    def text(self, line: int, column: int) -> str:
        """What a cell says."""
        return self.grid.lines[line][column].text

    def cell_rect(self, line: int, column: int) -> QRectF:
        """Where a cell is; -1 is the line of the headings."""
        lefts = self._lefts()
        top = px(_HIGH) * (line + 1)
        return QRectF(lefts[column], top, lefts[column + 1] - lefts[column], px(_HIGH))

    def _dressed(self) -> None:
        self.updateGeometry()
        self.update()

    def _lefts(self) -> list[float]:
        """The left edges of the columns and the right edge of the last."""
        wide = self._widths()
        spare = max(0.0, self.width() - sum(wide))
        wide[0] += spare * (0.5 if len(wide) > 2 else 0.7)
        rest = max(0.0, self.width() - sum(wide)) / max(1, len(wide) - 1)
        found = [0.0]
        for place, one in enumerate(wide):
            found.append(found[-1] + one + (rest if place else 0))
        return found

    def _widths(self) -> list[float]:
        head, body = metrics("small"), metrics("strong")
        found = []
        for place, title in enumerate(self.grid.header):
            most = max((body.horizontalAdvance(line[place].text) for line in self.grid.lines),
                       default=0)  # fmt: skip
            least = px(_FIRST if place == 0 else _LEAST)
            wide = max(most, head.horizontalAdvance(title)) + 2 * px(_PAD) + 1
            found.append(float(max(least, min(wide, px(260)))))
        return found

    def _at(self, point: QPointF) -> tuple[int, int] | None:
        """The number under a point that has rows."""
        line = int(point.y() // px(_HIGH)) - 1
        if not 0 <= line < len(self.grid.lines):
            return None
        for place in range(len(self.grid.header)):
            if self.cell_rect(line, place).contains(point):
                return (line, place) if self.grid.lines[line][place].opens else None
        return None

    def why_at(self, point: QPointF) -> str:
        """What is told of the cell under a point."""
        line = int(point.y() // px(_HIGH)) - 1
        if not 0 <= line < len(self.grid.lines):
            return ""
        cells = enumerate(self.grid.lines[line])
        return next((f.why for n, f in cells if self.cell_rect(line, n).contains(point)), "")

    def _links(self) -> Sequence[tuple[int, int]]:
        lines = enumerate(self.grid.lines)
        return [(n, place) for n, line in lines for place, f in enumerate(line) if f.opens]

    def _walk(self, down: int, right: int) -> None:
        links = self._links()
        if not links:
            return
        if self._focus not in links:
            self._focus = links[0]
        elif down:
            column = self._focus[1]
            same = [one for one in links if one[1] == column]
            self._focus = same[max(0, min(len(same) - 1, same.index(self._focus) + down))]
        else:
            place = links.index(self._focus) + right
            self._focus = links[max(0, min(len(links) - 1, place))]
        line, column = self._focus
        said = f"{self.grid.lines[line][0].text}, {self.grid.header[column]}: "
        self.setAccessibleDescription(said + self.grid.lines[line][column].text)
        self.walked.emit(self.cell_rect(line, column).toAlignedRect())
        self.update()

    def sizeHint(self) -> QSize:
        wide = sum(self._widths()) if self.grid.header else 0
        return QSize(int(wide), px(_HIGH) * (len(self.grid.lines) + 1))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for place, title in enumerate(self.grid.header):
            self._paint_text(painter, self.cell_rect(-1, place), title, place, ("small", "text3"))
        for number, line in enumerate(self.grid.lines):
            top = px(_HIGH) * (number + 1)
            painter.fillRect(QRectF(0, top, self.width(), 1), color("line"))
            for place, figure in enumerate(line):
                self._paint_figure(painter, (number, place), figure)
        if self.hasFocus() and self._focus is not None:
            focus_ring(painter, self.cell_rect(*self._focus).adjusted(1, 3, -1, -2))

    def _paint_figure(self, painter: QPainter, at: tuple[int, int], figure: Figure) -> None:
        kind = "strong" if figure.strong else "body"
        ink = figure.tone or ("accent_text" if figure.opens else "text")
        rect = self.cell_rect(*at)
        self._paint_text(painter, rect, figure.text, at[1], (kind, ink), lit=at == self._over)

    @staticmethod
    def _paint_text(
        painter: QPainter, rect: QRectF, text: str, place: int, look: tuple[str, str],
        *, lit: bool = False,
    ) -> None:  # fmt: skip
        room = rect.adjusted(0 if place == 0 else px(_PAD), 0, -px(_PAD) if place else 0, 0)
        chosen = font(look[0])
        if lit:
            chosen = type(chosen)(chosen)
            chosen.setUnderline(True)
        painter.setFont(chosen)
        painter.setPen(color(look[1]))
        flags = LEFT if place == 0 else RIGHT
        painter.drawText(room, flags, elided(text, look[0], room.width()))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tip(self.why_at(QPointF(event.pos()))), self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._at(event.position())
        if over != self._over:
            self._over = over
            shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self._focus = found
            self.opened.emit(*found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self._walk(*step)
        elif event.matches(QKeySequence.StandardKey.Copy):
            lines = [list(self.grid.header), *([f.text for f in line] for line in self.grid.lines)]
            QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))
            self.copied.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._focus is not None:
            self.opened.emit(*self._focus)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if focus_by_key(event) and self._focus is None:
            self._walk(0, 0)
        super().focusInEvent(event)


class SidewaysArea(QScrollArea):
    """A table that is wider than its window is scrolled by itself: what stands above and below
    keeps to the window."""

    def __init__(self, table: NumberTable) -> None:
        super().__init__()
        self._table = table
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setWidgetResizable(True)
        self.setWidget(table)
        for ground in (table, self.viewport()):
            ground.setAutoFillBackground(False)
        table.walked.connect(lambda rect: self.ensureVisible(rect.right(), rect.center().y(), 0, 0))

    def sizeHint(self) -> QSize:
        wanted = self._table.sizeHint()
        bar = self.horizontalScrollBar().sizeHint().height()
        return wanted + QSize(0, bar if wanted.width() > self.width() else 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()
