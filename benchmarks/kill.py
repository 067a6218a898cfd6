"""Kills the program hundreds of times in the middle of its work and looks at what is left.

    python -m benchmarks.kill --rounds 300 --back-end both

Every round starts a process that saves, imports, undoes, adds objects without end; after a random
time it is killed with SIGKILL. Then the base is opened as the program opens it, and everything
in `kill_checks` must hold. A round in five kills the opening, which clears up after the round
before; one more for every ten kills a migration. Ends with status 1 and the seeds of the rounds
that failed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from benchmarks.kill_checks import problems_of, read_journal
from benchmarks.kill_migration import kill_migrations
from benchmarks.kill_worker import work
from crm_desktop.services.workspace import create_base, open_base
from tests.firebird_server import firebird_server

ROUNDS_A_BASE = 20
LONGEST_WORK = 1.2
LONGEST_OPENING = 0.15
START_SECONDS = 60.0


@dataclass
class Tally:
    """What happened in all rounds."""

    rounds: int = 0
    done: int = 0
    cut: int = 0
    """Rounds whose victim was in the middle of a task."""
    migrations: int = 0
    failures: list[str] = field(default_factory=list)


class Killer:
    """Kills on one kind of back end; `new_address` says where the next base may be."""

    def __init__(self, new_address: Callable[[], str], folder: Path, seed: int) -> None:
        self._new_address = new_address
        self._folder = folder
        self._chance = Random(seed)
        self._seed = seed
        self._context = _processes()
        self.tally = Tally()
        self.stop_early = False

    def run(self, rounds: int, say: Callable[[str], None] = lambda _text: None) -> Tally:
        """So many rounds, with a new base every now and then."""
        address = ""
        for number in range(rounds):
            if self.stop_early and self.tally.failures:
                break
            if number % ROUNDS_A_BASE == 0:
                address = self._new_address()
                create_base(address, language="en").close()
            self._round(address, number)
            say(f"{self.tally.rounds} rounds, {len(self.tally.failures)} failures")
        return self.tally

    def migrations(self, rounds: int) -> None:
        """So many migrations killed."""
        self.tally.failures += kill_migrations(
            self._new_address, self._folder, self._context, rounds=rounds, seed=self._seed
        )
        self.tally.migrations += rounds

    def _round(self, address: str, number: int) -> None:
        journal = self._folder / f"journal-{self._seed}-{number}"
        seed = self._chance.randrange(10**9)
        opening = self._chance.random() < 0.2
        victim = self._context.Process(target=work, args=(address, journal, seed), daemon=True)
        victim.start()
        if not opening:
            _wait(journal, victim)
        time.sleep(self._chance.random() * (LONGEST_OPENING if opening else LONGEST_WORK))
        died = victim.exitcode
        victim.kill()
        victim.join()
        if died is not None:
            self._fail(number, f"the program ended by itself with {died}")
        self._look(address, number, journal)

    def _look(self, address: str, number: int, path: Path) -> None:
        journal = read_journal(path)
        self.tally.rounds += 1
        self.tally.done += sum(line["what"] == "done" for line in journal)
        self.tally.cut += bool(journal) and journal[-1]["what"] == "begun"
        try:
            workspace = open_base(address)
        except Exception as error:  # noqa: BLE001 - whatever it is, the base does not open
            self._fail(number, f"does not open: {error!r}")
            return
        try:
            for problem in problems_of(workspace, journal):
                self._fail(number, problem)
        finally:
            workspace.close()

    def _fail(self, number: int, what: str) -> None:
        self.tally.failures.append(f"seed {self._seed}, round {number}: {what}")


def _processes() -> multiprocessing.context.BaseContext:
    """Where the system can, victims start with everything imported: their work is what counts."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.kill_worker", "benchmarks.kill_migration"])
    return context


def _wait(journal: Path, victim: BaseProcess) -> None:
    """Until the victim has opened the base."""
    deadline = time.monotonic() + START_SECONDS
    while not journal.exists() or not journal.stat().st_size:
        if victim.exitcode is not None or time.monotonic() > deadline:
            return
        time.sleep(0.005)


@contextmanager
def killers(back_end: str, folder: Path, seed: int) -> Iterator[Killer]:
    """A killer for `sqlite` or `firebird`."""
    numbers = iter(range(10**6))
    if back_end == "sqlite":
        yield Killer(lambda: str(folder / f"victim{next(numbers)}.crm"), folder, seed)
        return
    with firebird_server() as server:
        yield Killer(lambda: server.url(f"victim{next(numbers)}"), folder, seed)


@contextmanager
def _folder(kept: Path | None) -> Iterator[str]:
    """A folder for the bases: one that stays, or one that goes."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield str(kept)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield folder


def main() -> int:
    """The command line; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300, help="on each back end")
    parser.add_argument("--back-end", choices=["sqlite", "firebird", "both"], default="both")
    parser.add_argument(
        "--keep", type=Path, help="stop at the first failure and leave the base in this folder"
    )
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    wanted = ["sqlite", "firebird"] if given.back_end == "both" else [given.back_end]
    failed = False
    for back_end in wanted:
        with (
            _folder(given.keep) as folder,
            killers(back_end, Path(folder), given.seed) as killer,
        ):
            killer.stop_early = given.keep is not None
            tally = killer.run(given.rounds, lambda text: print(text, end="\r", file=sys.stderr))
            killer.migrations(given.rounds // 10)
        print(f"{back_end}: {tally.rounds} rounds, {tally.done} operations done before, "
              f"{tally.cut} killed in the middle, {tally.migrations} migrations killed, "
              f"{len(tally.failures)} failures")  # fmt: skip
        for failure in tally.failures:
            print("  " + failure)
        failed = failed or bool(tally.failures)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
