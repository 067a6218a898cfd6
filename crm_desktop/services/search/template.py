"""Statements built and compiled once for every shape of a reading, then only filled.

SQLAlchemy takes milliseconds to put a union of ten selects together, SQLite half a millisecond to
answer it. So the texts are built with one sign of Unicode's private area in the place of each
value; what the compiler made of it (the sign, perhaps with something behind it) is the recipe for
the parameters.
"""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from crm_desktop.models.backend.asking import Compiled, compiled
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.each import Question, asked_of_each
from crm_desktop.models.schema import Tables
from crm_desktop.services.search.reading import Reading, Term

KEPT = 200
LENGTHS = (1, 10, 50, 200, 1000)
_FIRST_SIGN = 0xE000


class Template(NamedTuple):
    """The text of a statement and how its parameters are made of the values."""

    sql: str
    parameters: tuple[tuple[int, Any], ...]
    """(place among the values, what stands behind it), or (-1, a constant)."""

    def filled(self, values: Sequence[str]) -> tuple[Any, ...]:
        """The parameters for these values."""
        found = []
        for place, more in self.parameters:
            if place < 0:
                found.append(more)
            else:
                found.append(values[place] + more if more else values[place])
        return tuple(found)


class InList:
    """A SELECT over a list of values, compiled for few lengths so that each stays prepared.

    A shorter list is filled up with its last value.
    """

    def __init__(
        self, backend: Backend, select: sa.Select[Any], column: sa.ColumnElement[Any]
    ) -> None:
        self._backend = backend
        self._select = select
        self._column = column
        self._texts: dict[int, str] = {}

    @property
    def types(self) -> list[sa.types.TypeEngine[Any]]:
        """The types of the columns, whose values come as the driver gives them."""
        return [column.type for column in self._select.selected_columns]

    def rows(self, connection: sa.Connection, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """The rows for these values, in no particular order."""
        for start in range(0, len(values), LENGTHS[-1]):
            part = filled_up(values[start : start + LENGTHS[-1]])
            text = self._text(len(part), connection)
            yield from self._backend.rows(connection, text, part)

    def _text(self, length: int, connection: sa.Connection) -> str:
        if length not in self._texts:
            kind = self._column.type
            places = [sa.bindparam(f"value_{place}", type_=kind) for place in range(length)]
            chosen = self._select.where(self._column.in_(places))
            self._texts[length] = compiled(chosen, connection).text
        return self._texts[length]


def filled_up(values: Sequence[Any]) -> list[Any]:
    """At most 1,000 values, the last repeated until it is one of a few lengths."""
    length = next(length for length in LENGTHS if length >= len(values))
    return [*values, *[values[-1]] * (length - len(values))]


def signs(first: int, count: int, kind: sa.types.TypeEngine[Any]) -> list[sa.BindParameter[Any]]:
    """Places for so many of the values, from the place `first` on."""
    return [
        sa.bindparam(f"sign_{at}", chr(_FIRST_SIGN + first + at), type_=kind) for at in range(count)
    ]


_made: WeakKeyDictionary[Tables, dict[type[Backend], OrderedDict[Hashable, Template]]] = (
    WeakKeyDictionary()
)


class Templates:
    """The compiled statements of one catalogue on one kind of back end, the latest made kept: a
    base that is opened anew, or another one like it, finds them made."""

    def __init__(self, backend: Backend, tables: Tables) -> None:
        self._backend = backend
        self._kept = _made.setdefault(tables, {}).setdefault(type(backend), OrderedDict())

    def run(
        self,
        connection: sa.Connection,
        key: Hashable,
        build: Callable[[], Any],
        values: Sequence[Any],
    ) -> Sequence[Sequence[Any]]:
        """The rows of the statement; `build` is called for a key not seen lately."""
        return self._run(connection, key, lambda: compiled(build(), connection), values)

    def of_each(
        self,
        connection: sa.Connection,
        key: Hashable,
        question: Question,
        numbers: Sequence[int],
        values: Sequence[Any],
    ) -> Sequence[Sequence[Any]]:
        """The same of a question about each of these numbers, in no particular order."""

        def made() -> Compiled:
            return asked_of_each(question, numbers, connection)

        return self._run(connection, (key, tuple(numbers)), made, values)

    def _run(
        self,
        connection: sa.Connection,
        key: Hashable,
        made: Callable[[], Compiled],
        values: Sequence[Any],
    ) -> Sequence[Sequence[Any]]:
        template = self._kept.get(key)
        if template is None:
            template = self._kept[key] = _template(made())
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return self._backend.rows(connection, template.sql, template.filled(values))


def _template(made: Compiled) -> Template:
    return Template(made.text, tuple(_parameter(value) for value in made.values))


def _parameter(value: Any) -> tuple[int, Any]:
    if isinstance(value, str) and value and ord(value[0]) >= _FIRST_SIGN:
        return ord(value[0]) - _FIRST_SIGN, value[1:]
    return -1, value


def shape(reading: Reading) -> Hashable:
    """What of a reading decides the text of a statement."""
    terms = tuple(
        (len(t.prefixes), bool(t.part), len(t.words), len(t.patterns), t.cut) for t in reading.terms
    )
    return (terms, bool(reading.title), reading.title_cut)


def values_of(reading: Reading) -> list[str]:
    """The values of a reading, in the order in which `marked` numbers them."""
    found = [reading.title]
    for term in reading.terms:
        found += (*term.prefixes, term.part, *term.words, *term.patterns)
    return found


def marked(reading: Reading) -> Reading:
    """The reading with a sign in the place of each value."""
    places = iter(range(_FIRST_SIGN, _FIRST_SIGN + 1000))

    def mark(value: str) -> str:
        sign = chr(next(places))
        return sign if value else ""

    title = mark(reading.title)
    return dataclasses.replace(
        reading, title=title, terms=tuple(_marked(term, mark) for term in reading.terms)
    )


def _marked(term: Term, mark: Callable[[str], str]) -> Term:
    return dataclasses.replace(
        term,
        prefixes=tuple(mark(value) for value in term.prefixes),
        part=mark(term.part),
        words=tuple(mark(value) for value in term.words),
        patterns=tuple(mark(value) for value in term.patterns),
    )
