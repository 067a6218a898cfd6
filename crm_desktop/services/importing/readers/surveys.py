"""What is known of a workbook before calamine opens it: safe to open, how big, what failed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from crm_desktop.services.importing.readers import archive, biff, opendocument, problems
from crm_desktop.services.importing.readers.hyperlinks import links_of
from crm_desktop.services.importing.readers.limits import MAX_DENSE_CELLS, MAX_WORKBOOK_BYTES
from crm_desktop.services.importing.readers.marks import Legend, Marks, legend_of, marked_cells


class Survey(ABC):
    """Figures by sheet: its place in the workbook and its name. `unpacked` is in bytes;
    `since_1904`: its days are counted from 1904.

    `words`: texts may be words for failed formulas. `largest`: bytes of the biggest part, 0 where
    the format has none.
    """

    unpacked = 0
    largest = 0
    words = True
    since_1904 = False

    def hidden(self, place: int, name: str) -> Collection[int]:
        """The rows that a person does not see, by a filter or by hand: their numbers from 1."""
        return ()

    @abstractmethod
    def cells(self, place: int, name: str) -> int:
        """The size of the rectangle around its cells; 0 if it is known to be small enough."""

    def part(self, name: str) -> str:
        """The part of the archive that holds the sheet; '' where there are no parts."""
        return ""

    def legend(self, name: str) -> Legend | None:
        """What the sheet may hold that calamine does not tell of; None for nothing."""
        return None

    def links(self, name: str) -> Mapping[tuple[int, int], str]:
        """Where the words of its cells lead, by row and column from 0."""
        return {}

    @abstractmethod
    def marks(self, place: int, name: str) -> Marks:
        """What calamine does not tell of its cells."""


class _Xlsx(Survey):
    def __init__(self, path: Path) -> None:
        self._path = path
        with archive.check(path) as opened:
            found = archive.survey(path, opened)
            self._parts = archive.worksheet_parts(path, opened)
            self._legend = legend_of(path, opened)
        self.unpacked = found.unpacked
        self.largest = found.largest
        self.words = found.signs
        self._areas = found.areas
        self.since_1904 = self._legend.since_1904

    def hidden(self, place: int, name: str) -> Collection[int]:
        area = self._areas.get(self._parts.get(name, ""))
        return area.hidden if area else ()

    def cells(self, place: int, name: str) -> int:
        area = self._areas.get(self._parts.get(name, ""))
        known = self._areas.values()
        return area.cells if area else max((one.cells for one in known), default=0)

    def part(self, name: str) -> str:
        part = self._parts.get(name, "")
        return part if part in self._areas else ""

    def legend(self, name: str) -> Legend | None:
        area = self._areas.get(self.part(name))
        is_plain = area is None or not (area.failed or area.formulas or self._legend.percents)
        return None if is_plain else self._legend

    def links(self, name: str) -> Mapping[tuple[int, int], str]:
        part = self.part(name)
        if not part:
            return {}
        with archive.check(self._path) as opened:
            return links_of(self._path, opened, part)

    def marks(self, place: int, name: str) -> Marks:
        legend = self.legend(name)
        if legend is None:
            return {}
        with archive.check(self._path) as opened:
            return marked_cells(self._path, opened, self.part(name), legend)


class _Xls(Survey):
    def __init__(self, path: Path) -> None:
        self.unpacked = path.stat().st_size
        if self.unpacked > MAX_WORKBOOK_BYTES:
            raise problems.problem(problems.TOO_BIG, path)
        self._sheets = biff.walk(path)
        _limit(path, self._sheets)
        self.since_1904 = any(sheet.since_1904 for sheet in self._sheets)

    def hidden(self, place: int, name: str) -> Collection[int]:
        return self._sheets[place].hidden if place < len(self._sheets) else ()

    def cells(self, place: int, name: str) -> int:
        return 0

    def marks(self, place: int, name: str) -> Marks:
        return self._sheets[place].marks if place < len(self._sheets) else {}


class _Ods(Survey):
    def __init__(self, path: Path) -> None:
        with archive.check(path) as opened:
            self.unpacked = archive.survey(path, opened).unpacked
            self._sheets = opendocument.areas(path, opened)
        _limit(path, self._sheets)
        self.since_1904 = any(sheet.since_1904 for sheet in self._sheets)

    def hidden(self, place: int, name: str) -> Collection[int]:
        return self._sheets[place].hidden if place < len(self._sheets) else ()

    def cells(self, place: int, name: str) -> int:
        return 0

    def marks(self, place: int, name: str) -> Marks:  # failed formulas come as words
        return self._sheets[place].marks if place < len(self._sheets) else {}


def _limit(path: Path, sheets: Sequence[biff.BiffSheet | opendocument.OpenSheet]) -> None:
    """For formats of which calamine reads all sheets on opening: each must be small enough."""
    for sheet in sheets:
        if sheet.rows * sheet.columns > MAX_DENSE_CELLS:
            raise problems.problem(problems.TOO_WIDE, path, sheet=sheet.name)


_KINDS: dict[str, Callable[[Path], Survey]] = {"xlsx": _Xlsx, "xls": _Xls, "ods": _Ods}


def take(path: Path, kind: str) -> Survey:
    """Looks at a workbook of this kind; FileProblem if it must not be opened."""
    try:
        return _KINDS[kind](path)
    except OSError as error:
        raise problems.reading_failed(path, error) from error
