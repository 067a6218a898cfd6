"""How several cells of a row become the values of one field, or one cell those of several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.fieldtypes import DateField, DateTimeField
from crm_desktop.models.text.normalise import norm
from crm_desktop.models.text.persons import split_person
from crm_desktop.services.importing.cellwraps import Converter
from crm_desktop.services.importing.convert import cell_text
from crm_desktop.services.importing.mapping import NAME_PARTS, Target
from crm_desktop.services.importing.readers.base import Cell, CellError, is_blank
from crm_desktop.services.importing.remarks import said_in

Read = Callable[[Sequence[Cell]], Iterator[tuple[str, Any]]]


def meant(target: Target, convert: Converter) -> Converter:
    """Reads the words of a target as what they mean."""
    if not target.values:
        return convert
    known = {norm(word): said for word, said in target.values}

    def read(cell: Cell) -> Any:
        if isinstance(cell, CellError):
            return convert(cell)
        return convert(known.get(norm(cell_text(cell)), cell))

    return read


def contacts_read(f: Field, convert: Converter) -> Read:
    """The telephones or addresses of all cells, each once."""

    def read(cells: Sequence[Cell]) -> Iterator[tuple[str, Any]]:
        found = (value for cell in cells for value in said_in(f, cell, convert))
        yield from ((f.key, value) for value in dict.fromkeys(found))

    return read


def joined_read(f: Field, join: str | None, convert: Converter) -> Read:
    """One value of all cells; with `join` None of the first that is filled."""
    whole = isinstance(f, DateField | DateTimeField)  # a day without its year is no day

    def read(cells: Sequence[Cell]) -> Iterator[tuple[str, Any]]:
        filled = [cell for cell in cells if not is_blank(cell)]
        if join is None or len(filled) == 1 and not whole:
            yield f.key, convert(filled[0])
        elif not whole or len(filled) == len(cells):
            yield f.key, convert(join.join(cell_text(cell).strip() for cell in filled))

    return read


def split_read(target: Target, fields: list[tuple[Field, Converter]]) -> Read:
    """The parts of what the cells hold, one a field."""

    def read(cells: Sequence[Cell]) -> Iterator[tuple[str, Any]]:
        text = (target.join or " ").join(cell_text(cell) for cell in cells if not is_blank(cell))
        if target.split == NAME_PARTS:
            parts = list(split_person(text))
        else:
            parts = text.split(target.split, len(fields) - 1)
        for (f, convert), part in zip(fields, parts, strict=False):
            if part.strip():
                yield f.key, convert(part.strip())

    return read


def part_read(target: Target, at: int, count: int, f: Field, convert: Converter) -> Read:
    """One of the parts, where each goes into another record."""

    def read(cells: Sequence[Cell]) -> Iterator[tuple[str, Any]]:
        text = (target.join or " ").join(cell_text(cell) for cell in cells if not is_blank(cell))
        parts = text.split(target.split, count - 1)
        if at < len(parts) and parts[at].strip():
            yield f.key, convert(parts[at].strip())

    return read
