"""The board opened, scrolled and dragged in the real window over 10,000 open deals.

Runs in a process of its own: `python -m benchmarks.board_window ADDRESS ROUNDS` prints samples in
milliseconds as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from benchmarks.window import Window
from crm_desktop.ui.board.page import BoardPage
from crm_desktop.ui.board.view import BoardView

LEAST = 9_000
FRAMES = 60
OPENED, SCROLLED, SIDEWAYS, DRAGGED, DROPPED, WORKED = (
    "opened", "a column scrolled", "scrolled sideways", "dragged", "dropped",
    "opened, processor time of all threads",
)  # fmt: skip
PAUSE_S = 0.6
_NONE, _LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton


class Acts:
    """Does each thing many times in one window."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.samples: dict[str, list[float]] = {}

    @property
    def _view(self) -> BoardView:
        page = self._window.window.pages.page
        assert isinstance(page, BoardPage)
        return page.view

    def open(self) -> None:
        """From the click in the navigation to the paint of the cards."""
        begun = time.process_time()
        taken = self._window.watch.measure(
            lambda: self._window.view.navigation.activated.emit("page/board"), self._there
        )
        self._keep(OPENED, taken)
        self._keep(WORKED, (time.process_time() - begun) * 1e3)
        self._window.settle(PAUSE_S)

    def close(self) -> None:
        """The list is in front again."""
        self._window.window.pages.close_current()
        self._window.settle(PAUSE_S)

    def _there(self) -> bool:
        page = self._window.window.pages.page
        drawing = page.view.drawing if isinstance(page, BoardPage) else None
        return drawing is not None and len(drawing.found.cards) > LEAST

    def _keep(self, name: str, taken: float) -> None:
        self.samples.setdefault(name, []).append(taken)

    def frames(self) -> None:
        """The wheel over a column, sideways, then a card that is dragged over the columns."""
        view = self._view
        layout = view.layout_
        assert layout is not None
        spot = layout.body(1).center()
        for number in range(FRAMES):
            by = -120 if number < FRAMES * 2 // 3 else 120
            self._frame(SCROLLED, lambda b=by: _wheel(view, spot, 0, b))
        for number in range(FRAMES):
            by = -120 if number < FRAMES // 2 else 120
            self._frame(SIDEWAYS, lambda b=by: _wheel(view, spot, b, 0))
        start = layout.card_rect(0, 1).center()
        if view.card_at(start) is None:
            return
        view.gestures.cancel()
        _mouse(view, QEvent.Type.MouseButtonPress, start)
        for point in _way(start, layout.body(3).center()):
            self._frame(DRAGGED, lambda p=point: _mouse(view, QEvent.Type.MouseMove, p))
        view.gestures.cancel()

    def drop(self) -> None:
        """Chosen cards are given to another column: until the sums are painted anew."""
        view = self._view
        self._window.settle(3 * PAUSE_S)
        layout = view.layout_
        assert layout is not None
        cards, key = layout.piles[0].cards[:1], layout.piles[1].column.key
        self._frame(DROPPED, lambda: view.moves_wanted.emit(cards, key, None))
        self._window.settle(PAUSE_S)

    def _frame(self, name: str, act: Callable[[], None]) -> None:
        """One event and the paint that follows from it, by the processor time of this thread."""
        begun = time.thread_time()
        act()
        QApplication.processEvents()
        self._keep(name, (time.thread_time() - begun) * 1e3)


def _way(start: QPointF, end: QPointF) -> Iterator[QPointF]:
    for number in range(1, FRAMES + 1):
        yield start + (end - start) * (number / FRAMES)


def _wheel(view: BoardView, spot: QPointF, across: int, down: int) -> None:
    port = view.viewport()
    event = QWheelEvent(
        spot, QPointF(port.mapToGlobal(spot.toPoint())), QPoint(), QPoint(across, down),
        Qt.MouseButton.NoButton, _NONE, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(port, event)


def _mouse(view: BoardView, kind: QEvent.Type, spot: QPointF) -> None:
    port = view.viewport()
    button = _LEFT if kind == QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
    where = QPointF(port.mapToGlobal(spot.toPoint()))
    QApplication.sendEvent(port, QMouseEvent(kind, spot, where, button, _LEFT, _NONE))


def run(address: str, rounds: int) -> dict[str, Any]:
    """Samples by the name of the act."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        window = Window(address, Path(home))
        acts = Acts(window)
        acts.open()
        acts.samples["opened for the first time"] = acts.samples.pop(OPENED)
        for _round in range(rounds):
            acts.close()
            acts.open()
        window.settle(1.0)
        acts.frames()
        for _round in range(rounds):
            acts.drop()
        window.close()
    return {"samples": acts.samples}


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], int(sys.argv[2]))))
