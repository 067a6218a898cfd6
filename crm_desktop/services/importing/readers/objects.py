"""JSON as tables come in it: a list of objects, or one object a line. Read piece by piece."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import _
from crm_desktop.services.importing.readers import problems
from crm_desktop.services.importing.readers.base import (
    Cell,
    ReadOptions,
    Sheet,
    SheetInfo,
    Source,
)
from crm_desktop.services.importing.readers.cells import number_cell
from crm_desktop.services.importing.readers.limits import (
    MAX_COLUMNS,
    MAX_RECORD_CHARACTERS,
    MEBIBYTE,
)
from crm_desktop.services.importing.readers.textscan import scan

_BETWEEN = re.compile(r"[\s,]*")
_DEEPEST_WRAP = 3
_FRAME = frozenset(
    """count total page pages limit offset next previous links link meta time status success ok
    error version per_page total_count total_pages page_count has_more date created""".split()
)
_LONGEST_NUMBER = 1000  # digits; more are no number of a customer base


class ObjectSheet(Sheet):
    """One row for each object, one column for each name that some object has."""

    def __init__(self, path: Path, encoding: str) -> None:
        super().__init__(path.stem)
        self._path = path
        self._encoding = encoding
        self.count = 0
        names: dict[str, None] = {}
        for item in self._objects():
            self.count += 1
            if len(names) < MAX_COLUMNS:
                names.update(dict.fromkeys(item))
        self._names = tuple(names)[:MAX_COLUMNS]

    @property
    def names(self) -> tuple[str, ...]:
        """The names that objects have, in the order in which they are met."""
        return self._names

    @cached_property
    def columns(self) -> int:
        return len(self._names)

    def records(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        for number, item in enumerate(self._objects(), 1):
            yield number, [_cell(item.get(name)) for name in self._names]

    def _objects(self) -> Iterator[dict[str, Any]]:
        for number, item in enumerate(_unwrapped(self._values()), 1):
            if not isinstance(item, dict):
                raise _damaged(self._path, number)
            yield item

    def _values(self) -> Iterator[Any]:
        """The values of the list, or those that follow one another."""
        decoder = json.JSONDecoder(parse_float=_fraction, parse_int=_whole)
        try:
            with self._path.open(encoding=self._encoding, errors="replace") as file:
                text = file.read(MEBIBYTE).removeprefix("\ufeff").lstrip()
                listed = text.startswith("[")
                place, number = int(listed), 0
                while True:
                    place = _end(_BETWEEN.match(text, place), place)
                    if place < len(text) and listed and text[place] == "]":
                        return
                    found, place, text = self._next(decoder, file, text, place, number)
                    if found is None:
                        return
                    number += 1
                    yield found[0]
        except OSError as error:
            raise problems.reading_failed(self._path, error) from error
        except RecursionError as error:
            raise problems.problem(problems.DANGEROUS, self._path) from error

    def _next(
        self, decoder: json.JSONDecoder, file: Any, text: str, place: int, number: int
    ) -> tuple[tuple[Any] | None, int, str]:
        """The next value with the place behind it; reads on where the text ends within it."""
        while True:
            try:
                value, end = decoder.raw_decode(text, place)
                if end < len(text) or not (more := file.read(MEBIBYTE)):
                    return (value,), end, text
            except ValueError as error:
                if len(text) - place > MAX_RECORD_CHARACTERS:
                    raise _damaged(self._path, number + 1) from error
                more = file.read(max(MEBIBYTE, len(text) - place))
                if not more:
                    if _BETWEEN.fullmatch(text, place):
                        return None, place, text
                    raise _damaged(self._path, number + 1) from error
            text, place = text[place:] + more, 0
            place = _end(_BETWEEN.match(text), 0)


def _unwrapped(values: Iterator[Any]) -> Iterator[Any]:
    """The values; of one object alone, in which the only list of objects is what was asked for, as
    web services answer, that list."""
    first, second = next(values, None), next(values, None)
    if second is not None or not isinstance(first, dict):
        yield from (one for one in (first, second) if one is not None)
        yield from values
        return
    wrapped: Any = first
    for _depth in range(_DEEPEST_WRAP):
        lists = [one for one in wrapped.values() if isinstance(one, list)]
        inner = [one for key, one in wrapped.items()
                 if isinstance(one, dict) and not _is_beside(key)]  # fmt: skip
        telling = [one for one in lists if one and all(isinstance(item, dict) for item in one)]
        if len(telling) == 1 and _is_frame(wrapped):
            yield from telling[0]
            return
        if lists or len(inner) != 1:
            break
        wrapped = inner[0]
    yield first


def _is_frame(wrapped: dict[str, Any]) -> bool:
    """Whether what stands beside the list only counts it or says where more of it is."""
    return all(_is_beside(key) for key, one in wrapped.items() if not isinstance(one, list))


def _is_beside(key: str) -> bool:
    return key.lower().strip("_") in _FRAME


def _utf8(path: Path) -> str | None:
    """`utf-8` if the whole file is that: JSON that travels must be (RFC 8259, 8.1)."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while part := file.read(MEBIBYTE):
                decoder.decode(part)
        decoder.decode(b"", final=True)
    except (UnicodeDecodeError, OSError):  # what cannot be read is told where it is read
        return None
    return "utf-8"


class ObjectSource(Source):
    """A JSON file as a file of one sheet."""

    kind = "json"

    def __init__(self, path: Path, options: ReadOptions) -> None:
        encoding = options.encoding or _utf8(path) or scan_encoding(path, None)
        super().__init__(path, replace(options, encoding=encoding))
        self._sheet = ObjectSheet(path, encoding)

    @property
    def sheets(self) -> tuple[SheetInfo, ...]:
        """One sheet; its rows are counted."""
        return (SheetInfo(self._sheet.name, rows=self._sheet.count, columns=self._sheet.columns),)

    def sheet_at(self, index: int) -> Sheet:
        return self._sheet


def scan_encoding(path: Path, wanted: str | None) -> str:
    """The encoding of the file; a whole list may stand on one line, which is no mistake here."""
    return scan(path, encoding=wanted, lines_end=False).encoding


def _end(match: re.Match[str] | None, otherwise: int) -> int:
    return match.end() if match else otherwise


def _cell(value: Any) -> Cell:
    if isinstance(value, list | dict):
        plain = _listed(value)
        return json.dumps(value, ensure_ascii=False, default=str) if plain is None else plain
    if isinstance(value, float):  # Infinity and NaN, which JSON does not know
        return number_cell(value) if value == value and abs(value) < 1e300 else None
    return value if value != "" else None


def _listed(value: list[Any] | dict[str, Any]) -> str | None:
    """Several values as people write them: tags, the parts of an address, `[{"value": ...}]` of
    telephones; None where they are not plain."""
    items = list(value.values()) if isinstance(value, dict) else value
    key = next((k for k in ("value", "VALUE") if items and all(
        isinstance(item, dict) and k in item for item in items)), "")  # fmt: skip
    if key:
        items = [item[key] for item in items]
    if any(isinstance(item, list | dict) for item in items):
        return None
    return ", ".join(str(item) for item in items if item not in (None, ""))


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST_NUMBER else text


def _fraction(text: str) -> Decimal | str:
    number = Decimal(text) if len(text) <= _LONGEST_NUMBER else None
    return text if number is None or abs(number.adjusted()) > _LONGEST_NUMBER else number


def _damaged(path: Path, number: int) -> FileProblem:
    sentence = _("{file} cannot be understood from record {number} on: it is no list of objects.")
    return FileProblem(sentence.format(file=path.name, number=number))
