"""The beginnings by which records are found, in the order of the index."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.services.writing.foreseen import Beginnings

TOKENS = st.lists(st.text(st.sampled_from("+=19azё яАЯ词𝄞"), min_size=1, max_size=5))


@given(TOKENS)
def test_all_beginnings_stand_in_order(tokens: list[str]) -> None:
    numbers = list(range(len(tokens)))

    found = Beginnings.in_order(tokens, numbers)

    assert list(zip(*found, strict=True)) == sorted(zip(tokens, numbers, strict=True))
