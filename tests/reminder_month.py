"""A month of reminders lived through in one go: closed, killed, asleep, the clock set wrongly.

Used by the tests, by `killed_month` and by the long run in `benchmarks`. The person answers and
puts off at random; the program is closed, dropped between any two steps, sleeps, and its clock
jumps. In the end every reminder that was due came up exactly once for each moment it was due at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from crm_desktop.services.clock import MovedClock
from crm_desktop.services.reminders.service import Firing
from crm_desktop.services.workspace import Workspace, open_base
from crm_desktop.services.writing.staging import Create, Write

FIRST = datetime(2026, 3, 9, 6, 0, tzinfo=UTC)  # DST begins on the 29th in Europe
DAYS = 31
PLACE = "office"
BLOCK = 2000


@dataclass
class Month:
    """One base and what is expected of it."""

    address: str
    count: int
    seed: int
    clock: MovedClock = field(default_factory=lambda: MovedClock(FIRST))
    expected: set[tuple[int, datetime]] = field(default_factory=set)
    came: Counter[tuple[int, datetime]] = field(default_factory=Counter)
    early: list[Firing] = field(default_factory=list)
    restarts: int = 0
    days: int = DAYS
    note: Callable[[str], None] = lambda _line: None
    """Hears what happens, a line each, before anything follows from it."""

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.base: Workspace = open_base(self.address, clock=self.clock)

    def plan(self) -> None:
        """Calls all over the month, a reminder each."""
        for start in range(0, self.count, BLOCK):
            amount = min(BLOCK, self.count - start)
            writes: list[Write] = [self._call() for _one in range(amount)]
            self.base.records.apply(writes)
        self._expect()

    def _call(self) -> Create:
        minute = self.chance.randrange(10, self.days * 24 * 60 - 60)
        moment = FIRST + timedelta(minutes=minute)
        values = {"subject": "Call", "kind": "call", "state": "planned", "starts": moment,
                  "due": moment}  # fmt: skip
        return Create("activity", values)

    def _expect(self) -> None:
        with self.base.backend.read() as connection:
            table = self.base.tables.main["reminder"]
            self.expected = {(row.id, row.due_at) for row in connection.execute(table.select())}

    def live(self) -> None:
        """From the first day to the last."""
        end = FIRST + timedelta(days=self.days + 1)
        while self.clock.moment < end:
            self.clock.move(minutes=self.chance.choice((1, 5, 15, 60, 300)))
            self._happen(self.chance.random())
            self.note(f"clock {self.clock.moment.isoformat()}")
            self._look()
        self.clock.moment = max(end, self.clock.moment)
        self._look()
        self._look()

    def _happen(self, chance: float) -> None:
        if chance < 0.05:
            self._restart(killed=chance < 0.03)
        elif chance < 0.08:  # asleep over night
            self.clock.move(hours=self.chance.randrange(1, 14))
        elif chance < 0.10:  # the clock is set back, somebody looks, it is set right
            right = self.clock.moment
            self.clock.move(hours=-self.chance.randrange(1, 30))
            self._look()
            self.clock.moment = right

    def _look(self) -> None:
        look = self.base.reminders.look(None, PLACE)
        for firing in look.fresh:
            self.note(f"fresh {firing.id} {firing.moment.isoformat()}")
            self.came[firing.id, firing.moment] += 1
            if firing.moment > self.clock.moment:
                self.early.append(firing)
        if self.chance.random() < 0.5 and look.standing:
            self._answer(look.standing)

    def _answer(self, standing: tuple[Firing, ...]) -> None:
        if self.chance.random() < 0.2:
            until = self.clock.now() + timedelta(minutes=self.chance.choice((5, 10, 30, 60)))
            some = standing[:3]
            said = " ".join(str(one.id) for one in some)
            self.note(f"wants {until.isoformat()} {said}")
            self.base.reminders.put_off(some, until)
            self.note(f"off {until.isoformat()} {said}")
            self.expected.update((one.id, until) for one in some)
        else:
            self.base.reminders.answer(standing)

    def _restart(self, *, killed: bool) -> None:
        """Killed: whatever the program has in memory is gone without a word."""
        self.restarts += 1
        self.base.backend.close() if killed else self.base.close()
        self.base = open_base(self.address, clock=self.clock)

    def faults(self) -> list[str]:
        """What was lost, doubled, invented or too early."""
        lost = self.expected - self.came.keys()
        invented = self.came.keys() - self.expected
        doubled = [key for key, times in self.came.items() if times > 1]
        return [
            *(f"never came up: {key}" for key in sorted(lost)),
            *(f"nobody asked for it: {key}" for key in sorted(invented)),
            *(f"came up twice: {key}" for key in doubled),
            *(f"came up before its time: {one.id}" for one in self.early),
        ]


def live_a_month(address: str, count: int, seed: int, days: int = DAYS) -> Month:
    """So many reminders in a base of their own, lived through; the caller asks `faults`."""
    month = Month(address, count, seed, days=days)
    try:
        month.plan()
        month.live()
    finally:
        month.base.close()
    return month


def new_month(folder: Path, seed: int) -> str:
    """A new local base for a month."""
    from crm_desktop.services.workspace import create_base

    address = str(folder / f"month-{seed}.crm")
    create_base(address, language="en", clock=MovedClock(FIRST)).close()
    return address
