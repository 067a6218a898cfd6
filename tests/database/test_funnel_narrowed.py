"""The funnel of a seller who reaches her own deals counts those, asked of the server and kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import EVERYBODY, MANAGER, FunnelQuestion
from crm_desktop.services.sales_figures.service import Funnels
from crm_desktop.services.workspace import Workspace
from tests.firebird_server import FirebirdServer
from tests.strict_office import TwoSellers, two_sellers


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    with two_sellers(firebird) as made:
        yield made


def _sells(seller: Workspace, pipeline: int, count: int) -> None:
    for number in range(count):
        seller.records.create("deal", {
            "name": f"Porch {number}", "pipeline": pipeline, "responsible": seller.user_id,
        })  # fmt: skip


def test_the_first_funnel_counts_what_is_hers(sellers: TwoSellers) -> None:
    anna, boris = sellers.work(), sellers.work(sellers.boris)
    pipeline = anna.funnels.pipelines()[0][0]
    _sells(anna, pipeline, 2)
    _sells(boris, pipeline, 3)
    today = anna.clock.today()
    for since in (today, today.replace(year=today.year - 2, day=1)):
        question = FunnelQuestion(pipeline, Period(since, today), by=MANAGER)
        for seller, count in ((anna, 2), (boris, 3)):
            first = Funnels(seller).counts(question)
            kept = Funnels(seller)
            kept.prepare()
            assert first == kept.counts(question)
            assert first.keys() == {EVERYBODY, seller.user_id}
            assert first[EVERYBODY][0] == count
