"""What is promised of leads and deals: the funnel, the table of managers, the board.

The bases are those of `funnel` and `board`. What is kept in memory afterwards answers all but the
first question of a program; the first of funnel and managers is told apart, by the same promise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from benchmarks import board, funnel
from benchmarks import promises as p
from benchmarks.board_window import DRAGGED, DROPPED, OPENED, SCROLLED, SIDEWAYS
from benchmarks.figures import Figure
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.funnel.question import MANAGER, FunnelQuestion
from crm_desktop.services.sales_figures.managers import manager_table
from crm_desktop.services.workspace import create_base

if TYPE_CHECKING:
    from benchmarks.runs import Places

FRAMES = (SCROLLED, SIDEWAYS, DRAGGED, DROPPED)


def sales(places: Places, rounds: int) -> list[Figure]:
    """Every figure, on new bases of one kind of back end."""
    return [*_figures(places, rounds), *_board(places)]


def _figures(places: Places, rounds: int) -> list[Figure]:
    places.say(f"{places.back_end}: funnel and managers over {funnel.DEALS:,} deals")
    base = create_base(places.new("funnel"), language="en", clock=MovedClock(funnel.NOW))
    promised, name = p.SALES[places.back_end], f"{places.back_end}, {funnel.DEALS // 1000}k deals"
    try:
        question = FunnelQuestion(funnel.fill(base), funnel.PERIOD, by=MANAGER)
        acts: dict[str, Callable[[], object]] = {
            p.FUNNEL: lambda: base.funnels.counts(question),
            p.MANAGERS: lambda: manager_table(base, funnel.PERIOD),
        }
        first = [(what, tuple(funnel.samples(act, 1))) for what, act in acts.items()]
        base.funnels.prepare()  # as the page does when it is painted
        later = [(what, tuple(funnel.samples(act, rounds))) for what, act in acts.items()]
        return [
            *(Figure(what, name, taken, promised[what].median) for what, taken in later),
            *(Figure(f"{what}, first", name, taken, promised[what].median)
              for what, taken in first),
        ]  # fmt: skip
    finally:
        base.close()


def _board(places: Places) -> list[Figure]:
    places.say(f"{places.back_end}: the board over {board.DEALS:,} deals in the window")
    address, name = places.new("board"), f"{places.back_end}, {board.DEALS // 1000}k deals"
    board.fill(address)
    found = board.in_window(address)
    longest = max(taken for what in FRAMES for taken in found[what])
    promised = p.SALES[places.back_end][p.BOARD].median
    return [
        Figure(p.BOARD, name, tuple(found[OPENED]), promised),
        Figure("board, longest frame", name, (longest,), p.FRAME_MS),
    ]
