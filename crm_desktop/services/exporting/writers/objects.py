"""JSON: a list of objects, one a line, with every digit and every type that JSON knows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from crm_desktop.services.exporting.writers.common import (
    Progress,
    Written,
    plain_number,
    plain_text,
    replacing,
    told,
)
from crm_desktop.services.importing.readers.base import Cell
from crm_desktop.services.importing.readers.header import unique


def write_objects(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    progress: Progress | None = None,
) -> Written:
    """Names are those of the header, made different where two are the same."""
    keys = [f"{_encoded(name)}: " for name in unique(header)]
    count = 0
    with replacing(path) as beside, beside.open("w", encoding="utf-8", newline="\n",
                                                errors="replace") as file:  # fmt: skip
        file.write("[")
        for cells in told(rows, progress):
            pairs = (key + _value(cell) for key, cell in zip(keys, cells, strict=False))
            file.write(f"{',' if count else ''}\n{{{', '.join(pairs)}}}")
            count += 1
        file.write("\n]\n")
    return Written(count)


def _value(cell: Cell) -> str:
    if cell is None or isinstance(cell, bool):
        return json.dumps(cell)
    if isinstance(cell, int | float | Decimal):
        return plain_number(cell) if cell == cell and abs(cell) != float("inf") else "null"
    if isinstance(cell, datetime):
        return json.dumps(cell.isoformat())  # with its zone, if it has one
    return _encoded(plain_text(cell))


def _encoded(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
