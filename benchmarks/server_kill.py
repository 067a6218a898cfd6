"""Kills the server in the middle of saves and looks whether anything is lost or there twice.

    python -m benchmarks.server_kill --rounds 100

In every round a program saves on and on while the server is killed at a random moment and started
again. What was confirmed must be there once; what was not stands in the form still, which asks the
change log whether it was kept and else saves it again: then it must be there once as well. At the
end the check of the base must find nothing wrong. Ends with status 1 if anything is amiss.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random

import sqlalchemy as sa

from crm_desktop.errors import DatabaseUnavailable
from crm_desktop.services.live.arrival import created_by
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.workspace import Workspace, create_base, open_base
from tests.restarting import MortalServer, mortal_server

_LONGEST_S = 0.4
_COMES_BACK_S = 60.0


@dataclass
class Toll:
    """What happened in all rounds."""

    rounds: int = 0
    confirmed: int = 0
    unheard: int = 0
    """Kept although nobody heard of it."""
    again: int = 0
    """Not kept, saved again from the form."""
    problems: list[str] = field(default_factory=list)


class ServerKiller:
    """One program on one server that is killed again and again."""

    def __init__(self, mortal: MortalServer, base: Workspace, seed: int) -> None:
        self._mortal, self._base = mortal, base
        self._chance = Random(seed)
        self._names = iter(range(10**9))
        self._expected: list[str] = []
        self.toll = Toll()

    def round(self) -> None:
        """Saves until the server is killed, brings it back, settles what was not confirmed."""
        timer = threading.Timer(self._chance.uniform(0.0, _LONGEST_S), self._mortal.kill)
        timer.start()
        while True:
            name = f"Kept {next(self._names)}"
            try:
                self._base.records.create("client", {"name": name, "city": "Omsk"})
            except DatabaseUnavailable as error:
                operation = error.operation
                break
            self._expected.append(name)
            self.toll.confirmed += 1
        timer.join()
        self._mortal.start()
        self._settle(name, operation)
        self.toll.rounds += 1

    def _settle(self, name: str, operation: int | None) -> None:
        """As a form does when the line is back (`record_card/beside_others`)."""
        ends = time.monotonic() + _COMES_BACK_S
        while True:
            try:
                if operation is not None and created_by(self._base, operation, "client"):
                    self.toll.unheard += 1
                else:
                    self._base.records.create("client", {"name": name, "city": "Omsk"})
                    self.toll.again += 1
                self._expected.append(name)
                return
            except DatabaseUnavailable as error:
                operation = error.operation or operation
                if time.monotonic() > ends:
                    raise
                time.sleep(0.05)

    def check(self) -> Toll:
        """Looks at everything that was saved."""
        table = self._base.tables.main["client"]
        with self._base.backend.read() as connection:
            there = Counter(connection.execute(sa.select(table.c.name)).scalars())
        wrong = Counter(self._expected)
        wrong.subtract(there)
        self.toll.problems += [f"{name}: {-n:+} too many" for name, n in wrong.items() if n]
        self.toll.problems += [str(problem) for problem in check_base(self._base).problems]
        return self.toll


def run(rounds: int, seed: int) -> Toll:
    """So many rounds on a server of our own."""
    with mortal_server() as mortal:
        address = mortal.server.url("killed")
        create_base(address, language="en").close()
        base = open_base(address)
        killer = ServerKiller(mortal, base, seed)
        for _round in range(rounds):
            killer.round()
        toll = killer.check()
        base.close()
    return toll


def main() -> int:
    """Status 0: nothing was lost, nothing is there twice."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    toll = run(given.rounds, given.seed)
    print(
        f"{toll.rounds} kills: {toll.confirmed} saves confirmed, {toll.unheard} kept unheard, "
        f"{toll.again} saved again, {len(toll.problems)} problems (seed {given.seed})"
    )
    for problem in toll.problems[:20]:
        print("  ", problem)
    return 1 if toll.problems else 0


if __name__ == "__main__":
    sys.exit(main())
