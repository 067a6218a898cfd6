"""10,000 reminders over a month with sleep, crashes, kills and wrong clocks: each comes up once.

`python -m benchmarks.reminders [COUNT] [SEED]`; ends with status 1 and the faults if any.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.killed_month import KilledMonth
from tests.overdue_month import live_an_overdue_month
from tests.reminder_month import live_a_month, new_month

COUNT, SEED = 10_000, 7


def main(arguments: list[str]) -> int:
    """Lives the month and tells what came of it."""
    count = int(arguments[0]) if arguments else COUNT
    seed = int(arguments[1]) if len(arguments) > 1 else SEED
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        month = live_a_month(new_month(Path(folder), seed), count, seed)
        killed = KilledMonth(new_month(Path(folder), seed + 2), count, seed, kills=12)
        killed.live()
        overdue = live_an_overdue_month(new_month(Path(folder), seed + 1), count // 50, seed)
    faults = [*month.faults(), *killed.faults(), *overdue.faults()]
    spent = time.perf_counter() - began
    sys.stdout.write(
        f"{len(month.expected)} moments, {sum(month.came.values())} came up, "
        f"{sum(overdue.came.values())} told to a head, "
        f"{month.restarts + overdue.restarts} restarts, {killed.killed} kills, "
        f"{len(faults)} faults, {spent:.0f} s\n"
    )
    sys.stdout.write("\n".join(faults[:20]) + ("\n" if faults else ""))
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
