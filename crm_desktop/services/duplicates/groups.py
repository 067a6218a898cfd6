"""From likely pairs to groups of records that mean the same.

Connected components, but a chain (a is like b, b is like c, a is not like c) does not make one
group: two groups are joined only if their records agree on the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

LARGEST = 30
"""Records of one group; what is more is a value that everybody has."""
MOST_COMPARED = 64
AGREEING = 0.5
"""How likely the pairs between two groups must be on average."""


@dataclass
class Group:
    """Records that mean the same; `pairs` are those that led to it, by likelihood."""

    ids: list[int]
    pairs: list[tuple[float, int, int]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def likelihood(self) -> float:
        """That of the record that is least sure to belong here."""
        best: dict[int, float] = {}
        for likelihood, one, other in self.pairs:
            for id_ in (one, other):
                best[id_] = max(best.get(id_, 0.0), likelihood)
        return min(best.values(), default=0.0)


def group(
    pairs: Iterable[tuple[float, int, int]], likelihood: Callable[[int, int], float]
) -> list[Group]:
    """Groups of the pairs (likelihood, one, other), the most likely pairs joined first."""
    of: dict[int, Group] = {}
    for pair in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        _chance, one, other = pair
        first = of.setdefault(one, Group([one]))
        second = of.setdefault(other, Group([other]))
        if first is second:
            first.pairs.append(pair)
        elif _agree(first, second, likelihood):
            first.ids += second.ids
            first.pairs += [*second.pairs, pair]
            for id_ in second.ids:
                of[id_] = first
    unique = {id(found): found for found in of.values() if len(found.ids) > 1}
    return sorted(unique.values(), key=lambda found: (-found.likelihood(), found.ids[0]))


def _agree(first: Group, second: Group, likelihood: Callable[[int, int], float]) -> bool:
    if len(first.ids) == len(second.ids) == 1:
        return True
    if len(first.ids) + len(second.ids) > LARGEST:
        return False
    crossing = [(a, b) for a in first.ids for b in second.ids][:MOST_COMPARED]
    return sum(likelihood(a, b) for a, b in crossing) / len(crossing) >= AGREEING
