"""Rows read and understood by a second process while the first one writes those before them.

Reading a workbook and making values of its cells is a quarter of the work of an import. The
child gets one pickled `Request` and answers with pickled blocks; the base is not its business.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

from crm_desktop import i18n
from crm_desktop.errors import UserError
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import ParseContext
from crm_desktop.services.foreseen import Foreseen, nothing_foreseen
from crm_desktop.services.importing.foresight import Foresight
from crm_desktop.services.importing.mapping import Mapping
from crm_desktop.services.importing.readers.base import ReadOptions, Row
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.importing.rowplan import Prepared, RowPlan
from crm_desktop.services.jobs import start_module, stop

_MODULE = "crm_desktop.services.importing.ahead"


@dataclass(frozen=True)
class Request:
    """Which rows of which file, and how they are to be understood."""

    path: Path
    options: ReadOptions
    sheet: str
    first_row: int
    header: tuple[str, ...]
    catalogue: Catalogue
    entity: str
    mapping: Mapping
    context: ParseContext
    language: str
    block: int
    forgiving: bool = False


class RowBlock(NamedTuple):
    """Some rows of the file: how many there were, those that are good, those that are not, and
    what was worked out of the good ones."""

    read: int
    good: list[Prepared]
    bad: list[Prepared]
    foreseen: Foreseen


def prepare_blocks(
    rows: Iterator[Row], plan: RowPlan, size: int, foresight: Foresight | None = None
) -> Iterator[RowBlock]:
    """The rows in blocks, each row understood as the plan says. `foresight`: what can be worked
    out of them is; that pays only in a process of its own."""
    while chunk := list(islice(rows, size)):
        prepared = [plan.prepare(row) for row in chunk]
        good = [row for row in prepared if not row.problems]
        bad = [row for row in prepared if row.problems] if len(good) < len(prepared) else []
        foreseen = foresight.of(good) if foresight is not None else nothing_foreseen()
        yield RowBlock(len(chunk), good, bad, foreseen)


def blocks_ahead(request: Request) -> Iterator[RowBlock]:
    """The blocks of a request, each made while the one before is being written."""
    child = start_module(_MODULE)
    try:
        assert child.stdin is not None
        assert child.stdout is not None
        pickle.dump(request, child.stdin, pickle.HIGHEST_PROTOCOL)
        child.stdin.close()
        while (answer := _answer(child.stdout)) is not None:
            yield answer
    finally:
        stop(child)


def _answer(pipe: IO[bytes]) -> RowBlock | None:
    try:
        kind, value = pickle.load(pipe)
    except EOFError:
        raise RuntimeError("the reading process ended without an answer") from None
    if kind == "error":
        raise value
    return value if kind == "rows" else None


def _serve(asked: IO[bytes], told: IO[bytes]) -> None:
    """In the child: everything one request asks for."""

    def tell(*answer: Any) -> None:
        pickle.dump(answer, told, pickle.HIGHEST_PROTOCOL)
        told.flush()

    request: Request = pickle.load(asked)
    i18n.set_language(request.language)
    try:
        plan = RowPlan(
            request.catalogue, request.catalogue[request.entity], request.mapping,
            header=request.header, context=request.context, forgiving=request.forgiving,
        )  # fmt: skip
        with open_source(request.path, options=request.options) as source:
            rows = source.sheet(request.sheet).rows(start=request.first_row)
            foresight = Foresight(request.catalogue, plan)
            for block in prepare_blocks(rows, plan, request.block, foresight):
                tell("rows", block)
        tell("end", None)
    except UserError as error:
        tell("error", error)


def main() -> None:
    """The child's whole life."""
    try:
        _serve(sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:  # the parent is gone or wants no more
        sys.stderr.close()


if __name__ == "__main__":
    # By its own name: what is pickled as a class of `__main__` nobody else can read.
    from crm_desktop.services.importing import ahead

    ahead.main()
