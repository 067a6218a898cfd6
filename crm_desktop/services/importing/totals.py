"""Rows below or between the records of a sheet that add up: they are no records.

Only a row that begins with a word for a sum and holds nothing but figures behind it is one: a firm
may well be called Total.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from crm_desktop.models.text.normalise import norm
from crm_desktop.services.importing.readers.base import Cell, is_blank

_WORDS = frozenset(
    ("итого", "итог", "всего", "итого всего", "всего итого", "общий итог", "промежуточный итог",
     "подытог", "total", "totals", "grand total", "subtotal", "sub total", "sum total")
)  # fmt: skip
_BEGINNINGS = ("итого ", "всего ", "total for ", "total of ", "subtotal ")
_FIRST_LETTERS = {word[:2] for word in (*_WORDS, *_BEGINNINGS)}  # asked of every row: kept cheap
_FIGURE = re.compile(r"[-−(]?\s*[$€£₽]?\s*\d[\d\s.,'’]*\)?(?:\s*[^\W\d_]+\.?|\s*[%$€£₽])?")


def is_total(cells: Sequence[Cell]) -> bool:
    """Whether the row adds up others."""
    for place, cell in enumerate(cells):
        if cell is None or cell == "":
            continue
        if not isinstance(cell, str) or cell[:2].lower() not in _FIRST_LETTERS:
            return False
        return _is_sum(cell) and _are_figures(cells[place + 1 :])
    return False


def _is_sum(text: str) -> bool:
    said = norm(text).strip(" .:=-—–")
    return said in _WORDS or said.startswith(_BEGINNINGS)


def _are_figures(cells: Sequence[Cell]) -> bool:
    filled = [cell for cell in cells if not is_blank(cell)]
    return bool(filled) and all(map(_is_figure, filled))


def _is_figure(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(_FIGURE.fullmatch(cell.strip()))
    return isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)
