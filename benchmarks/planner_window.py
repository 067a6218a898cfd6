"""The planner opened in the real window, measured from the click to the end of the paint.

Runs in a process of its own: `python -m benchmarks.planner_window ADDRESS ROUNDS` prints as JSON
the milliseconds until the rows on the screen are painted, and until everything is there: all rows,
what has no time yet, and the names of what entries are about.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.window import Window
from crm_desktop.services.clock import MovedClock
from crm_desktop.ui.planner import state
from crm_desktop.ui.planner.page import PlannerPage

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
WEEKS = 3
LEAST = 11_000
"""Bars of three weeks; fewer would mean that something else was painted."""
FIRST, OPENED, STEPPED = "opened for the first time", "opened", "three weeks on"
PAUSE_S = 0.5
"""Between two acts: what is prepared for later is done by then."""


class Acts:
    """Does each thing many times in one window."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._waits: set[str] = set()
        self._heard: object = None
        self.samples: dict[str, list[list[float]]] = {}
        window.base.clock = MovedClock(MONDAY + timedelta(hours=10))
        session = window.session
        arrangement = state.Arrangement(days=WEEKS * 7)
        state.save(session.settings, session.address, arrangement)

    @property
    def _page(self) -> PlannerPage:
        page = self._window.window.pages.page
        assert isinstance(page, PlannerPage)
        return page

    def open(self, name: str) -> None:
        """From the click in the navigation."""

        def act() -> None:
            self._window.view.navigation.activated.emit("page/planner")
            self._wait_for_rest()

        self._measure(name, act, MONDAY.date())

    def close(self) -> None:
        """The list is in front again, and the page is gone."""
        self._window.window.pages.close_current()
        self._window.settle(PAUSE_S)

    def step(self, by: int) -> None:
        """From the click on the arrow: other three weeks of the same people."""
        page = self._page
        first = page.controller.first + timedelta(weeks=WEEKS * by)

        def act() -> None:
            (page.after if by > 0 else page.before).click()
            self._waits |= {"names", "undated"}

        self._measure(STEPPED, act, first)

    def _wait_for_rest(self) -> None:
        controller = self._page.controller
        self._waits = {"names", "undated"}
        if controller is self._heard:  # a page that was closed comes again
            return
        self._heard = controller
        controller.named.connect(lambda: self._came("names"))
        controller.undated_came.connect(lambda *_found: self._came("undated"))

    def _came(self, what: str) -> None:
        """Where nothing has to be painted anew for it, a small button is: the end is a paint."""
        self._waits.discard(what)
        if isinstance(self._window.window.pages.page, PlannerPage):
            self._page.today.update()

    def _measure(self, name: str, act: Callable[[], None], first: date) -> None:
        window = self._window
        taken = window.watch.measure_all(
            act, [lambda: self._seen(first), lambda: self._whole(first) and not self._waits]
        )
        self.samples.setdefault(name, []).append(taken)
        window.settle(PAUSE_S)

    def _seen(self, first: date) -> bool:
        """The rows on the screen have their bars. All people have some, but the first one."""
        drawing, room = self._page.grid.drawing, self._page.grid.viewport().height()
        if drawing is None or drawing.axis.first != first:
            return False
        lines = [entry.line for entry in drawing.geometry.between(0, room) if entry.line]
        return len(lines) > 1 and all(line.spots for line in lines[1:])

    def _whole(self, first: date) -> bool:
        drawing = self._page.grid.drawing
        here = drawing is not None and drawing.axis.first == first
        return here and drawing is not None and len(list(drawing.sheet.bars())) > LEAST

    def bare_paint(self) -> float:
        """Milliseconds to paint the grid and nothing else."""
        return self._window.bare_paint(self._page.grid.viewport())


def run(address: str, rounds: int) -> dict[str, Any]:
    """Samples by the name of the act, as [visible, everything], and the bare paint below them."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        window = Window(address, Path(home))
        acts = Acts(window)
        acts.open(FIRST)
        for _round in range(rounds):
            acts.close()
            acts.open(OPENED)
        for number in range(rounds):
            acts.step(-1 if number % 2 else 1)
        paint = acts.bare_paint()
        window.close()
    return {"samples": acts.samples, "paint": paint}


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], int(sys.argv[2]))))
