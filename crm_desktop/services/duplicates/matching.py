"""Finds the likely pairs among many records held in memory in a narrow form.

A record takes about 350 bytes: a text, and eight bytes for every key. The keys are
gathered in parts by their hash and sorted, so that equal ones stand together.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, pairwise

from crm_desktop.services.duplicates.blocking import keys
from crm_desktop.services.duplicates.features import Features, pack, unpack
from crm_desktop.services.duplicates.groups import Group, group
from crm_desktop.services.duplicates.score import Score, score

PARTS = 32
PLACE_BITS = 24
STRONG_BIT = 1 << 63 - PLACE_BITS
HASHED = STRONG_BIT - 1
MOST_RECORDS = 1 << PLACE_BITS
SKETCH = 1 << 22  # counters of how often a key occurs; a collision makes a key look less rare
LARGEST_BLOCK = 24
NEIGHBOURS = 4
PROBABLE = 0.5
"""Pairs less likely than this are not told of."""
MOST_REFUSED = 3_000_000
"""Pairs that are remembered so as not to be compared again at their next common key; 100 bytes
each."""
COUNTED = "npew"
STRONG = "tpencb"
"""Kinds of keys of which large blocks are looked through more closely."""
Tick = Callable[[int, int], None]


class Matching:
    """Add every record, then ask for the pairs or groups once."""

    def __init__(self, *, placed: bool = True) -> None:
        self._placed = placed
        self._ids = array("q")
        self._packed: list[str] = []
        self._parts = [array("Q") for _n in range(PARTS)]
        self._counts = array("I", bytes(4 * SKETCH))
        self._features = lru_cache(maxsize=60_000)(self._unpacked)
        self._apart: set[tuple[int, int]] = set()

    def __len__(self) -> int:
        return len(self._ids)

    def _unpacked(self, place: int) -> Features:
        return unpack(self._packed[place])

    def add(self, id_: int, found: Features) -> None:
        """Takes in a record; those beyond 16 million are passed over."""
        place = len(self._ids)
        if place >= MOST_RECORDS:
            return
        self._ids.append(id_)
        self._packed.append(pack(found))
        parts, counts = self._parts, self._counts
        for key in set(keys(found, placed=self._placed)):
            number = hash(key) & HASHED
            if key[0] in COUNTED:
                counts[number % SKETCH] += 1
            if key[0] in STRONG:
                number |= STRONG_BIT
            parts[number % PARTS].append((number << PLACE_BITS) | place)

    def keep_apart(self, pairs: set[tuple[int, int]]) -> None:
        """Pairs of ids (the smaller first) of which a person said that they are not the same."""
        self._apart = pairs

    def frequency(self, key: str) -> int:
        """How many records have the key, or a little more."""
        return self._counts[(hash(key) & HASHED) % SKETCH]

    def score(self, one: int, other: int) -> Score:
        """The score of two records by their places."""
        return score(self._features(one), self._features(other), self.frequency)

    def pairs(self, tick: Tick) -> dict[tuple[int, int], float]:
        """All probable pairs of places, with their likelihood; `tick` after each part."""
        found: dict[tuple[int, int], float] = {}
        refused: set[int] = set()
        for number in range(PARTS):
            for pair in self._candidates(number):
                packed = pair[0] << PLACE_BITS | pair[1]
                if packed in refused or pair in found or self._are_apart(pair):
                    continue
                likelihood = self.score(*pair).likelihood
                if likelihood >= PROBABLE:
                    found[pair] = likelihood
                else:
                    refused.add(packed)
            if len(refused) > MOST_REFUSED:
                refused.clear()
            tick(number + 1, PARTS)
        return found

    def groups(self, minimum: float, tick: Tick) -> list[Group]:
        """Groups by id, of pairs that are at least so likely."""
        pairs = self.pairs(tick)
        likely = [(chance, *pair) for pair, chance in pairs.items() if chance >= minimum]
        found = group(likely, self._likelihood)
        for one in found:
            one.reasons = self.reasons(one.ids)
            one.pairs = [(c, self._ids[a], self._ids[b]) for c, a, b in one.pairs]
            one.ids = [self._ids[place] for place in one.ids]
        return found

    def reasons(self, places: Sequence[int]) -> list[str]:
        """Why records belong together: the reasons of their pairs, the most frequent first."""
        counted: dict[str, int] = {}
        for one, other in combinations(places, 2):
            for reason in self.score(one, other).reasons:
                counted[reason] = counted.get(reason, 0) + 1
        return sorted(counted, key=lambda reason: -counted[reason])

    def _likelihood(self, one: int, other: int) -> float:
        return 0.0 if self._are_apart((one, other)) else self.score(one, other).likelihood

    def _are_apart(self, pair: tuple[int, int]) -> bool:
        if not self._apart:
            return False
        one, other = sorted((self._ids[pair[0]], self._ids[pair[1]]))
        return (one, other) in self._apart

    # --- blocks -----------------------------------------------------------------------------------

    def _candidates(self, number: int) -> Iterator[tuple[int, int]]:
        rows = sorted(self._parts[number])
        self._parts[number] = array("Q")
        mask, start = MOST_RECORDS - 1, 0
        while start < len(rows):
            key, end = rows[start] >> PLACE_BITS, start + 1
            while end < len(rows) and rows[end] >> PLACE_BITS == key:
                end += 1
            if end - start > 1:
                block = [row & mask for row in rows[start:end]]
                yield from self._pairs_of(block, strong=bool(key & STRONG_BIT))
            start = end

    def _pairs_of(self, block: list[int], *, strong: bool) -> Iterator[tuple[int, int]]:
        """All pairs of a small block; of a large one those that stand side by side in an order."""
        if len(block) <= LARGEST_BLOCK:
            yield from combinations(block, 2)
            return
        packed = self._packed
        by_name = sorted(block, key=packed.__getitem__)
        if not strong:
            yield from map(_ordered, pairwise(by_name))
            return
        by_rest = sorted(block, key=lambda place: packed[place].partition("\x1f")[2])
        by_place = sorted(block, key=lambda place: packed[place].rpartition("\x1f")[0][::-1])
        for order in (by_name, by_rest, by_place):
            for at, one in enumerate(order):
                for other in order[at + 1 : at + 1 + NEIGHBOURS]:
                    yield _ordered((one, other))


def _ordered(pair: tuple[int, int]) -> tuple[int, int]:
    return pair if pair[0] < pair[1] else (pair[1], pair[0])
