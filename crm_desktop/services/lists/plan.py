"""How the rows of one query are found: by a sort of few matches, or by a walk along an index.

The choice is made by looking, not by guessing: the records that each indexed condition finds are
counted up to some thousands. Few: they are read by that index and sorted. Many: the list walks
the index of its order and checks the other conditions on the way, which meets a page soon.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import IN_LIST, Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.ownership import owner_field
from crm_desktop.models.query import Condition, Query, Where
from crm_desktop.models.schema import Tables
from crm_desktop.services.conditions.sql import Compiler, any_of
from crm_desktop.services.conditions.values import ConditionContext, listed
from crm_desktop.services.lists.children import MOST_SORTED as MOST_BY_CHILDREN
from crm_desktop.services.lists.children import ChildColumns, is_child_column
from crm_desktop.services.lists.items import Element, PlanItem, WalkPlan, conjuncts
from crm_desktop.services.lists.order import (
    Groups,
    Ordering,
    OrderKey,
    Segments,
    build_ordering,
    effective_sort,
    is_indexed,
    is_walkable,
)
from crm_desktop.services.lists.reach import SAMPLE_OF_INDEX, Reach
from crm_desktop.services.paths import Path, Scope, find_path, quietened

MOST_SORTED = 50_000
"""Matches that a server sorts in bearable time without an index (DATA.md 9)."""
SORTS_ANYTHING = 1_000_000
"""A back end that fetches so many ids at once sorts whatever it is given."""
SAMPLE = 500
"""Records of a condition that are looked at to see how thin it is sown."""

Narrowing = Callable[
    [EntityDef, sa.ColumnElement[Any], Callable[[Field], sa.ColumnElement[Any]]], Element | None
]
_FOUND_BY_INDEX = ("eq", "in", "starts", "lt", "le", "gt", "ge", "between", "period", "comes", "me")


class ListPlan:
    """The statements of one query."""

    def __init__(
        self,
        backend: Backend,
        tables: Tables,
        query: Query,
        context: ConditionContext,
        groups: Groups,
    ) -> None:
        self._backend = backend
        self._groups = groups
        self.tables = tables
        self.query = query
        self.entity: EntityDef = tables.catalogue.find(query.entity)
        self.sort = effective_sort(self.entity, query.sort)
        self.scope = Scope(tables, self.entity)
        self._quiet = Scope(tables, self.entity, quiet=True)
        self._compiler = Compiler(tables, context)
        self._context = context
        self.children = ChildColumns(backend, tables, self._compiler)
        self.items = [self._item(where) for where in conjuncts(query.where)]
        order = self.children.order
        self.ordering = build_ordering(tables, self.scope, self.sort, children=order)
        self._keys: sa.Select[Any] | None = None
        self.reach: Reach | None = None
        """Whose records the server shows, where it does not show everybody's."""
        self._by_index = False
        self.found_few = False
        self.few = min(3000, backend.ids_at_once // 20)

    @cached_property
    def _sorting(self) -> Ordering:
        """The order of those who sort what they have found; who walks an index needs none."""
        order = self.children.order
        return build_ordering(self.tables, self.scope, self.sort, children=order, quiet=True)

    @property
    def conditions(self) -> list[Element]:
        """All conditions, free to use any index."""
        found = [item.loud for item in self.items]
        if self.reach is None or self.reach.where is None:
            return found
        return [*found, self.reach.where]

    @property
    def side_used(self) -> bool:
        """Whether a condition or the order asks for the side table."""
        return self.scope.side_used or self._quiet.side_used

    # --- conditions -------------------------------------------------------------------------------

    def _item(self, where: Where) -> PlanItem:
        loud = sa.and_(*self._compiler.compile(self.scope, where))
        quiet = sa.and_(*self._compiler.compile(self._quiet, where))
        if not isinstance(where, Condition):
            return PlanItem(loud, quiet, False)
        owners = self._compiler.children.owners(self.scope, where)
        if owners is not None:
            return PlanItem(loud, quiet, False, None, self.scope.id, owners)
        if self._compiler.children.compile(self.scope, where) is not None:
            return PlanItem(loud, quiet, False)
        path = find_path(self.tables.catalogue, self.entity, where.path)
        indexed = self._uses_index(path, where)
        if path.links and indexed:
            link = self.scope.column(path.links[0][1])
            return PlanItem(loud, quiet, False, None, link, self._compiler.targets(path, where))
        fixed = self.scope.column(path.field) if self._is_fixed(path, where) else None
        return PlanItem(loud, quiet, indexed, fixed)

    def narrow(self, condition: Narrowing) -> None:
        """One condition more, on the columns of the object: it is checked, never looked up."""
        loud = condition(self.entity, self.scope.id, self.scope.column)
        quiet = condition(self.entity, self._quiet.id, self._quiet.column)
        if loud is not None and quiet is not None:
            self.items.append(PlanItem(loud, quiet, False))

    @property
    def _by_rows(self) -> bool:
        return self.reach is not None and self.reach.rows is not None and not self._by_index

    def settle(self, connection: sa.Connection) -> None:
        """Decides whether `source` begins with what the server lists: not if an index finds fewer,
        nor for a condition on the owners, who are reached."""
        if self._by_rows:
            f, items = owner_field(self.entity), [item for item in self.items if item.indexed]
            own = self.scope.column(f) if f is not None else None
            self._by_index = any(item.fixed is not None and item.fixed is own for item in items)
            if items and not self._by_index:
                few = SAMPLE_OF_INDEX
                self._by_index = self._are_few(connection, [item.loud for item in items], few)

    def source(self) -> sa.FromClause:
        """What to select from with `conditions`, after `settle`."""
        by_rows = self.reach is not None and self._by_rows
        return self.reach.joined(self.scope) if by_rows and self.reach else self.scope.source()

    def resolve(self, connection: sa.Connection) -> None:
        """Puts ids in the place of paths that lead to few records: their index then finds all."""
        self.items = [self._resolved(connection, item) for item in self.items]

    def _resolved(self, connection: sa.Connection, item: PlanItem) -> PlanItem:
        if item.targets is None or item.link is None:
            return item
        few = self._backend.limit(item.targets, IN_LIST + 1)
        ids = list(connection.execute(few).scalars().all())
        if len(ids) > IN_LIST:
            return dataclasses.replace(item, targets=None)
        # a view asks for each row's rights before it sees that nothing can be meant
        found = any_of(item.link, ids) if ids else self.scope.id.is_(None)
        return PlanItem(found, item.quiet, True)

    def _uses_index(self, path: Path, where: Condition) -> bool:
        fields = [(entity, link) for entity, link in path.links] + [(path.entity, path.field)]
        if not all(is_indexed(entity, f) for entity, f in fields):
            return False
        if where.op == "empty":
            return not path.links and not path.field.keyed
        return where.op in _FOUND_BY_INDEX

    def _is_fixed(self, path: Path, where: Condition) -> bool:
        """Whether the condition holds an indexed link or choice of the object at one value."""
        f = path.field
        if path.links or f.extra or f.storage not in ("link", "choice"):
            return False
        if not is_indexed(self.entity, f):
            return False
        if where.op == "me":
            return self._context.user_id is not None
        if where.op not in ("eq", "in"):
            return False
        values = listed(f, where.value)
        if len(values) != 1:
            return False
        named = isinstance(values[0], str) and not values[0].strip().isdigit()
        return not (isinstance(f, LinkField) and named)

    # --- the choice -------------------------------------------------------------------------------

    def walk(self, connection: sa.Connection) -> WalkPlan | None:
        """The way along an index; None where a sort is cheaper or the only way."""
        if not is_walkable(self.tables, self.scope, self.sort):
            return None
        owners = self.reach.owners if self.reach is not None else None
        segments = Segments(self._backend, self.tables, self.scope, self._groups, owners)
        leads = [item for item in self.items if item.fixed is not None]
        if not segments.can_fix(self.sort):
            leads = []
        plain = len(self.items) == 1 and leads and self.reach is None
        if not plain and self._is_selective(connection):
            return None
        lead = self._narrowest(connection, leads)
        fixed = None if lead is None or lead.fixed is None else (lead.fixed, lead.loud)
        found = segments.find(connection, self.sort, fixed)
        if found is None:
            return None
        where = tuple(item.quiet for item in self.items if item is not lead)
        return WalkPlan(tuple(found), where, pure=not where)

    def _is_selective(self, connection: sa.Connection) -> bool:
        """Whether indexes find the few records that can match at all."""
        self.settle(connection)
        found = [item.loud for item in self.items if item.indexed]
        if self.reach is not None and (self._by_rows or not found):
            look = partial(self._is_wide, connection, self.reach)
            self.found_few = not self._groups.is_wide(self.reach.key, look)
            return self.found_few
        if self.reach is not None and self.reach.where is not None:
            found.append(self.reach.where)
        self.found_few = self._are_few(connection, found, self.few)
        return self.found_few

    def _are_few(self, connection: sa.Connection, found: Sequence[Element], few: int) -> bool:
        tried = [[one] for one in found]
        if self._backend.combines_indexes and len(found) > 1:
            tried = [list(found)]
        return any(not self._exceeds(connection, one, few) for one in tried)

    def _exceeds(self, connection: sa.Connection, conditions: Sequence[Element], few: int) -> bool:
        """Whether an index finds more records than that."""
        source = self.scope.source()
        return self._counted(connection, conditions, few + 1, source) > few

    def _is_wide(self, connection: sa.Connection, reach: Reach) -> bool:
        sure = reach.own if reach.where is None else reach.where
        if sure is not None and self._exceeds(connection, [sure], self.few):
            return True
        return reach.where is None and self.count_up_to(connection, (), self.few + 1) > self.few

    def _narrowest(self, connection: sa.Connection, leads: Sequence[PlanItem]) -> PlanItem | None:
        """The condition that fewest records fulfil: its hundreds take it farthest down the titles.

        That is asked of an index in no time, where counting would take all of it.
        """
        if len(leads) < 2:
            return leads[0] if leads else None
        title = self.scope.key(self.entity.title)
        reached: list[tuple[bool, Any, int]] = []
        for place, item in enumerate(leads):
            assert item.fixed is not None
            select = sa.select(title).select_from(self.scope.source()).where(item.loud)
            select = select.order_by(item.fixed, title, self.scope.id)
            far = connection.execute(self._backend.limit(select, 1, SAMPLE)).scalar()
            reached.append((far is None, far, -place))
        sparse = [one for one in reached if one[0]]
        return leads[-(sparse[0] if sparse else max(reached))[2]]

    def check_sortable(self, connection: sa.Connection) -> None:
        """InvalidInput if there are too many matches for a sort without an index."""
        self.settle(connection)
        self._check_children(connection)
        if self.found_few or self._backend.ids_at_once >= SORTS_ANYTHING:
            return
        most = max(MOST_SORTED, self._backend.ids_at_once)
        if self._by_rows and self.count_up_to(connection, (), most + 1) <= most:
            return  # counted without a look at any of them
        if self.count_up_to(connection, self.conditions, most + 1) > most:
            known = [f for f in self.entity.fields if is_indexed(self.entity, f) and f.sortable]
            raise InvalidInput(
                _(
                    "There are too many records to sort them this way. "
                    "Filter the list first, or sort it by one of these: {fields}"
                ).format(fields=", ".join(_(f.label) for f in known))
            )

    def _check_children(self, connection: sa.Connection) -> None:
        """A sort by children asks for those of every row, on any back end."""
        if not any(is_child_column(key.path) for key in self.sort):
            return
        if self.count_up_to(connection, self.conditions, MOST_BY_CHILDREN + 1) > MOST_BY_CHILDREN:
            raise InvalidInput(
                _(
                    "A list is sorted by a calculated column up to {most} records. "
                    "Filter the list first."
                ).format(most=MOST_BY_CHILDREN)
            )

    def limited(self, select: sa.Select[Any], most: int) -> sa.Select[Any]:
        """At most so many rows of a statement."""
        return self._backend.limit(select, most)

    # --- statements -------------------------------------------------------------------------------

    def count_up_to(
        self, connection: sa.Connection, conditions: Sequence[Element], most: int | None
    ) -> int:
        """How many records fulfil the conditions; counting stops at `most`."""
        if (most is None and not self.items) or (self._by_rows and not conditions):
            whole = self._backend.whole_count(self.tables.main[self.entity.key])
            count = int(connection.execute(whole).scalar_one())
            return count if most is None else min(count, most)
        return self._counted(connection, conditions, most, self.source())

    def _counted(
        self, connection: sa.Connection, conditions: Sequence[Element], most: int | None,
        source: sa.FromClause,
    ) -> int:  # fmt: skip
        if most is None:
            wanted = sa.select(sa.func.count()).select_from(source).where(*conditions)
        else:
            found = sa.select(self.scope.id).select_from(source).where(*conditions)
            some = self._backend.limit(found, most).subquery()
            wanted = sa.select(sa.func.count()).select_from(some)
        return int(connection.execute(wanted).scalar_one())

    def sorted_ids(self) -> sa.Select[Any]:
        """The ids of all matches in order, found by the best index of the conditions."""
        return (
            sa.select(self.scope.id)
            .select_from(self._sorting.source(self.source()))
            .where(*self.conditions)
            .order_by(*(key.clause() for key in self._sorting.keys))
        )

    def parts(self, connection: sa.Connection) -> list[sa.Select[Any]]:
        """The ids of all matches in order, cut so that the first of them come soon.

        A sort by a link to many records begins with those records in the order of their titles,
        if the back end follows such a join; everything else is one sort.
        """
        f = self._sorted_link()
        if f is None or self._is_selective(connection):
            return [self.sorted_ids()]
        by_link = build_ordering(self.tables, self.scope, self.sort)
        (target, _condition), *further = by_link.joins
        # the target leads: its records go by title, and the link's index finds who points there
        leads = quietened(target.c.id) == self.scope.column(f)
        source = self.scope.source().join(target, leads)
        for table, joined in further:
            source = source.outerjoin(table, joined)
        quiet = [item.quiet for item in self.items]
        select = sa.select(self.scope.id).where(*quiet)
        title, link, *rest = by_link.keys
        # the link is the target's id, and as such it is seen to be in the target's index
        same = OrderKey(target.c.id, link.descending)
        order = [key.clause() for key in rest]
        linked = select.select_from(source).order_by(title.clause(), same.clause(), *order)
        empty = select.select_from(self.scope.source()).where(self.scope.column(f).is_(None))
        empty = empty.order_by(*order)
        return [linked, empty] if self.sort[0].descending else [empty, linked]

    def _sorted_link(self) -> LinkField | None:
        """The own, indexed link that is sorted by, where the back end walks along a join."""
        if self._backend.ids_at_once < SORTS_ANYTHING or not self.entity.has(self.sort[0].path):
            return None
        f = self.entity.field(self.sort[0].path)
        walked = isinstance(f, LinkField) and is_walkable(self.tables, self.scope, self.sort)
        return f if walked and isinstance(f, LinkField) else None

    def among(self, *, alone: bool = True) -> Element:
        """The record is one of the ids bound as `ids`; `alone`: the statement joins nothing."""
        return self._backend.among(self.scope.id, alone=alone and not self.scope.side_used)

    def keys(self, connection: sa.Connection, ids: Sequence[int]) -> Sequence[Sequence[Any]]:
        """Id and order keys of those of at most `IN_LIST` records that match."""
        if self._keys is None:
            source = self.ordering.source(self.scope.source())
            keys = [key.expression.label(f"k{i}") for i, key in enumerate(self.ordering.keys)]
            among = self._backend.among(self.scope.id, alone=source is self.scope.main)
            wanted = sa.select(self.scope.id, *keys).select_from(source)
            self._keys = wanted.where(*self.conditions, among)
        return connection.execute(self._keys, {"ids": list(ids)}).all()
