"""Reading in the order of an index on a Firebird server, and writing much."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend import firebird_sql
from crm_desktop.models.backend.anchors import Anchors
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.firebird_read import all_ids, every_row


class FirebirdOrder(Backend):
    """What lists and long work ask of a back end, as this server answers it best."""

    def bulk(self) -> AbstractContextManager[object]:
        """A snapshot keeps the server from clearing away old versions between the transactions, for
        which it writes their pages once more each time (decision 022)."""
        return self.snapshot()

    def prefix(self, column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
        if not text:
            return sa.true()
        return column.op("STARTING WITH", is_comparison=True)(text)

    def keyset(
        self, key: sa.ColumnElement[Any], id_column: sa.ColumnElement[int],
        values: tuple[object, int], *, descending: bool = False,
    ) -> sa.ColumnElement[bool]:  # fmt: skip
        return firebird_sql.beyond(key, id_column, values, descending=descending)

    def keyset_parts(
        self, key: sa.ColumnElement[Any], id_column: sa.ColumnElement[int],
        values: tuple[object, int], *, descending: bool = False,
    ) -> list[sa.ColumnElement[bool]]:  # fmt: skip
        return firebird_sql.beyond_parts(key, id_column, values, descending=descending)

    def anchors(
        self, connection: sa.Connection, parts: Sequence[sa.Select[tuple[Any, int]]],
        step: int, most: int,
    ) -> Anchors:  # fmt: skip
        return every_row(connection, parts, step, most)

    def all_ids(self, connection: sa.Connection, ordered: sa.Select[tuple[int]]) -> array[int]:
        return all_ids(connection, ordered)
