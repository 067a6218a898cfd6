"""Separators and quotation marks of delimited text: those that give rows of one width."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from crm_desktop.services.importing.readers.limits import MAX_CELL_CHARACTERS, SAMPLE_ROWS

DELIMITERS = (";", ",", "\t", "|")
END = "\x00\x00end of file\x00\x00"  # a last line of our own: NUL characters are out by then
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_SHORTEST_QUOTED = 3
_MARGIN = 0.1  # so much better must an unusual quotation mark be


class Dialect(NamedTuple):
    """`quote` is '' where nothing is quoted."""

    delimiter: str = ","
    quote: str = '"'


class OpenQuote(Exception):
    """A quotation mark that the file never closes; `row` is where it stands."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


def separator_line(text: str) -> str | None:
    """The separator that a first line such as `sep=;` tells Excel."""
    match = _SEPARATOR_LINE.match(text)
    return match[1] if match else None


def parse(lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    """The records of the lines; raises OpenQuote with the number of the record, from 1."""
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    reader = csv.reader(
        _ended(lines),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
    )
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if cells and cells[-1].endswith(END):
                if len(cells) > 1 or cells[0] != END:
                    raise OpenQuote(number)
                return
            yield cells if dialect.quote else list(map(_bare, cells))
    except csv.Error as error:
        raise OpenQuote(number + 1) from error


def _bare(cell: str) -> str:
    """A cell of a text whose quotation marks are not closed everywhere, without those around it."""
    if len(cell) < _SHORTEST_QUOTED or cell[0] != '"' or cell[-1] != '"':
        return _begun(cell)
    if '"' not in cell[1:].replace('""', ""):
        return _begun(cell)
    inner = cell[1:-1].replace('""', "\0")
    if '"' in inner and inner[0] not in '"\0' and cell[-2] != '"':
        return cell  # marks of its own: `"Alpha" and "Beta"`
    return inner.replace("\0", '"') if '"' not in inner else cell[1:-1]


def _begun(cell: str) -> str:
    """A cell that begins with a quotation mark, doubles those within and lacks the last one."""
    inner = cell[1:].rstrip()
    if cell[:1] != '"' or '""' not in inner or '"' in inner.replace('""', ""):
        return cell
    return inner.replace('""', '"')


def detect(text: str, *, delimiter: str | None = None, quote: str | None = None) -> Dialect:
    """The dialect that suits the text best; what is given is not questioned."""
    lines = text.replace("\0", "").splitlines(keepends=True)[: 4 * SAMPLE_ROWS]
    told = separator_line(text)
    if told and delimiter is None:
        delimiter, lines = told, lines[1:]
    marks = [quote] if quote is not None else _possible_quotes(text)
    best, score = Dialect(delimiter or ",", marks[0]), 0.0
    for mark in marks:
        for sign in (delimiter,) if delimiter else DELIMITERS:
            dialect = Dialect(sign, mark)
            points = _score(lines, dialect)
            margin = _MARGIN if mark != best.quote else 0.0
            if points > score + margin:
                best, score = dialect, points
    return best


def _ended(lines: Iterable[str]) -> Iterator[str]:
    yield from lines
    yield END


def _possible_quotes(text: str) -> list[str]:
    """Double quotation marks, none, and single ones where whole cells stand between them."""
    single = re.findall(r"(?:^|[;,\t|])'[^'\r\n]*'(?=[;,\t|\r\n]|$)", text, re.MULTILINE)
    possible = ['"', ""] if '"' in text else ['"']
    return [*possible, "'"] if len(single) > 1 else possible


def _score(lines: list[str], dialect: Dialect) -> float:
    """How even the rows are, 0 to 1.1; 0 if they have one cell each, or a quote stays open."""
    try:
        widths = [len(cells) for cells in islice(parse(lines, dialect), SAMPLE_ROWS) if any(cells)]
    except OpenQuote:
        return 0.0
    if not widths:
        return 0.0
    width, count = Counter(widths).most_common(1)[0]
    if width == 1:
        return 0.0
    even = count / len(widths) * (1 - 1 / width)
    return even + (0.1 if widths[0] == width else 0.0)
