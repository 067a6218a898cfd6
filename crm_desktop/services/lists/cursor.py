"""ListCursor: one query being looked at, page by page, by exactly one thread.

The first page comes at once. Meanwhile, or after it, `prepare` fetches what makes every other page
as quick: all sorted ids where the back end gives them fast, else a known place at every 128th row.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.services.lists.items import WalkPlan
from crm_desktop.services.lists.keeping import IdKeeper, order_by_keys
from crm_desktop.services.lists.plan import SORTS_ANYTHING, ListPlan
from crm_desktop.services.lists.rows import ListRow, RowShape
from crm_desktop.services.lists.totals import Measure, read_totals
from crm_desktop.services.lists.walk import STEP, Walker, WalkShape
from crm_desktop.services.reader import parts_of
from crm_desktop.services.titles import Titles

OnStart = Callable[[sa.Connection | None], None]
"""Told the connection before a call reads, so that `Backend.interrupt` can end it, then None."""

MOST_TOUCHED = 50
"""So many changed records are worked into an open cursor; after more it is opened anew."""


def never() -> bool:
    """For whoever does not cancel."""
    return False


def unheard(_connection: sa.Connection | None) -> None:
    """For whoever does not interrupt."""


class ListCursor:
    """The rows of one query. All that comes out are plain values."""

    def __init__(
        self,
        backend: Backend,
        plan: ListPlan,
        shape: RowShape,
        titles: Titles,
        *,
        search: Callable[[], Sequence[int]] | None = None,
        on_start: OnStart = unheard,
    ) -> None:
        self.on_start = on_start
        self._backend = backend
        self._plan = plan
        self._shape = shape
        self._titles = titles
        self._find = search
        self._ranked: Sequence[int] | None = None
        self._decided = False
        self._way: WalkPlan | None = None
        self._walker: Walker | None = None
        self._parts: list[sa.Select[Any]] = []
        self._ids: array[int] | None = None
        self._total: int | None = None

    # --- what is shown ----------------------------------------------------------------------------

    @property
    def columns(self) -> tuple[str, ...]:
        """The paths of the columns."""
        return tuple(column.path.text for column in self._shape.columns)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The field of each column, for `cells.format_cell`."""
        return tuple(column.path.field for column in self._shape.columns)

    @property
    def prepared(self) -> bool:
        """Whether every page is as quick as the first."""
        explored = self._walker is not None and self._walker.explored
        return self._ids is not None or explored

    @property
    def total(self) -> int | None:
        """How many rows there are, as soon as that is known."""
        return self._total

    def first(self, count: int) -> list[ListRow]:
        """The first rows."""
        return self.rows(0, count)

    def rows(self, start: int, count: int) -> list[ListRow]:
        """The rows of any page; fewer at the end. UserError if the order takes too long."""
        with self._reading() as connection:
            self._decide(connection)
            if self._ids is not None:
                ids = self._ids[start : start + count]
                return self._shape.by_ids(connection, ids, self._titles)
            if self._walker is not None:
                if not self._walker.explored:
                    self._walker.total = self._total
                found = self._walker.rows(connection, start, count)
                return self._shape.finish(connection, found, self._titles)
            some = self._sorted(connection, start, count)
            return self._shape.by_ids(connection, some, self._titles)

    def _sorted(self, connection: sa.Connection, start: int, count: int) -> list[int]:
        """The ids of a page that is sorted for its sake."""
        found: list[int] = []
        for select in self._parts:
            wanted = self._backend.limit(select, count - len(found), start)
            some = connection.execute(wanted).scalars().all()
            found.extend(some)
            if len(found) == count or select is self._parts[-1]:
                break
            if not some:
                whole = sa.select(sa.func.count()).select_from(select.order_by(None).subquery())
                start -= int(connection.execute(whole).scalar_one())
            else:
                start = 0
        return found

    def rows_of(self, ids: Sequence[int]) -> list[ListRow]:
        """The rows of these records in this order; those that are gone are left out."""
        with self._reading() as connection:
            return self._shape.by_ids(connection, ids, self._titles)

    def count(self, limit: int | None = None) -> int:
        """How many rows there are; counting stops at `limit`."""
        if self._total is None:
            with self._reading() as connection:
                self._search(connection)
                if self._total is None:
                    self._plan.resolve(connection)
                    self._plan.settle(connection)
                    found = self._plan.count_up_to(connection, self._plan.conditions, limit)
                    if limit is not None and found >= limit:
                        return limit
                    self._total = found
        return self._total if limit is None else min(self._total, limit)

    # --- making every page quick ------------------------------------------------------------------

    def prepare(self, cancelled: Callable[[], bool] = never) -> bool:
        """Makes every page quick; True when done. False: cancelled, call again to go on."""
        if self.prepared:
            return True
        if cancelled():
            return False
        with self._reading() as connection:
            self._decide(connection)
            if self._ids is None:
                if self._walker is not None and not self._fits_at_once(connection):
                    return self._explore(connection, self._walker, cancelled)
                self._ids = self._all_ids(connection, cancelled)
            if self._ids is None:
                return False
            self._total = len(self._ids)
        return True

    def _fits_at_once(self, connection: sa.Connection) -> bool:
        most = self._backend.ids_at_once
        if most >= SORTS_ANYTHING:
            return True
        if self._total is None:
            found = self._plan.count_up_to(connection, self._plan.conditions, most + 1)
            if found > most:
                return False
            self._total = found
        return self._total <= most

    def _explore(
        self, connection: sa.Connection, walker: Walker, cancelled: Callable[[], bool]
    ) -> bool:
        done = walker.explore(connection, cancelled, self.on_start)
        if done:
            self._total = walker.total
        return done

    def _all_ids(
        self, connection: sa.Connection, cancelled: Callable[[], bool] = never
    ) -> array[int] | None:
        """Along the index where that alone holds the matches; None when cancelled."""
        pure = self._way is not None and self._way.pure and self._plan.reach is None
        if self._walker is not None and pure:
            return self._walker.gather(connection, cancelled)
        return self._backend.all_ids(connection, self._plan.sorted_ids())

    # --- the whole and its parts ------------------------------------------------------------------

    def ids(self, start: int = 0, count: int | None = None) -> array[int]:
        """The ids of all rows in order, eight bytes each, or of some, for "select all"."""
        if self._ids is None:
            with self._reading() as connection:
                self._decide(connection)
                if self._ids is None and count is None:
                    return (self._all_ids(connection) or array("q"))[start:]
                if self._ids is None and self._walker is not None:
                    found = self._walker.rows(connection, start, count or 0)
                    return array("q", [row[0] for row in found])
                if self._ids is None:
                    return array("q", self._sorted(connection, start, count or 0))
        assert self._ids is not None
        return self._ids[start:] if count is None else self._ids[start : start + count]

    def position(self, id_: int) -> int | None:
        """Where the record stands in the list; None if it does not."""
        if self._ids is None and not self.prepare():
            return None
        if self._ids is not None:
            try:
                return self._ids.index(id_)
            except ValueError:
                return None
        assert self._walker is not None
        with self._reading() as connection:
            return self._walker.position(connection, id_)

    def totals(self, ids: Iterable[int] | None, measures: Sequence[Measure]) -> dict[Measure, Any]:
        """Sums, counts ... of number columns, over some rows or (None) all of them."""
        with self._reading() as connection:
            chosen = None if ids is None else list(ids)
            if chosen is None and self._ranked is not None:
                self._search(connection)
                chosen = list(self._ids or ())
            return read_totals(connection, self._plan, chosen, measures)

    def apply_change(self, ids: Iterable[int]) -> bool:
        """Works created, changed and deleted records into the list.

        True: the cursor goes on, `total` is right, rows may have moved. False: open it anew.
        """
        touched = list(dict.fromkeys(ids))
        searched = self._find is not None or self._ranked is not None
        if searched or len(touched) > MOST_TOUCHED:
            return False
        with self._reading() as connection:
            if self._ids is not None:
                kept = IdKeeper(self._plan, self._ids).apply(connection, touched)
                self._total = len(self._ids)
                return kept
            if self._walker is None or not self._walker.explored:
                self._forget()
                return True
            kept = self._walker.keep(connection, touched)
            self._total = self._walker.total
            return kept

    def _forget(self) -> None:
        """Nothing but the first page was found yet: it is found again when asked for."""
        self._decided, self._way, self._walker, self._total = False, None, None, None

    # --- how --------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        if self._find is not None:
            self._ranked, self._find = self._find(), None
        with self._backend.read() as connection:
            self.on_start(connection)
            try:
                yield connection
            finally:
                self.on_start(None)

    def _decide(self, connection: sa.Connection) -> None:
        """Chooses, once, how the rows are found."""
        if self._decided:
            return
        self._search(connection)
        if self._ids is None:
            self._plan.resolve(connection)
            self._way = self._plan.walk(connection)
            if self._way is None:
                self._plan.check_sortable(connection)
                self._parts = self._plan.parts(connection)
            else:
                shape = self._walk_shape(self._way)
                self._walker = Walker(self._backend, shape, self._way.segments)
        self._decided = True

    def _walk_shape(self, way: WalkPlan) -> WalkShape:
        wide = self._shape.scope
        wide.side_used = wide.side_used or self._plan.side_used
        return WalkShape(wide.source(), wide.id, way.where, tuple(self._shape.selected))

    def _search(self, connection: sa.Connection) -> None:
        """What the search has found is known at once: by its rank, or in the order asked for."""
        if self._ranked is None or self._ids is not None:
            return
        if not self._plan.query.sort and not self._plan.conditions:
            self._ids = array("q", self._ranked)  # the search knows only records that are there
            self._total = len(self._ids)
            return
        rows: list[Sequence[Any]] = []
        for part in parts_of(self._ranked):
            rows.extend(self._plan.keys(connection, part))
        if self._plan.query.sort:
            ids = order_by_keys(rows, self._plan.ordering)
        else:
            there = {row[0] for row in rows}
            ids = [id_ for id_ in self._ranked if id_ in there]
        self._ids = array("q", ids)
        self._total = len(ids)


__all__ = ["MOST_TOUCHED", "STEP", "ListCursor", "OnStart"]
