"""Saved views that a hand-over has copied for a receiver go with it: taken back by its undo, there
again when that is undone. One that its receiver has saved since is his own.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Container, Iterator

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.schema import Tables
from crm_desktop.services.views import HANDED, SavedView


def marked(view: SavedView, operation: int) -> SavedView:
    """The view as the operation hands it over."""
    return dataclasses.replace(view, layout={**view.layout, HANDED: operation})


class HandedViews:
    """Copied views of one operation; one that was taken back has its receiver below zero, so that
    nobody sees it and it stands in nobody's way."""

    def __init__(self, backend: Backend, tables: Tables, operation: int) -> None:
        self._backend, self._operation = backend, operation
        self._table = tables.system("saved_view")

    def receivers(self, connection: sa.Connection) -> set[int]:
        """Those who have some."""
        return {author for _id, author, *_name in self._found(connection) if author > 0}

    def take_back(self, connection: sa.Connection, receivers: Container[int] | None = None) -> None:
        """From these receivers; None: from all of them."""
        self._put(connection, [
            (id_, -author) for id_, author, *_name in self._found(connection)
            if author > 0 and (receivers is None or author in receivers)
        ])  # fmt: skip

    def give_again(self, connection: sa.Connection) -> None:
        """Unless a receiver has a view of that name by now."""
        table = self._table.c
        names = sa.select(table.author, table.entity, table.name)
        taken = {(a, e, n.casefold()) for a, e, n in connection.execute(names) if a is not None}
        self._put(connection, [
            (id_, -author) for id_, author, entity, name in self._found(connection)
            if author < 0 and (-author, entity, name.casefold()) not in taken
        ])  # fmt: skip

    def _found(self, connection: sa.Connection) -> Iterator[tuple[int, int, str, str]]:
        table = self._table.c
        rows = connection.execute(sa.select(self._table).where(table.author.is_not(None))).all()
        for row in rows:
            layout = json.loads(row.definition).get("layout")
            if isinstance(layout, dict) and layout.get(HANDED) == self._operation:
                yield row.id, row.author, row.entity, row.name

    def _put(self, connection: sa.Connection, rows: list[tuple[int, int]]) -> None:
        self._backend.update_many(connection, self._table, ("author",), rows)
