"""Delimited text: csv, tsv and their kin. Read line by line; memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from crm_desktop.i18n import _, ngettext
from crm_desktop.services.importing.readers import problems
from crm_desktop.services.importing.readers.base import (
    Cell,
    ReadOptions,
    Sheet,
    SheetInfo,
    Source,
)
from crm_desktop.services.importing.readers.cells import text_cells
from crm_desktop.services.importing.readers.dialect import (
    Dialect,
    OpenQuote,
    detect,
    parse,
    separator_line,
)
from crm_desktop.services.importing.readers.textscan import TextScan, scan


class DelimitedSheet(Sheet):
    """The only sheet of a delimited text; every cell is text, None or an error word."""

    def __init__(self, path: Path, found: TextScan, dialect: Dialect) -> None:
        super().__init__(path.stem)
        self._path = path
        self._scan = found
        self._dialect = dialect

    @cached_property
    def first_column(self) -> int:
        """Blank columns on the left; only a file that fits in the sample can show them."""
        if not self._scan.complete:
            return 0
        places = (next((i for i, cell in enumerate(r) if cell.strip()), None) for r in self._raw())
        with suppress(OpenQuote):
            return min((place for place in places if place is not None), default=0)
        return 0

    def records(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        guarded, failed = self._scan.guarded, self._scan.failed
        first = self.first_column
        try:
            for number, cells in enumerate(self._raw(), 1):
                if first:
                    cells = cells[first:]
                yield number + self._told, text_cells(cells, guarded=guarded, failed=failed)
        except OpenQuote as error:
            row = error.row + self._told
            raise problems.problem(problems.OPEN_QUOTE, self._path, row=row) from error
        except OSError as error:
            raise problems.reading_failed(self._path, error) from error

    @cached_property
    def _told(self) -> int:
        """1 if the first line only names the separator."""
        return int(separator_line(self._scan.text[:16]) is not None)

    def _raw(self) -> Iterator[list[str]]:
        encoding = self._scan.encoding
        with self._path.open(encoding=encoding, errors="replace", newline="") as file:
            yield from parse(self._lines(file), self._dialect)

    def _lines(self, file: Iterable[str]) -> Iterable[str]:
        lines = iter(file)
        first = next(lines, "").removeprefix("\ufeff").replace("\0", "")
        if not self._told:
            yield first
        if self._scan.nuls or self._scan.guarded:  # UTF-16 hides its own until it is decoded
            yield from (line.replace("\0", "") for line in lines)
        else:
            yield from lines


class DelimitedSource(Source):
    """A delimited text as a file of one sheet."""

    kind = "csv"

    def __init__(self, path: Path, options: ReadOptions) -> None:
        _check_signs(path, options)
        found = scan(path, encoding=options.encoding)
        dialect = detect(found.text, delimiter=options.delimiter, quote=options.quote)
        encoding, delimiter, quote = found.encoding, dialect.delimiter, dialect.quote
        settled = replace(options, encoding=encoding, delimiter=delimiter, quote=quote)
        super().__init__(path, settled)
        self._scan = found
        self._sheet = DelimitedSheet(path, found, dialect)
        self._remark()

    def _remark(self) -> None:
        nuls = self._scan.nuls
        if nuls:
            sentence = ngettext(
                "{count} character with the code zero was left out.",
                "{count} characters with the code zero were left out.",
                nuls,
            )
            self.remarks.append(sentence.format(count=nuls))
        if self._scan.damaged:
            self.remarks.append(_("Some characters are damaged in the file and stand as “�”."))

    @cached_property
    def sheets(self) -> tuple[SheetInfo, ...]:
        """One sheet named as the file; its rows are an estimate from the line ends."""
        sheet = self._sheet
        return (SheetInfo(sheet.name, rows=self._scan.lines, columns=sheet.columns),)

    def sheet_at(self, index: int) -> Sheet:
        return self._sheet


def _check_signs(path: Path, options: ReadOptions) -> None:
    """Refuses separators and quotation marks that cannot be any."""
    delimiter, quote = options.delimiter, options.quote
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '\r\n\0"'):
        raise problems.problem(problems.SEPARATOR, path, sign=delimiter)
    if quote and (len(quote) != 1 or quote in "\r\n\0" or quote == delimiter):
        raise problems.problem(problems.SEPARATOR, path, sign=quote)
