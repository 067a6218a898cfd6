"""Many programs want the last seat at the same moment, some die: never one too many inside."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from benchmarks.seats import fight
from crm_desktop.models.backend.firebird_seats_read import GRACE_S
from crm_desktop.services.licensing.broker import Broker
from crm_desktop.services.licensing.standing import COUNT, keep_facts
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.seats import office


@pytest.fixture
def base(firebird_url: str) -> Iterator[Workspace]:
    opened = ready_base(firebird_url)
    yield opened
    opened.close()


@pytest.mark.parametrize("seats", [1, 3])
def test_of_all_who_race_for_the_last_seats_just_so_many_win(base: Workspace, seats: int) -> None:
    with office(base, seats) as made, ThreadPoolExecutor(8) as pool:
        racers = [made.at(f"pc{number}") for number in range(8)]
        for racer in racers:
            racer.give()  # everybody has a line already
        for _round in range(5):
            start = Barrier(8)

            def race(racer: Broker, start: Barrier = start) -> str:
                start.wait()
                return racer.take().outcome

            won = list(pool.map(race, racers)).count("work")
            assert won == seats == len(racers[0].holders())
            list(pool.map(lambda racer: racer.give(), racers))


def test_two_who_are_called_at_once_come_in_both_and_no_third(base: Workspace) -> None:
    with office(base, 2) as made, ThreadPoolExecutor(6) as pool:
        inside = made.fill(2)
        line = [made.at(f"w{number}") for number in range(4)]
        for one in line:
            one.wait()
        list(pool.map(lambda one: one.give(), inside))

        list(pool.map(lambda one: one.look(), line))
        won = list(pool.map(lambda one: one.take().outcome, line))

        assert won == ["work", "work", "full", "full"]


@pytest.mark.slow
def test_programs_that_fight_and_die_never_hold_a_seat_too_many(
    base: Workspace, firebird_url: str
) -> None:
    """A short round of `benchmarks/seats`: each one killed is a program more to start."""
    keep_facts(base, {COUNT: "3"})

    out = fight(firebird_url, seconds=150, programs=6, seats=3, freed=1, kill_every_s=3)

    assert out.most_inside == 3 and out.most_believing <= 3
    assert out.out_of_order == 0 and not out.errors, out.errors
    assert out.killed and out.served > 3
    assert out.freed_after[0] >= GRACE_S - 5  # a line that breaks is forgiven for a while
