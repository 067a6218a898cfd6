"""Sets of pairs (token, record) told apart by sums, so that no set has to be kept whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

BUCKETS = 4096
_ONE = 1 << 80
"""Added for each pair, so that their count is told as well."""


class Sums:
    """Numbers for a set of pairs in any order, as good as the set to tell two apart: one for the
    records of each bucket."""

    def __init__(self) -> None:
        self._sums: list[int] = []

    def add(self, tokens: Iterable[str], id_: int) -> None:
        """Adds pairs of one record; none of them was added before."""
        if not self._sums:
            self._sums = [0] * BUCKETS
        self._sums[id_ % BUCKETS] += sum(hash((token, id_)) + _ONE for token in tokens)

    def differing(self, other: Sums) -> Iterator[int]:
        """The buckets with records of which the pairs are not the same."""
        pairs = zip_longest(self._sums, other._sums, fillvalue=0)
        return (bucket for bucket, (one, two) in enumerate(pairs) if one != two)
