"""A row of a workbook with more than its values: its place in an outline and its colours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crm_desktop.services.importing.readers.base import Cell


@dataclass(frozen=True)
class Line:
    """`level` of the outline, 0 for none; `head` of a group, in bold; `tone` of the whole row and
    `tones` of single cells by place, of `TONES`."""

    cells: Sequence[Cell]
    level: int = 0
    head: bool = False
    tone: str = ""
    tones: Mapping[int, str] = field(default_factory=dict)

    def tone_of(self, column: int) -> str:
        """The tone of a cell, '' for none."""
        return self.tones.get(column, self.tone)


GROUNDS = {
    "bad": "#F8DCD9", "warn": "#FBECCD", "ok": "#DAF0E1", "info": "#DBEAF8", "accent": "#E0E7FF",
    "neutral": "#E9EBEF",
}  # fmt: skip


def plain_rows(lines: Iterator[Line]) -> Iterator[Sequence[Cell]]:
    """The values of records alone, for files that know no outline."""
    return (line.cells for line in lines if not line.head)
