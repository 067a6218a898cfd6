"""Delimited text for spreadsheets and for our own import.

A spreadsheet takes a cell that begins with = + - @, a tab or a line end for a formula, and may run
what it says. Such text is written behind an apostrophe; text that begins with apostrophes before
such a sign gets one more. Our reader takes one apostrophe away (`readers.cells.text_cells`), so
that the same value comes back. Numbers are no text: -5 stays -5.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from crm_desktop.models.amounts import Amount
from crm_desktop.services.exporting.writers.common import (
    Progress,
    Written,
    plain_number,
    plain_text,
    replacing,
    told,
)
from crm_desktop.services.importing.readers.base import Cell

_RISKY = re.compile(r"'*[=+\-@\t\r\n]")


def write_delimited(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    delimiter: str = ";",
    decimal: str | None = None,
    progress: Progress | None = None,
) -> Written:
    """UTF-8 with its mark, so that Excel reads it right.

    `decimal`: the sign before the fraction; by default a comma where semicolons divide the cells,
    as Excel expects in the countries that write so.
    """
    sign = decimal or ("," if delimiter == ";" else ".")
    count = 0
    with replacing(path) as beside, beside.open("w", encoding="utf-8-sig", newline="",
                                                errors="replace") as file:  # fmt: skip
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow([_text(label) for label in header])
        for cells in told(rows, progress):
            writer.writerow([_shown(cell, sign) for cell in cells])
            count += 1
    return Written(count)


def _shown(cell: Cell, sign: str) -> str:
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        digits = plain_number(cell)
        shown = digits.replace(".", sign) if sign != "." else digits
        return f"{shown} {cell.currency}" if isinstance(cell, Amount) else shown
    return _text(cell) if isinstance(cell, str) else plain_text(cell)


def _text(text: str) -> str:
    text = text.replace("\0", "")
    return f"'{text}" if _RISKY.match(text) else text
