"""Plain rows of a block over the base: those that are new become records by columns, the others
are given back as usual rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, compress, repeat
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.models.schema import KEY
from crm_desktop.services.importing.kinds import tell_kinds
from crm_desktop.services.importing.links import LinkSession
from crm_desktop.services.importing.lookup import Lookup, match_key
from crm_desktop.services.importing.mapping import CREATE
from crm_desktop.services.importing.matching import Matches, matching_fields
from crm_desktop.services.importing.plain import PlainPlan, PlainRows
from crm_desktop.services.importing.rowplan import Prepared, RowPlan
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.new_records import (
    NewBlock,
    NewRecords,
    children,
    defaults_of,
    search_rows,
)

MOST_SHOWN = 200
"""New rows that are told with their records: nobody looks at more (`likeness`)."""
Links = dict[str, list[int | None]]
"""By field: the records that are meant by its names; None for a name that is refused."""


class PlainBlock:
    """The plain rows of one block over one transaction; `take` once."""

    def __init__(
        self, plan: RowPlan, rows: PlainRows, batch: Batch, links: LinkSession, lookup: Lookup
    ) -> None:
        self._plan = plan
        self._rows = rows
        self._batch = batch
        self._links = links
        self._lookup = lookup
        self._plain = PlainPlan(plan)
        self.mirrors = self._plain.mirrors
        self.linked: set[int] = set()
        """The records that the new ones point to."""
        self.new: list[tuple[Prepared, int]] = []
        """The first rows that made a record, with its number."""
        self.made = 0

    def take(self, others: Iterable[Prepared], matches: Matches) -> list[Prepared]:
        """Stages the new records; the rows that are left, `others` included, in their order."""
        others = list(others)
        links = self._resolved()
        out = self._known(others, matches) | self._refused(links)
        kept = [at not in out for at in range(len(self._rows.numbers))]
        self.made = sum(kept)
        if self.made:
            self._batch.new.append(self._block(kept, links))
        left = [self._rows.row(at, self.mirrors) for at in sorted(out)]
        return sorted([*left, *others], key=lambda row: row.number)

    # --- rows that are no new records, or not plain ones ------------------------------------------

    def _known(self, others: Sequence[Prepared], matches: Matches) -> set[int]:
        """Rows that mean a record of the base or share what they mean with another row."""
        found: set[int] = set()
        if self._plan.mapping.on_match == CREATE:
            return found
        for f in matching_fields(self._plan)[0]:
            column = self._match_keys(f)
            counts = Counter(column)
            counts.update(matches.said(others, f))
            there = self._lookup.by_field(
                self._batch.connection, self._plan.entity, f, counts.keys() - {None}
            )
            known = {key for key, count in counts.items() if count > 1}.union(there) - {None}
            found.update(at for at, key in enumerate(column) if key in known)
        return found

    def _match_keys(self, f: Field) -> Sequence[Any]:
        values, keys = self._rows.values.get(f.key, ()), self._rows.keys.get(f.key)
        if keys is None:
            return values
        return [
            None if value is None else key if len(key) < KEY - 1 else match_key(f, value)
            for value, key in zip(values, keys, strict=True)
        ]

    def _resolved(self) -> Links:
        """What the names of links mean; read at once."""
        entity = self._plan.entity
        fields = [(entity.field(key), names) for key, names in self._rows.names.items()]
        self._links.read((f, name) for f, names in fields for name in names)
        return {f.key: self._there(f, [self._meant(f, n) for n in names]) for f, names in fields}

    def _meant(self, f: Field, name: Any) -> int | None:
        try:
            make = self._plan.names.may_make((0, f.key), name.text)
            found = self._links.resolve(f, name, hint=None, create=make)
        except InvalidInput:  # the usual way says so of each row
            return None
        return int(found)

    def _there(self, f: Field, ids: list[int | None]) -> list[int | None]:
        """The same without records that have gone since they were found."""
        assert isinstance(f, LinkField)
        made = {one.id for one in self._links.made}
        asked = {id_ for id_ in ids if id_ is not None} - made
        connection = self._batch.connection
        there = self._batch.reader.exists(f.target, list(asked), connection=connection)
        return [id_ if id_ in made or id_ in there else None for id_ in ids]

    def _refused(self, links: Links) -> set[int]:
        found: set[int] = set()
        for key, ids in links.items():
            wrong = {place for place, id_ in enumerate(ids) if id_ is None}
            if wrong:
                found.update(
                    at for at, place in enumerate(self._rows.values[key]) if place in wrong
                )
        return found

    # --- new records ------------------------------------------------------------------------------

    def _block(self, kept: list[bool], links: Links) -> NewBlock:
        rows, entity, taken = self._rows, self._plan.entity, Taken(kept)
        contacts = [taken(column) for column in rows.contacts]
        sizes = [1] * self.made
        for column in contacts:
            sizes = [size + (v is not None) for size, v in zip(sizes, column, strict=True)]
        following = self._batch.backend.ids(self._batch.connection, sum(sizes))
        ids = list(accumulate(sizes[:-1], initial=following[0]))
        values = self._values(taken, links, contacts)
        keys = {key: taken(column) for key, column in rows.keys.items() if key in values}
        below = self._children(ids, contacts, taken)
        self._show(kept, ids)
        return NewBlock(
            (NewRecords(entity, ids, values, keys), *below),
            self._documents(taken(rows.bodies), ids),
            search_rows(entity.number, taken.spread(ids), rows.tokens),
        )  # fmt: skip

    def _values(
        self, taken: Taken, links: Links, contacts: Sequence[Sequence[Any]]
    ) -> dict[str, Sequence[Any]]:
        """The columns of the main records; a field that none of them has is left out."""
        values: dict[str, Sequence[Any]] = {}
        for key, column in self._rows.values.items():
            found = taken(column)
            if key in links:
                ids = links[key]
                found = [None if place is None else ids[place] for place in found]
                self.linked.update(id_ for id_ in set(found) if id_ is not None)
            values[key] = found
        for mirror, column in zip(self.mirrors, contacts, strict=True):
            values[mirror.field] = column
        tell_kinds(self._plan.entity, values, self.made)
        for key, default in defaults_of(self._plan.entity).items():
            values[key] = [v or default for v in values.get(key, repeat(None, self.made))]
        return {key: column for key, column in values.items() if any(column)}

    def _children(
        self, ids: Sequence[int], contacts: Sequence[Sequence[Any]], taken: Taken
    ) -> Iterator[NewRecords]:
        """The contacts; each record's have the numbers behind its own."""
        catalogue, following = self._batch.catalogue, [id_ + 1 for id_ in ids]
        for mirror, column in zip(self.mirrors, contacts, strict=True):
            has = [value is not None for value in column]
            owners = self._owners(mirror, compress(ids, has))
            keys = list(compress(taken(self._rows.keys[mirror.field]), has))
            numbers, said = list(compress(following, has)), list(compress(column, has))
            if numbers:
                yield children(catalogue, mirror, owners, numbers, said, keys)
            following = [id_ + one for id_, one in zip(following, has, strict=True)]

    def _owners(self, mirror: Mirror, ids: Iterable[int]) -> Sequence[Any]:
        link = self._batch.catalogue[mirror.child].field(mirror.owner)
        key = self._plan.entity.key
        return [Ref(key, id_) for id_ in ids] if isinstance(link, RecordField) else list(ids)

    def _documents(self, bodies: Sequence[str], ids: Sequence[int]) -> list[tuple[int, int, str]]:
        ent = self._plan.entity.number
        return [(id_, ent, body) for id_, body in zip(ids, bodies, strict=False) if body]

    def _show(self, kept: Sequence[bool], ids: Sequence[int]) -> None:
        places = compress(range(len(kept)), kept)
        for at, id_ in zip(places, ids[:MOST_SHOWN], strict=False):
            self.new.append((self._rows.row(at, self.mirrors), id_))


class Taken:
    """Picks from a column what belongs to the rows that are taken."""

    def __init__(self, kept: list[bool]) -> None:
        self._kept = kept
        self._all = all(kept)

    def __call__(self, column: Sequence[Any]) -> Sequence[Any]:
        """The column of those rows."""
        return column if self._all else list(compress(column, self._kept))

    def spread(self, ids: Sequence[int]) -> Sequence[int | None]:
        """The other way round: a column of all rows, None for those that are not taken."""
        if self._all:
            return ids
        left = iter(ids)
        return [next(left) if one else None for one in self._kept]
