"""The demo company for tests that only look at it: filled once for each size, then copied."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crm_desktop.services.clock import MovedClock
from crm_desktop.services.demo.fill import fill_demo
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import copied_base, ready_base

NOW = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
"""When it was filled, and what the clock of each copy says."""
FEW = 60
"""Clients: enough for deals, sets, wishes and heads."""
MANY = 300
"""Clients: enough for every saved view to show some."""


def demo_company(address: str | Path, language: str, clients: int = FEW) -> Workspace:
    """The open base at `address`, which does not exist yet."""

    def make() -> None:
        base = ready_base(address, language=language, clock=MovedClock(NOW))
        fill_demo(base, clients=clients)
        base.close()

    copied_base(("demo", language, clients), address, make)
    return open_base(address, clock=MovedClock(NOW))
