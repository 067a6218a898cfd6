"""What hangs on a record: the tabs of its card with their counts, in one question to the base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.models.query import Condition, Query
from crm_desktop.models.schema import Tables, column_names
from crm_desktop.services.private.service import Privacy


@dataclass(frozen=True)
class LinkTab:
    """One tab of a card: records of `link.entity` that point here, and how many they are."""

    link: Link
    count: int


class Links:
    """Counts and asks for the records that point to a record."""

    def __init__(self, backend: Backend, tables: Tables) -> None:
        self._backend = backend
        self._tables = tables
        self._counts: dict[str, sa.CompoundSelect[Any] | sa.Select[Any]] = {}
        self.privacy: Privacy | None = None
        """Whose records are not counted."""

    def shown(self, entity: EntityDef) -> tuple[Link, ...]:
        """The links that get a tab on the card, one for each object that points here.

        Where an object both belongs to the record and mirrors it (a person's places of work and
        a person's company), the belonging one is enough.
        """
        links = self._tables.catalogue.links_to(entity)
        present = {(link.entity.key, link.field.key) for link in links}
        return tuple(link for link in links if not self._repeats(link, present))

    @staticmethod
    def _repeats(link: Link, present: set[tuple[str, str]]) -> bool:
        """Whether the link only mirrors the value of a child that has a tab here itself."""
        return any(
            mirror.field == link.field.key and (mirror.child, mirror.value) in present
            for mirror in link.entity.traits_of(Mirror)
        )

    def tabs(self, entity: EntityDef, id_: int) -> list[LinkTab]:
        """Every tab with its count; one query."""
        links = self.shown(entity)
        if not links:
            return []
        counts = self._counts.get(entity.key)
        if self._narrows(links):
            counts = self._count_statement(links)
        elif counts is None:
            counts = self._counts[entity.key] = self._count_statement(links)
        with self._backend.read() as connection:
            found = {row[0]: row[1] for row in connection.execute(counts, {"owner": id_})}
        return [LinkTab(link, found.get(place, 0)) for place, link in enumerate(links)]

    def _narrows(self, links: tuple[Link, ...]) -> bool:
        privacy = self.privacy
        return privacy is not None and any(privacy.concerns(link.entity.key) for link in links)

    def _count_statement(self, links: tuple[Link, ...]) -> Any:
        parts = [self._count(place, link) for place, link in enumerate(links)]
        return parts[0] if len(parts) == 1 else sa.union_all(*parts)

    def _count(self, place: int, link: Link) -> Any:
        table = self._tables.table_of(link.entity, link.field)
        column = table.c[column_names(link.field)[0]]
        owner = sa.bindparam("owner", type_=sa.BigInteger)
        number = sa.literal_column(str(place), sa.Integer)
        wanted = sa.select(number, sa.func.count()).select_from(table).where(column == owner)
        main, seen = self._tables.main[link.entity.key], None
        if self.privacy is not None:
            seen = self.privacy.narrowing(
                link.entity, main.c.id, lambda f: self._tables.column(link.entity, f)
            )
        if seen is None:
            return wanted
        if table is not main:
            wanted = wanted.where(main.c.id == table.c.id)
        return wanted.where(seen)

    @staticmethod
    def query(link: Link, entity: EntityDef, id_: int) -> Query:
        """The list behind a tab."""
        op, value = (
            ("exactly", (id_,)) if link.field.type_name != "record" else ("eq", (entity.key, id_))
        )
        columns = tuple(f.key for f in link.entity.list_fields() if f.key != link.field.key)
        return Query(link.entity.key, columns, Condition(link.field.key, op, value))
