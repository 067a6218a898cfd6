"""Lists: opens a query as a cursor, counts it, and says whether a base can sort it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

from crm_desktop import i18n
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.query import Query
from crm_desktop.models.schema import Tables
from crm_desktop.services.clock import Clock
from crm_desktop.services.conditions.expansion import ConditionExpansion
from crm_desktop.services.conditions.values import ConditionContext
from crm_desktop.services.lists.cursor import ListCursor, OnStart, unheard
from crm_desktop.services.lists.hidden_paths import Unseen, refuse_hidden
from crm_desktop.services.lists.order import Groups
from crm_desktop.services.lists.plan import ListPlan
from crm_desktop.services.lists.reach import by_owners, by_rows
from crm_desktop.services.lists.rows import ListRow, RowShape
from crm_desktop.services.lists.totals import Measure
from crm_desktop.services.office.leap_days import read_leap_day
from crm_desktop.services.reader import Reader
from crm_desktop.services.selections.service import SelectionRows
from crm_desktop.services.titles import Titles
from crm_desktop.services.trees import Trees

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.definitions import EntityDef, Field
    from crm_desktop.services.lists.groups import GroupHead
    from crm_desktop.services.lists.turns import Turn
    from crm_desktop.services.private.service import Privacy


class Finder(Protocol):
    """What `lists` asks of the search."""

    def matching(self, entity: str, text: str) -> list[int]:
        """The ids of the records that a typed text finds, the best first."""


def everybody(_entity: EntityDef) -> None:
    """Nothing is closed to whoever asks."""


class Lists:
    """The lists of one open base; each cursor belongs to the one thread that reads it."""

    def __init__(
        self,
        backend: Backend,
        tables: Tables,
        titles: Titles,
        search: Finder,
        *,
        clock: Clock,
        user_id: Callable[[], int | None],
    ) -> None:
        self._backend = backend
        self._tables = tables
        self._titles = titles
        self._search = search
        self._clock = clock
        self._user_id = user_id
        self.region = "RU"
        """The country whose telephone numbers are meant when no country is typed (ISO 3166)."""
        self.privacy: Privacy | None = None
        """What others' records a list leaves out."""
        self.unseen: Unseen | None = None
        """Why somebody does not see a field; None where everybody sees all of them."""
        self.reached: Callable[[EntityDef], Collection[int] | None] = everybody
        """Whose records of an object the server shows at most; None: everybody's."""
        self.listed: Callable[[EntityDef], Collection[int] | None] = everybody
        """Whose records are reached where the server lists what it shows; else None."""
        self.begun: Callable[[], tuple[datetime, ...]] = tuple
        """The midnights of days that are not over."""
        self.leap: tuple[int, int] | None = None
        """What `leap_day` remembers; None to ask anew."""
        self._reader = Reader(backend, tables)
        self._groups = Groups(titles.age)
        self.trees = Trees(backend, tables, titles.age)
        self._expansion = ConditionExpansion(
            tables.catalogue, self.trees, find=titles.find,
            selection=lambda id_: SelectionRows(self._reader, tables.catalogue).get(id_),
        )  # fmt: skip

    def open(
        self, query: Query, *, on_start: OnStart = unheard, plain: Sequence[str] = ()
    ) -> ListCursor:
        """A cursor over the rows of the query; nothing is read yet. `plain`: fields whose values
        stand after the columns of each row, links without names.

        UserError names an unknown object, column, condition or sort.
        """
        plan = self._plan(query)
        columns = query.columns or tuple(f.key for f in plan.entity.list_fields())
        shape = RowShape(
            self._tables, plan.entity, columns, self._reader, plan.children, plain
        )  # fmt: skip
        text = query.text.strip()
        search = partial(self._search.matching, plan.entity.key, text) if text else None
        return ListCursor(
            self._backend, plan, shape, self._titles, search=search, on_start=on_start
        )

    def count(self, query: Query, limit: int | None = None) -> int:
        """How many rows the query has; counting stops at `limit`."""
        return self.open(query).count(limit)

    def groups(self, query: Query, sums: Sequence[Field] = ()) -> list[GroupHead]:
        """The groups of a query by its `groups`, with the sums of these fields."""
        from crm_desktop.services.lists.groups import GroupReader

        plan = self._plan(query)
        reader = GroupReader(plan, self._titles, self._clock.local())
        ids = self.open(query).ids() if query.text.strip() else None
        with self._backend.read() as connection:
            return reader.read(connection, ids, sums)

    def next_turn(self, query: Query) -> Turn:
        """When the list becomes another one by itself, with nothing written."""
        from crm_desktop.services.lists.turns import next_turn

        meant = self.written_out(query)
        return next_turn(self._backend, self._tables, meant, self._clock.now())

    def written_out(self, query: Query) -> Query:
        """The query with its conditions in terms of fields: selections, tags, values of trees."""
        entity = self._tables.catalogue.find(query.entity)
        meant = self._expansion.of(entity, query.where)
        return query if meant is query.where else query.replace(where=meant)

    def _plan(self, query: Query) -> ListPlan:
        query = self.written_out(query)
        if self.unseen is not None:
            refuse_hidden(self._tables.catalogue, query, self.unseen)
        plan = ListPlan(self._backend, self._tables, query, self.context(), self._groups)
        if self.privacy is not None:
            plan.narrow(self.privacy.narrowing)
        seen = self.reached(plan.entity)
        if seen is not None:
            plan.reach = by_owners(plan.scope, seen)
        listed = self.listed(plan.entity)
        if listed is not None:
            plan.reach = by_rows(self._backend, plan.scope, listed)
        return plan

    def context(self) -> ConditionContext:
        """Who asks, when and where, for conditions."""
        return ConditionContext(
            self._clock,
            self._user_id(),
            language=i18n.language(),
            region=self.region,
            begins=self._backend.prefix,
            leap=self.leap_day,
            begun=self.begun,
            hides=self.privacy.narrowing if self.privacy is not None else None,
        )

    def leap_day(self) -> tuple[int, int]:
        """Where 29 February is in plain years: the office's choice, asked of the base once."""
        if self.leap is None:
            self.leap = read_leap_day(self._backend, self._tables)
        return self.leap


__all__ = ["Finder", "ListCursor", "ListRow", "Lists", "Measure"]
