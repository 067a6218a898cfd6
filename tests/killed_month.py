"""A month of reminders in a process of its own that is really killed, again and again.

The program tells line by line what came up and what was asked of it; whoever reads the lines kills
it after as many of them as chance says, whatever it is doing then, and starts it anew at the moment
it had reached. What had come up when it was killed, and was not told any more, still stands when it
starts again: that is where the person sees it.

`python -m tests.killed_month ADDRESS SEED MOMENT DAYS` is the program.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random

from crm_desktop.services.clock import MovedClock
from tests.reminder_month import DAYS, FIRST, PLACE, Month

ROOT = Path(__file__).parents[1]
FEWEST, MOST = 20, 1500
"""Lines that are read before the next kill."""
Moment = tuple[int, datetime]


@dataclass
class KilledMonth:
    """One base, the programs that lived on it, and what they told."""

    address: str
    count: int
    seed: int
    kills: int
    days: int = DAYS
    expected: set[Moment] = field(default_factory=set)
    wanted: set[Moment] = field(default_factory=set)
    """Put off, perhaps: the program was killed before it could say so."""
    fresh: Counter[Moment] = field(default_factory=Counter)
    stood: set[Moment] = field(default_factory=set)
    killed: int = 0
    reached: str = FIRST.isoformat()

    def live(self) -> None:
        """Plans the month and lives it, a program after the other."""
        month = Month(self.address, self.count, self.seed, days=self.days)
        month.plan()
        month.base.close()
        self.expected = set(month.expected)
        chance = Random(self.seed)
        most = max(FEWEST + 1, min(MOST, self.count // 5))
        number = 0
        while not self._live_once(chance.randrange(FEWEST, most), seed=number):
            number += 1

    def _live_once(self, lines: int, seed: int) -> bool:
        """One program; whether it came to the end of the month."""
        how = (str(seed), self.reached, str(self.days))
        words = [sys.executable, "-m", "tests.killed_month", self.address, *how]
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            for number, line in enumerate(program.stdout):
                if line == "end\n":
                    return True
                self._hear(line)
                if number == lines and self.killed < self.kills:
                    program.kill()  # what it had told by then is still read
                    self.killed += 1
        assert program.returncode == -9, f"the program ended by itself: {program.returncode}"
        return False

    def _hear(self, line: str) -> None:
        if not line.endswith("\n"):  # it was killed in the middle of a word
            return
        word, first, *rest = line.split()
        if word == "clock":
            self.reached = first
        elif word == "fresh":
            self.fresh[int(first), datetime.fromisoformat(rest[0])] += 1
        elif word == "stands":
            self.stood.add((int(first), datetime.fromisoformat(rest[0])))
        else:
            many = {(int(one), datetime.fromisoformat(first)) for one in rest}
            (self.wanted if word == "wants" else self.expected).update(many)

    def faults(self) -> list[str]:
        """What was lost, doubled or invented."""
        lost = self.expected - self.fresh.keys() - self.stood
        invented = (self.fresh.keys() | self.stood) - self.expected - self.wanted
        return [
            *(f"never came up: {key}" for key in sorted(lost)),
            *(f"nobody asked for it: {key}" for key in sorted(invented)),
            *(f"came up twice: {key}" for key, times in self.fresh.items() if times > 1),
        ]


def main(address: str, seed: str, moment: str, days: str) -> None:
    """The program: lives on from a moment and tells what happens."""
    clock = MovedClock(datetime.fromisoformat(moment))
    # At once and whole, so that only what is under way is lost with the program.
    month = Month(address, 0, int(seed), clock, days=int(days), note=lambda line: _tell(line))
    for firing in month.base.reminders.due(None, PLACE).standing:
        if not firing.fresh:
            _tell(f"stands {firing.id} {firing.moment.isoformat()}")
    month.live()
    month.base.close()
    _tell("end")


def _tell(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
