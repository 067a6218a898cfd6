"""The explicit second step of the search: every text of every record is read and looked through.

No index helps here; it takes about a second for 100,000 records on a file and can be stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import Cancelled
from crm_desktop.models.backend.base import IN_LIST, Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.schema import Tables, decode, read_columns
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.search.reading import LONGEST_TEXT, readings

BLOCK = 1000  # records read at a time; between blocks it can be stopped

Needles = list[list[tuple[str, ...]]]
"""Readings of terms of which any spelling must stand in the text."""


class Anywhere:
    """Looks through the texts of one base."""

    def __init__(self, backend: Backend, tables: Tables) -> None:
        self._backend = backend
        self._tables = tables

    def records(
        self,
        connection: sa.Connection,
        text: str,
        keys: Sequence[str],
        limit: int,
        cancelled: Callable[[], bool],
    ) -> list[Ref]:
        """The first records of these objects that hold the text; `Cancelled` if asked to stop.

        What belongs to another record in the search (a telephone) is found as that record.
        """
        needles = _needles(text)
        found: dict[Ref, None] = {}
        if not needles:
            return []
        for key in keys:
            for ref, haystack in self._texts(connection, self._tables.catalogue[key], cancelled):
                if _holds(norm(haystack), needles):
                    found[ref] = None
                    if len(found) >= limit:
                        return list(found)
        return list(found)

    def _texts(
        self, connection: sa.Connection, entity: EntityDef, cancelled: Callable[[], bool]
    ) -> Iterator[tuple[Ref, str]]:
        """Every record of the object with all its texts in one."""
        fields = [f for f in entity.fields if f.storage in ("text", "long")]
        if not fields:
            return
        owner = entity.field(entity.search_through) if entity.search_through else None
        last: int | None = 0
        while last is not None:
            if cancelled():
                raise Cancelled
            refs, texts = self._block(connection, entity, fields, owner, last)
            last = max(texts, default=None)
            if last is not None:
                self._add_long(connection, entity, fields, texts)
            yield from (
                (refs[id_], "\n".join(parts)) for id_, parts in texts.items() if id_ in refs
            )

    def _block(
        self,
        connection: sa.Connection,
        entity: EntityDef,
        fields: Sequence[Field],
        owner: Field | None,
        after: int,
    ) -> tuple[dict[int, Ref], dict[int, list[str]]]:
        """The next records by id: what each is found as, and its texts."""
        main = self._tables.main[entity.key]
        source: sa.FromClause = main
        if any(f.extra for f in fields):
            side = self._tables.side[entity.key]
            source = source.outerjoin(side, side.c.id == main.c.id)
        shown = [main.c[name] for name in read_columns(owner)] if owner else []
        texts = [self._tables.column(entity, f) for f in fields]
        chosen = sa.select(main.c.id, *shown, *texts).select_from(source)
        chosen = self._backend.limit(chosen.where(main.c.id > after).order_by(main.c.id), BLOCK)
        refs: dict[int, Ref] = {}
        found: dict[int, list[str]] = {}
        for id_, *raw in connection.execute(chosen):
            ref = self._owner(owner, raw[: len(shown)]) if owner else Ref(entity.key, id_)
            if ref is not None:
                refs[id_] = ref
            found[id_] = [text for text in raw[len(shown) :] if text]
        return self._raised(connection, refs), found

    def _raised(self, connection: sa.Connection, refs: dict[int, Ref]) -> dict[int, Ref]:
        """What is found as a record that is found as another one in its turn: as that."""
        catalogue = self._tables.catalogue
        between = {ref for ref in refs.values() if catalogue[ref.entity].search_through}
        if not between:
            return refs
        owners: dict[Ref, Ref | None] = {}
        for key in {ref.entity for ref in between}:
            entity = catalogue[key]
            owner, main = entity.field(entity.search_through), self._tables.main[key]
            shown = [main.c[name] for name in read_columns(owner)]
            ids = [ref.id for ref in between if ref.entity == key]
            for start in range(0, len(ids), IN_LIST):
                part = main.c.id.in_(ids[start : start + IN_LIST])
                for id_, *raw in connection.execute(sa.select(main.c.id, *shown).where(part)):
                    owners[Ref(key, id_)] = self._owner(owner, raw)
        raised = {i: owners.get(ref) if ref in between else ref for i, ref in refs.items()}
        found = {id_: ref for id_, ref in raised.items() if ref is not None}
        return self._raised(connection, found)

    def _owner(self, owner: Field, raw: Sequence[Any]) -> Ref | None:
        value = decode(self._tables.catalogue, owner, raw)
        if isinstance(owner, LinkField):
            return Ref(owner.target, value) if value is not None else None
        return value if isinstance(value, Ref) else None

    def _add_long(
        self,
        connection: sa.Connection,
        entity: EntityDef,
        fields: Sequence[Field],
        texts: dict[int, list[str]],
    ) -> None:
        """The whole of texts that are longer than their column."""
        if not any(f.storage == "long" for f in fields):
            return
        long, main = self._tables.system("long_text"), self._tables.main[entity.key]
        chosen = (
            sa.select(long.c.rid, long.c.body)
            .select_from(long.join(main, main.c.id == long.c.rid))
            .where(long.c.rid >= min(texts), long.c.rid <= max(texts))
        )
        for id_, body in connection.execute(chosen):
            if id_ in texts:
                texts[id_].append(body)


def _needles(text: str) -> Needles:
    """As typed, blanks apart, and as the search reads it."""
    literal: list[tuple[str, ...]] = [(chunk,) for chunk in norm(text[:LONGEST_TEXT]).split()]
    found: Needles = [literal] if literal else []
    for reading in readings(text):
        found.append([term.spellings for term in reading.terms])
    return found


def _holds(haystack: str, needles: Needles) -> bool:
    return any(
        all(any(one in haystack for one in spellings) for spellings in terms) for terms in needles
    )
