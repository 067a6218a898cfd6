"""Lists as tables of text: what other programs paste, and what they put there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_BREAKS = re.compile(r"[\t\r\n]+")
_NUMBER_BLANKS = str.maketrans("", "", "\u00a0\u202f\u2009")
_LONGEST = 5_000_000


def to_tsv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Tab-separated lines with a line of headings; blanks inside a cell stay in the cell."""
    lines = ["\t".join(_BREAKS.sub(" ", cell) for cell in row) for row in (headings, *rows)]
    return "\n".join(lines)


def plain_number(text: str) -> str:
    """A number without the thin blanks between thousands, so that a sheet reads it as one."""
    return text.translate(_NUMBER_BLANKS)


def is_table(text: str) -> bool:
    """Whether text from the clipboard is a table: two lines or more, or several columns."""
    if not text.strip() or len(text) > _LONGEST:
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) > 1 or "\t" in lines[0]
