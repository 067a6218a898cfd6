"""Lists of values are asked for in a few lengths, so that a base keeps few statements ready."""

from __future__ import annotations

from crm_desktop.models.backend.base import IN_LIST
from crm_desktop.services.reader import evened


def test_lists_of_any_length_have_a_dozen_lengths_and_the_same_values() -> None:
    given = [list(range(length)) for length in range(1, IN_LIST + 1)]
    lists = [evened(part) for part in given]

    assert [set(one) for one in lists] == [set(part) for part in given]
    assert len({len(one) for one in lists}) <= 12
    assert max(map(len, lists)) == IN_LIST


def test_a_list_that_fits_stays_as_it_is() -> None:
    assert [evened([7]), evened([7, 8]), evened([7, 8, 9])] == [[7], [7, 8], [7, 8, 9, 9]]
