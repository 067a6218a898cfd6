"""Fills a base with a demo company: one operation, written as if it had grown for two years.

Everything goes through the one writer in blocks of a week, of a day for the last fortnight, with
the clock of the writer put to the end of the block: "created" and "changed" are believable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from random import Random
from typing import Any

import sqlalchemy as sa

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.sales_traits import PricedLines
from crm_desktop.models.catalogue.traits import Identity
from crm_desktop.models.query import Condition, Group, Query, Where, sort_from_text, where_from_json
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.demo.bonds import Bonds
from crm_desktop.services.demo.clients import Client, Clients
from crm_desktop.services.demo.countries import country_of
from crm_desktop.services.demo.deals import ONE_OF as DEALS_ONE_OF
from crm_desktop.services.demo.deals import Deals
from crm_desktop.services.demo.doubles import ONE_OF, doubles
from crm_desktop.services.demo.enquiries import ONE_OF as LEADS_ONE_OF
from crm_desktop.services.demo.enquiries import Enquiries
from crm_desktop.services.demo.history import Event, History
from crm_desktop.services.demo.papers import Papers
from crm_desktop.services.demo.people import Seat, Stage, colleagues, with_heads
from crm_desktop.services.demo.reminders import Reminders
from crm_desktop.services.demo.sets import Sets
from crm_desktop.services.demo.week import Week
from crm_desktop.services.operations import Operation, OperationLog
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create, Update, Write

SEED = 2024
CLIENTS = 2400
TITLE = Title(N_("Demo company"))
ID_BLOCK = 4000
FORTNIGHT, WEEK = 14, 7
Progress = Callable[[int, int], None]


def fill_demo(
    workspace: Workspace,
    *,
    clients: int = CLIENTS,
    seed: int = SEED,
    progress: Progress | None = None,
    check: Callable[[], None] | None = None,
) -> int:
    """Makes the demo company in an empty base; how many records it has.

    `check` may raise `Cancelled` between blocks: then what was written is undone.
    """
    return _Filling(workspace, Random(seed), progress, check).run(clients)


class _Filling:
    """One filling of one base."""

    def __init__(
        self,
        workspace: Workspace,
        chance: Random,
        progress: Progress | None,
        check: Callable[[], None] | None,
    ) -> None:
        self._workspace = workspace
        self._country = country_of(workspace.info("language"))
        self._chance = chance
        self._progress = progress
        self._check = check
        self._ids = self._numbers()
        self._now = workspace.clock.local()

    def _numbers(self) -> Iterator[int]:
        """Record ids, asked for in blocks, so that records can point to each other at once."""
        while True:
            with self._workspace.backend.write() as connection:
                block = self._workspace.backend.ids(connection, ID_BLOCK)
            yield from block

    def run(self, amount: int) -> int:
        books, made = self._books()
        stage = Stage(self._country, self._chance, self._ids.__next__, books, self._now)
        office = self._office(stage)
        makers = Clients(stage)
        history = History(stage)
        papers = Papers(self._workspace)
        reminders = Reminders(self._country.language, books, self._now)
        events = []
        twice = amount // ONE_OF
        known = [makers.make() for _n in range(amount - twice)]
        bonds = Bonds(stage)
        bonds.mark(known)
        for client in [*known, *doubles(stage, known, twice)]:
            events += [*history.events(client), *papers.events(client)]
            events += reminders.events(client)
        events += [Event(age, (write,)) for age, write in makers.second_jobs]
        events += [*bonds.relations(known), *bonds.selections(known)]
        events += Week(stage, known).events()
        sales, began = self._sales(stage, known, amount)
        events += sales
        events += Sets(stage, self._workspace.worktime.of(None)).events(known)
        events.sort(key=lambda event: -event.age)
        banks = makers.requisites.directory()
        start = Event(
            (events[0].age if events else 0) + 1, (*made, *office, *banks, *bonds.tags(), *began)
        )
        operation = self._begin(stage.seats)
        try:
            self._write(operation, [start, *events], [s.id for s in stage.seats if not s.gone])
        except BaseException:
            self._workspace.operations.end(operation, self._workspace.clock.now())
            self._workspace.undo.undo(operation.id, skip_blocked=True)
            raise
        self._workspace.operations.end(operation, self._workspace.clock.now())
        self._save_views(books)
        self._workspace.backend.analyze()
        self._look_for_doubles()
        return operation.total

    # --- what is there before the first client ----------------------------------------------------

    def _books(self) -> tuple[dict[tuple[str, str], int], list[Write]]:
        """Ids of reference values; the regions and departments are new."""
        table = self._workspace.tables.main["reference"]
        with self._workspace.backend.read() as connection:
            rows = connection.execute(sa.select(table.c.id, table.c.book, table.c.name)).all()
        books = {(row.book, row.name): row.id for row in rows}
        made: list[Write] = []
        wanted = {("region", city.region): None for city in self._country.cities}
        wanted |= {("industry", trade.industry): None for trade in self._country.trades}
        wanted |= {("department", seat.department): None for seat in self._country.office}
        for book, names in self._country.books.items():
            wanted |= {(book, name): None for name in names.values()}
        for place, (book, name) in enumerate(key for key in wanted if key not in books):
            books[book, name] = next(self._ids)
            values = {"name": name, "book": book, "tone": "neutral", "place": place + 1}
            made.append(Create("reference", values, id=books[book, name]))
        return books, made

    def _office(self, stage: Stage) -> list[Write]:
        """The colleagues; the one a new base comes with becomes the first of the sellers."""
        domain = self._country.latin(self._country.company) + ".example"
        writes = colleagues(stage, domain)
        table = self._workspace.tables.main["staff"]
        with self._workspace.backend.read() as connection:
            first = connection.execute(sa.select(sa.func.min(table.c.id))).scalar()
        if first is None:
            return with_heads(stage.seats, writes)
        at = next(place for place, seat in enumerate(stage.seats) if seat.duty == "sales")
        seller = writes[at]
        assert isinstance(seller, Create)
        writes[at] = Update("staff", first, seller.values)
        stage.seats[at] = Seat(first, "sales", False)
        return with_heads(stage.seats, writes)

    def _sales(
        self, stage: Stage, known: list[Client], amount: int
    ) -> tuple[list[Event], list[Write]]:
        """Leads and deals by the first pipeline, and what has to be there before them."""
        workspace, pipeline = self._workspace, self._workspace.pipelines.all()[0]
        enquiries = Enquiries(stage, pipeline)
        began = enquiries.beginning()
        lines, _trait = workspace.catalogue.with_trait(PricedLines)
        deals = Deals(stage, pipeline, lines, workspace.worktime.of(None).minutes_between)
        deals.campaigns = enquiries.campaigns
        events = list(deals.events(known, max(2, amount // DEALS_ONE_OF)))
        return [*events, *enquiries.events(known, max(2, amount // LEADS_ONE_OF))], began

    def _begin(self, seats: list[Seat]) -> Operation:
        """Its author is the director, so that Ctrl+Z of whoever tries the program leaves it."""
        workspace = self._workspace
        log = OperationLog(workspace.backend, workspace.tables, workspace.seat, seats[0].id)
        return log.start(TITLE, workspace.clock.now(), "save")

    # --- writing ----------------------------------------------------------------------------------

    def _write(self, operation: Operation, events: list[Event], authors: list[int]) -> None:
        total, done = sum(len(event.writes) for event in events), 0
        for number, block in enumerate(_blocks(events)):
            if self._check is not None:
                self._check()
            moment = (self._now - timedelta(days=block[-1].age)).astimezone(UTC)
            author = authors[number % len(authors)]
            writer = replace(
                self._workspace.records, clock=MovedClock(_tidy(moment)), author=author
            )
            writes = [write for event in block for write in event.writes]
            writer.apply(writes, operation=operation)
            done += len(writes)
            if self._progress is not None:
                self._progress(done, total)

    def _look_for_doubles(self) -> None:
        """So that the page of duplicates has something to show at once."""
        service = self._workspace.duplicates
        for entity in service.objects():
            if entity.trait(Identity) is not None:
                service.sweep(entity)

    # --- saved views ------------------------------------------------------------------------------

    def _save_views(self, books: dict[tuple[str, str], int]) -> None:
        for view in self._country.views:
            entity = self._workspace.catalogue[view.entity]
            where = _with_ids(entity, where_from_json(view.where), books)
            query = Query(
                view.entity, view.columns, where, sort_from_text(view.sort), groups=view.groups
            )
            layout: dict[str, Any] = {"pinned": True} if view.pinned else {}
            if view.marks:
                layout["marks"] = [dict(mark) for mark in view.marks]
            self._workspace.views.save(view.name, query, layout=layout)


def _blocks(events: Iterable[Event]) -> Iterator[list[Event]]:
    """Events of a week each, of a day each in the last fortnight."""

    def block(event: Event) -> tuple[bool, int]:
        late = event.age < FORTNIGHT
        return late, int(event.age if late else event.age / WEEK)

    for _key, found in groupby(events, block):
        yield list(found)


def _tidy(moment: datetime) -> datetime:
    """To the millisecond, as clocks give it."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _with_ids(
    entity: EntityDef, where: Where | None, books: dict[tuple[str, str], int]
) -> Where | None:
    """The condition with ids for the names of reference values, as the window keeps it."""
    if isinstance(where, Group):
        items = (_with_ids(entity, item, books) for item in where.items)
        return Group(where.join, tuple(item for item in items if item is not None))
    if where is None:
        return None
    f = entity.field(where.path) if entity.has(where.path) else None
    if not isinstance(f, LinkField) or not f.book or not where.value:
        return where
    return Condition(where.path, where.op, tuple(books[f.book, name] for name in where.value))
