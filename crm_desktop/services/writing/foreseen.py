"""What is worked out of records before it is known which ones they become.

Sort keys and search documents follow from values alone. An import lets its reading process make
them beside the one that writes; what was not foreseen the writer makes itself, so that the base
is the same either way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import Any, NamedTuple, cast

from crm_desktop.models.catalogue.definitions import EntityDef

Said = tuple[int, str, Any]
"""A value by which a record is found through another one: object, field, value."""
DocumentKey = tuple[Any, ...]


class Beginnings(NamedTuple):
    """What the documents of one object are found by: beginnings in their order, and beside each
    the number of the document that it belongs to. Two flat lists, since there are twenty a record
    and they travel between processes."""

    tokens: Sequence[str]
    numbers: Sequence[int]

    @classmethod
    def in_order(cls, tokens: Sequence[str], numbers: Sequence[int]) -> Beginnings:
        """Sorted by beginning, equal ones as they came.

        Python compares texts of plain Latin signs, as the ends of telephones are, much faster than
        others, but only among themselves: so they are sorted apart and then brought together.
        """
        latin = [at for at, token in enumerate(tokens) if token.isascii()]
        others = [at for at, token in enumerate(tokens) if not token.isascii()]
        latin.sort(key=tokens.__getitem__)
        others.sort(key=tokens.__getitem__)
        places = [*latin, *others]
        places.sort(key=tokens.__getitem__)
        return cls([tokens[at] for at in places], [numbers[at] for at in places])


class Postings(NamedTuple):
    """Rows of `search_posting` by columns, in the order of the beginnings: the object that the
    records are of, what they are found by, and the records."""

    ent: int
    tokens: Sequence[str]
    ids: Sequence[int]

    @classmethod
    def known(cls, ent: int, tokens: Sequence[str], ids: Sequence[int | None]) -> Postings:
        """Without the rows that have no record."""
        if None not in ids:
            return cls(ent, tokens, cast("Sequence[int]", ids))
        return cls(ent, list(compress(tokens, ids)), list(filter(None, ids)))


Tokens = dict[int, Beginnings]
"""By the number of the object."""


class ReadyDocument(NamedTuple):
    """The text that is kept of a record for the search; `number`: what it is called by in
    `Foreseen.tokens`."""

    body: str
    number: int


class Foreseen(NamedTuple):
    """Sort keys by text, documents by all that goes into them (`document_key`), and the
    beginnings of the documents, in the order in which they are written."""

    keys: dict[str, str]
    documents: dict[DocumentKey, ReadyDocument]
    tokens: Tokens


def nothing_foreseen() -> Foreseen:
    """For whoever writes what nobody has looked at before."""
    return Foreseen({}, {}, {})


def document_key(
    entity: EntityDef, values: Mapping[str, Any], below: Iterable[Said]
) -> DocumentKey:
    """All that a record's document is made of: its own values, and those it is found through."""
    own = [values.get(f.key) for f in entity.search_fields()]
    return (entity.number, *own, *sorted(below))
