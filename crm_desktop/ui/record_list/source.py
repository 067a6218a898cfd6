"""The worker's side of a list: one open query, read by one thread at a time, stopped from outside.

A page that a person looks at goes before the preparation of all other pages.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crm_desktop import i18n
from crm_desktop.models.catalogue.fieldtypes import TagsField
from crm_desktop.models.catalogue.ownership import pictured
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.models.query import Condition, Query
from crm_desktop.ui.itemmodels.cells import Row
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list.cells import RowMaker
from crm_desktop.ui.record_list.fields import FieldChoice
from crm_desktop.ui.record_list.looks import Looks
from crm_desktop.ui.record_list.whole_days import WholeDays
from crm_desktop.ui.runtime.stopping import Stopping

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from crm_desktop.services.lists.marks import Mark
    from crm_desktop.services.lists.service import ListCursor, ListRow, Measure
    from crm_desktop.services.rights.page_rows import RowOwners
    from crm_desktop.services.workspace import Workspace


class ListSource:
    """The rows of one query as they are painted. Every call is made in a worker."""

    def __init__(
        self,
        workspace: Workspace,
        query: Query,
        columns: Sequence[FieldChoice],
        job: Job,
        looks: Looks | None = None,
    ) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._waiting = 0
        self._stopping = Stopping(workspace.backend)
        self.query = query
        self._maker = RowMaker(
            workspace.catalogue[query.entity], columns,
            now=workspace.clock.local(), language=i18n.language(),
            faces=[entity.key for entity, _trait in pictured(workspace.catalogue)],
            office=self._midnights(workspace),
        )  # fmt: skip
        if any(choice.field.type_name == TagsField.type_name for choice in columns):
            from crm_desktop.services.tags.service import tag_tones

            self._maker.colour_tags(tag_tones(workspace))
        self._read_query = query
        """With the columns that marks need besides those that are shown."""
        if looks is not None and looks.marks:
            self._mark_rows(workspace, looks.marks)
        self._days = WholeDays(
            workspace, workspace.catalogue[query.entity], self._read_query.columns
        )
        self.owners: RowOwners | None = None
        """Whose the rows are, where that makes a difference."""
        with self._at_work(job):
            if workspace.rights is not None:
                self._note_owners(workspace)
            self._cursor = self._opened(self._read_query)

    def _midnights(self, workspace: Workspace) -> tzinfo | None:
        """The zone whose midnights begin whole days; None: the person's (`WholeDays`)."""
        scheduled = workspace.catalogue[self.query.entity].trait(Scheduled)
        return None if scheduled is not None else workspace.worktime.usual_zone()

    def _note_owners(self, workspace: Workspace) -> None:
        from crm_desktop.services.rights.page_rows import RowOwners

        self.owners = RowOwners(workspace, workspace.catalogue[self.query.entity])

    def _mark_rows(self, workspace: Workspace, marks: Sequence[Mark]) -> None:
        from crm_desktop.services.lists.marks import Marker

        entity, context = workspace.catalogue[self.query.entity], workspace.lists.context()
        marker = Marker(workspace.catalogue, entity, marks, self.query.columns, context)
        self._read_query = self.query.replace(columns=tuple(marker.columns))
        self._maker.mark(marker.tones)

    def _opened(self, query: Query) -> ListCursor:
        plain = self.owners.columns if self.owners is not None else ()
        return self._workspace.lists.open(query, on_start=self._stopping.started, plain=plain)

    @contextmanager
    def _at_work(self, job: Job) -> Iterator[None]:
        self._waiting += 1
        with self._lock:
            self._waiting -= 1
            job.check()
            job.on_cancel(self._stopping.stop)
            yield

    def best(self, job: Job, text: str, most: int) -> list[Row]:
        """The best hits for a text, found at once in any size of base; not all of them."""
        hits = self._workspace.search.as_typed(text, self.query.entity, most).hits
        with self._at_work(job):
            found = self._cursor.rows_of([hit.id for hit in hits])
        return self._made(found)

    def _made(self, found: Sequence[ListRow]) -> list[Row]:
        """As they are painted."""
        if self.owners is not None:
            self.owners.note(found)
        return self._painted(found)

    def _painted(self, found: Sequence[ListRow]) -> list[Row]:
        if self.owners is not None:
            found = self.owners.bare(found)
        return self._maker.rows(self._days.rows(found))

    # --- what is asked ----------------------------------------------------------------------------

    @property
    def turns(self) -> datetime | None:
        """When something of what was read becomes overdue by itself."""
        return self._maker.turns

    @property
    def total(self) -> int | None:
        """How many rows there are, as soon as that is known."""
        return self._cursor.total

    @property
    def records(self) -> int | None:
        """How many of the rows are records."""
        return self.total

    def rows(self, job: Job, start: int, count: int) -> list[Row]:
        """A page."""
        with self._at_work(job):
            found = self._cursor.rows(start, count)
        return self._made(found)

    def rows_of(self, job: Job, ids: Sequence[int]) -> list[Row]:
        """The rows of these records, wherever they stand."""
        with self._at_work(job):
            found = self._cursor.rows_of(ids)
        return self._made(found)

    def count(self, job: Job) -> int:
        """How many rows there are."""
        with self._at_work(job):
            return self._cursor.count()

    def prepare(self, job: Job) -> bool:
        """Makes every page quick; False if it gave way to somebody and has to be called again."""
        with self._at_work(job):
            return self._cursor.prepare(lambda: job.cancelled or self._waiting > 0)

    def position(self, job: Job, record: int) -> int | None:
        """Where a record stands."""
        with self._at_work(job):
            return self._cursor.position(record)

    def first_beginning(self, job: Job, path: str, letters: str) -> int | None:
        """The first record whose text in a column begins so; it is in the list."""
        job.check()
        narrowed = self.query.narrowed(Condition(path, "starts", letters))
        rows = self._workspace.lists.open(narrowed).first(1)
        return rows[0].id if rows else None

    def ids(self, job: Job, without: Iterable[int] = ()) -> list[int]:
        """The ids of all rows in order but these."""
        left_out = frozenset(without)
        with self._at_work(job):
            found = self._cursor.ids()
        return [id_ for id_ in found if id_ not in left_out] if left_out else list(found)

    def ids_between(self, job: Job, first: int, last: int) -> list[int]:
        """The ids of a stretch of rows, both ends included."""
        with self._at_work(job):
            if self._cursor.prepared:
                return list(self._cursor.ids()[first : last + 1])
            return [row.id for row in self._cursor.rows(first, last - first + 1)]

    def chosen_rows(
        self, job: Job, wanted: Iterable[int] | None, without: Iterable[int], *, most: int
    ) -> list[Row]:
        """Rows of these records in the list's order, at most `most`; None: all but `without`."""
        chosen = None if wanted is None else frozenset(wanted)
        ids = [
            id_ for id_ in self.ids(job, without) if chosen is None or id_ in chosen
        ][:most]  # fmt: skip
        with self._at_work(job):
            found = self._cursor.rows_of(ids)
        return self._painted(found)

    def totals(
        self, job: Job, ids: Sequence[int] | None, measures: Sequence[Measure]
    ) -> dict[Measure, Any]:
        """Sums of number columns over these rows, or all."""
        with self._at_work(job):
            return self._cursor.totals(ids, measures)

    def apply_change(self, job: Job, ids: Iterable[int]) -> bool:
        """Works changed records in; False: the query has to be opened anew."""
        with self._at_work(job):
            return self._cursor.apply_change(ids)
