"""A base with records and their search rows, filled directly: the search tested by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.overlay import CustomRows, build_catalogue
from crm_desktop.models.schema import Tables, column_names, encode
from crm_desktop.services.search.document import Document, field_terms, own_terms
from crm_desktop.services.search.index import SearchIndex
from crm_desktop.services.search.repair import SearchRepair
from crm_desktop.services.search.service import Hit, Search
from crm_desktop.services.titles import Titles

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)
TENDER = {
    "key": "tender",
    "label": "Tender",
    "plural": "Tenders",
    "title": "subject",
    "fields": [
        {"key": "subject", "type": "text", "label": "Subject", "search": True, "listed": True},
        {"key": "number", "type": "text", "label": "Number", "search": True, "listed": True},
        {"key": "terms", "type": "long_text", "label": "Terms", "search": True},
    ],
}


class SearchBase:
    """Writes records and their documents as the one writer would."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.catalogue: Catalogue = build_catalogue(CustomRows(objects=((100, TENDER),)))
        self.tables = Tables(self.catalogue)
        statements: list[Any] = []
        for table in self.tables.metadata.sorted_tables:
            statements += backend.create_table(table)
        backend.run_ddl(statements)
        self.index = SearchIndex(backend, self.tables)
        self.search = Search(backend, self.tables, Titles(backend, self.tables))
        self.repair = SearchRepair(backend, self.tables, self.index)
        self.following = 1

    def add(self, entity: str, **values: Any) -> int:
        """A new record; its document as well unless it is found as its owner."""
        id_ = self.add_silently(entity, **values)
        definition = self.catalogue[entity]
        if not definition.search_through:
            self.write({id_: Document(definition.number, own_terms(definition, values))})
        return id_

    def add_silently(self, entity: str, **values: Any) -> int:
        """A new record that the index does not know of."""
        id_, self.following = self.following, self.following + 1
        definition, table = self.catalogue[entity], self.tables.main[entity]
        columns = ["id", "version", "created_at", "updated_at"]
        row: list[Any] = [id_, 1, MOMENT, MOMENT]
        for f in definition.fields:
            columns += column_names(f)
            row += encode(self.catalogue, f, values.get(f.key))
        with self.backend.write() as connection:
            self.backend.insert_many(connection, table, columns, [row])
        return id_

    def add_contact(self, entity: str, owner: int, value: str, terms: list[str]) -> int:
        """A telephone or address of a record whose own terms are `terms`."""
        channel = self.catalogue["channel"]
        id_ = self.add_silently(
            "channel", value=value, kind="phone", state="valid", owner=Ref(entity, owner)
        )
        found = field_terms(channel.title, value)
        self.write({owner: Document(self.catalogue[entity].number, [*terms, *found])})
        return id_

    def write(self, documents: Mapping[int, Document | None], **more: Any) -> None:
        """Gives records their documents in a transaction of its own."""
        with self.backend.write() as connection:
            self.index.write(connection, documents, **more)

    def titles(self, text: str, entity: str | None = None, **more: Any) -> list[str]:
        """The titles of the hits, the best first."""
        return [hit.title for hit in self.search.find(text, entity, **more)]

    def first(self, text: str) -> Hit:
        """The best hit."""
        return self.search.find(text)[0]

    def problems(self) -> list[str]:
        """What a full check says."""
        with self.backend.read() as connection:
            return self.repair.problems(connection)

    def rows(self, name: str) -> set[tuple[Any, ...]]:
        """All rows of a table of the search."""
        with self.backend.read() as connection:
            return {tuple(row) for row in connection.execute(sa.select(self.tables.system(name)))}
