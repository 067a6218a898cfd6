"""Which table keeps a beginning: words that some role hides have one of their own.

A beginning says by its sign what it is of (`search/document`), the catalogue which signs are kept
apart in which object. There the sign stands before the word, so that the words of one field are one
range; a telephone keeps its sign. See decision 021.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import NamedTuple

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.holding import PHONES, signs_apart
from crm_desktop.services.search.document import TITLE
from crm_desktop.services.writing.foreseen import Postings

HIDDEN_KEY = ("ent", "sign", "tok", "rid")
STRAY = "\x1e"
"""What a beginning begins with that lies in the wrong table."""
Word = tuple[int, str, str, int]
"""A row: the object, the sign, the word and the record."""


class HiddenRows(NamedTuple):
    """Rows of the hidden words of one object by columns, in the order of the key."""

    ent: int
    signs: Sequence[str]
    tokens: Sequence[str]
    ids: Sequence[int]

    def rows(self) -> Iterator[Word]:
        """The same one by one."""
        return zip(repeat(self.ent), self.signs, self.tokens, self.ids, strict=False)


class Apart:
    """Tells for one catalogue; an office that hides nothing has no signs."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._signs = signs_apart(catalogue)

    def signs(self, ent: int) -> frozenset[str]:
        """By which words of the object are kept apart."""
        return self._signs.get(ent, frozenset())

    def sign(self, ent: int, token: str) -> str:
        """By which this beginning is kept apart; '' if it is not."""
        signs = self._signs.get(ent)
        sign = sign_of(token) if signs else ""
        return sign if signs and sign in signs else ""

    def parted(self, rows: Postings) -> tuple[Postings, HiddenRows | None]:
        """The rows of the table of all words, and those of hidden ones."""
        signs = self._signs.get(rows.ent)
        if not signs:
            return rows, None
        told = [sign_of(token) for token in rows.tokens]
        hidden = sorted(
            (sign, word_of(token), id_)
            for sign, token, id_ in zip(told, rows.tokens, rows.ids, strict=False)
            if sign in signs
        )
        if not hidden:
            return rows, None
        left = [at for at, sign in enumerate(told) if sign not in signs]
        tokens, ids = [rows.tokens[at] for at in left], [rows.ids[at] for at in left]
        columns = zip(*hidden, strict=True)
        return Postings(rows.ent, tokens, ids), HiddenRows(rows.ent, *map(list, columns))


def sign_of(token: str) -> str:
    """The sign by which a beginning would be kept apart; any other letter is none."""
    if token[0] == PHONES:
        return PHONES
    return "" if token[0] == TITLE else token[-1]


def word_of(token: str) -> str:
    """How it stands behind its sign."""
    return token if token[0] == PHONES else token[:-1]


def token_of(sign: str, word: str) -> str:
    """The beginning of a row."""
    return word if sign == PHONES else word + sign
