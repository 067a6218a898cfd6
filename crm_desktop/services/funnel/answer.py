"""What a funnel says: plain values, each number with the query that gives its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from crm_desktop.models.query import Query
from crm_desktop.services.funnel.objects import Step
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import FunnelQuestion

Sums = Mapping[str, Decimal]
"""Amounts by currency (ISO 4217); never added up over currencies."""


@dataclass(frozen=True)
class StageLine:
    """One stage. `count`: distinct deals that came so far or further; `share`: in percent of the
    stage before, None for the first and of nothing; `returned`: distinct deals that went back from
    here. Times in working minutes of finished stays; None without any."""

    step: Step
    count: int
    share: Decimal | None
    query: Query
    returned: int = 0
    returned_query: Query | None = None
    median: int | None = None
    most: int | None = None
    """The 90th percentile."""
    times_query: Query | None = None
    """The deals whose stays the times are of."""


@dataclass(frozen=True)
class GroupLine:
    """The counts of one manager, source or segment, stage by stage; `id` 0: none is given."""

    id: int
    name: str
    counts: tuple[int, ...]
    queries: tuple[Query, ...]
    total: Decimal | None


@dataclass(frozen=True)
class LossLine:
    """Lost deals of one reason; `id` 0: none is given."""

    id: int
    name: str
    count: int
    sums: Sums
    query: Query


@dataclass(frozen=True)
class Outline:
    """The counts of another period, to be laid beside."""

    period: Period
    counts: tuple[int, ...]
    queries: tuple[Query, ...]


@dataclass(frozen=True)
class FunnelFigure:
    """The whole answer. `total`: how many percent of the first stage came to the last one."""

    question: FunnelQuestion
    pipeline: str
    lines: tuple[StageLine, ...]
    total: Decimal | None
    returned: int
    returned_query: Query
    groups: tuple[GroupLine, ...]
    losses: tuple[LossLine, ...]
    previous: Outline
    year_before: Outline
    rule: tuple[str, ...]
    """How it is counted, in sentences."""
