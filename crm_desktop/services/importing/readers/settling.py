"""How the texts of an open file are to be understood: the order of its dates, and the sign before
its fractions.

The first rows mostly tell. Where they leave it open, the columns in question are read further down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import Generic, TypeVar

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import _
from crm_desktop.services.importing.readers import problems
from crm_desktop.services.importing.readers.base import Cell, ReadOptions, Sheet, Source
from crm_desktop.services.importing.readers.conventions import (
    DateOrder,
    DecimalSign,
    date_order,
    decimal_sign,
    is_date,
    is_doubtful,
)
from crm_desktop.services.importing.readers.limits import SAMPLE_ROWS

_MOST_TEXTS = 20_000
_MOST_ROWS = 100_000  # looked through for a text that decides, where the first rows have none

Found = TypeVar("Found", DateOrder, DecimalSign)


class _Question(Generic[Found]):
    """What the first rows of some columns leave open."""

    def __init__(self, places: Iterable[int], judge: Callable[[Iterable[str]], Found]) -> None:
        self._places = tuple(places)
        self._judge: Callable[[Iterable[str]], Found] = judge
        self._seen: set[str] = set()  # texts that decide nothing
        self.answer: Found | None = None

    def ask(self, cells: Sequence[Cell]) -> bool:
        """Whether it is open still behind a further row."""
        fresh = [
            cell for n in self._places
            if isinstance(cell := cells[n], str) and cell not in self._seen
        ]  # fmt: skip
        if fresh:
            found = self._judge(fresh)
            if found.sure:
                self.answer = found
                return False
            self._seen.update(fresh)
        return True


def settle(source: Source, wanted: ReadOptions) -> None:
    """Puts what was found into the options of the source, and says where it is a guess."""
    if not source.sheets:
        raise problems.problem(problems.NOT_TEXT, source.path)
    columns = _columns(source.sheet(source.main_sheet))
    texts = list(chain.from_iterable(columns.values()))
    judge = partial(decimal_sign, delimiter=source.options.delimiter)
    doubtful = [n for n, own in columns.items() if any(map(is_doubtful, own))]
    order, sign = date_order(texts), judge(chain.from_iterable(columns[n] for n in doubtful))
    when = _Question((n for n, own in columns.items() if any(map(is_date, own))), date_order)
    how_much = _Question(doubtful, judge)
    is_open = order.seen and not order.sure and wanted.date_order is None
    is_doubted = bool(doubtful) and not sign.sure and wanted.decimal is None
    _read_on(source, [*([when] if is_open else []), *([how_much] if is_doubted else [])])
    order = when.answer or order
    if not sign.sure:  # of other columns, codes such as 62.01 among them, only now
        sign = how_much.answer or judge(texts)
    source.options = replace(
        source.options,
        date_order=wanted.date_order or order.order,
        decimal=wanted.decimal or sign.sign,
    )
    if is_open and not order.sure:
        source.remarks.append(_ambiguous_date(order))
    if is_doubted and not sign.sure:
        source.remarks.append(_ambiguous_number(sign))


def _columns(sheet: Sheet) -> dict[int, list[str]]:
    """The texts of the first rows, by the places of their columns."""
    found: dict[int, list[str]] = {}
    rows = sheet.rows(limit=SAMPLE_ROWS)
    texts = ((n, cell) for row in rows for n, cell in enumerate(row.cells) if isinstance(cell, str))
    for n, text in islice(texts, _MOST_TEXTS):
        found.setdefault(n, []).append(text)
    return found


def _read_on(
    source: Source, questions: Sequence[_Question[DateOrder] | _Question[DecimalSign]]
) -> None:
    """Reads below the first rows until the questions are answered, or the file ends or fails."""
    if not questions:
        return
    with suppress(FileProblem):  # whoever comes to the row says what is wrong with it
        rows = source.sheet(source.main_sheet).rows(limit=_MOST_ROWS)
        for row in islice(rows, SAMPLE_ROWS, None):
            questions = [one for one in questions if one.ask(row.cells)]
            if not questions:
                return


def _ambiguous_date(order: DateOrder) -> str:
    sentence = _(
        "Dates such as {example} were read with the day first; change this if it is wrong."
    )
    if order.order == "mdy":
        sentence = _(
            "Dates such as {example} were read with the month first; change this if it is wrong."
        )
    return sentence.format(example=order.example)


def _ambiguous_number(found: DecimalSign) -> str:
    if found.sign in found.example:
        sentence = _(
            "Numbers such as {example} were read as fractions; change this if it is wrong."
        )
    else:
        sentence = _(
            "Numbers such as {example} were read as thousands; change this if it is wrong."
        )
    return sentence.format(example=found.example)
