"""The loader of a list: asks the worker for pages, fills the item model, keeps it true.

Of several questions of one kind the newest wins. A change of the base is worked into the open query
where that is possible; the rows that are seen stay until their successors have come.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from crm_desktop.errors import UserError
from crm_desktop.models.query import Query
from crm_desktop.ui.itemmodels.cells import Column, Row
from crm_desktop.ui.itemmodels.paged import BLOCK, PagedTableModel
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list.fields import FieldChoice
from crm_desktop.ui.record_list.grouped_source import open_source
from crm_desktop.ui.record_list.looks import Looks
from crm_desktop.ui.record_list.source import ListSource
from crm_desktop.ui.session import Session

_REFRESH_MS = 20  # of a save that follows another at once; a refresh takes a few milliseconds
_SETTLE_MS = 60  # let a changed row be painted before its place is looked for
_FEW = 8  # changed records that are shown at once
_BEST = 50  # hits that are shown before all are found
_PREPARE_AFTER_MS = 60  # let the first page be painted: both need the same processor
_COUNT_AFTER_MS = 4  # the same for the number of rows, which is wanted sooner
_BUSY_REFRESH_MS = 700  # while an import writes block after block


@dataclass(frozen=True)
class _Asked:
    """A query to be shown with its columns."""

    query: Query
    choices: Sequence[FieldChoice]
    columns: Sequence[Column]


class Loader(QObject):
    """Keeps one item model filled with the rows of one query."""

    opened = Signal()
    """Other rows are shown; their number may not be known yet."""
    counted = Signal(int)
    refreshed = Signal()
    grown = Signal(int)
    """The id of a record that was added to the list just now."""
    failed = Signal(object)
    """A `UserError`: the query cannot be shown; what was shown before still is."""

    def __init__(self, session: Session, model: PagedTableModel, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._model = model
        self._source: ListSource | None = None
        self.looks = Looks()
        """Marks and folding of the list that is opened next."""
        self._query: Query | None = None
        self._choices: Sequence[FieldChoice] = ()
        self._touched: set[int] | None = set()
        """Records changed since the last refresh; None: too many to name, open anew."""
        self._refreshing = False
        self._refreshed_at = 0.0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._refresh)
        model.block_wanted.connect(self._load)

    def _open(self, query: Query, choices: Sequence[FieldChoice], job: Job) -> ListSource:
        return open_source(self._session.base, query, choices, job, self.looks)

    def refold(self) -> None:
        """Groups were folded or opened: the rows stand elsewhere, the base is not asked anew."""
        source = self._source
        if source is not None and source.total is not None:
            self._model.refresh(source.total)
            self.counted.emit(source.total)

    # --- what the controller asks -----------------------------------------------------------------

    @property
    def source(self) -> ListSource | None:
        """What the rows come from."""
        return self._source

    @property
    def query(self) -> Query | None:
        """The query that is shown."""
        return self._query

    def open(self, query: Query, choices: Sequence[FieldChoice], columns: Sequence[Column]) -> None:
        """Shows another query as soon as its first rows are there."""
        self._soon.stop()
        self._touched, self._refreshing = set(), False
        self._forget("rows", "count", "prepare", "refresh", "best", "changed")
        self._forget("open")
        asked = _Asked(query, choices, columns)
        if query.text and not query.where and not query.sort:
            self._ask_best(asked)
        else:
            self._ask_all(asked, started=False)

    def _ask_best(self, asked: _Asked) -> None:
        """The best hits, to be shown while the base still looks for all."""
        query = asked.query

        def work(job: Job) -> list[Row]:
            source = self._open(query.replace(text=""), asked.choices, job)
            return source.best(job, query.text, _BEST)

        def done(rows: list[Row]) -> None:
            if rows:
                self._source = None
                self._model.open(asked.columns, len(rows), rows)
                self.opened.emit()
            self._ask_all(asked, started=bool(rows))

        self._ask("best", work, done, self.failed.emit)

    def _ask_all(self, asked: _Asked, *, started: bool) -> None:
        """The whole query; `started`: its best hits are shown already."""

        def work(job: Job) -> tuple[ListSource, list[Row]]:
            source = self._open(asked.query, asked.choices, job)
            return source, source.rows(job, 0, BLOCK)

        def done(found: tuple[ListSource, list[Row]]) -> None:
            self._query, self._choices = asked.query, asked.choices
            if started:
                self._complete(*found)
            else:
                self._show(*found, asked.columns)

        self._ask("open", work, done, self.failed.emit)

    def change(self, ids: Iterable[int], *, busy: bool = False) -> None:
        """Records of the list's object were changed, made or deleted."""
        found = set(ids)
        if self._touched is not None:
            self._touched |= found
            if len(self._touched) > BLOCK:
                self._touched = None
        seen = [] if busy or len(found) > _FEW else self._loaded(found)
        if seen:
            self._show_changed(seen)
        self._start_refresh(busy, after_ms=_SETTLE_MS if seen else 0)

    def _loaded(self, ids: Iterable[int]) -> list[int]:
        return [id_ for id_ in ids if self._model.row_of(id_) is not None]

    def _show_changed(self, ids: Sequence[int]) -> None:
        """A saved row is shown at once where it stands; its place in the order comes after."""
        source = self._source
        if source is None:
            return

        def done(rows: list[Row]) -> None:
            if source is self._source:
                for row in rows:
                    self._model.set_row(row)

        self._ask("changed", lambda job: source.rows_of(job, ids), done, None)

    def look_again(self) -> None:
        """Records that the list shows over links were changed: their words may be others."""
        self._start_refresh(False)

    def reopen(self, *, busy: bool = False) -> None:
        """Asks the base anew for the same query, and keeps what is shown until then."""
        self._touched = None
        self._start_refresh(busy)

    def ask(
        self, kind: str, work: Callable[[Job, ListSource], Any], done: Callable[[Any], None],
        failed: Callable[[UserError], None] | None = None,
    ) -> None:  # fmt: skip
        """Asks something of the query that is shown, such as its totals."""
        source = self._source
        if source is not None:
            self._ask(kind, lambda job: work(job, source), done, failed)

    def close(self) -> None:
        """Nothing is wanted any more."""
        self._soon.stop()
        self._forget("open", "best", "rows", "count", "prepare", "refresh", "changed")
        self._source = None

    # --- pages ------------------------------------------------------------------------------------

    def _show(self, source: ListSource, rows: list[Row], columns: Sequence[Column]) -> None:
        self._source = source
        total = source.total if source.total is not None else self._end(rows)
        self._model.open(columns, len(rows) if total is None else total, rows)
        self.opened.emit()
        self._prepare(source, total)

    def _complete(self, source: ListSource, rows: list[Row]) -> None:
        """The whole list takes the place of its best hits."""
        self._source = source
        total = source.total if source.total is not None else self._end(rows)
        self._model.set_count(len(rows) if total is None else total)
        self._model.set_block(0, rows)
        self.refreshed.emit()
        self._prepare(source, total)

    @staticmethod
    def _end(rows: Sequence[Row]) -> int | None:
        """A first page that is not full is the whole list."""
        return len(rows) if len(rows) < BLOCK else None

    def _prepare(self, source: ListSource, total: int | None) -> None:
        if total is not None:
            self._say_count(total)
            if total <= BLOCK:
                return

        def done(found: int) -> None:
            if source is self._source:
                if total is None:
                    self._say_count(found)
                QTimer.singleShot(_PREPARE_AFTER_MS, self, lambda: self._make_quick(source))

        QTimer.singleShot(_COUNT_AFTER_MS, self, lambda: self._count(source, done))

    def _count(self, source: ListSource, done: Callable[[int], None]) -> None:
        if source is self._source:
            self._ask("count", source.count, done, None)

    def _make_quick(self, source: ListSource) -> None:
        """Prepares every page."""
        if source is not self._source:
            return

        def done(ready: bool) -> None:
            if source is self._source and not ready:
                self._make_quick(source)

        self._ask("prepare", source.prepare, done, None)

    def _say_count(self, total: int) -> None:
        self._model.set_count(total)
        self.counted.emit(total)

    def _load(self, start: int, count: int) -> None:
        source = self._source
        if source is None:
            return

        def done(rows: list[Row]) -> None:
            if source is self._source:
                self._model.set_block(start, rows)

        def failed(error: UserError) -> None:
            self._model.block_failed(start)
            self.failed.emit(error)

        self._ask("rows", lambda job: source.rows(job, start, count), done, failed)

    # --- keeping it true --------------------------------------------------------------------------

    def _start_refresh(self, busy: bool, *, after_ms: int = 0) -> None:
        """At once after a while of quiet, so that a save is seen; then at a bearable pace."""
        if self._soon.isActive():
            return
        quiet = (time.monotonic() - self._refreshed_at) * 1000 > _REFRESH_MS
        self._soon.start(_BUSY_REFRESH_MS if busy else after_ms if quiet else _REFRESH_MS)

    def _refresh(self) -> None:
        if self._source is None or self._query is None:
            return
        if self._refreshing:  # its answer first: what it was told must not be lost
            self._soon.start(_REFRESH_MS)
            return
        touched, self._touched = self._touched, set()
        self._refreshing, self._refreshed_at = True, time.monotonic()
        source, query, choices = self._source, self._query, self._choices
        before = self._model.rowCount()

        def work(job: Job) -> tuple[ListSource, int]:
            if touched is not None and source.apply_change(job, touched):
                return source, source.count(job)
            fresh = self._open(query, choices, job)
            return fresh, fresh.count(job)

        def done(found: tuple[ListSource, int]) -> None:
            self._refreshing = False
            if source is not self._source:  # another query was opened: its rows may be older
                known = self._touched
                self._touched = None if known is None or touched is None else known | touched
                self._soon.start(_REFRESH_MS)
                return
            self._take(*found)
            if touched is not None and len(touched) == 1 and found[1] == before + 1:
                self.grown.emit(next(iter(touched)))

        def failed(error: UserError) -> None:
            self._refreshing, self._touched = False, None
            self.failed.emit(error)

        self._ask("refresh", work, done, failed)

    def _take(self, source: ListSource, total: int) -> None:
        self._source = source
        self._model.refresh(total)
        self.counted.emit(total)
        self.refreshed.emit()
        self._prepare(source, None)

    # --- asking -----------------------------------------------------------------------------------

    def _ask(
        self,
        kind: str,
        work: Callable[[Job], Any],
        done: Callable[[Any], None],
        failed: Callable[[UserError], None] | None,
    ) -> None:
        key = ("list", id(self), kind)
        self._session.operations.query(key, work, owner=self, done=done, failed=failed)

    def _forget(self, *kinds: str) -> None:
        for kind in kinds:
            self._session.operations.forget(("list", id(self), kind))
