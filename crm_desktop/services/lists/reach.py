"""What a list knows of whose records the server shows: it finds few of them by indexes.

That only narrows: each row still comes through its view, which decides.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass

import sqlalchemy as sa

from crm_desktop.models.backend.base import IN_LIST, Backend
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.ownership import owner_field
from crm_desktop.services.conditions.sql import any_of
from crm_desktop.services.lists.order import is_indexed
from crm_desktop.services.paths import Scope

SAMPLE_OF_INDEX = 100
"""Records of an indexed condition that are looked at before the listed ones are taken instead: each
that is not reached is looked at, too."""


@dataclass
class Reach:
    """Where the owner alone decides, `where` says of a record that it may be shown. Else `rows` are
    the numbers of what is shown, of which `own` surely finds some by its index."""

    key: Hashable
    where: sa.ColumnElement[bool] | None = None
    own: sa.ColumnElement[bool] | None = None
    rows: sa.FromClause | None = None
    owners: Collection[int] | None = None
    """Who alone may stand in the owner field of what is shown."""

    def joined(self, scope: Scope) -> sa.FromClause:
        """The records of the numbers."""
        assert self.rows is not None
        found = self.rows.join(scope.main, self.rows.c.id == scope.main.c.id)
        return found.outerjoin(*scope.side_join()) if scope.side_used else found


def by_owners(scope: Scope, ids: Collection[int]) -> Reach | None:
    """Records of these owners and of nobody; None where no index finds them."""
    f = _owner(scope, ids)
    if f is None:
        return None
    own = scope.column(f)
    return Reach(_key(scope, ids), sa.or_(any_of(own, sorted(ids)), own.is_(None)), owners=ids)


def by_rows(backend: Backend, scope: Scope, ids: Collection[int]) -> Reach | None:
    """What the server lists for who reaches these owners; None where it lists nothing."""
    rows = backend.reached_rows(scope.tables.main[scope.entity.key])
    f = _owner(scope, ids)
    own = None if f is None else any_of(scope.column(f), sorted(ids))
    return None if rows is None else Reach(_key(scope, ids), own=own, rows=rows)


def _owner(scope: Scope, ids: Collection[int]) -> Field | None:
    f = owner_field(scope.entity)
    return f if f is not None and len(ids) <= IN_LIST and is_indexed(scope.entity, f) else None


def _key(scope: Scope, ids: Collection[int]) -> Hashable:
    return (scope.entity.key, frozenset(ids))
