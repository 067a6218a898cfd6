"""In the demo company somebody is head, and days come round that are planned by themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crm_desktop.models.query import Query
from crm_desktop.services.annual.plans import plan_annual
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.demo.fill import fill_demo
from crm_desktop.services.reminders.escalation import tell_heads
from tests.bases import ready_base


def test_heads_and_annual_plans_have_something_to_show(tmp_path: Path) -> None:
    clock = MovedClock(datetime(2026, 3, 4, 12, 30, tzinfo=UTC))
    base = ready_base(tmp_path / "demo.crm", language="ru", clock=clock)
    fill_demo(base, clients=60)
    ids = list(base.lists.open(Query("staff", ("id",))).ids())
    heads = {id_: row["head"] for id_, row in base.reader.many("staff", ids, ("head",)).items()}
    directors = [id_ for id_, head in heads.items() if head is None]
    assert len(directors) == 1
    for id_ in heads:  # nobody reports to themselves, however far up
        steps = 0
        while heads[id_] is not None and steps < 10:
            id_, steps = heads[id_], steps + 1
        assert id_ == directors[0]
    assert plan_annual(base) > 0
    assert tell_heads(base) > 0
    base.close()
