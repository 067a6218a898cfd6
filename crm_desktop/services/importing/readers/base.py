"""What every reader of foreign files gives: sources, sheets, rows and cells. Nothing else.

A row carries its number in the file, counted from 1 as a person sees it in the program the file
comes from (a record spread over three lines of csv is one row; a card or a JSON object counts as
one row). Blank rows are left out, and the numbers say where they were.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import _
from crm_desktop.services.importing.readers.limits import MAX_COLUMNS, SAMPLE_ROWS


@dataclass(frozen=True)
class CellError:
    """A formula that failed where the file was made; `text` as it is shown there: `#DIV/0!`."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Unreckoned(CellError):
    """A formula that no program has reckoned since it was written: it has no value, not even
    nothing. `sheet` and `address` say where it stands: `C5`."""

    text: str = field(default="=", init=False)
    sheet: str
    address: str


class LinkedText(str):
    """Words of a cell that lead to `address`, a site or somebody's mail."""

    __slots__ = ("address",)
    address: str

    def __new__(cls, text: str, address: str) -> LinkedText:
        made = super().__new__(cls, text)
        made.address = address
        return made

    def __reduce__(self) -> tuple[type[LinkedText], tuple[str, str]]:
        return LinkedText, (str(self), self.address)


class Percent(Decimal):
    """A number that its workbook shows in per cent: 50 where it keeps 0.5 and shows 50 %."""


class CellPicture:
    """A picture that stands in the file itself, read when it is asked for; as text, how large it
    is. `elsewhere`: the address that the file names in its place, from which nothing is fetched.

    On its way to another process it is left behind: there, it is a word for the person.
    """

    def __init__(
        self, size: int = 0, read: Callable[[], bytes] = bytes, elsewhere: str = ""
    ) -> None:
        self.size, self.elsewhere = size, elsewhere
        self._read = read

    def content(self) -> bytes:
        """The bytes as they stand in the file; none if they could not be read."""
        return self._read()

    def __reduce__(self) -> tuple[type[CellPicture], tuple[int, type[bytes], str]]:
        return CellPicture, (self.size, bytes, self.elsewhere)

    def __str__(self) -> str:
        if self.elsewhere:
            return self.elsewhere
        return _("a picture, {size} KB").format(size=-(-self.size // 1024))


# Moments have no zone: they are what the clock on the wall showed where the file was made.
Cell = (
    str | int | float | Decimal | bool | datetime | date | time | timedelta | CellError
    | CellPicture | None
)  # fmt: skip


class Row(NamedTuple):
    """`number`: in the file, from 1. `cells`: at least `Sheet.columns` of them."""

    number: int
    cells: tuple[Cell, ...]


class Merge(NamedTuple):
    """A merged range: rows as people count them, columns as places in the row, both inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class ReadOptions:
    """How a file is read; None means: find out. `Source.options` holds what was found.

    `date_order` (`dmy`, `mdy`, `ymd`) and `decimal` (`.` or `,`) say how text is to be understood
    later on: readers hand out text cells as they stand. `quote` '' means that nothing is quoted.
    `fill_merged` repeats the value of a merged range in each of its cells. `since_1904`: days that
    stand as bare numbers are counted from 1904.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    date_order: str | None = None
    decimal: str | None = None
    password: str | None = None
    max_rows: int | None = None
    fill_merged: bool = False
    since_1904: bool = False

    def plain(self) -> dict[str, Any]:
        """For JSON: what is set; never the password."""
        kept = {name: value for name, value in asdict(self).items() if name != "password"}
        return {name: value for name, value in kept.items() if value not in (None, False)}

    @classmethod
    def from_plain(cls, values: dict[str, Any]) -> ReadOptions:
        """The inverse of `plain`; unknown names are left out."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


@dataclass(frozen=True)
class SheetInfo:
    """One sheet; `rows` and `columns` count its used area, None where that would cost too much."""

    name: str
    hidden: bool = False
    rows: int | None = None
    columns: int | None = None


_LONGEST_REMARK = 20  # rows
_SHEETS_LOOKED_AT = 10


class Sheet(ABC):
    """Rows of one sheet. Reading it again starts at the top again."""

    max_rows: int | None = None
    hidden_rows: Collection[int] = ()
    """The numbers of rows that a person does not see, by a filter or by hand; they are read."""

    def __init__(self, name: str, *, hidden: bool = False) -> None:
        self.name = name
        self.hidden = hidden

    @abstractmethod
    def records(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """All rows as they stand, blank ones too if that is cheap; widths may differ."""

    @property
    def first_column(self) -> int:
        """How many empty columns of the file were left out on the left."""
        return 0

    @property
    def names(self) -> tuple[str, ...] | None:
        """The columns' names where the format itself tells them, and no row does."""
        return None

    @property
    def meanings(self) -> tuple[str, ...] | None:
        """What the format says that each column holds: see `vcard`."""
        return None

    @property
    def twins(self) -> Mapping[str, str]:
        """Columns that say the same for different objects: whoever takes one leaves the other."""
        return {}

    @property
    def merged(self) -> tuple[Merge, ...]:
        """Its merged ranges, where the format tells them."""
        return ()

    @cached_property
    def columns(self) -> int:
        """Its width without blank columns at the right, judged by the first rows."""
        sample = islice(self.records(), SAMPLE_ROWS)
        return min(max((_used(cells) for _number, cells in sample), default=0), MAX_COLUMNS)

    def rows(self, start: int = 0, limit: int | None = None) -> Iterator[Row]:
        """The rows from the file's row number `start` on, `limit` of them at most.

        Short rows are filled up with None; a row longer than the sheet keeps its further cells.
        """
        if self.max_rows is not None:
            limit = self.max_rows if limit is None else min(limit, self.max_rows)
        return islice(self._shaped(start), limit)

    def _shaped(self, start: int) -> Iterator[Row]:
        width = self.columns
        for number, cells in self.records():
            if number < start:
                continue
            if len(cells) != width:
                cells = _fit(cells, width)
            if not all(map(is_blank, cells)):  # zeros and "no" are not blank
                yield Row(number, tuple(cells))


class Source(ABC):
    """An open foreign file. Close it, or use it as a context manager."""

    kind: str = ""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self.path = path
        self.options = options
        self.remarks: list[str] = []  # sentences on what was repaired or guessed

    @property
    @abstractmethod
    def sheets(self) -> tuple[SheetInfo, ...]:
        """All sheets in the order of the file, hidden ones too."""

    @abstractmethod
    def sheet_at(self, index: int) -> Sheet:
        """The sheet at this place; the place exists."""

    def sheet(self, which: str | int = 0) -> Sheet:
        """The sheet of this name or place; `FileProblem` names those there are."""
        names = [info.name for info in self.sheets]
        index = which if isinstance(which, int) else _place(names, which)
        if not 0 <= index < len(names):
            sentence = _("The file {file} has no sheet “{sheet}”. It has: {sheets}.")
            listed = ", ".join(names)
            said = which + 1 if isinstance(which, int) else which  # people count from one
            raise FileProblem(sentence.format(file=self.path.name, sheet=said, sheets=listed))
        sheet = self.sheet_at(index)
        sheet.max_rows = self.options.max_rows
        return sheet

    @cached_property
    def main_sheet(self) -> int:
        """The place of the sheet to begin with: the first visible one that has rows. A few lines
        in one column, such as advice on how to fill the book in, give way to the next table."""
        filled = [i for i, info in enumerate(self.sheets) if info.rows != 0]
        seen = [i for i in filled if not self.sheets[i].hidden]
        first, *others = seen or filled or [0]
        if others and self._is_remark(self.sheet_at(first)):
            tables = (i for i in others[:_SHEETS_LOOKED_AT] if self.sheet_at(i).columns > 1)
            return next(tables, first)
        return first

    @staticmethod
    def _is_remark(sheet: Sheet) -> bool:
        return sheet.columns < 2 and len(list(sheet.rows(limit=_LONGEST_REMARK))) < _LONGEST_REMARK

    def close(self) -> None:
        """Gives the file back; the source is not used any more."""
        return

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def is_blank(cell: Cell) -> bool:
    """Nothing that a person can see."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _used(cells: Sequence[Cell]) -> int:
    """The number of cells up to the last filled one."""
    count = len(cells)
    while count and is_blank(cells[count - 1]):
        count -= 1
    return count


def _fit(cells: Sequence[Cell], width: int) -> Sequence[Cell]:
    if len(cells) < width:
        return [*cells, *[None] * (width - len(cells))]
    return cells[: max(width, _used(cells))]


def _place(names: list[str], wanted: str) -> int:
    if wanted in names:
        return names.index(wanted)
    folded = [name.strip().casefold() for name in names]
    key = wanted.strip().casefold()
    return folded.index(key) if key in folded else -1
