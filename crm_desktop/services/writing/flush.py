"""Flush: the difference between before and after of a batch, written in bulk.

Rows, side rows, long texts, search documents; gives back the change rows for the log.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import repeat
from typing import Any

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LongTextField
from crm_desktop.models.rowcodec import RowCodec
from crm_desktop.models.schema import Tables, plain_values
from crm_desktop.models.text.normalise import sort_key
from crm_desktop.services.search.index import Difference, SearchIndex, difference
from crm_desktop.services.search.terms import SearchTerms
from crm_desktop.services.serial_executor import SerialExecutor
from crm_desktop.services.writing.batch import Batch, Staged, is_empty
from crm_desktop.services.writing.changes import (
    CREATED,
    DELETED,
    UPDATED,
    ChangeRow,
    Changes,
    encode_json,
)
from crm_desktop.services.writing.new_records import SYSTEM, Inserter, joined
from crm_desktop.services.writing.second_writer import SecondWriter

WORTH_A_THREAD = 500  # records; with fewer the thread costs more than it saves
SYSTEM_KEY = "@"  # where a deleted record's creation is kept in its change row


class Flush:
    """Writes one batch; `write` once, then `touched` and `versions` tell what was written."""

    def __init__(
        self, backend: Backend, tables: Tables, index: SearchIndex, batch: Batch,
        second: SecondWriter | None = None,
    ) -> None:  # fmt: skip
        self._backend = backend
        self._tables = tables
        self._index = index
        self._batch = batch
        self._second = second
        self._connection = batch.connection
        self._new, self._unmade = batch.new, batch.unmade
        self.made: list[Staged] = []
        self.changed: list[tuple[Staged, list[str]]] = []
        self.gone: list[Staged] = []
        self.kept: list[tuple[Staged, tuple[str, ...]]] = []
        self.restored: list[int] = []
        self._sort()

    def _sort(self) -> None:
        for staged in self._batch.rows.values():
            if staged.before is None:
                if staged.after is not None:
                    self.made.append(staged)
            elif staged.after is None:
                self.gone.append(staged)
            else:
                keys = staged.changed()
                if keys:
                    self.changed.append((staged, keys))
                if staged.entity.kept and (kept := staged.changed_kept()):
                    self.kept.append((staged, kept))

    def write(self) -> Changes:
        """Everything but the change log; the change rows are returned in writing order."""
        terms, fresh = self._terms()
        if len(self._batch.rows) < WORTH_A_THREAD and not self._new and not self._unmade:
            found = self._index.difference(self._connection, terms.documents(), fresh=fresh)
            self._write_rows()  # after all questions: it then goes in one trip with what follows
            self._index.put(self._connection, found)
            return self._change_rows()
        terms.prefetch()
        gone = [id_ for block in self._unmade for id_ in block.found]
        asked = [*(id_ for id_ in terms.ids if id_ not in fresh), *gone]
        known = self._index.texts(self._connection, asked)
        with SerialExecutor() as executor:
            executor.run(self._write_rows)
            documents = {**terms.documents(), **dict.fromkeys(gone)}
            found = difference(documents, known, self._batch.foreseen.tokens)
            for block in self._new:
                found.make(block.documents, block.postings)
            found.settle()
            self._put(found, executor)
            return self._change_rows()

    def _put(self, found: Difference, executor: SerialExecutor) -> None:
        """The search, behind the rows or in a transaction beside theirs."""
        if self._second is not None:
            self._second.run(lambda connection: self._index.put(connection, found))
        else:
            executor.run(lambda: self._index.put(self._connection, found))

    def _write_rows(self) -> None:
        inserter = Inserter(self._backend, self._connection, self._batch.now, self._batch.author)
        for one in joined(one for block in self._new for one in block.records):
            inserter.insert(self._codec(one.entity.key), one)
        for key, made in _by_entity(self.made).items():
            self._insert(self._codec(key), made)
        changed = _by_entity_changed(self.changed)
        for key, pairs in changed.items():
            self._update(self._codec(key), pairs)
        self._update_kept()
        for key, gone in _by_entity(self.gone).items():
            self._delete(self._codec(key), gone)
        for key, ids in (pair for block in self._unmade for pair in block.ids.items()):
            self._delete_rows(self._codec(key), ids)

    def _change_rows(self) -> Changes:
        found = Changes()
        for block in self._new:
            block.log(found)
        found.add_rows(map(self._created, self.made))
        found.add_rows(self._updated(staged, keys) for staged, keys in self.changed)
        found.add_rows(map(self._deleted, self.gone))
        for unmade in self._unmade:
            found.extend(unmade.changes)
        return found

    @property
    def author(self) -> int | None:
        """Who writes."""
        return self._batch.author

    def touched(self) -> Mapping[str, frozenset[int]]:
        """The ids of written records by object."""
        found: dict[str, set[int]] = defaultdict(set)
        altered = [s for s, _keys in (*self.changed, *self.kept)]
        for staged in (*self.made, *altered, *self.gone):
            found[staged.entity.key].add(staged.id)
        for one in (one for block in self._new for one in block.records):
            found[one.entity.key].update(one.ids)
        for key, ids in (pair for block in self._unmade for pair in block.ids.items()):
            found[key].update(ids)
        return {key: frozenset(ids) for key, ids in found.items()}

    def versions(self) -> Mapping[Ref, int]:
        """The new versions of the records that were made one by one or changed."""
        return {s.ref: s.next_version for s in (*self.made, *(s for s, _k in self.changed))}

    def _codec(self, key: str) -> RowCodec:
        return RowCodec(self._tables, self._batch.catalogue[key])

    # --- rows -------------------------------------------------------------------------------------

    def _in_order(
        self, codec: RowCodec, rows: Sequence[Staged], values: Sequence[Mapping[str, Any]]
    ) -> Sequence[Staged]:
        """Many records in the order of their titles, which most indexes follow: each index is then
        walked through once and not sought a thousand times."""
        title = codec.entity.title
        if len(rows) < WORTH_A_THREAD or not title.keyed:
            return rows
        texts, known = [one.get(title.key) for one in values], self._batch.foreseen.keys
        keys = [known.get(text) or sort_key(text) if text else "" for text in texts]
        places = sorted(range(len(rows)), key=keys.__getitem__)
        return [rows[place] for place in places]

    def _insert(self, codec: RowCodec, rows: Sequence[Staged]) -> None:
        rows = self._in_order(codec, rows, [_after(staged) for staged in rows])
        heads = self._heads(rows)
        values = [_after(staged) for staged in rows]
        own = codec.filled(codec.own, values)
        lists = codec.lists(own, values, self._batch.foreseen.keys)
        self._backend.insert_many(
            self._connection, codec.main, (*SYSTEM, *codec.columns(own)),
            zip(*heads, *lists, strict=False),
        )  # fmt: skip
        if codec.side is not None:
            self._insert_side(codec, rows)
        self._write_long(codec, [(s, [f.key for f in codec.long]) for s in rows])

    def _heads(self, rows: Sequence[Staged]) -> Sequence[Iterable[Any]]:
        """The values of the system columns of new records, those that come back included."""
        now, author = self._batch.now, self._batch.author
        if all(SYSTEM_KEY not in _after(staged) for staged in rows):
            same = (1, now, author, now, author)
            return ([s.id for s in rows], *(repeat(value) for value in same))
        return list(zip(*map(self._system, rows), strict=True))

    def _system(self, staged: Staged) -> list[Any]:
        now, author = self._batch.now, self._batch.author
        created = (staged.after or {}).pop(SYSTEM_KEY, None)
        if created:
            staged.next_version = created[0] + 1
            self.restored.append(staged.id)
            return [staged.id, staged.next_version, created[1], created[2], now, author]
        return [staged.id, 1, now, author, now, author]

    def _insert_side(self, codec: RowCodec, rows: Sequence[Staged]) -> None:
        if codec.side is not None and rows:
            values = [_after(staged) for staged in rows]
            extra = codec.filled(codec.extra, values)
            self._backend.insert_many(
                self._connection, codec.side, ("id", *codec.columns(extra)),
                _with_ids(rows, codec.lists(extra, values, self._batch.foreseen.keys)),
            )  # fmt: skip

    def _update(self, codec: RowCodec, pairs: Sequence[tuple[Staged, list[str]]]) -> None:
        groups: dict[tuple[str, ...], list[Staged]] = defaultdict(list)
        for staged, keys in pairs:
            groups[tuple(keys)].append(staged)
        for group, rows in groups.items():
            self._update_group(codec, [codec.entity.field(key) for key in group], rows)
        self._write_long(codec, pairs)

    def _update_group(self, codec: RowCodec, fields: Sequence[Field], rows: list[Staged]) -> None:
        own = tuple(f for f in fields if not f.extra)
        now, author = repeat(self._batch.now), repeat(self._batch.author)
        heads = ([s.next_version for s in rows], now, author)
        self._backend.update_many(
            self._connection, codec.main,
            ("version", "updated_at", "updated_by", *codec.columns(own)),
            _with_ids(rows, (*heads, *codec.lists(own, [_after(s) for s in rows]))),
        )  # fmt: skip
        extra = tuple(f for f in fields if f.extra)
        if extra and codec.side is not None:
            there = self._batch.reader.side_rows(
                codec.entity.key, [s.id for s in rows], connection=self._connection
            )
            self._insert_side(codec, [s for s in rows if s.id not in there])
            old = [s for s in rows if s.id in there]
            self._backend.update_many(
                self._connection, codec.side, codec.columns(extra),
                _with_ids(old, codec.lists(extra, [_after(s) for s in old])),
            )  # fmt: skip

    def _update_kept(self) -> None:
        """Kept fields are no new version: whoever has the record open loses nothing by them."""
        groups: dict[tuple[str, tuple[str, ...]], list[Staged]] = defaultdict(list)
        for staged, keys in self.kept:
            groups[staged.entity.key, keys].append(staged)
        for (key, names), rows in groups.items():
            codec = self._codec(key)
            fields = [codec.entity.field(name) for name in names]
            self._backend.update_many(
                self._connection, codec.main, codec.columns(fields),
                _with_ids(rows, codec.lists(fields, [_after(s) for s in rows])),
            )  # fmt: skip

    def _delete(self, codec: RowCodec, rows: Sequence[Staged]) -> None:
        rows = self._in_order(codec, rows, [staged.before or {} for staged in rows])
        self._delete_rows(codec, [s.id for s in rows])
        self._write_long(codec, [(s, [f.key for f in codec.long]) for s in rows])

    def _delete_rows(self, codec: RowCodec, ids: Sequence[int]) -> None:
        self._backend.delete_many(self._connection, codec.main, ids)
        if codec.side is not None:
            self._backend.delete_many(self._connection, codec.side, ids)

    def _write_long(self, codec: RowCodec, pairs: Iterable[tuple[Staged, list[str]]]) -> None:
        """Keeps the whole of texts that are longer than their column."""
        if not codec.long:
            return
        old, new = [], []
        names = {f.key: f.name for f in codec.long}
        for staged, keys in pairs:
            for key in keys:
                if key not in names:
                    continue
                if _is_long((staged.before or {}).get(key)):
                    old.append((staged.id, names[key]))
                after = (staged.after or {}).get(key)
                if _is_long(after):
                    new.append((staged.id, names[key], after))
        table = self._tables.system("long_text")
        if old:
            self._backend.delete_keys(self._connection, table, ("rid", "field"), old)
        if new:
            self._backend.insert_many(self._connection, table, ("rid", "field", "body"), new)

    # --- search -----------------------------------------------------------------------------------

    def _terms(self) -> tuple[SearchTerms, set[int]]:
        """What makes the new search documents, and which records had none before."""
        terms = SearchTerms(self._batch)
        for staged in self.made:
            terms.touch(staged, None)
        for staged, keys in self.changed:
            terms.touch(staged, keys)
        for staged in self.gone:
            terms.touch(staged, None)
        return terms, {staged.id for staged in self.made}

    # --- change rows ------------------------------------------------------------------------------

    def _created(self, staged: Staged) -> ChangeRow:
        values = _logged(staged, staged.after)
        delta = encode_json(plain_values(staged.entity, values))
        return ChangeRow(staged.entity.number, staged.id, CREATED, delta)

    def _updated(self, staged: Staged, keys: Sequence[str]) -> ChangeRow:
        before, after, entity = staged.before or {}, staged.after or {}, staged.entity
        delta = {
            k: [_plain(entity, k, before.get(k)), _plain(entity, k, after.get(k))] for k in keys
        }
        return ChangeRow(entity.number, staged.id, UPDATED, encode_json(delta))

    def _deleted(self, staged: Staged) -> ChangeRow:
        text = staged.logged or encode_json(
            plain_values(staged.entity, _logged(staged, staged.before))
        )
        stored = staged.stored
        if stored is None:
            return ChangeRow(staged.entity.number, staged.id, DELETED, text)
        made = (stored.version, stored.created_at, stored.created_by)
        return ChangeRow(staged.entity.number, staged.id, DELETED, deletion(text, made))


def deletion(values: str, made: tuple[int, datetime, int | None]) -> str:
    """What the change row of a deletion says: the JSON of the values, and how the record was
    made."""
    return f"{values[:-1]}{',' if len(values) > 2 else ''}{_creation(*made)}"


def _plain(entity: EntityDef, key: str, value: Any) -> Any:
    return None if is_empty(value) else entity.field(key).plain(value)


@lru_cache(maxsize=256)
def _creation(version: int, moment: datetime, author: int | None) -> str:
    """The end of the JSON of a deleted record."""
    made = [version, moment.isoformat(timespec="milliseconds"), author]
    return encode_json({SYSTEM_KEY: made})[1:]


def _with_ids(rows: Iterable[Staged], lists: Iterable[Iterable[Any]]) -> Iterator[tuple[Any, ...]]:
    """Rows of the lists, each behind the id of its record."""
    return zip([staged.id for staged in rows], *lists, strict=False)


def _after(staged: Staged) -> Mapping[str, Any]:
    return staged.after or {}


def _logged(staged: Staged, values: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What the change log keeps of a record: everything but what is reckoned from others."""
    kept, found = staged.entity.kept, values or {}
    if not kept or kept.isdisjoint(found):
        return found
    return {key: value for key, value in found.items() if key not in kept}


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and len(value) >= LongTextField.HEAD


def _by_entity(rows: Iterable[Staged]) -> dict[str, list[Staged]]:
    found: dict[str, list[Staged]] = defaultdict(list)
    for staged in rows:
        found[staged.entity.key].append(staged)
    return found


def _by_entity_changed(
    pairs: Iterable[tuple[Staged, list[str]]],
) -> dict[str, list[tuple[Staged, list[str]]]]:
    found: dict[str, list[tuple[Staged, list[str]]]] = defaultdict(list)
    for staged, keys in pairs:
        found[staged.entity.key].append((staged, keys))
    return found
