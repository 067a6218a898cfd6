"""The first questions of several readings, asked of a Firebird server in one trip.

A card asks a dozen small questions one after another, and each waits for the line; the first time
each of them is prepared besides, which is another trip. Here the readings are begun without the
server: each stops at its first question. The questions go as one EXECUTE BLOCK, and when the
readings are then done in earnest, their first questions have their answers.

The block packs rows as `firebird_read` does: the number of the question, then its values, each
before a byte that no text in UTF-8 holds. What cannot be packed is asked as usual, and so is
everything when the block cannot be run: whoever asks learns of the error. In a transaction that
writes the first question locks, as it reads, and the others are asked behind it or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from traceback import clear_frames
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.base import Works
from crm_desktop.models.backend.firebird_cursor import (
    LONGEST_SQL,
    Answer,
    Asked,
    Shelf,
    fdb_error,
    fetch_rows,
    shelf_of,
)
from crm_desktop.models.backend.firebird_errors import understood
from crm_desktop.models.backend.firebird_read import QUOTED_OR_PLACE

_ROOM = 32_000
"""Bytes of one answer of the server."""
_LONGEST_TEXT = 255  # letters of a parameter
_A_COLUMN, _A_QUESTION = 90, 250  # bytes of a statement that they take at most
_NUMBER, _MOMENT, _DAY = 20, 24, 10  # letters of such a value
_END, _NOTHING = b"\xfe", b"\xff"
_OCTETS = "CHARACTER SET OCTETS"

Turn = Callable[[str], Any]


class _Kind(NamedTuple):
    """Bytes of the longest value of a column, and what makes the driver's value of its text."""

    width: int
    turn: Turn


class _Question(NamedTuple):
    """A statement with its parameters as the driver takes them."""

    sql: str
    parameters: tuple[Any, ...]
    names: tuple[str, ...]
    kinds: tuple[_Kind, ...]


def ask_first(connection: sa.Connection, works: Works) -> None:
    """Whatever each of the works asks first is answered from now on, until the block of work on
    the connection ends."""
    shelf = shelf_of(connection.connection)
    found = [_first_question(shelf, work) for work in works]
    fitting = _fitting(list(dict.fromkeys(filter(None, found))))
    writes = shelf.transaction is None
    if len(fitting) < 2 or (writes and found[0] not in fitting):
        return  # what is read behind a lock must not be read before it
    text = _block(tuple(_shape(question) for question in fitting))
    given = [value for question in fitting for value in question.parameters]
    known, shelf.answers = shelf.answers, {}  # this block only reads: what was answered still holds
    try:
        rows = fetch_rows(connection, text, given)
    except fdb_error() as error:
        if understood(error) is not None:
            raise
        return
    shelf.answers = {**known, **_answers(fitting, b"".join(row[0] for row in rows))}


def _first_question(shelf: Shelf, work: Callable[[], object]) -> _Question | None:
    shelf.collecting = True
    try:
        work()
    except Asked as asked:
        clear_frames(asked.__traceback__)  # SQLAlchemy's hold it: a circle around all that was read
        return _question(asked)
    finally:
        shelf.collecting = False
    return None


def _question(asked: Asked) -> _Question | None:
    """None for what cannot be packed."""
    columns = getattr(asked.compiled, "_result_columns", None)
    if not columns or not asked.sql.startswith("SELECT"):
        return None
    kinds = [_kind(column.type) for column in columns]
    parameters = tuple(asked.parameters)
    if not all(map(_is_plain, parameters)):
        return None
    names = tuple(column.keyname for column in columns)
    known = tuple(kind for kind in kinds if kind is not None)
    return _Question(asked.sql, parameters, names, known) if len(known) == len(kinds) else None


def _fitting(questions: list[_Question]) -> list[_Question]:
    """Those that one statement holds, and whose rows one answer holds."""
    found, size = [], 0
    for question in questions:
        text = len(question.sql) + _A_COLUMN * len(question.kinds) + _A_QUESTION
        row = sum(kind.width + 1 for kind in question.kinds)
        if size + text < LONGEST_SQL // 2 and row < _ROOM - _NUMBER:
            found.append(question)
            size += text
    return found


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONGEST_TEXT
    return isinstance(value, int | date)


@lru_cache(maxsize=512)
def _kind(kind: sa.types.TypeEngine[Any]) -> _Kind | None:
    """How a value of the type comes out of the driver; None for what is not packed."""
    while isinstance(kind, sa.types.TypeDecorator):
        kind = kind.impl_instance
    if isinstance(kind, sa.Text | sa.LargeBinary | sa.Enum):
        return None
    if isinstance(kind, sa.String) and kind.length:
        return _Kind(4 * kind.length, str)
    if isinstance(kind, sa.Integer):
        return _Kind(_NUMBER, int)
    if isinstance(kind, sa.DateTime):
        return _Kind(_MOMENT, datetime.fromisoformat)
    if isinstance(kind, sa.Date):
        return _Kind(_DAY, date.fromisoformat)
    return None


# --- the statement --------------------------------------------------------------------------------

_Shape = tuple[str, tuple[str, ...], tuple[int, ...]]
"""A statement, the types of its parameters and the widths of its columns."""


def _shape(question: _Question) -> _Shape:
    declared = tuple(map(_declared, question.parameters))
    return question.sql, declared, tuple(kind.width for kind in question.kinds)


def _declared(value: Any) -> str:
    if isinstance(value, str):
        return f"VARCHAR({_LONGEST_TEXT})"
    if isinstance(value, datetime):
        return "TIMESTAMP"
    return "DATE" if isinstance(value, date) else "BIGINT"


@lru_cache(maxsize=64)
def _block(shapes: tuple[_Shape, ...]) -> str:
    declared = [kind for _sql, kinds, _widths in shapes for kind in kinds]
    widest: dict[int, int] = {}
    for _sql, _kinds, widths in shapes:
        for place, width in enumerate(widths):
            widest[place] = max(width, widest.get(place, 0))
    variables = " ".join(f"DECLARE c{n} VARCHAR({w}) {_OCTETS};" for n, w in widest.items())
    places = iter(range(len(declared)))
    steps = " ".join(_step(n, shape, places) for n, shape in enumerate(shapes))
    given = ", ".join(f"p{place} {kind} = ?" for place, kind in enumerate(declared))
    return (
        f"EXECUTE BLOCK {f'({given})' if given else ''} RETURNS (s VARCHAR({_ROOM}) {_OCTETS}) AS"
        f" DECLARE v VARCHAR({_ROOM}) {_OCTETS}; {variables} BEGIN s = ''; {steps}"
        " IF (s <> '') THEN SUSPEND; END"
    )


def _step(number: int, shape: _Shape, places: Iterable[int]) -> str:
    sql, _kinds, widths = shape
    turns = iter(places)
    select = QUOTED_OR_PLACE.sub(
        lambda found: f":p{next(turns)}" if found[0] == "?" else found[0], sql
    )
    into = ",".join(f":c{place}" for place in range(len(widths)))
    packed = "||".join(f"COALESCE(c{place},x'FF')||x'FE'" for place in range(len(widths)))
    return (
        f"FOR {select} INTO {into} DO BEGIN v='{number}'||x'FE'||{packed};"
        f" IF (OCTET_LENGTH(s) + OCTET_LENGTH(v) > {_ROOM}) THEN BEGIN SUSPEND; s=v; END"
        " ELSE s=s||v; END"
    )


def _answers(
    questions: Sequence[_Question], packed: bytes
) -> dict[tuple[str, tuple[Any, ...]], Answer]:
    found: list[list[tuple[Any, ...]]] = [[] for _question in questions]
    pieces = packed.split(_END)
    at = 0
    while at < len(pieces) - 1:
        number = int(pieces[at])
        kinds = questions[number].kinds
        values = pieces[at + 1 : at + 1 + len(kinds)]
        found[number].append(
            tuple(
                None if value == _NOTHING else kind.turn(value.decode())
                for value, kind in zip(values, kinds, strict=True)
            )
        )
        at += 1 + len(kinds)
    return {
        (q.sql, q.parameters): Answer(q.names, rows)
        for q, rows in zip(questions, found, strict=True)
    }
