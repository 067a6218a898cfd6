"""Who became whom: the way from the number of a merged record to the one that stands for it.

A record that is in the base again, since its merge was undone, stands for itself.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from crm_desktop.models.backend.base import IN_LIST, Backend
from crm_desktop.models.schema import Tables

FURTHEST = 50
"""Merges one after another that are followed."""
_COLUMNS = ("rid", "ent", "winner")


class Lineage:
    """Reads and writes who became whom in one open base."""

    def __init__(self, backend: Backend, tables: Tables) -> None:
        self._backend = backend
        self._tables = tables
        self._rows = tables.system("merged_record")

    def note(
        self, connection: sa.Connection, entity: str, winner: int, losers: Iterable[int]
    ) -> None:
        """Within the transaction that merges them."""
        number = self._tables.catalogue[entity].number
        gone = list(losers)
        self._backend.delete_keys(connection, self._rows, ("rid",), [(id_,) for id_ in gone])
        self._backend.insert_many(
            connection, self._rows, _COLUMNS, [(id_, number, winner) for id_ in gone]
        )

    def winner(self, entity: str, id_: int) -> int | None:
        """The record that stands for this one; None if it is there itself or was never merged."""
        main, now = self._tables.main[entity], id_
        with self._backend.read() as connection:
            for _step in range(FURTHEST):
                if connection.execute(sa.select(main.c.id).where(main.c.id == now)).first():
                    return now if now != id_ else None
                wanted = sa.select(self._rows.c.winner).where(self._rows.c.rid == now)
                found = connection.execute(wanted).scalar()
                if found is None:
                    return None
                now = int(found)
        return None

    def merged_into(self, connection: sa.Connection, entity: str, id_: int) -> list[int]:
        """The records that became this one and are not in the base themselves."""
        found: list[int] = []
        wave = [id_]
        for _step in range(FURTHEST):
            wanted = sa.select(self._rows.c.rid).where(self._rows.c.winner.in_(wave[:IN_LIST]))
            gone = set(connection.execute(wanted).scalars()) - {id_, *found}
            wave = sorted(gone - self._present(connection, entity, gone))
            if not wave:
                break
            found += wave
        return found

    def stands_for(self, connection: sa.Connection, entity: str) -> dict[int, int]:
        """All merged records of an object that are gone, with the ones that stand for them."""
        number = self._tables.catalogue[entity].number
        wanted = sa.select(self._rows.c.rid, self._rows.c.winner).where(self._rows.c.ent == number)
        known = {row.rid: row.winner for row in connection.execute(wanted)}
        for id_ in self._present(connection, entity, known):
            del known[id_]
        return {id_: _end(known, id_) for id_ in known}

    def _present(self, connection: sa.Connection, entity: str, ids: Iterable[int]) -> set[int]:
        main, wanted = self._tables.main[entity], sorted(ids)
        found: set[int] = set()
        for start in range(0, len(wanted), IN_LIST):
            part = wanted[start : start + IN_LIST]
            found.update(
                connection.execute(sa.select(main.c.id).where(main.c.id.in_(part))).scalars()
            )
        return found


def _end(known: dict[int, int], id_: int) -> int:
    for _step in range(FURTHEST):
        if id_ not in known:
            break
        id_ = known[id_]
    return id_
