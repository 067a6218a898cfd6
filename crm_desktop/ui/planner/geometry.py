"""Down the sheet: where groups and rows stand, and which of them a height belongs to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import PlanRow
from crm_desktop.ui.planner.sheet import Line
from crm_desktop.ui.theme import px

ROW, GROUP = 62, 28
LANE, LEAST_LANE, PAD = 28, 20, 5
CROWDED = 4
"""From so many lanes on they are lower."""
STRIP = 14
"""Room for the load of the day, below the bars."""
Group = tuple[str, str]
"""(object, department)"""
FAVOURITES = "*"
"""The group on top, of people and things alike."""


def group_of(row: PlanRow) -> Group:
    """The group in which a row stands."""
    return ("", FAVOURITES) if row.group == FAVOURITES else (row.ref.entity, row.group)


def least_height(*, strip: bool) -> int:
    """Of a row: no row is lower."""
    return px(ROW) + (px(STRIP) if strip else 0)


class Entry(NamedTuple):
    """A group's head (`line` None) or a row; `strip`: room for loads below its bars."""

    top: int
    height: int
    group: Group
    line: Line | None
    lane: float = 0.0
    pad: int = 0
    folded: bool = False

    @property
    def bottom(self) -> int:
        """Where the next one begins."""
        return self.top + self.height

    def lane_top(self, lane: int) -> float:
        """The upper edge of a lane."""
        return self.top + self.pad + lane * self.lane


class Geometry:
    """The places of all entries, top down."""

    def __init__(self, lines: Sequence[Line], folded: Collection[Group], *, strip: bool) -> None:
        self.entries: list[Entry] = []
        self._strip = px(STRIP) if strip else 0
        top, before, several = 0, None, self._has_groups(lines)
        for line in lines:
            group = group_of(line.row)
            if several and group != before:
                before = group
                entry = Entry(top, px(GROUP), group, None, folded=group in folded)
                self.entries.append(entry)
                top = entry.bottom
            if several and group in folded:
                continue
            self.entries.append(self._row(top, group, line))
            top = self.entries[-1].bottom
        self.height = top
        self._tops = [entry.top for entry in self.entries]
        self.by_ref: dict[Ref, Entry] = {e.line.row.ref: e for e in self.entries if e.line}

    @staticmethod
    def _has_groups(lines: Sequence[Line]) -> bool:
        return len({group_of(line.row) for line in lines}) > 1

    def _row(self, top: int, group: Group, line: Line) -> Entry:
        pad = px(PAD)
        least = px(ROW) - 2 * pad
        wanted = line.lanes * px(LANE if line.lanes < CROWDED else LEAST_LANE)
        room = max(least, wanted) if line.lanes > 1 else least
        return Entry(top, room + 2 * pad + self._strip, group, line, room / line.lanes, pad)

    def between(self, top: int, bottom: int) -> Iterator[Entry]:
        """The entries of which anything lies between two heights."""
        at = max(0, bisect_right(self._tops, top) - 1)
        for entry in self.entries[at:]:
            if entry.top > bottom:
                return
            yield entry

    def at(self, y: float) -> Entry | None:
        """The entry at a height."""
        at = bisect_right(self._tops, y) - 1
        if 0 <= at < len(self.entries) and y < self.entries[at].bottom:
            return self.entries[at]
        return None

    def row_at(self, y: float) -> Entry | None:
        """The row nearest to a height; None if there is none."""
        rows = [entry for entry in self.entries if entry.line is not None]
        if not rows:
            return None
        return min(rows, key=lambda e: 0 if e.top <= y < e.bottom
                   else min(abs(y - e.top), abs(y - e.bottom)))  # fmt: skip
