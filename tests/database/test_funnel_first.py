"""The first funnel of a program is asked of the base; it is the one that is counted from memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import EVERYBODY, GROUPINGS, FunnelQuestion
from crm_desktop.services.sales_figures.service import Funnels
from tests.database.funnel_world import World, drawn

FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
YEARS = Period(date(2024, 4, 1), date(2026, 3, 31))


@pytest.fixture
def world(base_url: str) -> Iterator[World]:
    made = World(base_url)
    made.put(drawn(made, Random(5), 150))
    yield made
    made.base.close()


@pytest.mark.parametrize("closing", [False, True])
@pytest.mark.parametrize("period", [FEBRUARY, YEARS])
def test_the_first_answer_is_the_one_from_memory(
    world: World, period: Period, closing: bool
) -> None:
    kept = Funnels(world.base)
    kept.prepare()
    for by in ("", *GROUPINGS):
        question = FunnelQuestion(world.pipeline, period, closing, by)
        assert sum(kept.counts(question)[EVERYBODY])
        assert Funnels(world.base).counts(question) == kept.counts(question)
        assert Funnels(world.base).figure(question) == kept.figure(question)


def test_all_deals_are_read_for_who_asks_again(world: World) -> None:
    funnels, question = Funnels(world.base), FunnelQuestion(world.pipeline, FEBRUARY)
    first = funnels.figure(question)
    assert not (funnels.kept.is_ready or funnels.past.is_ready)
    assert funnels.figure(question) == first
    assert funnels.kept.is_ready and funnels.past.is_ready


def test_the_first_page_of_years_reads_all_deals(world: World) -> None:
    funnels, question = Funnels(world.base), FunnelQuestion(world.pipeline, YEARS)
    counted = Funnels(world.base).counts(question)[EVERYBODY]
    assert [line.count for line in funnels.figure(question).lines] == counted
    assert funnels.kept.is_ready


def test_another_pipeline_has_its_own_first_answer(world: World) -> None:
    nobody = replace(FunnelQuestion(world.pipeline, FEBRUARY), pipeline=10**9)
    assert not any(Funnels(world.base).counts(nobody)[EVERYBODY])
