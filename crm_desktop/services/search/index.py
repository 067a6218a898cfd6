"""The search index: written by the one writer in the transaction that writes the records.

What a record's postings were is told from its old text, so a change deletes and adds only what
differs. Nothing here reads the records themselves: the caller brings their terms, `search/repair`
compares the two.

Words of fields that some role hides go to a table of their own (`search/apart`), and to another one
where the account is kept from them.

On a server an employee can change and add such rows with a tool: whatever stands in the way of a
row that belongs there is spoilt, and the row takes its place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.base import IN_LIST, Backend
from crm_desktop.models.backend.by_columns import ByColumns, Same
from crm_desktop.models.backend.hidden_words import narrowed
from crm_desktop.models.schema import Tables
from crm_desktop.services.search.apart import (
    HIDDEN_KEY,
    STRAY,
    Apart,
    HiddenRows,
    sign_of,
    token_of,
    word_of,
)
from crm_desktop.services.search.document import (
    WORD,
    Document,
    body_of,
    forms,
    is_vocabulary,
    own_terms,
    postings,
    together,
)
from crm_desktop.services.search.template import InList
from crm_desktop.services.writing.foreseen import Beginnings, Postings, Tokens

__all__ = ["Difference", "Document", "SearchIndex", "difference", "own_terms"]

KNOWN_WORDS = 200_000  # of the vocabulary, kept in memory; about 20 MB

_POSTING = ("ent", "tok", "rid")
_MANY = 200  # words or records: an import brings so many at once, a save never

_LETTERS = "A"  # before it stand telephones, numbers and whole titles, which are no vocabulary


class _Postings:
    """Rows of `search_posting`, as flat lists: the order of their key costs least then."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[list[str], list[int]]] = {}
        self._ready: list[Postings] = []

    def add(self, ent: int, tokens: Collection[str], id_: int) -> None:
        """Rows of one record."""
        known = self._found.get(ent)
        if known is None:
            known = self._found[ent] = [], []
        known[0].extend(tokens)
        known[1].extend(repeat(id_, len(tokens)))

    def add_foreseen(self, tokens: Tokens, ids: Mapping[int, list[int]]) -> None:
        """Rows of records whose documents were foreseen; `ids` by the numbers of the documents."""
        most = max(map(len, ids.values()), default=0)
        for turn in range(most):  # nearly always one: others share a document
            some = {number: found[turn] for number, found in ids.items() if len(found) > turn}
            for ent, (names, numbers) in tokens.items():
                self.add_ready(Postings.known(ent, names, list(map(some.get, numbers))))

    def add_ready(self, rows: Postings) -> None:
        """Rows that are ready, in their order."""
        if rows.tokens:
            self._ready.append(rows)

    def words(self) -> set[str]:
        """The tokens that may be words of the vocabulary."""
        self.settle()
        return set().union(
            *(rows.tokens[bisect_left(rows.tokens, _LETTERS) :] for rows in self._ready)
        )

    def settle(self) -> None:
        """Puts the rows in order now: nothing is added any more."""
        for ent, (tokens, ids) in sorted(self._found.items()):
            self.add_ready(Postings(ent, *Beginnings.in_order(tokens, ids)))
        self._found = {}

    def parts(self) -> Sequence[Postings]:
        """The rows, in the order of the key, in which a tree is filled best."""
        self.settle()
        return self._ready

    def rows(self) -> Iterator[tuple[int, str, int]]:
        """The same one by one."""
        for ent, tokens, ids in self.parts():
            yield from zip(repeat(ent), tokens, ids, strict=False)

    def __bool__(self) -> bool:
        return bool(self._ready) or any(tokens for tokens, _ids in self._found.values())


class Difference(NamedTuple):
    """What has to be done in the three tables for some records."""

    gone: _Postings
    new: _Postings
    added: list[tuple[int, int, str]]
    changed: list[tuple[int, str]]
    removed: list[int]

    def make(self, documents: Iterable[tuple[int, int, str]], postings: Postings) -> None:
        """Adds new records that were looked at elsewhere, their postings in order."""
        self.added.extend(documents)
        self.new.add_ready(postings)

    def settle(self) -> Difference:
        """The same, with nothing left to be worked out by the thread that writes."""
        self.gone.settle()
        self.new.settle()
        return self


class SearchIndex:
    """Keeps the search rows of one base; use it from one thread at a time."""

    def __init__(self, backend: Backend, tables: Tables) -> None:
        self._backend = backend
        self._doc = tables.system("search_doc")
        self._posting = tables.system("search_posting")
        self._form = tables.system("search_form")
        self._hidden = tables.system("search_hidden")
        self._blind = tables.system("search_hidden_added")
        self.apart = Apart(tables.catalogue)
        doc, form = self._doc.c, self._form.c
        self._texts = InList(backend, sa.select(doc.id, doc.ent, doc.body), doc.id)
        words = sa.select(form.form).where(form.kind == sa.literal_column(str(WORD)))
        self._words = InList(backend, words, form.form)
        self._known: set[str] = set()
        self._transaction: sa.Transaction | None = None
        self._added: set[str] = set()  # by that transaction: it may yet be rolled back

    def write(
        self,
        connection: sa.Connection,
        documents: Mapping[int, Document | None],
        *,
        fresh: Collection[int] = (),
    ) -> None:
        """Gives records their new documents (None: the record is gone), by record id.

        `fresh` are ids that have no document yet: nothing is read for them.
        """
        self.put(connection, self.difference(connection, documents, fresh=fresh))

    def renew(self, connection: sa.Connection, documents: Mapping[int, Document]) -> None:
        """Like `write`, but words that stand apart are taken out from among all others, whatever
        the text says of them."""
        old = self.texts(connection, list(documents))
        found, strays = Difference(_Postings(), _Postings(), [], [], []), _Postings()
        for id_, document in documents.items():
            ent, body, plain = document.ent, body_of(document.terms), together(document.terms)
            there, now = old.get(id_), postings(body)
            was = postings(there[1]) if there else set()
            stale = was.union(postings(body_of(plain))) if plain else was
            moved = {token for token in now if self.apart.sign(ent, token)}
            found.gone.add(ent, stale - now, id_)
            strays.add(ent, moved, id_)
            found.new.add(ent, (now - was) | moved, id_)
            if body and there != (ent, body):
                found.added.append((id_, ent, body))
            elif there and not body:
                found.removed.append(id_)
        self._backend.delete_keys(connection, self._posting, _POSTING, strays.rows())
        self.put(connection, found)

    def difference(
        self,
        connection: sa.Connection,
        documents: Mapping[int, Document | None],
        *,
        fresh: Collection[int] = (),
    ) -> Difference:
        """What `write` has to change in the base."""
        old = self.texts(connection, [id_ for id_ in documents if id_ not in fresh])
        return difference(documents, old)

    def set_postings(
        self, connection: sa.Connection, ent: int, records: Mapping[int, tuple[set[str], set[str]]]
    ) -> None:
        """Makes the postings that are kept of records of one object those there ought to be. One
        with a mark lies in the wrong table."""
        found = Difference(_Postings(), _Postings(), [], [], [])
        strays: list[tuple[int, str, int]] = []
        for id_, (kept, wanted) in records.items():
            strays += [(ent, token[1:], id_) for token in kept if token[0] == STRAY]
            found.gone.add(ent, {token for token in kept - wanted if token[0] != STRAY}, id_)
            found.new.add(ent, wanted - kept, id_)
        self._backend.delete_keys(connection, self._posting, _POSTING, strays)
        hidden = ((ent, sign_of(token), word_of(token), id_) for ent, token, id_ in strays)
        self._backend.delete_keys(connection, self._hidden, HIDDEN_KEY, hidden)
        self.put(connection, found)

    def part(self, connection: sa.Connection, rows: Postings) -> None:
        """Moves those of the rows that are kept apart by now to their table."""
        _left, hidden = self.apart.parted(rows)
        if hidden is not None:
            self._put_hidden(connection, hidden)
            self._backend.delete_keys(connection, self._posting, _POSTING, (
                (rows.ent, token_of(sign, word), id_) for _ent, sign, word, id_ in hidden.rows()
            ))  # fmt: skip

    def take_over(self, connection: sa.Connection) -> None:
        """Puts among the hidden words what was added blindly."""
        blind = self._blind.c
        rows = connection.execute(sa.select(blind.nr, *(blind[name] for name in HIDDEN_KEY))).all()
        words = sorted({tuple(row[1:]) for row in rows})
        self._put_rows(connection, self._hidden, HIDDEN_KEY, words)
        self._backend.delete_keys(connection, self._blind, ("nr",), ((row[0],) for row in rows))

    def put(self, connection: sa.Connection, found: Difference) -> None:
        """Writes what `difference` has worked out."""
        self._remove(connection, found)
        self._add(connection, found)

    def texts(self, connection: sa.Connection, ids: Sequence[int]) -> dict[int, tuple[int, str]]:
        """The object's number and the text kept of each record that has one."""
        rows = self._texts.rows(connection, ids)
        if not self._backend.exclusive and len(ids) >= _MANY:  # see decision 007
            rows = self._listed(connection, ids)
        return {id_: (ent, body) for id_, ent, body in rows}

    def _listed(self, connection: sa.Connection, ids: Sequence[int]) -> Iterator[Any]:
        doc = self._doc.c
        among = self._backend.among(doc.id, alone=True)
        wanted = sa.select(doc.id, doc.ent, doc.body).where(among)
        for start in range(0, len(ids), IN_LIST):
            yield from connection.execute(wanted, {"ids": ids[start : start + IN_LIST]})

    def forget(self) -> None:
        """Drops what is remembered of the vocabulary; after it was emptied or a base replaced."""
        self._known.clear()
        self._added.clear()

    def _remove(self, connection: sa.Connection, found: Difference) -> None:
        if found.gone:
            self._backend.delete_keys(connection, self._posting, _POSTING, found.gone.rows())
            self._remove_hidden(connection, found.gone)
        if found.removed:
            self._backend.delete_many(connection, self._doc, found.removed)

    def _remove_hidden(self, connection: sa.Connection, gone: _Postings) -> None:
        """As well, for while a role begins to hide them they may lie here or there. Where the
        server keeps rights, one procedure takes them away wherever they are."""
        parted = (self.apart.parted(rows)[1] for rows in gone.parts())
        tables = (
            [self._hidden]
            if narrowed(self._hidden)
            else [
                self._hidden,
                self._blind,
            ]
        )
        for hidden in filter(None, parted):
            for table in tables:
                self._backend.delete_keys(connection, table, HIDDEN_KEY, hidden.rows())

    def _put_hidden(self, connection: sa.Connection, rows: HiddenRows) -> None:
        lists = [Same(rows.ent), rows.signs, rows.tokens, rows.ids]
        self._put_rows(connection, self._hidden, HIDDEN_KEY, ByColumns(lists, len(rows.ids)))

    def _add(self, connection: sa.Connection, found: Difference) -> None:
        if found.new:
            self.learn(connection, found.new.words())
        for rows in found.new.parts():
            rows, hidden = self.apart.parted(rows)
            columns = ByColumns([Same(rows.ent), rows.tokens, rows.ids], len(rows.ids))
            self._put_rows(connection, self._posting, _POSTING, columns)
            if hidden is not None:
                self._put_hidden(connection, hidden)
        if found.added:
            self._put_rows(connection, self._doc, ("id", "ent", "body"), found.added)
        if found.changed:
            self._backend.update_many(connection, self._doc, ("body",), found.changed)

    def _put_rows(
        self, connection: sa.Connection, table: sa.Table, columns: Sequence[str],
        rows: Iterable[Sequence[object]],
    ) -> None:  # fmt: skip
        self._backend.insert_many(connection, table, columns, rows, replacing=True)

    # --- vocabulary -------------------------------------------------------------------------------

    def learn(self, connection: sa.Connection, tokens: Iterable[str]) -> None:
        """Adds words to the vocabulary; words are never taken out of it.

        Another seat may add the same word at this moment. Its row then stands in the way when it
        commits, and what is still missing is added afresh.
        """
        transaction = connection.get_transaction()
        if transaction is not self._transaction:
            self._transaction, self._added = transaction, set()
        unknown = set(tokens).difference(self._known, self._added)
        words = sorted(filter(is_vocabulary, unknown))
        missing = self._missing(connection, words) if words else []
        if not self._added:  # what is there now was committed: it will not be rolled back
            self._remember(set(words).difference(missing))
        if missing:
            self._insert(connection, missing)
        self._added.update(words)

    def _remember(self, words: set[str]) -> None:
        if len(self._known) > KNOWN_WORDS:
            self._known.clear()
        self._known |= words

    def _insert(self, connection: sa.Connection, missing: Sequence[str]) -> None:
        if self._backend.exclusive:  # nobody else writes until this transaction ends
            self._insert_forms(connection, missing)
            return
        try:
            with connection.begin_nested():
                self._insert_forms(connection, missing)
        except Exception:
            left = self._missing(connection, missing)
            if left == missing:
                raise
            self._insert_forms(connection, left)

    def _missing(self, connection: sa.Connection, words: Sequence[str]) -> list[str]:
        if len(words) >= _MANY:
            keys = [(WORD, word, word) for word in words]
            return [
                word for _kind, word, _word in self._backend.lacking(connection, self._form, keys)
            ]
        there = {word for (word,) in self._words.rows(connection, words)}
        return [word for word in words if word not in there]

    def _insert_forms(self, connection: sa.Connection, words: Iterable[str]) -> None:
        rows = sorted(row for word in words for row in forms(word))
        self._put_rows(connection, self._form, ("kind", "form", "word"), rows)


def difference(
    documents: Mapping[int, Document | None],
    old: Mapping[int, tuple[int, str]],
    tokens: Tokens | None = None,
) -> Difference:
    """What the new documents of records change, from the texts they have (see `texts`).

    `tokens`: the beginnings of the documents that were foreseen.
    """
    found = Difference(_Postings(), _Postings(), [], [], [])
    foreseen: dict[int, list[int]] = {}
    for id_, document in documents.items():
        there, before = old.get(id_, (0, ""))
        ent = document.ent if document is not None else there
        ready = document.ready if document is not None else None
        after = ready.body if ready else body_of(document.terms) if document else ""
        if before == after and (there == ent or not after):
            continue
        if ready is not None and document is not None and not before and tokens:
            foreseen.setdefault(ready.number, []).append(id_)
            found.added.append((id_, ent, after))
            continue
        was = postings(before) if before else set()
        now = postings(after) if after else set()
        found.gone.add(ent, was - now if now else was, id_)
        found.new.add(ent, now - was if was else now, id_)
        if after and there != ent:
            found.added.append((id_, ent, after))
        elif after:
            found.changed.append((id_, after))
        else:
            found.removed.append(id_)
    found.new.add_foreseen(tokens or {}, foreseen)
    return found
