"""Which records a new one may repeat: asked while it is typed, so only indexes are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.schema import Tables
from crm_desktop.models.text.normalise import content_words, sort_key
from crm_desktop.models.text.sameness import other_script
from crm_desktop.services.duplicates.blocking import name_key
from crm_desktop.services.duplicates.reading import IdentityReader
from crm_desktop.services.duplicates.score import Score, score
from crm_desktop.services.search.service import Search

MOST_NAMES = 20
MOST_CANDIDATES = 80
SHORTEST_NAME = 3


@dataclass(frozen=True)
class Likely:
    """A record that a new one may repeat."""

    id: int
    title: str
    likelihood: float
    reasons: tuple[str, ...]


class Lookup:
    """Asks about single records of one object."""

    def __init__(self, backend: Backend, tables: Tables, search: Search, entity: EntityDef) -> None:
        self._backend = backend
        self._tables = tables
        self._search = search
        self._entity = entity
        self.reader = IdentityReader(backend, tables, entity)

    def find(
        self,
        values: Mapping[str, Any],
        minimum: float,
        *,
        contacts: Sequence[str] = (),
        but: int | None = None,
        limit: int = 3,
    ) -> list[Likely]:
        """The likeliest records for the values of a new one (or of `but`), the best first."""
        wanted = self.reader.fields.features(values, contacts)
        ids = dict.fromkeys(self._by_contact(values, contacts))
        ids.update(dict.fromkeys(self._by_name(values)))
        ids.pop(but, None) if but is not None else None
        known = self.reader.of(list(ids)[:MOST_CANDIDATES])
        counts = Counter(name_key(n) for found in known.values() for n in found.names[:1])

        def frequency(key: str) -> int:
            return counts[key[1:]] + 1 if key[0] == "n" else 1

        scored = [(score(wanted, found, frequency), id_) for id_, found in known.items()]
        best = sorted((s for s in scored if s[0].likelihood >= minimum), key=_by_likelihood)
        return self._named(best[:limit])

    def _named(self, best: Sequence[tuple[Score, int]]) -> list[Likely]:
        title = self._entity.title
        table = self._tables.table_of(self._entity, title)
        wanted = sa.select(table.c.id, table.c[title.name]).where(
            table.c.id.in_([id_ for _score, id_ in best])
        )
        if not best:
            return []
        with self._backend.read() as connection:
            names = {row[0]: title.format(row[1], "en") for row in connection.execute(wanted)}
        return [Likely(id_, names.get(id_, ""), s.likelihood, s.reasons) for s, id_ in best]

    # --- candidates -------------------------------------------------------------------------------

    def _by_contact(self, values: Mapping[str, Any], contacts: Sequence[str]) -> Iterator[int]:
        fields = self.reader.fields
        given = [values.get(f.key) for f in (*fields.phones, *fields.emails, *fields.contacts)]
        keys = [sort_key(str(value)) for value in (*given, *contacts) if value]
        with self._backend.read() as connection:
            for child in fields.children:
                if keys and (child.value.indexed or child.entity.title_field == child.value.key):
                    yield from self.reader.owners(connection, child, keys)
            for f in (*fields.ids, *fields.phones, *fields.emails):
                if f.indexed and values.get(f.key):
                    yield from self._by_field(connection, f, sort_key(str(values[f.key])))

    def _by_field(self, connection: sa.Connection, f: Field, key: str) -> list[int]:
        table = self._tables.table_of(self._entity, f)
        column = self._tables.order_column(self._entity, f)
        wanted = self._backend.limit(sa.select(table.c.id).where(column == key), MOST_CANDIDATES)
        return list(connection.execute(wanted).scalars())

    def _by_name(self, values: Mapping[str, Any]) -> Iterator[int]:
        """By the search, which forgives a letter; and as the other alphabet has the name."""
        for f in self.reader.fields.names:
            text = " ".join(content_words(str(values.get(f.key) or "")))
            if len(text) < SHORTEST_NAME:
                continue
            for words in (text, other_script(text)):
                for hit in self._search.as_typed(words, self._entity.key, MOST_NAMES).hits:
                    yield hit.id


def _by_likelihood(found: tuple[Score, int]) -> tuple[float, int]:
    return (-found[0].likelihood, found[1])
