"""One question about each of several numbers, such as the objects that a search looks into.

A file is asked for all of them in one union. A server keeps what it has prepared in its memory, and
the views of an ordinary account are long: there the question stands once, in a loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.asking import Compiled, compiled
from crm_desktop.models.backend.firebird_read import QUOTED_OR_PLACE

_USUAL = 255  # letters of a parameter
_EACH = "each_number"


class Question(NamedTuple):
    """`parts`: the selects about one number, which stands in them as an expression; `whole`: what
    is asked of their rows together, of those of each number or of all."""

    parts: Callable[[sa.ColumnElement[int]], Iterable[sa.Select[Any]]]
    whole: Callable[[sa.Subquery], sa.Select[Any]]


def asked_of_each(
    question: Question, numbers: Sequence[int], connection: sa.Connection
) -> Compiled:
    """The statement that gives the rows of all of them, in no particular order."""
    if connection.dialect.name != "firebird" or len(numbers) == 1:
        known = [sa.literal_column(str(int(number)), sa.SmallInteger) for number in numbers]
        return compiled(_whole(question, known), connection)
    asked = _whole(question, [sa.literal_column(f":{_EACH}", sa.SmallInteger)])
    made = compiled(asked, connection)
    return Compiled(_loop(made, list(asked.selected_columns), numbers, connection), made.values)


def _whole(question: Question, numbers: Sequence[sa.ColumnElement[int]]) -> sa.Select[Any]:
    parts = [part for number in numbers for part in question.parts(number)]
    united = sa.union_all(*parts) if len(parts) > 1 else parts[0]
    return question.whole(united.subquery())


def _loop(
    made: Compiled,
    columns: Sequence[sa.ColumnElement[Any]],
    numbers: Sequence[int],
    connection: sa.Connection,
) -> str:
    places = count()
    text = QUOTED_OR_PLACE.sub(
        lambda found: f":p{next(places)}" if found[0] == "?" else found[0], made.text
    )
    given = ", ".join(f"p{place} {_kind(value)} = ?" for place, value in enumerate(made.values))
    kinds = [column.type.compile(connection.dialect) for column in columns]
    told = ", ".join(f"r{place} {kind}" for place, kind in enumerate(kinds))
    into = ", ".join(f":r{place}" for place in range(len(kinds)))
    turns = ", ".join(f"{turn}, {int(number)}" for turn, number in enumerate(numbers))
    return (
        f"EXECUTE BLOCK ({given}) RETURNS ({told}) AS DECLARE {_EACH} SMALLINT;"
        f" DECLARE turn INTEGER = 0; BEGIN WHILE (turn < {len(numbers)}) DO BEGIN"
        f" {_EACH} = DECODE(turn, {turns}); turn = turn + 1;"
        f" FOR {text} INTO {into} DO SUSPEND; END END"
    )


def _kind(value: Any) -> str:
    """A type that takes this value; the select casts it to what it needs."""
    return f"VARCHAR({_USUAL})" if isinstance(value, str) else "BIGINT"
