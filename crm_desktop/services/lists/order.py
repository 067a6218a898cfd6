"""The order of a list: as keys to sort by, and as stretches of an index to walk along.

A sort by anything is possible while the matches are few. A big list has to follow an index: its
order is then cut into segments, each one stretch of one index (the empty values, then the others;
or, by status, the clients of the first status by name, those of the second ...).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField
from crm_desktop.models.catalogue.ownership import owner_field
from crm_desktop.models.catalogue.traits import Book
from crm_desktop.models.query import Sort
from crm_desktop.models.schema import Tables, index_plans
from crm_desktop.services.lists.children import ChildPath, column_path
from crm_desktop.services.paths import Path, Scope, quietened

MOST_SEGMENTS = 300
REMEMBERED = 60.0
"""Seconds."""


@dataclass(frozen=True)
class OrderKey:
    """One expression to sort by. Empty values stand first, in the descending order last."""

    expression: sa.ColumnElement[Any]
    descending: bool = False

    def clause(self, *, backwards: bool = False) -> sa.ColumnElement[Any]:
        """The key in an ORDER BY."""
        return self.expression.desc() if self.descending ^ backwards else self.expression.asc()


@dataclass(frozen=True)
class Ordering:
    """A whole order: keys that end with the id, and what has to be joined for them."""

    keys: tuple[OrderKey, ...]
    joins: tuple[tuple[sa.FromClause, sa.ColumnElement[bool]], ...] = ()

    def source(self, start: sa.FromClause) -> sa.FromClause:
        """What to select from, so that every key is there."""
        for table, condition in self.joins:
            start = start.outerjoin(table, condition)
        return start


@dataclass(frozen=True)
class Segment:
    """A stretch of an index: `where` bounds it, `fixed` are its leading columns that stay the
    same, then the rows go by `key` (None: by id alone) and by id, both in one direction."""

    where: tuple[sa.ColumnElement[bool], ...] = ()
    fixed: tuple[sa.ColumnElement[Any], ...] = ()
    key: sa.ColumnElement[Any] | None = None
    descending: bool = False
    doubtful: bool = False  # as a rule empty

    def order(self, id_: sa.ColumnElement[int], *, backwards: bool = False) -> list[Any]:
        """The ORDER BY that the index serves."""
        columns = [*self.fixed, *([] if self.key is None else [self.key]), id_]
        turned = self.descending ^ backwards
        return [column.desc() if turned else column for column in columns]


def effective_sort(entity: EntityDef, sort: Sequence[Sort]) -> tuple[Sort, ...]:
    """What is sorted by: the title where nothing is said, and as the second key of a link or a
    choice, since records of one status are looked through by name."""
    if not sort:
        return (Sort(entity.title_field),)
    if len(sort) == 1 and entity.has(sort[0].path) and _is_grouping(entity.field(sort[0].path)):
        return (*sort, Sort(entity.title_field))
    return tuple(sort)


def _is_grouping(f: Field) -> bool:
    return f.storage in ("link", "choice")


def build_ordering(
    tables: Tables,
    scope: Scope,
    sort: Sequence[Sort],
    *,
    children: Callable[[Scope, ChildPath], sa.ColumnElement[Any]] | None = None,
    quiet: bool = False,
) -> Ordering:
    """The keys of the order; InvalidInput names a field that no list sorts by.

    `children` gives the value of a column over children. `quiet`: no index is to be walked for
    its sake.
    """
    builder = _OrderBuilder(tables, scope)
    for key in sort:
        path = column_path(tables.catalogue, scope.entity, key.path)
        if isinstance(path, ChildPath) and children is not None:
            builder.keys.append(OrderKey(children(scope, path), key.descending))
        else:
            builder.add(path, key.descending)
    ascends = _is_grouping(builder.last) or not sort[-1].descending
    keys = [OrderKey(_quieter(k.expression), k.descending) if quiet else k for k in builder.keys]
    id_ = quietened(scope.id) if quiet else scope.id
    return Ordering((*keys, OrderKey(id_, not ascends)), tuple(builder.joins))


def _quieter(expression: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """No index holds what a question about children answers, and twice asked is twice as dear."""
    return expression if isinstance(expression, sa.ScalarSelect) else quietened(expression)


class _OrderBuilder:
    """Collects keys and joins while paths are followed."""

    def __init__(self, tables: Tables, scope: Scope) -> None:
        self._tables = tables
        self._scope = scope
        self._joined: dict[tuple[str, ...], Scope] = {}
        self.keys: list[OrderKey] = []
        self.joins: list[tuple[sa.FromClause, sa.ColumnElement[bool]]] = []
        self.last: Field = scope.entity.title

    def add(self, path: Path, descending: bool) -> None:
        """One more key of the order."""
        scope = self._scope
        trail: tuple[str, ...] = ()
        for _entity, link in path.links:
            scope, trail = self._over(scope, link, trail)
        self.last = path.field
        for expression in self._expressions(scope, path.field, trail):
            self.keys.append(OrderKey(expression, descending))

    def _expressions(
        self, scope: Scope, f: Field, trail: tuple[str, ...]
    ) -> list[sa.ColumnElement[Any]]:
        if not f.sortable:
            raise InvalidInput(
                _("A list cannot be sorted by “{field}”").format(field=_(f.label)), field=f.key
            )
        if isinstance(f, LinkField):
            target, _trail = self._over(scope, f, trail)
            title = self._title_key(target, f, (*trail, f.key))
            return [*title, scope.column(f)]
        if isinstance(f, ChoiceField):
            return [_place(scope.column(f), [choice.key for choice in f.choices])]
        return [_filled(scope.key(f), f)]

    def _title_key(
        self, target: Scope, f: LinkField, trail: tuple[str, ...]
    ) -> list[sa.ColumnElement[Any]]:
        title = target.entity.title
        if isinstance(title, LinkField):
            return [target.column(title)]
        return self._expressions(target, title, trail)

    def _over(
        self, scope: Scope, link: LinkField, trail: tuple[str, ...]
    ) -> tuple[Scope, tuple[str, ...]]:
        """The linked object, joined once however often it is asked for."""
        trail = (*trail, link.key)
        target = self._joined.get(trail)
        if target is None:
            entity = self._tables.catalogue[link.target]
            target = self._joined[trail] = Scope(self._tables, entity, aliased=True)
            self.joins.append((target.main, target.main.c.id == scope.column(link)))
            if entity.key in self._tables.side:
                target.side_used = True
                self.joins.append(target.side_join())
        return target, trail


def _filled(column: sa.ColumnElement[Any], f: Field) -> sa.ColumnElement[Any]:
    """A record without a row of user-made fields stands with those whose value is empty."""
    if not f.extra or f.storage not in ("text", "bool"):
        return column
    return sa.func.coalesce(column, sa.literal("" if f.keyed else False, column.type))


def _place(column: sa.ColumnElement[Any], keys: Sequence[str]) -> sa.ColumnElement[Any]:
    """The place of a choice in its list; a choice that is no longer offered stands last."""
    whens: list[Any] = [
        (column == key, sa.literal_column(str(place))) for place, key in enumerate(keys)
    ]
    last: sa.ColumnElement[Any] = sa.literal_column(str(len(keys)))
    return sa.case((column.is_(None), sa.null()), *whens, else_=last)


# --- segments -------------------------------------------------------------------------------------


def _between(column: sa.ColumnElement[Any], values: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Any other value: as ranges of an index, which are empty as a rule; by `not in` the whole
    table would be looked through."""
    known = sorted(values)
    if not known:
        return column.is_not(None)
    lowest = "" if isinstance(known[0], str) else 0  # no index keeps what is empty behind it
    gaps = [sa.and_(column >= lowest, column < known[0]), column > known[-1]]
    gaps += [
        sa.and_(column > low, column < high)
        for low, high in pairwise(known)
        if isinstance(low, str) or low + 1 < high
    ]
    return sa.or_(*gaps)


def is_walkable(tables: Tables, scope: Scope, sort: Sequence[Sort]) -> bool:
    """Whether an index may serve the order in a base of any size."""
    f = _walked_field(tables, scope.entity, sort)
    return f is not None and (f.key == "id" or _has_index(scope.entity, f))


def _walked_field(tables: Tables, entity: EntityDef, sort: Sequence[Sort]) -> Field | None:
    """The own field along whose index the order goes; None for an order of another kind."""
    path = column_path(tables.catalogue, entity, sort[0].path)
    if path.links or path.field.extra or isinstance(path, ChildPath):
        return None
    if len(sort) == 1:
        return path.field
    by_title = sort[1:] == (Sort(entity.title_field),)
    return path.field if by_title and _is_grouping(path.field) else None


def _has_index(entity: EntityDef, f: Field) -> bool:
    return (
        not f.extra
        and f.storage != "record"
        and entity.has(f.key)
        and next(index_plans(entity, f), None) is not None
    )


def is_indexed(entity: EntityDef, f: Field) -> bool:
    """Whether a condition on the field finds its records by an index."""
    return f.key == "id" or (entity.has(f.key) and next(index_plans(entity, f), None) is not None)


class Groups:
    """The values that links occur with, remembered for a while between two lists.

    Being wrong does no harm: a value that is missing here is found in the last stretch.
    """

    def __init__(self, age: Callable[[str], int]) -> None:
        self._age = age
        self._known: dict[tuple[str, str], tuple[float, int, list[Any] | None]] = {}
        self._wide: dict[Hashable, float] = {}

    def values(
        self, entity: EntityDef, f: LinkField, read: Callable[[], list[Any] | None]
    ) -> list[Any] | None:
        """What was read within the last minute, unless linked records have changed."""
        now, age = time.monotonic(), self._age(f.target)
        known = self._known.get((entity.key, f.key))
        if known is None or now > known[0] or age != known[1]:
            known = self._known[entity.key, f.key] = (now + REMEMBERED, age, read())
        return known[2]

    def is_wide(self, reach: Hashable, look: Callable[[], bool]) -> bool:
        """Whether somebody reaches many records; that he does is remembered as long."""
        now = time.monotonic()
        if now > self._wide.get(reach, 0.0) and look():
            self._wide[reach] = now + REMEMBERED
        return now < self._wide.get(reach, 0.0)


class Segments:
    """Cuts an order into stretches of indexes."""

    def __init__(
        self, backend: Backend, tables: Tables, scope: Scope, groups: Groups,
        owners: Collection[int] | None = None,
    ) -> None:  # fmt: skip
        """`owners`: who alone may stand in the owner field, where not everybody may."""
        self._groups, self._owners = groups, owners
        self._backend = backend
        self._tables = tables
        self._scope = scope
        self._entity = scope.entity
        self._title = scope.key(scope.entity.title)
        # one index for both directions, or one each way
        statements = backend.index_pair(tables.main[scope.entity.key], ["id"])
        self._turns = len(statements) == 1

    def find(
        self,
        connection: sa.Connection,
        sort: Sequence[Sort],
        fixed: tuple[sa.ColumnElement[Any], sa.ColumnElement[bool]] | None = None,
    ) -> list[Segment] | None:
        """The segments of the order; None if no index serves it.

        `fixed`: a column that a condition holds at one value, and that condition.
        """
        if not is_walkable(self._tables, self._scope, sort):
            return None
        f = _walked_field(self._tables, self._entity, sort)
        assert f is not None
        descending = sort[0].descending
        if f.key == "id":
            return [Segment(descending=descending)] if self._turns or not descending else None
        if _is_grouping(f):
            return self._by_groups(connection, f, descending)
        if f.key == self._entity.title_field and fixed and (self._turns or not descending):
            return [Segment((fixed[1],), (fixed[0],), self._title, descending)]
        return self._along(f, descending)

    def can_fix(self, sort: Sequence[Sort]) -> bool:
        """Whether a condition on an indexed link or choice can lead the order."""
        by_title = len(sort) == 1 and sort[0].path == self._entity.title_field
        return by_title and (self._turns or not sort[0].descending)

    def _along(self, f: Field, descending: bool) -> list[Segment]:
        """Values in their order; the empty ones are a stretch of their own."""
        key = self._scope.key(f)
        if not getattr(key, "nullable", True):
            return [Segment(key=key, descending=descending)]
        empty = Segment((key.is_(None),), (key,), None, descending)
        filled = Segment((key.is_not(None),), (), key, descending)
        return [filled, empty] if descending else [empty, filled]

    def _by_groups(
        self, connection: sa.Connection, f: Field, descending: bool
    ) -> list[Segment] | None:
        """One stretch a value of the link or choice, the records of each by title.

        Values that are no longer known (another seat may have deleted a status this moment) make
        a last stretch, by id, of all gaps between the others.
        """
        values = self._values(connection, f)
        if values is None:
            return None
        column = self._scope.column(f)
        groups = [Segment((column == value,), (column,), self._title) for value in values]
        empty = Segment((column.is_(None),), (column,), self._title)
        lost = Segment((_between(column, values),), (), None, doubtful=True)
        return [*reversed(groups), empty, lost] if descending else [empty, *groups, lost]

    def _values(self, connection: sa.Connection, f: Field) -> list[Any] | None:
        """The values that may occur, in their order; None if there are too many."""
        if isinstance(f, ChoiceField):
            return [choice.key for choice in f.choices]
        assert isinstance(f, LinkField)
        return self._groups.values(self._entity, f, partial(self._occurring, connection, f))

    def _occurring(self, connection: sa.Connection, f: LinkField) -> list[Any] | None:
        target = Scope(self._tables, self._tables.catalogue[f.target])
        if not self._is_small(connection, f, target):
            return None
        by_title = build_ordering(self._tables, target, (Sort(target.entity.title_field),))
        table = self._tables.table_of(self._entity, f)
        pointing = sa.table(table.name, sa.column(f.name)).alias()
        used = sa.exists().where(pointing.c[f.name] == target.id)
        wanted = sa.select(target.id).select_from(by_title.source(target.source())).where(used)
        if self._owners is not None and f is owner_field(self._entity):
            wanted = wanted.where(target.id.in_(sorted(self._owners)))
        wanted = wanted.order_by(*(key.clause() for key in by_title.keys))
        few = self._backend.limit(wanted, MOST_SEGMENTS + 1)
        found = list(connection.execute(few).scalars().all())
        return found if len(found) <= MOST_SEGMENTS else None

    def _is_small(self, connection: sa.Connection, f: LinkField, target: Scope) -> bool:
        """Whether the link leads to a book or a staff list, and not to the clients themselves."""
        ids = sa.select(target.id)
        book = target.entity.trait(Book)
        if f.book and book is not None:
            ids = ids.where(target.column(target.entity.field(book.field)) == f.book)
        few = self._backend.limit(ids, MOST_SEGMENTS + 1)
        return len(connection.execute(few).all()) <= MOST_SEGMENTS
