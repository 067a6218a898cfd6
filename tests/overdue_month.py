"""A month of overdue tasks: whose head is told of each level once, whatever happens to the program.

Lived through as `reminder_month`: closed and killed, asleep, with a clock that is set wrongly for a
while. Some tasks are done or moved on the way; nobody is told of those any more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from crm_desktop.services.clock import MovedClock
from crm_desktop.services.reminders.escalation import tell_heads
from crm_desktop.services.reminders.service import Firing
from crm_desktop.services.workspace import Workspace, open_base
from crm_desktop.services.writing.staging import Create, Write
from tests.reminder_month import DAYS, FIRST, PLACE

LEVELS = (0, 30, 120)


@dataclass
class OverdueMonth:
    """One base, and what the head was told in it."""

    address: str
    count: int
    seed: int
    clock: MovedClock = field(default_factory=lambda: MovedClock(FIRST))
    came: Counter[tuple[int, int, object]] = field(default_factory=Counter)
    undone: set[int] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    restarts: int = 0

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.base: Workspace = open_base(self.address, clock=self.clock)
        self.head = self.base.records.create("staff", {"name": "Anna"}).ids[0]
        worker = {"name": "Boris", "head": self.head}
        self.worker = self.base.records.create("staff", worker).ids[0]
        tasks: list[Write] = [self._task() for _one in range(self.count)]
        self.undone = set(self.base.records.apply(tasks).ids)

    def _task(self) -> Create:
        due = FIRST + timedelta(minutes=self.chance.randrange(10, DAYS * 24 * 60))
        return Create("activity", {"subject": "Offer", "kind": "task", "state": "planned",
                                   "due": due, "author": self.worker})  # fmt: skip

    def live(self) -> None:
        """From the first day to some days after the last, so that every level is reached."""
        end = FIRST + timedelta(days=DAYS + 5)
        while self.clock.moment < end:
            self.clock.move(minutes=self.chance.choice((5, 15, 60, 300)))
            self._happen(self.chance.random())
            self._look()

    def _happen(self, chance: float) -> None:
        if chance < 0.05:
            self.restarts += 1
            self.base.backend.close() if chance < 0.03 else self.base.close()
            self.base = open_base(self.address, clock=self.clock)
        elif chance < 0.08:
            self.clock.move(hours=self.chance.randrange(1, 14))
        elif chance < 0.10:
            right = self.clock.moment
            self.clock.move(hours=-self.chance.randrange(1, 30))
            self._look()
            self.clock.moment = right
        elif chance < 0.20 and len(self.undone) > self.count // 2:
            one = self.chance.choice(sorted(self.undone))
            self.undone.discard(one)
            state = self.chance.choice(("done", "cancelled"))
            self.base.records.update("activity", one, {"state": state, "reason": "no need"})

    def _look(self) -> None:
        tell_heads(self.base)
        look = self.base.reminders.look(self.head, PLACE)
        for firing in look.fresh:
            self._told(firing)
        if self.chance.random() < 0.3:
            self.base.reminders.answer(look.standing)

    def _told(self, firing: Firing) -> None:
        self.came[firing.event.id, firing.level or 0, firing.moment] += 1
        if firing.moment > self.clock.moment:
            self.wrong.append(f"told before its time: {firing.event.id}")
        if firing.event.id not in self.undone:
            self.wrong.append(f"told of what is done: {firing.event.id}")

    def faults(self) -> list[str]:
        """What was told twice, not at all, too early or needlessly."""
        levels = Counter((task, level) for task, level, _moment in self.came.elements())
        doubled = [f"told twice: {key}" for key, times in levels.items() if times > 1]
        missed = [one for one in sorted(self.undone) if (one, LEVELS[-1]) not in levels]
        return [*self.wrong, *doubled, *(f"never told of to the end: {one}" for one in missed)]


def live_an_overdue_month(address: str, count: int, seed: int) -> OverdueMonth:
    """So many tasks in a base of their own, lived through; the caller asks `faults`."""
    month = OverdueMonth(address, count, seed)
    try:
        month.live()
    finally:
        month.base.close()
    return month
