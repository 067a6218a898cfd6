"""Keeps the sorted ids of an open list right while records change.

A touched record is taken out and, if it still matches, put where it belongs now. Its place is
found by comparing its order keys with those of a few other rows at a time.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cmp_to_key
from typing import Any

import sqlalchemy as sa

from crm_desktop.services.lists.order import Ordering
from crm_desktop.services.lists.plan import ListPlan

PROBES = 32
"""Rows read at a time while a place is looked for."""
BESIDE = 8
"""Rows on both sides of a place that are looked at, too."""


def compare_keys(one: Sequence[Any], other: Sequence[Any], ordering: Ordering) -> int:
    """-1, 0 or 1 as `one` stands before, with or after `other`; empty values are the smallest."""
    for a, b, key in zip(one, other, ordering.keys, strict=True):
        if a == b:
            continue
        less = a is None or (b is not None and a < b)
        return -1 if less ^ key.descending else 1
    return 0


def order_by_keys(rows: Sequence[Sequence[Any]], ordering: Ordering) -> list[int]:
    """The ids of rows of (id, *order keys) in their order."""

    def compared(one: Sequence[Any], other: Sequence[Any]) -> int:
        return compare_keys(one[1:], other[1:], ordering)

    return [row[0] for row in sorted(rows, key=cmp_to_key(compared))]


class IdKeeper:
    """Works touched records into the sorted ids of a list."""

    def __init__(self, plan: ListPlan, ids: array[int]) -> None:
        self._plan = plan
        self._ids = ids

    def apply(self, connection: sa.Connection, touched: Sequence[int]) -> bool:
        """Takes the touched records out and puts those that match where they belong.

        False: other rows do not stand in the order any more, for records were changed of which
        nobody has told yet. No place can be told by them: the list is to be read anew.
        """
        there = self._keys(connection, touched)
        for id_ in touched:
            self._take_out(id_)
        for id_, keys in there.items():
            place = self._place(connection, keys)
            if place is None:
                return False
            self._ids.insert(place, id_)
        return True

    def _take_out(self, id_: int) -> None:
        try:
            self._ids.pop(self._ids.index(id_))
        except ValueError:  # it did not match before
            return

    def _keys(self, connection: sa.Connection, ids: Sequence[int]) -> dict[int, Sequence[Any]]:
        if not ids:
            return {}
        return {row[0]: row[1:] for row in self._plan.keys(connection, ids)}

    def _place(self, connection: sa.Connection, keys: Sequence[Any]) -> int | None:
        """The first position whose row stands after `keys`; None if rows contradict each other."""
        low, high = 0, len(self._ids)
        while low < high:
            step = max(1, (high - low) // PROBES)
            probed = range(low, high, step)
            if step == 1:  # rows beside them were looked at once at most: one may be out of order
                probed = range(max(0, low - BESIDE), min(len(self._ids), high + BESIDE))
            known = self._keys(connection, [self._ids[at] for at in probed])
            there = [at for at in probed if self._ids[at] in known]
            after = [at for at in there if self._stands_after(known[self._ids[at]], keys)]
            before = sorted(set(there).difference(after))
            if before and after and before[-1] > after[0]:
                return None
            if not there:  # all of them are gone: any place is as good
                return low
            new_low = before[-1] + 1 if before else low
            new_high = after[0] if after else high
            if step == 1 or (new_low, new_high) == (low, high):
                return new_low
            low, high = new_low, new_high
        return low

    def _stands_after(self, one: Sequence[Any], keys: Sequence[Any]) -> bool:
        return compare_keys(one, keys, self._plan.ordering) > 0
