"""Tabs under a title: words with counters, the current one underlined, the rest in a menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import LEFT, focus_ring
from crm_desktop.ui.theme import color, font, metrics, px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import focus_by_key
from crm_desktop.ui.widgets.popover import Menu

_GAP = 24


def _allowed() -> str:
    """Nothing is refused."""
    return ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab: its key, word and counter; `dot` marks what is not saved yet.

    `muted`: nothing is behind it yet, so it stands back.
    """

    key: str
    title: str
    count: str = ""
    dot: bool = False
    muted: bool = False


class Tabs(QWidget):
    """Left and Right move, the wheel does not. What finds no room waits under a chevron.

    `movable`: tabs are dragged to another place, or moved by Ctrl+Left and Ctrl+Right.
    """

    chosen = Signal(str)
    moved = Signal(list)
    """The keys of the tabs of the bar in their new order."""
    add_asked = Signal()
    menu_asked = Signal(str, QPoint)
    """(key, place on the screen): a right click on a tab."""

    def __init__(self, *, name: str, pad: int = 0, add: str = "") -> None:
        """`pad` px before the first tab; `add` is the tip of a plus after the last one."""
        super().__init__()
        self._name, self._pad, self._add = name, px(pad), add
        self.why_no_add: Callable[[], str] = _allowed
        """Why nothing may be added after the last one; '' where it may."""
        self._tabs: tuple[Tab, ...] = ()
        self._folded: tuple[Tab, ...] = ()
        self._more_words = ""
        self.movable = False
        self._pressed: tuple[str, QPointF] | None = None
        self._dragging = False
        self._current = ""
        self._over = -1
        self._ring = False
        self.setFixedHeight(px(38))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def set_texts(self, name: str, add: str = "") -> None:
        """Its name and the tip of the plus, in another language."""
        self._name, self._add = name, add
        self._say()
        self.update()

    def set_more(self, words: str) -> None:
        """What stands before the chevron, with `{count}` in it: how many tabs wait there."""
        self._more_words = words
        self.update()

    def set_tabs(
        self, tabs: tuple[Tab, ...], current: str = "", folded: tuple[Tab, ...] = ()
    ) -> None:
        """Replaces the tabs; keeps the current one if it is still there. The `folded` ones wait
        under the chevron however much room there is."""
        if (tabs, folded) == (self._tabs, self._folded) and current in ("", self._current):
            return
        self._tabs, self._folded = tabs, folded
        keys = [tab.key for tab in (*tabs, *folded)]
        wanted = current or self._current
        self._current = wanted if wanted in keys else (keys[0] if keys else "")
        self._say()
        self.update()

    def current(self) -> str:
        """The key of the current tab."""
        return self._current

    def set_current(self, key: str) -> None:
        """Makes a tab current without telling."""
        if key != self._current and any(tab.key == key for tab in self._all()):
            self._current = key
            self._say()
            self.update()

    def step(self, by: int) -> None:
        """To the next or the previous tab, around the end: Ctrl+Tab."""
        keys = [tab.key for tab in self._in_bar()]
        if keys:
            self._choose(keys[(keys.index(self._current) + by) % len(keys)])

    def _all(self) -> tuple[Tab, ...]:
        return (*self._tabs, *self._folded)

    def _in_bar(self) -> list[Tab]:
        """The tabs of the bar; a folded one only while it is the current one."""
        return [*self._tabs, *(tab for tab in self._folded if tab.key == self._current)]

    def move_current(self, by: int) -> None:
        """Moves the current tab one place."""
        keys = [tab.key for tab in self._tabs]
        if self.movable and self._current in keys:
            place = keys.index(self._current)
            if 0 <= place + by < len(keys):
                keys.insert(place + by, keys.pop(place))
                self.moved.emit(keys)

    def _choose(self, key: str) -> None:
        if key and key != self._current:
            self.set_current(key)
            self.chosen.emit(key)

    def _say(self) -> None:
        tab = next((t for t in self._all() if t.key == self._current), None)
        said = f"{self._name}: {tab.title} {tab.count}".strip() if tab else self._name
        self.setAccessibleName(said)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))

    # --- where things are -------------------------------------------------------------------------

    def _wide(self, tab: Tab) -> int:
        wide = metrics("strong").horizontalAdvance(tab.title)
        if tab.count:
            wide += px(6) + metrics("small").horizontalAdvance(tab.count)
        return wide + (px(12) if tab.dot else 0)

    def _layout(self) -> tuple[list[tuple[Tab, QRectF]], list[Tab], float]:
        """(tabs with their places, tabs that found no room, where the plus or chevron stands)."""
        room = self.width() - (self._more_width() if self._folded else px(40))
        shown = self._in_bar()
        while len(shown) > 1 and self._end(shown) > room:
            spare = next(t for t in reversed(shown) if t.key != self._current)
            shown.remove(spare)
        placed: list[tuple[Tab, QRectF]] = []
        left = float(self._pad)
        for tab in shown:
            wide = self._wide(tab)
            placed.append((tab, QRectF(left, 0, wide, self.height())))
            left += wide + px(_GAP)
        return placed, [tab for tab in self._all() if tab not in shown], left - px(8)

    def _said_more(self, count: int) -> str:
        return self._more_words.format(count=count) if self._more_words and self._folded else ""

    def _more_width(self) -> int:
        words = self._said_more(len(self._all()))
        return metrics("body").horizontalAdvance(words) + px(36)

    def _end(self, tabs: list[Tab]) -> float:
        return self._pad + sum(self._wide(t) for t in tabs) + px(_GAP) * (len(tabs) - 1)

    def _more_rect(self, left: float) -> QRectF:
        wide = self._more_width() if self._folded else px(28)
        return QRectF(min(left, self.width() - wide - px(2)), 0, wide, self.height())

    def _hit(self, place: QPointF) -> str:
        """The key of the tab under the pointer; `+` for the plus, `>` for the chevron."""
        placed, hidden, left = self._layout()
        for tab, rect in placed:
            if rect.adjusted(-px(8), 0, px(8), 0).contains(place):
                return tab.key
        if (hidden or self._add) and self._more_rect(left).contains(place):
            return ">" if hidden else "+"
        return ""

    def _open_more(self) -> None:
        _placed, hidden, left = self._layout()
        menu = Menu(self)
        for tab in hidden:
            word = f"{tab.title}  {tab.count}".strip()
            menu.addAction(word).triggered.connect(lambda _on, key=tab.key: self._choose(key))
        if self._add:
            menu.addSeparator()
            add = menu.addAction(self._add)
            add.triggered.connect(self.add_asked)
            add.setEnabled(not self.why_no_add())
            add.setToolTip(plain_tip(self.why_no_add()))
        rect = self._more_rect(left).toRect()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(rect.bottomLeft()))

    # --- what Qt asks -----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(px(300), px(38))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), px(38))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("line"))
        placed, hidden, left = self._layout()
        for place, (tab, rect) in enumerate(placed):
            self._paint_tab(painter, tab, rect, over=place == self._over)
        if hidden or self._add:
            spot = self._more_rect(left).adjusted(px(6), 0, 0, 0)
            name = "chevron-down" if hidden else "add"
            top = int((self.height() - px(18)) / 2)
            words = self._said_more(len(hidden))
            if words:
                painter.setFont(font("body"))
                painter.setPen(color("text3"))
                painter.drawText(spot.adjusted(px(2), 0, 0, -px(2)), LEFT, words)
                spot.setLeft(spot.left() + metrics("body").horizontalAdvance(words) + px(6))
            ink = "disabled" if name == "add" and self.why_no_add() else "text3"
            painter.drawPixmap(int(spot.left()), top, pixmap(name, ink, 16))
        painter.end()

    def _paint_tab(self, painter: QPainter, tab: Tab, rect: QRectF, *, over: bool) -> None:
        on = tab.key == self._current
        kind = "strong" if on else "body"
        text = rect.adjusted(0, 0, 0, -px(2))
        painter.setFont(font(kind))
        painter.setPen(color("text" if on or over else "text3" if tab.muted else "text2"))
        painter.drawText(text, LEFT, tab.title)
        wide = metrics(kind).horizontalAdvance(tab.title)
        painter.setFont(font("small"))
        painter.setPen(color("text3"))
        painter.drawText(text.adjusted(wide + px(6), 0, px(4), 0), LEFT, tab.count)
        if tab.dot:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(color("accent"))
            painter.setPen(color("clear"))
            painter.drawEllipse(QPointF(rect.right() - px(4), rect.center().y() - 1), 3, 3)
        if on:
            height = max(2, px(2.5))
            line = QRectF(rect.left(), self.height() - height, rect.width(), height)
            painter.fillRect(line, color("accent"))
            if self._ring and self.hasFocus():
                ring = rect.adjusted(-px(6), px(4), px(6), -px(5))
                focus_ring(painter, ring.intersected(QRectF(self.rect())))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        hit = self._hit(event.position())
        if event.button() != Qt.MouseButton.LeftButton or not hit:
            return
        if hit == ">":
            self._open_more()
        elif hit == "+":
            self.add_asked.emit()
        else:
            self._pressed = (hit, event.position())
            self._choose(hit)

    def _drag(self, place: QPointF) -> None:
        """Shows the tab where the pointer is; told when it is let go."""
        assert self._pressed is not None
        key, start = self._pressed
        if abs(place.x() - start.x()) < QApplication.startDragDistance() and not self._dragging:
            return
        self._dragging = True
        by_key = {tab.key: tab for tab in self._tabs}
        under = self._hit(place)
        if key in by_key and under in by_key and under != key:
            keys = list(by_key)
            keys.insert(keys.index(under), keys.pop(keys.index(key)))
            self._tabs = tuple(by_key[k] for k in keys)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged, self._dragging, self._pressed = self._dragging, False, None
        if dragged:
            self.moved.emit([tab.key for tab in self._tabs])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.movable and self._pressed is not None:
            self._drag(event.position())
            return
        hit = self._hit(event.position())
        keys = [tab.key for tab, _rect in self._layout()[0]]
        self._over = keys.index(hit) if hit in keys else -1
        self.setToolTip(plain_tip((self.why_no_add() or self._add) if hit == "+" else ""))
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._over = -1
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        key = self._current if by_key else self._hit(QPointF(event.pos()))
        if key not in ("", "+", ">"):
            self.menu_asked.emit(key, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = [tab.key for tab in self._in_bar()]
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in steps and ctrl:
            self.move_current(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Down and self._layout()[1]:
            self._open_more()
        elif event.key() in steps and keys:
            place = keys.index(self._current) + steps[Qt.Key(event.key())]
            if 0 <= place < len(keys):
                self._choose(keys[place])
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and keys:
            self._choose(keys[0 if event.key() == Qt.Key.Key_Home else -1])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event, self._ring)
        super().focusInEvent(event)
        self.update()
