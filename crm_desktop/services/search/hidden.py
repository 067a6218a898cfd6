"""How the search reads words that some role hides: index ranges of a table of their own, or the
procedure of the server by which an account has them that is kept from some (`search/apart`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.hidden_words import narrowed, words_between
from crm_desktop.models.schema import Tables
from crm_desktop.services.search.apart import Apart

_LAST_LETTER = "\U0010ffff"
_TOGETHER = 60
"""Ranges of one statement: SQLite unites 500 selects at most."""


class HiddenRange(NamedTuple):
    """Words of an object by their sign; '': of all fields that the account may see."""

    ent: int
    sign: str


class HiddenRanges:
    """The words of hidden fields of one base."""

    def __init__(self, backend: Backend, tables: Tables) -> None:
        self._backend = backend
        self._table = tables.system("search_hidden")
        self._blind = tables.system("search_hidden_added")
        self._apart = Apart(tables.catalogue)
        self._narrowed = narrowed(self._table)

    def together(self, ents: Iterable[int]) -> Iterator[tuple[HiddenRange, ...]]:
        """The ranges of these objects, as many together as a statement may ask about."""
        every = [
            HiddenRange(ent, sign)
            for ent in ents if (signs := self._apart.signs(ent))
            for sign in ([""] if self._narrowed else sorted(signs))
        ]  # fmt: skip
        for first in range(0, len(every), _TOGETHER):
            yield tuple(every[first : first + _TOGETHER])

    def rows(
        self, ranges: Sequence[HiddenRange], turn: sa.ColumnElement[int], prefix: str,
        most: int | None,
    ) -> sa.Select[Any]:  # fmt: skip
        """Record and beginning of the words of a range, `turn` tells which, that begin so; as many
        as `most` of each field."""
        ent = _told(turn, [str(int(one.ent)) for one in ranges], sa.SmallInteger())
        if self._narrowed:
            return words_between(ent, *_ends(prefix, self._table.c.tok.type), most)
        sign = _told(turn, [f"'{one.sign}'" for one in ranges], self._table.c.sign.type)
        parts = [self._range(table, ent, sign, prefix, most) for table in
                 (self._table, self._blind)]  # fmt: skip
        both = sa.union_all(*(sa.select(part.c.rid, part.c.tok) for part in parts)).subquery()
        return sa.select(both.c.rid, both.c.tok)

    def _range(
        self, table: sa.Table, ent: sa.ColumnElement[int], sign: sa.ColumnElement[str],
        prefix: str, most: int | None,
    ) -> sa.Subquery:  # fmt: skip
        c = table.c
        chosen = sa.select(c.rid, c.tok).where(c.ent == ent, c.sign == sign, begins(c.tok, prefix))
        if most is not None:
            chosen = self._backend.limit(chosen.order_by(c.ent, c.sign, c.tok, c.rid), most)
        return chosen.subquery()


def _told(
    turn: sa.ColumnElement[int], quoted: Sequence[str], kind: sa.types.TypeEngine[Any]
) -> sa.ColumnElement[Any]:
    """The value of that turn."""
    each = [
        (turn == sa.literal_column(str(place)), sa.literal_column(text, kind))
        for place, text in enumerate(quoted)
    ]
    return sa.case(*each)


def begins(column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
    """A range of the index on both back ends: their texts are compared letter by letter.

    Not `Backend.prefix`: what it makes of the text cannot be told from a sign in its place.
    """
    low, high = _ends(text, column.type)
    return sa.and_(column >= low, column < high)


def _ends(
    text: str, kind: sa.types.TypeEngine[str]
) -> tuple[sa.ColumnElement[str], sa.ColumnElement[str]]:
    """Between which the words lie that begin so."""
    return sa.literal(text, kind), sa.literal(text + _LAST_LETTER, kind)
