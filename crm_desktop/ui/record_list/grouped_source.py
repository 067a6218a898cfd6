"""The worker's side of a grouped list: heads and, between them, the rows of the groups that are
open. The rows of each group are a query of their own, opened when they are first looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_desktop import i18n
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.traits import Book
from crm_desktop.models.query import Query
from crm_desktop.ui.itemmodels.cells import Cell, Row
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list.fields import FieldChoice
from crm_desktop.ui.record_list.looks import Looks
from crm_desktop.ui.record_list.numbers import count_text
from crm_desktop.ui.record_list.source import ListSource

if TYPE_CHECKING:
    from crm_desktop.services.lists.groups import GroupHead
    from crm_desktop.services.lists.service import ListCursor
    from crm_desktop.services.workspace import Workspace


class Stretch(NamedTuple):
    """Rows from `start` on: the head of group number `head`, or (`rows` > 0) its records."""

    start: int
    head: int
    rows: int


class GroupedSource(ListSource):
    """A list whose rows are gathered under heads."""

    def __init__(
        self,
        workspace: Workspace,
        query: Query,
        columns: Sequence[FieldChoice],
        job: Job,
        looks: Looks,
    ) -> None:
        super().__init__(workspace, query, columns, job, looks)
        self._folding = looks.folding
        self._cursors: dict[int, ListCursor] = {}
        self._summed = summed_places(columns, is_book=self._is_book())
        with self._at_work(job):
            fields = [columns[place].field for place in self._summed]
            self.heads: list[GroupHead] = workspace.lists.groups(query, fields)
        self._levels = len(query.groups)
        self._columns = list(columns)

    def _is_book(self) -> bool:
        return self._workspace.catalogue[self.query.entity].trait(Book) is not None

    # --- where the rows stand ---------------------------------------------------------------------

    def stretches(self) -> Iterator[Stretch]:
        """Heads and open groups from the top down; what is inside a folded one is left out."""
        start, folded = 0, -1
        for number, head in enumerate(self.heads):
            if folded >= 0 and head.depth > folded:
                continue
            opened = self.is_open(number)
            folded = -1 if opened else head.depth
            yield Stretch(start, number, 0)
            start += 1
            if opened and head.depth == self._levels - 1:
                yield Stretch(start, number, head.count)
                start += head.count

    def is_open(self, number: int) -> bool:
        """Whether what is under that head is shown."""
        return self._folding.is_open(self.heads[number].trail, len(self.heads))

    @property
    def total(self) -> int:
        """Rows of the table, heads among them."""
        return sum(max(1, stretch.rows) for stretch in self.stretches())

    @property
    def records(self) -> int:
        """How many records the list has."""
        return sum(head.count for head in self.heads if head.depth == 0)

    # --- what is asked ----------------------------------------------------------------------------

    def count(self, job: Job) -> int:
        return self.total

    def prepare(self, job: Job) -> bool:
        return True

    def rows(self, job: Job, start: int, count: int) -> list[Row]:
        found: list[Row] = []
        for stretch in self.stretches():
            end = stretch.start + max(1, stretch.rows)
            if end <= start or stretch.start >= start + count:
                continue
            if not stretch.rows:
                found.append(self._head_row(stretch.head))
                continue
            first = max(start, stretch.start)
            wanted = min(end, start + count) - first
            with self._at_work(job):
                rows = self._cursor_of(stretch.head).rows(first - stretch.start, wanted)
            found.extend(self._made(rows))
        return found

    def ids_between(self, job: Job, first: int, last: int) -> list[int]:
        return [row.id for row in self.rows(job, first, last - first + 1) if row.id >= 0]

    def position(self, job: Job, record: int) -> int | None:
        """Where a record stands among the rows of the groups that were looked at."""
        for stretch in self.stretches():
            cursor = self._cursors.get(stretch.head) if stretch.rows else None
            if cursor is None:
                continue
            with self._at_work(job):
                place = cursor.position(record)
            if place is not None:
                return stretch.start + place
        return None

    def apply_change(self, job: Job, ids: Iterable[int]) -> bool:
        """A changed record may belong to another group: the heads are read anew."""
        return not list(ids)

    def _cursor_of(self, number: int) -> ListCursor:
        cursor = self._cursors.get(number)
        if cursor is None:
            query = self._read_query.narrowed(self.heads[number].where).replace(groups=())
            cursor = self._cursors[number] = self._opened(query)
        return cursor

    # --- heads ------------------------------------------------------------------------------------

    def _head_row(self, number: int) -> Row:
        head = self.heads[number]
        sign = "open" if self.is_open(number) else "folded"
        title = Cell(head.title, "group", head.tone, sign, count_text(head.count), depth=head.depth)
        rest = [Cell("", "group") for _choice in self._columns[1:]]
        for place, value in zip(self._summed, head.sums, strict=True):
            if value is not None and place:
                text = sum_text(self._columns[place].field, value)
                rest[place - 1] = Cell(text, "group", depth=-1)
        return Row(-number - 1, (title, *rest))


def summed_places(columns: Sequence[FieldChoice], *, is_book: bool) -> list[int]:
    """The columns that have sums: numbers of the object itself; in books they only order."""
    if is_book:
        return []
    return [
        place
        for place, choice in enumerate(columns)
        if not choice.over and not choice.child and "sum" in choice.field.aggregates
    ]


def sum_text(f: Field, value: Any) -> str:
    """A sum as a head shows it."""
    return f.format(f.total(value), i18n.language())


def open_source(
    workspace: Workspace, query: Query, columns: Sequence[FieldChoice], job: Job, looks: Looks
) -> ListSource:
    """The source of a list, grouped or not."""
    if query.groups:
        return GroupedSource(workspace, query, columns, job, looks)
    return ListSource(workspace, query, columns, job, looks)
