"""The search index beside the records it is made of: is it right, and make it anew.

Here the documents are made from the tables; the writer makes the same from what it is writing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.backend.base import IN_LIST, Backend, Progress
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.schema import Tables, decode, read_columns
from crm_desktop.services.search.apart import HIDDEN_KEY, STRAY, token_of
from crm_desktop.services.search.document import (
    TITLE_END,
    WORD,
    Document,
    body_of,
    field_terms,
    has_documents,
    is_vocabulary,
    own_terms,
    postings,
)
from crm_desktop.services.search.index import SearchIndex
from crm_desktop.services.search.sums import BUCKETS, Sums

BLOCK = 5000  # records at a time
NAMED = 3
"""Records that are named where something is wrong."""
_BUCKETS_NAMED, _BUCKETS_TOGETHER = 16, 256


class SearchRepair:
    """Checks and rebuilds the search index of one base."""

    def __init__(self, backend: Backend, tables: Tables, index: SearchIndex) -> None:
        self._backend = backend
        self._tables = tables
        self._index = index
        self._doc = tables.system("search_doc")
        self._posting = tables.system("search_posting")
        self._form = tables.system("search_form")
        self._hidden = tables.system("search_hidden")
        self._blind = tables.system("search_hidden_added")
        self._entities = [e for e in tables.catalogue if has_documents(e)]

    def rebuild(self, connection: sa.Connection, progress: Progress | None = None) -> None:
        """Makes the whole index anew in the transaction of `connection`; counts records."""
        whole = sum(self._count(connection, self._tables.main[e.key]) for e in self._entities)
        self._empty(connection)
        done = 0
        for entity in self._entities:
            for documents in self._documents(connection, entity):
                self._index.write(connection, documents, fresh=documents.keys())
                done += len(documents)
                if progress:
                    progress(done, whole)

    def _empty(self, connection: sa.Connection) -> None:
        """Through the beginnings of the keys, so that nothing here builds a write of its own."""
        by_object = (self._posting, self._doc, self._hidden, self._blind)
        for table, column in (*((one, "ent") for one in by_object), (self._form, "kind")):
            there = list(connection.scalars(sa.select(table.c[column]).distinct()))
            self._backend.delete_keys(connection, table, (column,), [(key,) for key in there])
        self._index.forget()

    def set_postings_right(self, connection: sa.Connection) -> None:
        """Makes the postings those of the records, takes out texts that belong to none, and learns
        what the vocabulary lacks; the texts that records ought to have are written by `renew`."""
        self._backend.delete_many(connection, self._doc, self._strays(connection))
        self._index.take_over(connection)
        sums: dict[int, Sums] = defaultdict(Sums)
        for entity in self._entities:
            for documents in self._documents(connection, entity):
                for id_, document in documents.items():
                    sums[entity.number].add(postings(body_of(document.terms)), id_)
        for ent, wrong in self._wrong_buckets(connection, sums).items():
            for at in range(0, len(wrong), _BUCKETS_TOGETHER):
                part = frozenset(wrong[at : at + _BUCKETS_TOGETHER])
                self._index.set_postings(connection, ent, self._differing(connection, ent, part))
        self._index.forget()
        self._index.learn(connection, self._unknown_words(connection))

    def problems(
        self, connection: sa.Connection, *, every: int = 1, progress: Progress | None = None
    ) -> list[str]:
        """What is wrong, in sentences; nothing if all is well.

        `every` = 1 compares all records, all postings and the vocabulary; a greater number only
        the texts of one block of records in so many.
        """
        found: list[str] = []
        sums: dict[int, Sums] = defaultdict(Sums)
        for number, entity in enumerate(self._entities, 1):
            wrong: list[int] = []
            missing: list[int] = []
            for documents in self._documents(connection, entity, every):
                kept = self._index.texts(connection, list(documents))
                for id_, document in documents.items():
                    body, there = body_of(document.terms), kept.get(id_, (0, ""))
                    if body and not there[1]:
                        missing.append(id_)
                    elif there[1] and not _same(there, (entity.number, body)):
                        wrong.append(id_)
                    if every == 1:
                        sums[entity.number].add(postings(body), id_)
            found += _sentences(entity, missing=missing, wrong=wrong)
            if progress:
                progress(number, len(self._entities))
        if every == 1:
            found += self._orphans(connection)
            found += self._compare(connection, sums)
            found += self._vocabulary(connection)
        return found

    # --- what the records say ---------------------------------------------------------------------

    def _documents(
        self, connection: sa.Connection, entity: EntityDef, every: int = 1
    ) -> Iterator[dict[int, Document]]:
        """All records of the object in blocks by id; of `every` blocks only the first."""
        main = self._tables.main[entity.key]
        last, block = 0, 0
        while True:
            ids = self._ids(connection, main, last)
            if not ids:
                return
            last, block = ids[-1], block + 1
            if (block - 1) % every:
                continue
            yield self.documents(connection, entity, ids)

    def documents(
        self, connection: sa.Connection, entity: EntityDef, ids: Sequence[int]
    ) -> dict[int, Document]:
        """What is to be kept of those of the records that exist and are of this object."""
        main, fields = self._tables.main[entity.key], entity.search_fields()
        terms = {
            id_: own_terms(entity, values)
            for id_, values in self._values(connection, entity, fields, main.c.id, ids)
        }
        self._add_below(connection, entity, terms, {id_: id_ for id_ in terms})
        return {id_: Document(entity.number, found) for id_, found in terms.items()}

    def _ids(self, connection: sa.Connection, main: sa.Table, last: int) -> list[int]:
        chosen = sa.select(main.c.id).where(main.c.id > last).order_by(main.c.id)
        return list(connection.scalars(self._backend.limit(chosen, BLOCK)))

    def _add_below(
        self, connection: sa.Connection, entity: EntityDef, terms: dict[int, list[str]],
        found_as: Mapping[int, int],
    ) -> None:  # fmt: skip
        """The terms of the children, and theirs, that are found as these records."""
        for link in self._tables.catalogue.links_to(entity) if found_as else ():
            if link.entity.search_through == link.field.key:
                below = self._add_children(connection, link, terms, found_as)
                self._add_below(connection, link.entity, terms, below)

    def _add_children(
        self, connection: sa.Connection, link: Link, terms: dict[int, list[str]],
        found_as: Mapping[int, int],
    ) -> dict[int, int]:  # fmt: skip
        """Adds the terms of one kind of children; what each of them is found as."""
        below: dict[int, int] = {}
        child, owner = link.entity, link.field
        fields = child.search_fields()
        table = self._tables.table_of(child, owner)
        column = table.c[read_columns(owner)[0]]
        chosen = (*fields, owner)
        for id_, values in self._values(connection, child, chosen, column, list(found_as)):
            target = values[owner.key]
            if isinstance(target, Ref):
                target = target.id
            if target not in found_as:  # an id names a record whatever its object
                continue
            below[id_] = found_as[target]
            for f in fields:
                terms[below[id_]] += field_terms(f, values[f.key])
        return below

    def _values(
        self,
        connection: sa.Connection,
        entity: EntityDef,
        fields: Sequence[Field],
        column: sa.ColumnElement[int],
        ids: Sequence[int],
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """The fields of the records whose `column` is one of `ids`, in the order of their ids."""
        main = self._tables.main[entity.key]
        source: sa.FromClause = main
        if any(f.extra for f in fields):
            side = self._tables.side[entity.key]
            source = source.outerjoin(side, side.c.id == main.c.id)
        places = [(f, self._tables.table_of(entity, f), read_columns(f)) for f in fields]
        columns = [table.c[name] for _f, table, names in places for name in names]
        chosen = sa.select(main.c.id, *columns).select_from(source).order_by(main.c.id)
        for start in range(0, len(ids), IN_LIST):
            part = chosen.where(column.in_(ids[start : start + IN_LIST]))
            for id_, *raw in connection.execute(part):
                yield id_, self._decoded(places, raw)

    def _decoded(self, places: Sequence[Any], raw: Sequence[Any]) -> dict[str, Any]:
        found, at = {}, 0
        for f, _table, names in places:
            found[f.key] = decode(self._tables.catalogue, f, raw[at : at + len(names)])
            at += len(names)
        return found

    # --- what the index says ----------------------------------------------------------------------

    def _orphans(self, connection: sa.Connection) -> list[str]:
        """Documents of records that do not exist."""
        doc = self._doc.c
        counted = sa.select(doc.ent, sa.func.count()).group_by(doc.ent)
        known = Counter({row[0]: row[1] for row in connection.execute(counted)})
        for entity in self._entities:
            main = self._tables.main[entity.key]
            there = sa.select(sa.func.count()).select_from(
                self._doc.join(main, sa.and_(main.c.id == doc.id, doc.ent == entity.number))
            )
            known[entity.number] -= int(connection.scalar(there) or 0)
        count = sum(known.values())
        if not count:
            return []
        return [
            ngettext(
                "The search index holds {count} record that does not exist",
                "The search index holds {count} records that do not exist",
                count,
            ).format(count=count)
        ]

    def _strays(self, connection: sa.Connection) -> list[int]:
        """The numbers of those documents."""
        doc = self._doc.c
        known = [entity.number for entity in self._entities]
        found = list(connection.scalars(sa.select(doc.id).where(doc.ent.not_in(known))))
        for entity in self._entities:
            column = self._tables.main[entity.key].c.id
            alone = sa.not_(sa.exists().where(column == doc.id))
            wanted = sa.select(doc.id).where(doc.ent == entity.number, alone)
            found += connection.scalars(wanted)
        return found

    def _compare(self, connection: sa.Connection, sums: dict[int, Sums]) -> list[str]:
        """Whether exactly the postings of all records are kept, told from their sums."""
        found = []
        for ent, wrong in self._wrong_buckets(connection, sums).items():
            differing = self._differing(connection, ent, frozenset(wrong[:_BUCKETS_NAMED]))
            ids = sorted(differing, key=lambda id_: (not differing[id_][1], id_))
            said = _("{object}: the words in the search index do not suit these records: {numbers}")
            found.append(said.format(object=self._name(ent), numbers=_numbers(ids)))
        return found

    def _wrong_buckets(
        self, connection: sa.Connection, sums: dict[int, Sums]
    ) -> dict[int, list[int]]:
        """By object where not exactly these postings are kept, if anywhere."""
        kept: dict[int, Sums] = defaultdict(Sums)
        for ent, token, id_ in self._kept(connection):
            kept[ent].add((token,), id_)
        pairs = ((ent, [*sums[ent].differing(kept[ent])]) for ent in sorted({*sums, *kept}))
        return {ent: wrong for ent, wrong in pairs if wrong}

    def _kept(
        self, connection: sa.Connection, only: int | None = None
    ) -> Iterator[tuple[int, str, int]]:
        """The postings that are kept, of one object or of all; marked if in the wrong table."""
        sign = self._index.apart.sign
        for ent, token, id_ in self._rows(connection, self._posting, ("ent", "tok", "rid"), only):
            yield ent, STRAY + token if sign(ent, token) else token, id_
        added = set(self._rows(connection, self._blind, HIDDEN_KEY, only))
        for row in self._rows(connection, self._hidden, HIDDEN_KEY, only):
            added.discard(row)
            yield self._hidden_word(row)
        yield from map(self._hidden_word, added)

    def _hidden_word(self, row: Sequence[Any]) -> tuple[int, str, int]:
        ent, sign, word, id_ = row
        token = token_of(sign, word)
        right = self._index.apart.sign(ent, token) == sign
        return ent, token if right else STRAY + token, id_

    def _rows(
        self, connection: sa.Connection, table: sa.Table, names: Sequence[str], only: int | None
    ) -> Iterator[tuple[Any, ...]]:
        every = sa.select(*(table.c[name] for name in names))
        if only is not None:
            every = every.where(table.c.ent == only)
        for row in connection.execute(every.execution_options(yield_per=BLOCK)):
            yield tuple(row)

    def _differing(
        self, connection: sa.Connection, ent: int, buckets: frozenset[int]
    ) -> dict[int, tuple[set[str], set[str]]]:
        """The records of these buckets of which other postings are kept than there ought to be:
        both by the record."""
        kept: dict[int, set[str]] = defaultdict(set)
        for _ent, token, id_ in self._kept(connection, ent):
            if id_ % BUCKETS in buckets:
                kept[id_].add(token)
        wanted: dict[int, set[str]] = defaultdict(set)
        for entity in (entity for entity in self._entities if entity.number == ent):
            for documents in self._documents(connection, entity):
                for id_, document in documents.items():
                    if id_ % BUCKETS in buckets:
                        wanted[id_] = postings(body_of(document.terms))
        pairs = ((id_, (kept[id_], wanted[id_])) for id_ in {*kept, *wanted})
        return {id_: both for id_, both in pairs if both[0] != both[1]}

    def _name(self, ent: int) -> str:
        named = {e.number: e.plural for e in self._tables.catalogue}
        return _(named[ent]) if ent in named else str(ent)

    def _unknown_words(self, connection: sa.Connection) -> set[str]:
        """Words of which parts and mistypings would not be found."""
        tokens = connection.scalars(sa.select(self._posting.c.tok).distinct())
        words = {token for token in tokens if is_vocabulary(token)}
        form = self._form.c
        return words - set(connection.scalars(sa.select(form.form).where(form.kind == WORD)))

    def _vocabulary(self, connection: sa.Connection) -> list[str]:
        words = self._unknown_words(connection)
        if not words:
            return []
        return [
            ngettext(
                "The vocabulary of the search lacks {count} word",
                "The vocabulary of the search lacks {count} words",
                len(words),
            ).format(count=len(words))
        ]

    def _count(self, connection: sa.Connection, table: sa.Table) -> int:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def _same(there: tuple[int, str], wanted: tuple[int, str]) -> bool:
    """Whether both texts find the same. Where an account wrote one of which it does not see all,
    the server put its words behind those that were there."""
    if there == wanted:
        return True
    (ent, body), (number, other) = there, wanted
    titles = (text.partition(TITLE_END)[0] for text in (body, other))
    return ent == number and len(set(titles)) == 1 and postings(body) == postings(other)


def _sentences(entity: EntityDef, *, missing: Sequence[int], wrong: Sequence[int]) -> list[str]:
    found = []
    if missing:
        found.append(
            ngettext(
                "{object}: {count} record is missing in the search index: {numbers}",
                "{object}: {count} records are missing in the search index: {numbers}",
                len(missing),
            ).format(object=_(entity.plural), count=len(missing), numbers=_numbers(missing))
        )
    if wrong:
        found.append(
            ngettext(
                "{object}: {count} record has another text in the search index: {numbers}",
                "{object}: {count} records have another text in the search index: {numbers}",
                len(wrong),
            ).format(object=_(entity.plural), count=len(wrong), numbers=_numbers(wrong))
        )
    return found


def _numbers(ids: Sequence[int]) -> str:
    """The first of the records by number."""
    return ", ".join([*map(str, ids[:NAMED]), *(["…"] if len(ids) > NAMED else [])])
