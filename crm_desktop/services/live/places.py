"""Which transactions of a shared base have been read, and which may still turn up.

Every transaction takes a block of consecutive numbers before it is committed. So a lower block can
become visible after a higher one; until then it is a gap between the blocks that were read.
"""

from __future__ import annotations

from dataclasses import dataclass

AWAITED_S = 60.0
"""A gap is awaited for so long; what was rolled back never comes."""
MOST_GAPS = 24


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that were handed out and not seen yet, since when (seconds of a steady clock)."""

    first: int
    last: int
    since: float


class Places:
    """What was read so far: everything up to `top` but the `gaps`."""

    def __init__(self, top: int) -> None:
        self.top = top
        self.gaps: list[Gap] = []

    def take(self, first: int, last: int, now: float) -> bool:
        """Notes a block; False if it was known."""
        if last > self.top:
            if first > self.top + 1:
                self.gaps.append(Gap(self.top + 1, first - 1, now))
            self.top = last
            return True
        for place, gap in enumerate(self.gaps):
            if gap.first <= first <= gap.last:
                rest = [Gap(gap.first, first - 1, gap.since), Gap(last + 1, gap.last, gap.since)]
                self.gaps[place : place + 1] = [one for one in rest if one.first <= one.last]
                return True
        return False

    def forget(self, now: float) -> None:
        """Gives up gaps that are too old, or too many."""
        self.gaps = [gap for gap in self.gaps if now - gap.since < AWAITED_S][-MOST_GAPS:]

    def wanted(self) -> list[tuple[int, int | None]]:
        """The ranges to be read, without an end the last one."""
        return [*((gap.first, gap.last) for gap in self.gaps), (self.top + 1, None)]
