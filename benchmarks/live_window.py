"""A window that shows what a colleague saves, and a stopwatch from his commit to its paint.

Runs in a process of its own: `python -m benchmarks.live_window ADDRESS TIMES`, with the ids of the
office on standard input, prints the seconds by what was shown, as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.live import KINDS, MONDAY, NOON, WEEKS
from benchmarks.window import Window
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Sort
from crm_desktop.services.clock import MovedClock
from crm_desktop.ui.board.page import BoardPage
from crm_desktop.ui.planner import state
from crm_desktop.ui.planner.page import PlannerPage
from crm_desktop.ui.record_card.card import CardPage

PAUSE_S = 0.3
ROWS = 8
"""Rows of the list, and deals, that are changed in turn: all of them are in sight."""


class Colleague:
    """The process that saves what it is told to, at a moment of its own."""

    def __init__(self, address: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.live", "--colleague", address],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, wanted: dict[str, Any]) -> None:
        """Comes back at once."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()

    def confirmed(self) -> float:
        """When the commit was confirmed, by the clock of all processes."""
        assert self._process.stdout is not None
        return float(json.loads(self._process.stdout.readline())["confirmed"])

    def close(self) -> None:
        """The end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


class Acts:
    """Shows each kind of page and has it changed."""

    def __init__(self, window: Window, who: Colleague, ids: dict[str, Any]) -> None:
        self._window, self._who, self._ids = window, who, ids
        window.base.clock = MovedClock(NOON)
        session = window.session
        state.save(session.settings, session.address, state.Arrangement(days=WEEKS * 7))

    def list(self, times: int) -> list[float]:
        """A town in a row of the list."""
        page = self._window.page
        page.controller.change(columns=("name", "city"), sort=(Sort("name"),))
        self._window.settle(1.0)
        model = page.view.model

        def one(number: int) -> float:
            row, town = number % ROWS, f"Town {number} of the list"
            id_ = model.id_of(row)
            wanted = {"entity": "client", "id": id_, "values": {"city": town}}

            def shown() -> bool:
                cells = (model.cell(row, column) for column in range(model.columnCount()))
                return any(cell is not None and cell.text == town for cell in cells)

            return self._measure(wanted, shown)

        return [one(number) for number in range(times)]

    def card(self, times: int) -> list[float]:
        """The name in the head of an open card."""
        ref = Ref("client", self._ids["clients"][20])
        self._window.navigator.open_record(ref)
        pages = self._window.window.pages

        def title() -> str:
            page = pages.page
            return page.title() if isinstance(page, CardPage) else ""

        self._window.wait(title)
        self._window.settle(1.0)

        def one(number: int) -> float:
            name = f"Client 00020, {number}"
            wanted = {"entity": "client", "id": ref.id, "values": {"name": name}}
            return self._measure(wanted, lambda: title() == name)

        return [one(number) for number in range(times)]

    def board(self, times: int) -> list[float]:
        """A deal in another stage."""
        self._window.navigator.open_page("board")
        self._window.wait(lambda: isinstance(self._window.window.pages.page, BoardPage))
        page = self._window.window.pages.page
        assert isinstance(page, BoardPage)
        self._window.wait(lambda: page.view.drawing is not None)
        self._window.settle(1.0)
        stages = self._ids["stages"]

        def one(number: int) -> float:
            id_, stage = self._ids["deals"][number % ROWS], stages[(number // ROWS) % len(stages)]
            found = page.controller.found
            assert found is not None
            if any(card.stage == stage for card in found.cards if card.id == id_):
                stage = stages[(stages.index(stage) + 1) % len(stages)]

            def shown() -> bool:
                drawing = page.view.drawing
                return drawing is not None and any(
                    card.id == id_ and card.stage == stage for card in drawing.found.cards
                )

            return self._measure({"id": id_, "stage": stage}, shown)

        return [one(number) for number in range(times)]

    def planner(self, times: int) -> list[float]:
        """An entry of the first day at another time."""
        self._window.navigator.open_page("planner")
        self._window.wait(lambda: isinstance(self._window.window.pages.page, PlannerPage))
        page = self._window.window.pages.page
        assert isinstance(page, PlannerPage)
        self._window.wait(lambda: self._bars(page))
        self._window.settle(1.0)

        def one(number: int) -> float:
            id_ = self._ids["entries"][number % ROWS]
            starts = MONDAY + timedelta(hours=6, minutes=5 * number)
            values = {"starts": starts.isoformat(),
                      "ends": (starts + timedelta(minutes=30)).isoformat()}  # fmt: skip
            wanted = {"entity": "activity", "id": id_, "values": values}
            at = int(starts.timestamp())
            return self._measure(
                wanted, lambda: any(b.id == id_ and b.starts == at for b in self._bars(page))
            )

        return [one(number) for number in range(times)]

    def _bars(self, page: PlannerPage) -> list[Any]:
        """Of the person whose entries come first."""
        drawing, who = page.grid.drawing, Ref("staff", self._ids["staff"][0])
        line = drawing.sheet.by_ref.get(who) if drawing is not None else None
        return [] if line is None else line.bars()

    def _measure(self, wanted: dict[str, Any], shown: Callable[[], bool]) -> float:
        """Seconds from the commit of the colleague to the end of the paint."""
        self._window.watch.measure(lambda: self._who.ask(wanted), shown)
        painted = time.perf_counter()
        taken = painted - self._who.confirmed()
        self._window.settle(PAUSE_S)
        return taken


def run(address: str, times: int, ids: dict[str, Any]) -> dict[str, list[float]]:
    """Seconds by what was shown."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        who = Colleague(address)
        window = Window(address, Path(home))
        acts = Acts(window, who, ids)
        found: dict[str, list[float]] = {kind: getattr(acts, kind)(times) for kind in KINDS}
        who.close()
        window.close()
    return found


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], int(sys.argv[2]), json.load(sys.stdin))))
