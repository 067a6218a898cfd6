"""Rows read and understood by a second process while the first one writes those before them.

Reading a workbook and making values of its cells is half the work of an import. The child is told
first which file to open, then with one pickled `Request` what to make of its rows, and answers
with packed blocks (`parcel`); the base is not its business.
"""

from __future__ import annotations

import gc
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice, repeat
from pathlib import Path
from typing import IO, NamedTuple, Self

from crm_desktop import i18n
from crm_desktop.errors import UserError
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import ParseContext
from crm_desktop.services.importing.continued import Surroundings, headings_of
from crm_desktop.services.importing.foresight import Foresight
from crm_desktop.services.importing.mapping import Mapping
from crm_desktop.services.importing.parcel import Parcels, RowBlock
from crm_desktop.services.importing.plain import PlainPlan
from crm_desktop.services.importing.readers.base import ReadOptions, Row, Source
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.importing.rowplan import Prepared, RowPlan
from crm_desktop.services.jobs import Answers, start_module, stop, write_answer
from crm_desktop.services.writing.foreseen import nothing_foreseen

_MODULE = "crm_desktop.services.importing.ahead"
_ROWS, _ERROR, _END = b"r", b"e", b"."
_LEAST_BLOCK = 1000  # rows of the first block: the writer has something to do the sooner


class Opening(NamedTuple):
    """Which file is to be opened, and in which language what is wrong with it is said."""

    path: Path
    options: ReadOptions
    language: str


def early_opening(path: Path, options: ReadOptions) -> Opening:
    """What a reading process has to know to open a file."""
    return Opening(path, options, i18n.language())


@dataclass(frozen=True)
class Request:
    """Which rows of the file, and how they are to be understood."""

    sheet: str
    first_row: int
    header: tuple[str, ...]
    catalogue: Catalogue
    entity: str
    mapping: Mapping
    context: ParseContext
    block: int
    forgiving: bool = False


def prepare_blocks(
    rows: Iterator[Row], plan: RowPlan, size: int, foresight: Foresight | None = None,
    headings: Iterable[int] | None = (),
) -> Iterator[RowBlock]:  # fmt: skip
    """The rows in blocks, each row understood as the plan says. `foresight`: what can be worked
    out of them is; that pays only in a process of its own. `headings`: see `headings_of`."""
    sizes = repeat(size) if foresight is None else _growing(size)
    known = PlainPlan.of(plan) if foresight is not None else None
    pick = known.pick if known is not None else _no_plain
    surroundings = Surroundings(plan, headings)
    while chunk := list(islice(rows, next(sizes))):
        prepared = surroundings.look([plan.prepare(row) for row in chunk])
        lone = surroundings.name_only(prepared)
        good = [row for row in prepared if not row.problems]
        bad = [row for row in prepared if row.problems] if len(good) < len(prepared) else []
        if foresight is None:
            yield RowBlock(len(chunk), good, bad, nothing_foreseen(), None, lone)
            continue
        plain, others = pick(good)
        ready = known.rows_of(plain, foresight) if known is not None and plain else None
        yield RowBlock(len(chunk), others, bad, foresight.of(others), ready, lone)


def _no_plain(rows: list[Prepared]) -> tuple[list[Prepared], list[Prepared]]:
    return [], rows


def _growing(size: int) -> Iterator[int]:
    return chain((min(size, max(_LEAST_BLOCK, size // part)) for part in (5, 2)), repeat(size))


class Reading:
    """A process that opens a file at once and waits to be asked for its rows; close it.

    It needs a second to begin, and a few for a big workbook, in which this one looks at the file
    itself or opens the base.
    """

    def __init__(self, opening: Opening) -> None:
        self._child = start_module(_MODULE)
        self._answers: Answers[RowBlock | None] | None = None
        assert self._child.stdin is not None
        pickle.dump(opening, self._child.stdin, pickle.HIGHEST_PROTOCOL)
        self._child.stdin.flush()

    @property
    def is_asked(self) -> bool:
        """Whether its rows are somebody's already."""
        return self._answers is not None

    def blocks(self, request: Request) -> Iterator[RowBlock]:
        """The blocks of a request, each made while the one before is being written; asked for
        once."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        with suppress(OSError):  # a child that could not open the file is gone: its answer says so
            pickle.dump(request, self._child.stdin, pickle.HIGHEST_PROTOCOL)
        with suppress(OSError):  # what is left in the buffer has nobody to go to either
            self._child.stdin.close()
        parcels = Parcels(_plan(request))
        self._answers = Answers(self._child.stdout, lambda told: _answer(told, parcels))
        while (answer := self._answers.next()) is not None:
            yield answer

    def close(self) -> None:
        """Ends the process, wherever it is."""
        self._child.kill()
        if self._answers is not None:
            self._answers.close()
        stop(self._child)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _answer(told: bytes, parcels: Parcels) -> RowBlock | None:
    if not told:
        raise RuntimeError("the reading process ended without an answer")
    kind, value = told[:1], told[1:]
    if kind == _ERROR:
        raise pickle.loads(value)
    return parcels.opened(value) if kind == _ROWS else None


def _serve(asked: IO[bytes], told: IO[bytes]) -> None:
    """In the child: opens the file, then everything one request asks for."""

    def tell(kind: bytes, value: bytes = b"") -> None:
        write_answer(told, kind + value)

    opening: Opening = pickle.load(asked)
    i18n.set_language(opening.language)
    gc.set_threshold(1_000_000, 50, 50)  # rows make no cycles
    try:
        with open_source(opening.path, options=opening.options) as source:
            _tell_rows(source, pickle.load(asked), tell)
        tell(_END)
    except UserError as error:
        tell(_ERROR, pickle.dumps(error, pickle.HIGHEST_PROTOCOL))


def _tell_rows(source: Source, request: Request, tell: Callable[..., None]) -> None:
    plan = _plan(request)
    parcels = Parcels(plan)
    sheet, foresight = source.sheet(request.sheet), Foresight(request.catalogue, plan)
    rows = sheet.rows(start=request.first_row)
    for block in prepare_blocks(rows, plan, request.block, foresight, headings_of(sheet)):
        tell(_ROWS, parcels.packed(block))


def _plan(request: Request) -> RowPlan:
    """How the rows are to be understood: the same at both ends."""
    return RowPlan(
        request.catalogue, request.catalogue[request.entity], request.mapping,
        header=request.header, context=request.context, forgiving=request.forgiving,
    )  # fmt: skip


def main() -> None:
    """The child's whole life."""
    try:
        _serve(sys.stdin.buffer, sys.stdout.buffer)
    except (BrokenPipeError, EOFError):  # the parent is gone or wants no more
        sys.stderr.close()


if __name__ == "__main__":
    # By its own name: what is pickled as a class of `__main__` nobody else can read.
    from crm_desktop.services.importing import ahead

    ahead.main()
