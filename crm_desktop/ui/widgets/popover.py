"""Panels that float over the window: with a shadow, closed by Esc or a click beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from crm_desktop.ui.icons import icon
from crm_desktop.ui.painting import box, shadow
from crm_desktop.ui.theme import px
from crm_desktop.ui.tips import plain_tip

_SHADOW = 12


class Popover(QWidget):
    """A panel below a button or chip: filter editor, chooser of columns. Holds one widget.

    It is no window of its own but lies over the whole window: rounded corners and a shadow need
    no compositor then, and a click beside the panel closes it.
    """

    closed = Signal()

    def __init__(self, content: QWidget, *, name: str, parent: QWidget) -> None:
        """`name` is what screen readers say when it opens; it lies over the window of `parent`."""
        super().__init__(parent.window())
        self.hide()
        self.setAccessibleName(name)
        self.content = content
        self._before: QWidget | None = None
        self._anchor, self._part = parent, QRect()
        self._panel = _Panel(self)
        layout = QVBoxLayout(self._panel)
        side = _SHADOW + px(8)
        layout.setContentsMargins(side, side - 4, side, side + 4)
        layout.addWidget(content)
        self.window().installEventFilter(self)

    def open_below(self, anchor: QWidget, rect: QRect | None = None) -> None:
        """Opens under `anchor` (or a part of it), inside the window, focus on the first field."""
        self._before = self.window().focusWidget()
        self._anchor, self._part = anchor, rect or anchor.rect()
        self.setGeometry(self.window().rect())
        self.show()
        self.raise_()
        self.fit()
        first = self.content.focusProxy() or next(iter(self._stops()), None)
        (first or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def fit(self) -> None:
        """Takes the size its content wants now; to be called when that has changed."""
        self._panel.layout().activate()
        wanted = self._panel.sizeHint()
        size = wanted.boundedTo(self.size())
        whole = self.window()
        below = self._anchor.mapTo(whole, self._part.bottomLeft()) + QPoint(-_SHADOW, 4 - _SHADOW)
        left = max(0, min(below.x(), self.width() - size.width() + _SHADOW))
        top = below.y()
        if top + size.height() - _SHADOW > self.height():
            above = self._anchor.mapTo(whole, self._part.topLeft()).y() - size.height() + _SHADOW
            top = above if above >= 0 else max(0, self.height() - size.height())
        self._panel.setGeometry(QRect(QPoint(left, top), size))

    def close_panel(self) -> None:
        """Closes it and gives the keyboard back to where it was."""
        self.close()

    def _stops(self) -> list[QWidget]:
        """Where Tab stops inside, in order."""
        stops, widget = [], self.content
        for _turn in range(500):
            tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            inside = widget is self.content or self.content.isAncestorOf(widget)
            if tab and inside and widget.isVisible() and widget.isEnabled():
                stops.append(widget)
            widget = widget.nextInFocusChain()
            if widget is self.content:
                break
        return [stop for stop in stops if stop.focusProxy() is None]

    def focusNextPrevChild(self, forward: bool) -> bool:
        stops, now = self._stops(), self.focusWidget()
        if not stops:
            return True
        step = 1 if forward else -1
        place = stops.index(now) + step if now in stops else 0
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[place % len(stops)].setFocus(reason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self.window().rect())
            self.fit()
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.window().removeEventFilter(self)
        with suppress(RuntimeError):  # it may have gone meanwhile; raised from here, Qt would crash
            if self._before is not None and self._before.isVisible():
                self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()
        self.deleteLater()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._panel.geometry().contains(event.position().toPoint()):
            self.close_panel()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
            return
        super().keyPressEvent(event)


class _Panel(QWidget):
    """The box with its shadow."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW - 4, -_SHADOW, -_SHADOW - 4)
        shadow(painter, rect, 10, 10)
        box(painter, rect, radius=10, fill="raised", border="line2")
        painter.end()


class Menu(QMenu):
    """A menu with rounded corners; items are added as to any `QMenu`."""

    def __init__(self, parent: QWidget | None = None, *, title: str = "") -> None:
        super().__init__(title, parent)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._show_ticks)

    @classmethod
    def of(
        cls, parent: QWidget, acts: Iterable[tuple[str, str, Callable[[], object]]],
        refused: Mapping[str, str] | None = None,
    ) -> Menu:  # fmt: skip
        """A menu of (icon, words, what it does) that is gone once it closes; `refused`: by icon,
        why the person may not do it, or ''."""
        menu = cls(parent)
        for picture, words, act in acts:
            line = menu.addAction(icon(picture), words)
            line.triggered.connect(lambda _on, act=act: act())
            if why := (refused or {}).get(picture, ""):
                line.setEnabled(False)
                line.setToolTip(plain_tip(why))
                line.setStatusTip(why)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _show_ticks(self) -> None:
        """A tick of ours before what is on: the style's own is black in every theme."""
        for action in self.actions():
            if action.isCheckable():
                action.setIcon(icon("check", "accent_text", 16) if action.isChecked() else QIcon())

    def open_below(self, anchor: QWidget) -> None:
        """Opens under a button."""
        self.popup(anchor.mapToGlobal(QPoint(0, anchor.height() + 2)))
