"""What stands around the reading of a cell: blanks, texts of pages, what was read before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.fieldtypes import LongTextField
from crm_desktop.models.text.page_texts import plain_text
from crm_desktop.services.importing.nothing import says_nothing
from crm_desktop.services.importing.readers.base import Cell

Converter = Callable[[Any], Any]
MOST_REMEMBERED = 20_000


class PartlyRead(InvalidInput):
    """Not all of a cell can be taken; `value` can, and keeps the row in."""

    def __init__(self, message: str, value: Any) -> None:
        super().__init__(message)
        self.value = value


def kept_of(error: InvalidInput) -> Any:
    """What of a cell can be taken all the same; None for nothing."""
    return error.value if isinstance(error, PartlyRead) else None


def unless_blank(inner: Converter) -> Converter:
    """Where no word is a value, `нет` or a dash says that there is none; the apostrophe by which
    a spreadsheet is told that a figure is text is no part of it."""

    def convert(cell: Cell) -> Any:
        if type(cell) is not str:
            return inner(cell)
        return None if says_nothing(cell) else inner(cell.removeprefix("'"))

    return convert


def of_pages(f: Field, inner: Converter) -> Converter:
    """Texts of pages become plain; in one line but where a field takes several."""
    keeps = isinstance(f, LongTextField)

    def convert(cell: Cell) -> Any:
        if type(cell) is not str or not ("<" in cell or "&" in cell):
            return inner(cell)
        text = plain_text(cell)
        return inner(text if keeps else " ".join(text.split("\n")))

    return convert


def remembered(convert: Converter) -> Converter:
    """For columns of few different values; only texts are remembered."""
    known: dict[str, Any] = {}

    def ask(cell: Cell) -> Any:
        if type(cell) is not str:
            return convert(cell)
        found = known.get(cell, known)
        if found is known:
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            found = known[cell] = convert(cell)
        return found

    return ask
