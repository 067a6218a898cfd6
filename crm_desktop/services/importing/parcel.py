"""A block of read rows on its way from the reading process to the writing one.

Rows are taken apart into columns: a column of plain values is handed over several times faster by
`marshal` than row by row by `pickle`, which is left with what `marshal` does not know. Both ends
are the same Python. The cells as they stood in the file travel unopened: only a refused row is
ever asked for them.
"""

from __future__ import annotations

import marshal
import pickle
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, overload

from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.services.importing.plain import PlainPlan, PlainRows
from crm_desktop.services.importing.readers.base import Cell
from crm_desktop.services.importing.rowplan import Part, Prepared, Problem, RowPlan
from crm_desktop.services.writing.foreseen import Beginnings, Foreseen, ReadyDocument

Shape = tuple[tuple[tuple[str, ...], tuple[int, ...]], ...]
"""Which values a row has: for each of its records the fields, and the mirrors of its contacts."""


class RowBlock(NamedTuple):
    """Some rows of the file: how many there were, those that are good, those that are not, and
    what was worked out of the good ones."""

    read: int
    good: list[Prepared]
    bad: list[Prepared]
    foreseen: Foreseen
    plain: PlainRows | None = None
    """Further good rows, by columns."""
    lone: Sequence[tuple[int, str]] = ()
    """Good rows that hold a name and nothing else: their numbers and names."""

    def usual(self, plan: RowPlan) -> list[Prepared]:
        """All good rows as usual ones, in their order."""
        if self.plain is None:
            return self.good
        mirrors, count = PlainPlan(plan).mirrors, len(self.plain.numbers)
        found = [self.plain.row(at, mirrors) for at in range(count)]
        return sorted([*found, *self.good], key=lambda row: row.number)

    def parts(self, at_once: Callable[[], int]) -> Iterator[RowBlock]:
        """The block in parts of about so many rows as `at_once` says before each of them."""
        rest = self
        while (most := at_once()) * 3 < rest.read * 2:
            cut = rest.cut(most)
            if cut is None:
                break
            first, rest = cut
            yield first
        yield rest

    def cut(self, count: int) -> tuple[RowBlock, RowBlock] | None:
        """The first `count` good rows of the file with all refused ones, and the others; None if
        there are no more."""
        plain = self.plain.numbers if self.plain is not None else ()
        numbers = sorted([*plain, *(row.number for row in self.good)])
        if len(numbers) <= count:
            return None
        limit = numbers[count]
        good = [row for row in self.good if row.number < limit]
        read = count + len(self.bad)
        one = two = self.plain
        if self.plain is not None:
            one, two = self.plain.cut(bisect_left(plain, limit))
        later = [row for row in self.good if row.number >= limit]
        return (
            RowBlock(read, good, self.bad, self.foreseen, one, self.lone),
            RowBlock(self.read - read, later, [], self.foreseen, two),
        )


class _FarCells(Sequence[Cell]):
    """The cells of one row, opened when they are asked for."""

    def __init__(self, sheaf: _Sheaf, place: int) -> None:
        self._sheaf = sheaf
        self._place = place

    @overload
    def __getitem__(self, at: int) -> Cell: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Cell]: ...

    def __getitem__(self, at: int | slice) -> Cell | Sequence[Cell]:
        return self._sheaf.rows()[self._place][at]

    def __len__(self) -> int:
        return len(self._sheaf.rows()[self._place])


class _Sheaf:
    """The cells of all rows of a block."""

    def __init__(self, kept: bytes) -> None:
        self._kept = kept
        self._rows: list[Sequence[Cell]] | None = None

    def rows(self) -> list[Sequence[Cell]]:
        """The rows, opened once."""
        if self._rows is None:
            self._rows = _opened(self._kept)
        return self._rows


class _FarRows(Sequence[Sequence[Cell]]):
    """The cells of all rows of a block, opened when those of one are asked for."""

    def __init__(self, sheaf: _Sheaf) -> None:
        self._sheaf = sheaf

    @overload
    def __getitem__(self, at: int) -> Sequence[Cell]: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Sequence[Cell]]: ...

    def __getitem__(self, at: int | slice) -> Sequence[Cell] | Sequence[Sequence[Cell]]:
        return _FarCells(self._sheaf, at) if isinstance(at, int) else self._sheaf.rows()[at]

    def __len__(self) -> int:
        return len(self._sheaf.rows())


class Parcels:
    """Packs and opens blocks of the rows of one plan; both ends have one of the same plan."""

    def __init__(self, plan: RowPlan) -> None:
        entities = [group.entity for group in plan.groups]
        self._mirrors = [mirror for one in entities for mirror in one.traits_of(Mirror)]
        self._places = {id(mirror): place for place, mirror in enumerate(self._mirrors)}

    def packed(self, block: RowBlock) -> bytes:
        """The block as bytes."""
        columns, order = self._columns(block.good)
        left_out = {at: row.left_out for at, row in enumerate(block.good) if row.left_out}
        cells = _closed([list(row.cells) for row in block.good])
        keys, documents, tokens = block.foreseen
        ready = [(key, (*document,)) for key, document in documents.items()]
        names = {number: (*found,) for number, found in tokens.items()}
        apart = pickle.dumps((block.bad, left_out, block.lone), pickle.HIGHEST_PROTOCOL)
        foreseen = [_closed(keys), _closed(ready), _closed(names)]
        plain = _closed_rows(block.plain)
        return marshal.dumps((block.read, columns, order, cells, foreseen, apart, plain))

    def opened(self, parcel: bytes) -> RowBlock:
        """The block that `packed` was given."""
        read, columns, order, cells, foreseen, apart, plain = marshal.loads(parcel)
        bad, left_out, lone = pickle.loads(apart)
        keys, ready, names = map(_opened, foreseen)
        documents = {key: ReadyDocument(*document) for key, document in ready}
        tokens = {number: Beginnings(*found) for number, found in names.items()}
        good = list(self._rows(columns, order, _Sheaf(cells), left_out))
        foreseen = Foreseen(keys, documents, tokens)
        return RowBlock(read, good, bad, foreseen, _opened_rows(plain), lone)

    def _columns(self, rows: Sequence[Prepared]) -> tuple[list[tuple[Shape, list[bytes]]], bytes]:
        """The columns of all rows of each shape, and the shape of each row in turn."""
        places, found = self._places, dict[Shape, tuple[int, list[list[Any]]]]()
        order: list[int] = []
        for row in rows:
            flat: list[Any] = [row.number]
            shape = []
            for values, contacts in row.parts:
                flat += values.values()
                flat += [value for _mirror, value in contacts]
                shape.append(
                    (tuple(values), tuple([places[id(mirror)] for mirror, _v in contacts]))
                )
            known = found.get(tuple(shape))
            if known is None:
                known = found[tuple(shape)] = len(found), []
            order.append(known[0])
            known[1].append(flat)
        columns = [
            (shape, [_closed(column) for column in zip(*flats, strict=True)])
            for shape, (_place, flats) in found.items()
        ]
        return columns, marshal.dumps(order)

    def _rows(
        self, columns: Sequence[tuple[Shape, list[bytes]]], order: bytes, sheaf: _Sheaf,
        left_out: Mapping[int, Sequence[Problem]],
    ) -> Iterator[Prepared]:  # fmt: skip
        """The rows in their order."""
        of_shape = [self._of_shape(shape, kept) for shape, kept in columns]
        for place, shape in enumerate(marshal.loads(order)):
            number, parts = next(of_shape[shape])
            cells = _FarCells(sheaf, place)
            yield Prepared(number, cells, parts, [], left_out.get(place, ()))

    def _of_shape(self, shape: Shape, kept: Sequence[bytes]) -> Iterator[tuple[int, list[Part]]]:
        """The rows of one shape: their numbers and parts."""
        cuts, at = [], 1
        for keys, places in shape:
            middle, end = at + len(keys), at + len(keys) + len(places)
            cuts.append((keys, [self._mirrors[p] for p in places], at, middle, end))
            at = end
        for flat in zip(*map(_opened, kept), strict=True):
            yield (
                flat[0],
                [
                    Part(
                        dict(zip(keys, flat[start:middle], strict=True)),
                        list(zip(mirrors, flat[middle:end], strict=True)),
                    )
                    for keys, mirrors, start, middle, end in cuts
                ],
            )


def _closed_rows(rows: PlainRows | None) -> list[Any] | None:
    if rows is None:
        return None
    values = [(key, _closed(column)) for key, column in rows.values.items()]
    contacts = [_closed(column) for column in rows.contacts]
    names = pickle.dumps(dict(rows.names), pickle.HIGHEST_PROTOCOL)
    more = [rows.numbers, dict(rows.keys), rows.bodies, *rows.tokens]
    return [values, names, contacts, _closed(more), _closed(rows.cells)]


def _opened_rows(kept: list[Any] | None) -> PlainRows | None:
    if kept is None:
        return None
    closed, names, contacts, more, cells = kept
    values = {key: _opened(column) for key, column in closed}
    numbers, keys, bodies, tokens, places = _opened(more)
    return PlainRows(
        numbers, values, pickle.loads(names), [_opened(column) for column in contacts],
        keys, bodies, Beginnings(tokens, places), _FarRows(_Sheaf(cells)),
    )  # fmt: skip


def _closed(values: Any) -> bytes:
    """The values by the quicker way, if it takes all of them."""
    try:
        return b"m" + marshal.dumps(values)
    except ValueError:
        return b"p" + pickle.dumps(values, pickle.HIGHEST_PROTOCOL)


def _opened(kept: bytes) -> Any:
    """What `_closed` was given."""
    load = marshal.loads if kept[:1] == b"m" else pickle.loads
    return load(memoryview(kept)[1:])
