"""Which colour a kind of activity has on the planner."""

from __future__ import annotations

import pytest

from crm_desktop.models.catalogue.builtin.activity import KINDS
from crm_desktop.models.catalogue.definitions import Choice
from crm_desktop.ui.planner.look import Look


@pytest.mark.parametrize(
    ("kind", "tone", "category"),
    [("call", "accent", 2), ("call", "bad", 3), ("tasting", "info", 4), ("tasting", "neutral", 5)],
)
def test_a_kind_has_the_colour_that_was_chosen_for_it(kind: str, tone: str, category: int) -> None:
    others = tuple(choice for choice in KINDS if choice.key != kind)
    look = Look(kinds=(*others, Choice(kind, kind.title(), tone)))

    assert look.of_kind(kind) == category


def test_kinds_that_take_time_are_told_apart() -> None:
    look = Look(kinds=KINDS)

    kinds = ("meeting", "visit", "call", "task", "letter", "leave")
    assert len({look.of_kind(kind) for kind in kinds}) == len(kinds)
