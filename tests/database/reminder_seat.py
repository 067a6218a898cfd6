"""One seat of a person as a process of its own: looks, answers, goes on as it is told.

`python -m tests.database.reminder_seat ADDRESS WHOM PLACE MOMENT`, then a command a line; each is
answered by one line of JSON. Used by `test_reminder_seats`.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime

from crm_desktop.services.annual.plans import plan_annual
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.reminders.escalation import tell_heads
from crm_desktop.services.workspace import open_base


def main(address: str, whom: str, place: str, moment: str) -> None:
    """Does what stdin says until it ends."""
    base = open_base(address, clock=MovedClock(datetime.fromisoformat(moment)))
    base.work_as(int(whom))

    def look() -> list[str]:
        return [one.subject for one in base.reminders.look(int(whom), place).fresh]

    def standing() -> list[str]:
        return [one.subject for one in base.reminders.due(int(whom), place).standing]

    def answer() -> None:
        base.reminders.answer(base.reminders.due(int(whom), place).standing)

    acts = {"look": look, "standing": standing, "answer": answer,
            "annual": lambda: plan_annual(base), "heads": lambda: tell_heads(base)}  # fmt: skip
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(acts[line.strip()]()) + "\n")
        sys.stdout.flush()
    base.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
