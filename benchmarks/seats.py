"""Programs fight for seats, and some are killed: never one too many inside, the line in order.

`python -m benchmarks.seats [SECONDS [PROGRAMS [SEATS]]]` on a Firebird server of its own, or on the
one that CRM_DESKTOP_TEST_FIREBIRD describes. Each program is a process of its own that comes, waits
in line, works for a while and leaves; every second one that works is killed without a word.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from crm_desktop.errors import DatabaseUnavailable
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.services.licensing.broker import Broker
from crm_desktop.services.licensing.standing import COUNT, keep_facts
from crm_desktop.services.workspace import create_base
from tests.firebird_server import firebird_server, running_server

_LOOK_S = 0.4
_WORKS_S = (1.0, 5.0)
_KILL_EVERY_S = 1.0
_SAMPLE_S = 0.2
_STOP = "stop"


@dataclass(frozen=True)
class Desk:
    """As much of an open base as a broker asks for."""

    backend: Any
    seat: str
    user_id: int | None = None


@dataclass
class Outcome:
    """What was seen. Times in seconds."""

    most_inside: int = 0
    most_believing: int = 0
    out_of_order: int = 0
    samples: int = 0
    killed: int = 0
    freed_after: list[float] = field(default_factory=list)
    decisions: list[float] = field(default_factory=list)
    served: int = 0
    lost: int = 0
    errors: list[str] = field(default_factory=list)


def work_as_program(url: str, name: str, stop: Path, seats: int) -> None:
    """One program: what it does is written line by line, so that a killed one has told all."""
    backend = open_backend(url)
    broker = Broker(Desk(backend, name), seats, machine=name)  # type: ignore[arg-type]
    chance = random.Random(name)
    while not stop.exists():
        try:
            _one_visit(broker, chance, stop)
        except DatabaseUnavailable as error:
            _tell("error", str(error))
        time.sleep(chance.uniform(0.05, 0.4))
    broker.close()
    backend.close()


def _one_visit(broker: Broker, chance: random.Random, stop: Path) -> None:
    begun = time.perf_counter()
    taken = broker.take()
    _tell("decision", f"{time.perf_counter() - begun:.4f}")
    if not taken.is_inside and not _waited(broker, stop):
        return
    _tell("in")
    end = time.time() + chance.uniform(*_WORKS_S)
    while time.time() < end:
        time.sleep(0.3)
        if broker.beat().outcome != "work":
            _tell("lost")
            return
    _tell("out")
    broker.give()


def _waited(broker: Broker, stop: Path) -> bool:
    """In line until it is our turn; False if the fight is over first, or the turn was missed."""
    turn = broker.wait()
    while not stop.exists():
        if turn.left_s is not None:
            return broker.take().is_inside
        if turn.place == 0:
            return False
        time.sleep(_LOOK_S)
        turn = broker.look()
    broker.give()
    return False


def _tell(what: str, more: str = "") -> None:
    sys.stdout.write(f"{time.time():.3f} {what} {more}\n")
    sys.stdout.flush()


class Fight:
    """Starts the programs, kills some, looks at the tables all the time."""

    def __init__(
        self, url: str, folder: Path, *, programs: int, seats: int, kill_every_s: float
    ) -> None:
        self._url, self._folder, self._seats = url, folder, seats
        self._kill_every_s = kill_every_s
        self._programs = programs
        self._chance = random.Random(7)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._logs: dict[str, float | None] = {}
        self._dead: dict[str, float] = {}
        self._number = 0
        self.outcome = Outcome()

    def run(self, seconds: float, freed: int = 0) -> Outcome:
        """The whole fight; over as soon as so many killed ones' seats were free, if that is asked
        for."""
        until = time.time() + seconds
        for _place in range(self._programs):
            self._start()
        backend = open_backend(self._url)
        try:
            self._watch(backend, until, freed)
        finally:
            (self._folder / _STOP).touch()
            for process in self._running.values():
                process.wait(60)
            backend.close()
        self._read_logs(time.time())
        return self.outcome

    def _start(self) -> None:
        self._number += 1
        name = f"pc{self._number:04}"
        arguments = ["program", self._url, name, str(self._folder / _STOP), str(self._seats)]
        command = [sys.executable, "-m", "benchmarks.seats", *arguments]
        with (self._folder / name).open("wb") as log:
            self._running[name] = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        self._logs[name] = None

    def _watch(self, backend: Any, until: float, freed: int) -> None:
        due = 0.0
        while time.time() < until and not 0 < freed <= len(self.outcome.freed_after):
            inside = self._sample(backend)
            if time.time() > due and inside:
                due = time.time() + self._kill_every_s
                self._kill(self._chance.choice(inside))
            time.sleep(_SAMPLE_S)

    def _sample(self, backend: Any) -> list[str]:
        with backend.snapshot() as connection:
            leases = connection.exec_driver_sql(
                "SELECT machine FROM seat_lease WHERE kind <> 'read'"
            ).fetchall()
            line = connection.exec_driver_sql(
                "SELECT id, called_at FROM seat_queue ORDER BY id"
            ).fetchall()
        names = [str(row[0]).partition("@")[0] for row in leases]
        out = self.outcome
        out.samples += 1
        out.most_inside = max(out.most_inside, len(names))
        called = [row[0] for row in line if row[1] is not None]
        waiting = [row[0] for row in line if row[1] is None]
        out.out_of_order += bool(called and waiting and max(called) > min(waiting))
        for name in [one for one in self._dead if one not in names]:
            out.freed_after.append(time.time() - self._dead.pop(name))
        return [name for name in names if name in self._running and name not in self._dead]

    def _kill(self, name: str) -> None:
        process = self._running.pop(name)
        if process.poll() is not None:
            return
        process.send_signal(signal.SIGKILL)
        process.wait()
        self._dead[name] = time.time()
        self._logs[name] = time.time()
        self.outcome.killed += 1
        self._start()

    def _read_logs(self, until: float) -> None:
        """How many believed to be inside at one time, by their own words."""
        moments: list[tuple[float, int]] = []
        for name, killed in self._logs.items():
            since: float | None = None
            for line in (self._folder / name).read_text(errors="replace").splitlines():
                since = self._read_line(line, since, moments)
            if since is not None:
                moments += [(since, 1), (killed or until, -1)]
        inside = 0
        for _moment, step in sorted(moments):
            inside += step
            self.outcome.most_believing = max(self.outcome.most_believing, inside)

    def _read_line(
        self, line: str, since: float | None, moments: list[tuple[float, int]]
    ) -> float | None:
        words, out = line.split(" ", 2), self.outcome
        kind = words[1] if len(words) > 1 else ""
        if kind == "decision":
            out.decisions.append(float(words[2]))
        elif kind == "in":
            out.served += 1
            return float(words[0])
        elif kind in ("out", "lost"):
            out.lost += kind == "lost"
            assert since is not None
            moments += [(since, 1), (float(words[0]), -1)]
            return None
        else:
            out.errors.append(line[:200])
        return since


def fight(
    url: str, *, seconds: float, programs: int, seats: int, freed: int = 0,
    kill_every_s: float = _KILL_EVERY_S,
) -> Outcome:  # fmt: skip
    """Programs fight for the seats of a base that is there."""
    with TemporaryDirectory() as folder:
        made = Fight(url, Path(folder), programs=programs, seats=seats, kill_every_s=kill_every_s)
        return made.run(seconds, freed)


@contextmanager
def _base(seats: int) -> Iterator[str]:
    description = os.environ.get("CRM_DESKTOP_TEST_FIREBIRD")
    name = f"fight_{secrets.token_hex(4)}"
    if description:
        server = running_server(Path(description))
        yield _made(server.url(name), seats)
        server.remove(name)
        return
    with firebird_server() as server:
        yield _made(server.url(name), seats)


def _made(url: str, seats: int) -> str:
    workspace = create_base(url)
    keep_facts(workspace, {COUNT: str(seats)})
    workspace.close()
    return url


def say(out: Outcome, seats: int) -> str:
    """The figures in words."""
    freed, quick = sorted(out.freed_after) or [0.0], sorted(out.decisions) or [0.0]
    return "\n".join([
        f"{out.served} times somebody came in, {out.killed} of them were killed",
        f"most inside at once: {out.most_inside} in the tables, {out.most_believing} by their own "
        f"words, of {seats} ({out.samples} looks)",
        f"the line out of order: {out.out_of_order} looks; seats lost: {out.lost}",
        f"a killed one's seat was free after {median(freed):.1f} s, at most {freed[-1]:.1f} s",
        f"a decision took {1000 * median(quick):.0f} ms, 95 of 100 within "
        f"{1000 * quick[int(len(quick) * 0.95)]:.0f} ms, at most {1000 * quick[-1]:.0f} ms",
        f"errors: {len(out.errors)} {out.errors[:3]}",
    ])  # fmt: skip


def main() -> None:
    """The command."""
    if sys.argv[1:2] == ["program"]:
        url, name, stop, seats = sys.argv[2:6]
        work_as_program(url, name, Path(stop), int(seats))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=300)
    parser.add_argument("programs", type=int, nargs="?", default=30)
    parser.add_argument("seats", type=int, nargs="?", default=10)
    given = parser.parse_args()
    with _base(given.seats) as url:
        out = fight(url, seconds=given.seconds, programs=given.programs, seats=given.seats)
    print(say(out, given.seats))


if __name__ == "__main__":
    main()
