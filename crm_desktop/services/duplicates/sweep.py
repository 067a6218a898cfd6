"""The sweep: every record of an object compared with those it may repeat, in a few minutes.

It reads in short transactions and holds what it compares in memory in a narrow form (`matching`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crm_desktop.services.duplicates.matching import PARTS, Matching
from crm_desktop.services.duplicates.reading import IdentityReader

Progress = Callable[[int, int], None]
"""Called with thousandths done and 1,000."""
WHOLE = 1000
READING = 500
"""Thousandths of the time that reading and making keys takes."""
TOLD_EVERY = 2000


@dataclass(frozen=True)
class FoundGroup:
    """Records that probably mean the same; `reasons` as in `score`, the most frequent first."""

    likelihood: float
    ids: tuple[int, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Swept:
    """What a sweep has found, the likeliest group first, and how many records it compared."""

    records: int
    groups: tuple[FoundGroup, ...]


def sweep(
    reader: IdentityReader,
    minimum: float,
    *,
    apart: set[tuple[int, int]] | None = None,
    progress: Progress = lambda _done, _whole: None,
    check: Callable[[], None] = lambda: None,
) -> Swept:
    """Compares all records. `check` may raise `Cancelled`; `apart`: pairs known to be none."""
    matching = Matching(placed=reader.fields.place is not None)
    matching.keep_apart(apart or set())
    total = max(1, reader.count())
    for number, (id_, found) in enumerate(reader.all(check)):
        matching.add(id_, found)
        if number % TOLD_EVERY == 0:
            progress(min(READING, READING * number // total), WHOLE)

    def tick(done: int, whole: int) -> None:
        check()
        progress(READING + (WHOLE - READING) * done // whole, WHOLE)

    tick(0, PARTS)
    groups = matching.groups(minimum, tick)
    return Swept(
        len(matching),
        tuple(FoundGroup(g.likelihood(), tuple(sorted(g.ids)), tuple(g.reasons)) for g in groups),
    )
