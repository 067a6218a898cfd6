"""The change log: what happened to which record, in which operation, chained by hashes.

Append-only. Every transaction adds one link to the chain of its seat: the digest of the seat's
previous link and of all change rows written, so that a row edited or removed later shows
(`maintenance/checks`). Links are tied to the last links of other seats, so that a whole chain
cannot vanish unseen. The digest is SHA-256 (FIPS 180-4) over the text `canonical` makes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.by_columns import ByColumns, Same
from crm_desktop.models.schema import Tables
from crm_desktop.models.system.tables import DELTA


def _json_encoder() -> Callable[[Any], str]:
    """`JSONEncoder.encode` makes the encoder in C anew for every value, which costs as much again
    as a small record; Pythons without it take the usual way."""
    usual = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return usual.encode
    text = json.encoder.encode_basestring
    parts = make(None, usual.default, text, None, ":", ",", False, False, True)
    return lambda value: "".join(parts(value, 0))


encode_json = _json_encoder()
TIE_EVERY = 100  # links between two ties to the other seats
TIES = 8
HASHED = 500  # rows at a time
CREATED, UPDATED, DELETED = "c", "u", "d"
COLUMNS = ("seq", "op", "made_at", "author", "ent", "rid", "kind", "delta", "overflow")
MOST_LETTERS = 500  # of a title in the base


@dataclass(frozen=True)
class Title:
    """What an operation did, translatable: a message with named placeholders.

    With `many`, the message is chosen by the number `count` among the parameters. A parameter may
    be the title of another operation.
    """

    message: str
    values: Mapping[str, Any] = field(default_factory=dict)
    many: str = ""

    def text(self) -> str:
        """The sentence in the language in use."""
        if self.many:
            count = int(self.values.get("count", 0))
            return ngettext(self.message, self.many, count).format(**self._shown())
        return _(self.message).format(**self._shown())

    def value(self, key: str) -> Any:
        """A parameter as people read it. Names of objects are labels of the catalogue and are
        translated too."""
        value = self.values.get(key)
        if isinstance(value, Title):
            return value.text()
        return _(value) if isinstance(value, str) and value else value

    def _shown(self) -> dict[str, Any]:
        return {key: self.value(key) for key in self.values}

    def to_text(self) -> str:
        """As kept in the base, at most 500 letters."""
        text = encode_json(self._plain())
        if len(text) <= MOST_LETTERS:
            return text
        return encode_json(Title(self.message, self._shown(), self.many)._plain())

    def _plain(self) -> list[Any]:
        values = {
            k: v._plain() if isinstance(v, Title) else v[:120] if isinstance(v, str) else v
            for k, v in self.values.items()
        }
        return [self.message, values, self.many]

    @staticmethod
    def from_text(text: str) -> Title:
        """The inverse of `to_text`; what another tool has written as it stands, for nobody may be
        kept from a base by a title."""
        try:
            message, values, *many = json.loads(text)
            told = {k: Title(*v) if isinstance(v, list) else v for k, v in values.items()}
            title = Title(message, told, *many)
            title.text()
        except (ValueError, TypeError, LookupError, AttributeError):
            return Title("{text}", {"text": text})
        return title


@dataclass(frozen=True)
class ChangeSet:
    """What one transaction touched, told to everybody who shows it: record ids by object key."""

    operation: int
    touched: Mapping[str, frozenset[int]]
    whole: bool = False
    """Not all that was touched is named: what is kept of records has to be read anew."""
    may_be_private: bool = True
    """Records may have become somebody's own business by it."""

    def touches(self, entity: str, ids: frozenset[int] | None = None) -> bool:
        """Whether records of the object, or these of them, were touched, or may have been."""
        if self.whole:
            return True
        found = self.touched.get(entity, frozenset())
        return bool(found) if ids is None else bool(found & ids)

    def touches_any(self, entities: Iterable[str]) -> bool:
        """Whether records of one of the objects were touched, or may have been."""
        return self.whole or not self.touched.keys().isdisjoint(entities)


class ChangeRow(NamedTuple):
    """One record's change within a transaction; `delta` is JSON text."""

    ent: int
    rid: int
    kind: str
    delta: str


class Changes:
    """Change rows by columns, in the order in which they are written."""

    def __init__(self) -> None:
        self.ents: list[int] = []
        self.rids: list[int] = []
        self.kinds: list[str] = []
        self.deltas: list[str] = []

    def add(
        self, kind: str, ents: Sequence[int], rids: Sequence[int], deltas: Sequence[str]
    ) -> None:
        """Rows of one kind."""
        self.ents += ents
        self.rids += rids
        self.kinds += [kind] * len(rids)
        self.deltas += deltas

    def extend(self, others: Changes) -> None:
        """Further rows by columns."""
        self.ents += others.ents
        self.rids += others.rids
        self.kinds += others.kinds
        self.deltas += others.deltas

    def add_rows(self, rows: Iterable[ChangeRow]) -> None:
        """Rows one by one."""
        for ent, rid, kind, delta in rows:
            self.ents.append(ent)
            self.rids.append(rid)
            self.kinds.append(kind)
            self.deltas.append(delta)

    def __len__(self) -> int:
        return len(self.rids)


def canonical(row: Sequence[Any]) -> str:
    """The text of a change row that is hashed."""
    seq, op, made_at, author, ent, rid, kind, delta = row
    return f"{seq}|{_same_for_all(op, made_at, author)}|{ent}|{rid}|{kind}|{delta}\n"


def _same_for_all(op: int, made_at: datetime, author: int | None) -> str:
    """What all rows of one transaction begin with behind their number."""
    return f"{op}|{made_at.isoformat(timespec='milliseconds')}|{author or ''}"


class ChangeLog:
    """Writes the change rows and chain links of one seat."""

    def __init__(self, backend: Backend, tables: Tables, seat: str) -> None:
        self._backend = backend
        self._rows = tables.system("change_row")
        self._chain = tables.system("chain")
        self.seat = seat
        self._place = 0
        self._digest = ""
        self._doubted = False
        self._tied: tuple[int, str] | None = None
        """The ties of the link at a place, asked ahead."""

    def ready(self, connection: sa.Connection) -> None:
        """Asks what the next link needs now; `append` asks it where nobody did before."""
        place = self._place + 1
        if not self._doubted and place % TIE_EVERY == 1:
            self._tied = place, self._ties(connection)

    def append(
        self,
        connection: sa.Connection,
        changes: Changes,
        *,
        operation: int,
        author: int | None,
        now: datetime,
    ) -> tuple[int, str]:
        """Writes the rows and their link; `settle` must follow once they are committed."""
        if self._doubted:
            self._catch_up(connection)
        seqs = self._backend.sequence(connection, len(changes) + 1)
        link = self._digest_of(changes, seqs, _same_for_all(operation, now, author))
        kept: Sequence[str] = changes.deltas
        overflow: Sequence[str | None] | Same = Same(None)
        if max(map(len, kept)) > DELTA:
            overflow = [None if len(delta) <= DELTA else delta for delta in kept]
            kept = [delta if len(delta) <= DELTA else "" for delta in kept]
        heads = (seqs[:-1], Same(operation), Same(now), Same(author))
        given = (changes.ents, changes.rids, changes.kinds, kept, overflow)
        rows = ByColumns([*heads, *given], len(changes))
        self._backend.insert_many(connection, self._rows, COLUMNS, rows)
        self._add_link(connection, seqs, len(changes), link)
        return self._place + 1, link

    def _digest_of(self, changes: Changes, seqs: Sequence[int], same: str) -> str:
        """The digest of the link, some rows at a time: a block of an import has megabytes."""
        made = hashlib.sha256(self._digest.encode())
        columns = (seqs[:-1], changes.ents, changes.rids, changes.kinds, changes.deltas)
        for start in range(0, len(changes), HASHED):
            part = zip(*(column[start : start + HASHED] for column in columns), strict=True)
            lines = [
                f"{seq}|{same}|{ent}|{rid}|{kind}|{delta}\n" for seq, ent, rid, kind, delta in part
            ]
            made.update("".join(lines).encode())
        return made.hexdigest()

    def _add_link(self, connection: sa.Connection, seqs: range, amount: int, link: str) -> None:
        place = self._place + 1
        ties = self._ties_of(connection, place) if place % TIE_EVERY == 1 else None
        self._backend.insert_many(
            connection,
            self._chain,
            ("id", "seat", "place", "first_seq", "last_seq", "amount", "digest", "ties"),
            [(seqs[-1], self.seat, place, seqs[0], seqs[0] + amount - 1, amount, link, ties)],
        )

    def _ties_of(self, connection: sa.Connection, place: int) -> str:
        asked, self._tied = self._tied, None
        return asked[1] if asked and asked[0] == place else self._ties(connection)

    def _ties(self, connection: sa.Connection) -> str:
        chain = self._chain
        last = sa.select(chain.c.id, chain.c.digest).order_by(chain.c.id.desc()).limit(TIES)
        return encode_json([[row[0], row[1][:16]] for row in connection.execute(last)])

    def settle(self, link: tuple[int, str]) -> None:
        """The transaction of `append` was committed: the chain goes on from there."""
        self._place, self._digest = link

    def doubt(self) -> None:
        """The line broke: whether the last link was kept the base has to say."""
        self._doubted = True

    def _catch_up(self, connection: sa.Connection) -> None:
        chain = self._chain.c
        own = sa.select(chain.place, chain.digest).where(chain.seat == self.seat)
        last = connection.execute(own.order_by(chain.place.desc()).limit(1)).first()
        self._place, self._digest = (0, "") if last is None else (last[0], last[1])
        self._doubted = False
