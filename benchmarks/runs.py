"""The runs: each measures some promises on one kind of back end and gives back figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import promises as p
from benchmarks.bases import Size, base_file
from benchmarks.figures import MIB, MS, ROWS, SECONDS, TIMES, Figure, Report, growth
from benchmarks.floors import floors, raw_file, raw_server
from benchmarks.importing import bring_in
from benchmarks.kept import put_to_server
from benchmarks.sales import sales
from benchmarks.servers import SERVER_VARIABLE
from benchmarks.starting import starts
from crm_desktop.errors import UserError
from crm_desktop.models.backend.connect import open_backend
from tests.firebird_server import FirebirdServer, firebird_server, running_server

KINDS = ("painted", "start", "import", "sales", "growth")
MILLION = 1_000_000


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rows: int
    rounds: int
    starts: int
    imported: int
    only: tuple[str, ...]


class Places:
    """Where the bases of one kind of back end are."""

    def __init__(
        self, back_end: str, folder: Path, stack: ExitStack, say: Callable[[str], None],
        *, keeping: bool = False,
    ) -> None:  # fmt: skip
        """`keeping`: what was moved to the server is kept beside the local base."""
        self.back_end = back_end
        self.say = say
        self._keeping = keeping
        self._folder = folder
        self.server: FirebirdServer | None = None
        if back_end == "firebird":
            kept = os.environ.get(SERVER_VARIABLE)
            self.server = (
                running_server(Path(kept)) if kept else stack.enter_context(firebird_server())
            )

    def big(self, clients: int) -> str:
        """The address of a base with so many clients."""
        path = base_file(Size(clients), self.say)
        if self.server is None:
            return str(path)
        url = self.server.url(self._name(clients))
        try:
            open_backend(url).close()
        except UserError:
            put_to_server(
                path, self.server, self._name(clients), keeping=self._keeping, say=self.say
            )
        return url

    @staticmethod
    def _name(clients: int) -> str:
        return f"bench_{clients}"

    def new(self, name: str) -> str:
        """The address of a base that does not exist yet."""
        if self.server is None:
            return str(self._folder / f"{name}.crm")
        self.server.remove(f"bench_{name}")
        return self.server.url(f"bench_{name}")

    def floors(self, clients: int) -> dict[str, float]:
        """The bare driver doing the same on the same base."""
        if self.server is None:
            with raw_file(self.big(clients)) as raw:
                return floors(raw)
        self.big(clients)
        with raw_server(self.server, self._name(clients)) as raw:
            return floors(raw)


def run(places: Places, plan: Plan) -> list[Figure]:
    """Everything that the plan asks for on one kind of back end; told as soon as it is known."""
    found: list[Figure] = []

    def take(figures: list[Figure]) -> None:
        found.extend(figures)
        places.say("\n".join(Report(figures).lines()))

    if "start" in plan.only:
        take(_start(places, plan))
    if "painted" in plan.only or "growth" in plan.only:
        take(_painted(places, plan, plan.rows))
    if "import" in plan.only:
        take(_import(places, plan))
    if "sales" in plan.only:
        take(sales(places, plan.rounds))
    if "growth" in plan.only and plan.rows < MILLION:
        big = _painted(places, plan, MILLION)
        take([*big, *growth(found, big, target=p.GROWTH)])
    return found


def _base(places: Places, clients: int) -> str:
    return f"{places.back_end} {clients // 1000}k"


def _start(places: Places, plan: Plan) -> list[Figure]:
    places.say(f"{places.back_end}: starting {plan.starts} times")
    taken, base = starts(places.big(plan.rows), plan.starts), _base(places, plan.rows)
    rows = (
        ("start: first paint", "painted", p.FIRST_PAINT_S, SECONDS),
        ("start: list of the last base painted", "listed", p.LIST_PAINTED_S, SECONDS),
        ("memory, idle", "memory", p.IDLE_MIB, MIB),
    )
    return [
        Figure(name, base, tuple(taken[key]), target, unit=unit) for name, key, target, unit in rows
    ]


def _painted(places: Places, plan: Plan, clients: int) -> list[Figure]:
    address, base = places.big(clients), _base(places, clients)
    places.say(f"{base}: lists, search, cards, saving in the window")
    said = in_window(address, plan.rounds)
    below = places.floors(clients)
    found = []
    for name, samples in said["samples"].items():
        promise = p.PAINTED[places.back_end][name]
        floor = below[name] + said["paints"][p.PAINT_OF[name]]
        found.append(Figure(name, base, tuple(samples), promise.median, floor, promise.p95))
    found.append(Figure("memory, after the work", base, (said["worked"],), p.WORKED_MIB, unit=MIB))
    longest = max(said["stalls"], default=0.0)
    found.append(Figure("GUI thread held, longest", base, (longest,), p.STALL_MS, unit=MS))
    return found


def in_window(address: str, rounds: int) -> dict[str, Any]:
    """What `painted.py` tells of the base in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.painted", address, str(rounds)],
        env=environment, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _import(places: Places, plan: Plan) -> list[Figure]:
    places.say(f"{places.back_end}: bringing in {plan.imported:,} rows")
    done = bring_in(places.new("imported"), plan.imported)
    floor = places.floors(plan.rows)["import"]
    base, target = f"{places.back_end}, empty", p.IMPORTED[places.back_end]
    rows = f"{plan.imported // 1000}k rows of xlsx"
    return [
        Figure(f"import of {rows}", base, (done.rows_per_second,), target, floor, unit=ROWS),
        Figure(f"undo of the {rows}", base, (done.undone_per_second,), target, unit=ROWS),
        Figure("memory while importing, all processes", base, (done.memory,), 0, unit=MIB),
        Figure(
            "memory at the end to that before the middle", base, (done.flat,), p.FLAT, unit=TIMES
        ),
    ]
