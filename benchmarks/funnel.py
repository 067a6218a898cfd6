"""`python -m benchmarks.funnel`: figures of sales over 50,000 deals, on both back ends.

The funnel by stage and manager over two years, with the history of 175,000 stays; the table of
managers over 500,000 rows of stages and activities; the rows behind a number.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import promises as p
from benchmarks.whole_rows import whole_columns, whole_rows
from crm_desktop.models.rowcodec import RowCodec
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import MANAGER, FunnelQuestion
from crm_desktop.services.sales_figures.managers import manager_table
from crm_desktop.services.workspace import Workspace, create_base
from crm_desktop.services.writing.staging import Create
from tests.firebird_server import ServerMissing, firebird_server

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
DEALS, ACTIVITIES, PEOPLE, BLOCK = 50_000, 325_000, 20, 5_000
PERIOD = Period(date(2024, 3, 1), date(2026, 3, 31))
MONTH = Period(date(2026, 2, 1), date(2026, 2, 28))
CHANGED_HANDS = 0.03
PROMISED = {
    kind: (known[p.FUNNEL].median, known[p.MANAGERS].median) for kind, known in p.SALES.items()
}


def main() -> int:
    """Exit status 0: every promise kept; 1: some are not."""
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        kept &= measure("sqlite", str(Path(folder) / "funnel.crm"))
        try:
            with firebird_server() as server:
                kept &= measure("firebird", server.empty_base("funnel"))
        except ServerMissing as missing:
            _say(f"firebird left out: {missing}")
    return 0 if kept else 1


def _say(text: str) -> None:
    print(text, flush=True)


def measure(back_end: str, address: str) -> bool:
    """Makes a base there and asks it."""
    base = create_base(address, language="en", clock=MovedClock(NOW))
    try:
        pipeline = fill(base)
        return _asked(base, pipeline, *PROMISED[back_end])
    finally:
        base.close()


def _asked(base: Workspace, pipeline: int, funnel: float, managers: float) -> bool:
    funnels = base.funnels
    by_manager = FunnelQuestion(pipeline, PERIOD, by=MANAGER)
    plain = FunnelQuestion(pipeline, PERIOD)
    _told("funnel by stage", lambda: funnels.counts(plain), 0)
    kept = _told("funnel by stage and manager", lambda: funnels.counts(by_manager), funnel)
    month = FunnelQuestion(pipeline, MONTH, by=MANAGER)
    _told("the same of a month", lambda: funnels.counts(month), 0)
    _told("table of managers, nothing kept", lambda: manager_table(base, PERIOD), 0, rounds=1)
    _told("read into memory behind it", base.funnels.acts.prepare, 0, rounds=1)
    kept &= _told("table of managers", lambda: manager_table(base, PERIOD), managers)
    _told("the same of a month", lambda: manager_table(base, MONTH), 0)
    base.records.apply([Create("activity", {"subject": "Call", "kind": "call", "moment": NOW})])
    _told("the same after a call was noted", lambda: manager_table(base, MONTH), 0, rounds=1)
    _told("whole page of two years", lambda: funnels.figure(by_manager), 0, rounds=3)
    _told("whole page of a month", lambda: funnels.figure(month), 0, rounds=3)
    rows = funnels.figure(month).groups[0].queries[1]
    _told("rows behind a manager's number", lambda: base.lists.open(rows).first(50), 0, rounds=3)
    return kept


def _told(what: str, act: Callable[[], object], most: float, rounds: int = 9) -> bool:
    found = samples(act, rounds)
    taken = statistics.median(found)
    promised = f" (promised {most:.0f})" if most else ""
    _say(f"{what}: {taken:.1f} ms, first {found[0]:.1f}{promised}")
    return not most or taken <= most


def samples(act: Callable[[], object], rounds: int) -> list[float]:
    """So many times, in milliseconds."""
    found = []
    for _round in range(rounds):
        begun = time.perf_counter()
        act()
        found.append((time.perf_counter() - begun) * 1e3)
    return found


# --- the base -------------------------------------------------------------------------------------


def fill(base: Workspace) -> int:
    """People, a pipeline, deals with their ways, activities; the number of the pipeline."""
    people = [Create("staff", {"name": f"Colleague {n:02}"}) for n in range(PEOPLE)]
    staff = base.records.apply(people).ids
    pipeline = base.records.create("pipeline", {"name": "Windows"}).ids[0]
    stages = base.records.apply([
        Create("stage", {"name": f"Stage {n}", "pipeline": pipeline, "position": n,
                         "outcome": "won" if n == 5 else "lost" if n == 6 else "open"})
        for n in range(7)
    ]).ids  # fmt: skip
    chance = Random(41)
    deals = [_deal(chance, pipeline, stages, staff) for _number in range(DEALS)]
    ids = _insert(base, "deal", (values for values, _stays in deals))
    _insert(base, "deal_stage", (
        {**stay, "deal": id_, "pipeline": pipeline, "name": "Stay"}
        for id_, (_values, stays) in zip(ids, deals, strict=True) for stay in stays
    ))  # fmt: skip
    _insert(base, "activity", _activities(chance, staff))
    base.backend.analyze()
    return pipeline


def _insert(base: Workspace, entity: str, rows: Iterator[dict[str, Any]]) -> list[int]:
    codec = RowCodec(base.tables, base.catalogue[entity])
    made: list[int] = []
    while block := list(islice(rows, BLOCK)):
        with base.backend.write() as connection:
            ids = base.backend.ids(connection, len(block))
            lines = whole_rows(codec, list(ids), block, NOW)
            base.backend.insert_many(connection, codec.main, whole_columns(codec), lines)
        made.extend(ids)
    return made


def _deal(
    chance: Random, pipeline: int, stages: tuple[int, ...], staff: tuple[int, ...]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    opened = NOW - timedelta(minutes=chance.randrange(2 * 365 * 24 * 60))
    who, place = chance.choice(staff), 0
    stays = [_stay(stages[0], opened, "new", who)]
    while place < 5 and chance.random() < 0.72:
        place += 1
        when = stays[-1]["since"] + timedelta(minutes=chance.randrange(30, 9000))
        stays[-1].update(until=when, minutes=chance.randrange(10, 3000))
        stays.append(_stay(stages[place], when, "won" if place == 5 else "forward", who))
    lost = place < 5 and chance.random() < 0.5
    if lost:
        stays.append(_stay(stages[6], stays[-1]["since"], "lost", who))
    if chance.random() < CHANGED_HANDS:
        stays[0]["responsible"] = chance.choice(staff)
    state = "won" if place == 5 else "lost" if lost else "open"
    values = {
        "name": f"Windows for {chance.randrange(90_000)}", "pipeline": pipeline,
        "stage": stays[-1]["stage"], "state": state, "opened": opened, "responsible": who,
        "reached": stages[place], "amount": chance.randrange(100_000), "currency": "RUB",
        "closed": stays[-1]["since"] if state != "open" else None,
    }  # fmt: skip
    return values, stays


def _stay(stage: int, when: datetime, direction: str, who: int) -> dict[str, Any]:
    return {"stage": stage, "since": when, "direction": direction, "responsible": who}


def _activities(chance: Random, staff: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    kinds = ("call", "call", "letter", "meeting", "task", "note")
    for number in range(ACTIVITIES):
        when = NOW - timedelta(minutes=chance.randrange(2 * 365 * 24 * 60))
        yield {
            "subject": f"About windows {number}", "kind": chance.choice(kinds), "moment": when,
            "author": chance.choice(staff), "due": when,
            "state": "done" if chance.random() < 0.97 else "planned",
        }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
