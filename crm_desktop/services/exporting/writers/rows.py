"""Rows into a file of the format that its name asks for; and the workbook of refused rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import N_, _
from crm_desktop.services.exporting.writers.common import Progress, Written
from crm_desktop.services.exporting.writers.delimited import write_delimited
from crm_desktop.services.exporting.writers.objects import write_objects
from crm_desktop.services.exporting.writers.workbook import write_workbook
from crm_desktop.services.importing.mapping import REASON
from crm_desktop.services.importing.readers.base import Cell, CellPicture

UNKNOWN_FORMAT = N_("{file} has no format that can be written. Use .xlsx, .csv, .json or .vcf.")


def write_rows(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    kinds: Sequence[str] | None = None,
    delimiter: str = ";",
    progress: Progress | None = None,
) -> Written:
    """Writes `.xlsx`, `.csv`, `.tsv` or `.json`, whole or not at all; FileProblem says why not.

    `kinds` tells workbooks how to show the numbers of each column: `money`, `percent`, `text`;
    any other word leaves it to the values. `progress` is told the number of rows written.
    """
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return write_workbook(path, header, rows, kinds=kinds, sheet=path.stem, progress=progress)
    if suffix in (".csv", ".txt"):
        return write_delimited(path, header, rows, delimiter=delimiter, progress=progress)
    if suffix in (".tsv", ".tab"):
        return write_delimited(path, header, rows, delimiter="\t", progress=progress)
    if suffix == ".json":
        return write_objects(path, header, rows, progress=progress)
    raise FileProblem(_(UNKNOWN_FORMAT).format(file=path.name))


def write_rejects(
    path: Path,
    header: Sequence[str],
    rows_with_reasons: Iterable[tuple[Sequence[Cell], str]],
) -> Written:
    """A workbook with the refused rows as they were and a last column that says why.

    Corrected, it can be imported as it is: the column of reasons has a name that no field has.
    """
    width = len(header)
    kinds = [*[""] * width, "reason"]
    rows = _with_reasons(rows_with_reasons, width)
    return write_workbook(path, [*header, _(REASON)], rows, kinds=kinds)


def _with_reasons(
    rows: Iterable[tuple[Sequence[Cell], str]], width: int
) -> Iterator[Sequence[Cell]]:
    for cells, reason in rows:
        shown = [None if isinstance(cell, CellPicture) else cell for cell in cells[:width]]
        fitting = [*shown, *[None] * (width - len(cells))]
        yield [*fitting, reason]
