"""How values of foreign formats become cells: numbers, texts, failed formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

from crm_desktop.services.importing.readers.base import Cell, CellError

# As Excel and LibreOffice show failed formulas, in English and in Russian.
ERROR_WORDS = frozenset(
    """#DIV/0! #N/A #NAME? #NULL! #NUM! #REF! #VALUE! #SPILL! #CALC! #GETTING_DATA #FIELD!
    #ДЕЛ/0! #Н/Д #ИМЯ? #ПУСТО! #ЧИСЛО! #ССЫЛКА! #ЗНАЧ! #ПЕРЕНОС! #ВЫЧИСЛ!
    Err:502 Err:504 Err:508 Err:509 Err:510 Err:511 Err:512 Err:522 Err:523""".split()
)
# Text that a spreadsheet would take for a formula is written behind an apostrophe; see
# exporting.writers.delimited, which holds the other half of the rule.
_GUARDED = re.compile(r"'+[=+\-@\t\r\n]")
_EXACT_WHOLE = 2.0**53
_LONGEST_WHOLE = 1e22  # whole numbers above it are physics, not codes
_TICK = timedelta(milliseconds=1)  # finer than this a spreadsheet's moments are rounding noise


def text_cells(cells: Sequence[str], *, guarded: bool, failed: bool) -> list[Cell]:
    """Cells of delimited text: None for nothing, guards removed, error words recognised."""
    row: list[Cell] = [cell or None for cell in cells]
    if guarded or failed:
        for place, cell in enumerate(cells):
            if cell[:1] == "'" and guarded and (cell == "'" or _GUARDED.match(cell)):
                row[place] = cell[1:] or None
            elif cell[:1] in ("#", "E") and failed and cell in ERROR_WORDS:
                row[place] = CellError(cell)
    return row


def sheet_cells(values: Iterable[Any]) -> list[Cell]:
    """A row as calamine and openpyxl give it: '' is None, whole numbers are int.

    Written for speed: this is where most of the time of reading a workbook goes.
    """
    return [
        (value or None)
        if (kind := type(value)) is str
        else number_cell(value)
        if kind is float
        else _moment(value)
        if kind is datetime
        else value
        for value in values
    ]


def with_errors(cells: list[Cell]) -> list[Cell]:
    """The row with words for failed formulas told from text."""
    return [text_cell(cell) if type(cell) is str else cell for cell in cells]


def text_cell(text: str) -> Cell:
    """None for nothing; an error where a spreadsheet shows one."""
    if text[:1] in ("#", "E") and text in ERROR_WORDS:
        return CellError(text)
    return text or None


def number_cell(number: float) -> int | float | CellError:
    """79161234567.0 as the int it stands for; fractions without the noise of the 17th digit."""
    if number.is_integer():
        if -_EXACT_WHOLE < number < _EXACT_WHOLE:
            return int(number)
        if abs(number) < _LONGEST_WHOLE:
            return int(Decimal(repr(number)))
    if not isfinite(number):
        return CellError("#NUM!")
    # Spreadsheets keep and show 15 digits: 0.1 + 0.2 is 0.3 there.
    return float(f"{number:.15g}")


def _moment(moment: datetime) -> datetime:
    """Without the noise that days counted as a fraction bring."""
    noise = moment.microsecond % 1000
    if not noise:
        return moment
    try:
        return moment - timedelta(microseconds=noise) + (_TICK if noise >= 500 else timedelta(0))
    except OverflowError:  # the last moment of the year 9999
        return moment - timedelta(microseconds=noise)
