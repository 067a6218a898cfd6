"""The big bases of the benchmarks: made once, kept in a folder, complete to the last change row.

Rows are written past the one writer, since a million clients would take it half an hour, but from
the same parts: layout of rows, change log, search documents. `check` finds nothing wrong in them. A
base on a server is the file moved there.
"""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple

import sqlalchemy as sa

from benchmarks.content import NOW, Content, Made
from benchmarks.whole_rows import whole_columns, whole_rows
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.rowcodec import RowCodec
from crm_desktop.models.schema import plain_values
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.demo.russian_places import CITIES
from crm_desktop.services.maintenance.kept_fields import renew_kept
from crm_desktop.services.operations import Operation
from crm_desktop.services.search.document import (
    Document,
    body_of,
    field_terms,
    has_documents,
    own_terms,
    postings,
)
from crm_desktop.services.workspace import Workspace, create_base, open_base
from crm_desktop.services.writing.changes import CREATED, ChangeRow, Changes, Title, encode_json
from crm_desktop.services.writing.staging import Create

FOLDER_VARIABLE = "CRM_DESKTOP_BENCH_DIR"
BLOCK = 20_000
SEED = 41
STAFF = 12
PEOPLE, ACTIVITIES = 150_000, 300_000
BUSY = 150
"""Entries about the first client: the busy card."""
Say = Callable[[str], None]


class Size(NamedTuple):
    """How many records a base has."""

    clients: int
    people: int = PEOPLE
    activities: int = ACTIVITIES


def cache_folder() -> Path:
    """Where the bases are kept from one run to the next."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    folder = Path(chosen) if chosen else Path(tempfile.gettempdir()) / "crm-desktop-benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def base_file(size: Size, say: Say) -> Path:
    """The base of this size; made if it is not there yet."""
    path = cache_folder() / f"clients-{size.clients}.crm"
    if path.exists():
        open_base(path).close()  # of an earlier version of the program: upgraded here, not measured
        return path
    unready = path.with_name(f"making-{size.clients}.crm")
    for old in unready.parent.glob(unready.name + "*"):
        old.unlink()
    say(f"making a base of {size.clients:,} clients")
    workspace = create_base(unready, language="ru", clock=MovedClock(NOW))
    try:
        _Loader(workspace, say).load(size)
        say("reckoning last contacts and next steps")
        renew_kept(workspace.records)
    finally:
        workspace.close()
    return unready.rename(path)


class _Loader:
    """Writes the records of one base in big blocks, all of one operation."""

    def __init__(self, workspace: Workspace, say: Say) -> None:
        self._workspace = workspace
        self._backend = workspace.backend
        self._tables = workspace.tables
        self._say = say
        self._codecs = {e.key: RowCodec(self._tables, e) for e in workspace.catalogue}
        self._words: set[str] = set()

    def load(self, size: Size) -> None:
        """Everything, then the search rows in their order, then what the optimiser wants."""
        content = Content(self._books(), SEED, self._first_id())
        now = self._workspace.clock.now()
        operation = self._workspace.operations.start(Title("Benchmark"), now, "import")
        with self._backend.write() as connection:
            connection.exec_driver_sql("CREATE TEMP TABLE found (ent, tok, rid)")
            self._fill(connection, content, operation, size)
            self._say("writing the search rows")
            self._workspace.index.learn(connection, self._words)
            connection.exec_driver_sql(
                "INSERT INTO search_posting (ent, tok, rid) SELECT ent, tok, rid FROM found "
                "ORDER BY ent, tok, rid"
            )
            connection.exec_driver_sql("DROP TABLE found")
            self._backend.continue_numbers(connection, ids=content.last_id, sequence=0)
            self._workspace.operations.finish(connection, operation, operation.total, now)
        self._backend.analyze()

    def _first_id(self) -> int:
        with self._backend.write() as connection:
            return self._backend.ids(connection, 1)[0]

    def _books(self) -> dict[str, list[int]]:
        """Reference values and colleagues, through the one writer."""
        writes = [Create("staff", {"name": f"Colleague {n}"}) for n in range(STAFF)]
        regions = dict.fromkeys(city.region for city in CITIES)
        writes += [Create("reference", {"name": name, "book": "region"}) for name in regions]
        self._workspace.records.apply(writes, Title("Benchmark"))
        table = self._tables.main["reference"]
        books: dict[str, list[int]] = defaultdict(list)
        with self._backend.read() as connection:
            for id_, book in connection.execute(sa.select(table.c.id, table.c.book)):
                books[book].append(id_)
            staff = sa.select(self._tables.main["staff"].c.id)
            books["staff"] = list(connection.scalars(staff))
        return books

    # --- records ----------------------------------------------------------------------------------

    def _fill(
        self, connection: sa.Connection, content: Content, operation: Operation, size: Size
    ) -> None:
        clients: list[int] = []
        for block in _blocks(_records(content, size, clients)):
            self._write(connection, block, operation)
            self._say(f"{operation.total:,} records")

    def _write(self, connection: sa.Connection, block: list[Made], operation: Operation) -> None:
        by_entity: dict[str, list[Made]] = defaultdict(list)
        for made in block:
            by_entity[made.entity].append(made)
        for key, found in by_entity.items():
            self._insert(connection, self._codecs[key], found)
        self._index(connection, block)
        log, now = self._workspace.records.log, operation.started_at
        changes = Changes()
        changes.add_rows(map(self._change, block))
        link = log.append(connection, changes, operation=operation.id, author=None, now=now)
        log.settle(link)
        operation.total += len(block)

    def _insert(self, connection: sa.Connection, codec: RowCodec, found: list[Made]) -> None:
        ids = [made.id for made in found]
        rows = whole_rows(codec, ids, [made.values for made in found], NOW)
        self._backend.insert_many(connection, codec.main, whole_columns(codec), rows)

    def _change(self, made: Made) -> ChangeRow:
        entity = self._workspace.catalogue[made.entity]
        delta = encode_json(plain_values(entity, made.values))
        return ChangeRow(entity.number, made.id, CREATED, delta)

    # --- search -----------------------------------------------------------------------------------

    def _index(self, connection: sa.Connection, block: list[Made]) -> None:
        """A record and its contacts stand in one block: its text is whole."""
        documents: dict[int, Document] = {}
        for made in block:
            entity = self._workspace.catalogue[made.entity]
            if has_documents(entity):
                terms = own_terms(entity, made.values)
                documents[made.id] = Document(entity.number, terms)
            elif entity.search_through:
                owner = made.values[entity.search_through]
                assert isinstance(owner, Ref)
                documents[owner.id].terms.extend(_terms(entity, made))  # type: ignore[attr-defined]
        rows = [(id_, d.ent, body_of(d.terms)) for id_, d in documents.items()]
        table = self._tables.system("search_doc")
        self._backend.insert_many(connection, table, ("id", "ent", "body"), rows)
        found = [(ent, tok, id_) for id_, ent, body in rows for tok in postings(body)]
        self._words.update(tok for _ent, tok, _id in found)
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.executemany("INSERT INTO found VALUES (?, ?, ?)", found)


def _terms(entity: EntityDef, made: Made) -> list[str]:
    fields = entity.search_fields()
    return [term for f in fields for term in field_terms(f, made.values.get(f.key))]


def _records(content: Content, size: Size, clients: list[int]) -> Iterator[list[Made]]:
    """Groups that have to stay together, in the order in which they came about."""
    chance = Random(SEED)
    for _number in range(size.clients):
        group = list(content.client())
        clients.append(group[0].id)
        yield group
    for _number in range(size.people):
        yield list(content.person(chance.choice(clients)))
    for number in range(size.activities):
        about = clients[0] if number < BUSY else chance.choice(clients)
        yield list(content.activity(about))


def _blocks(groups: Iterable[list[Made]]) -> Iterator[list[Made]]:
    several = iter(groups)
    while found := list(islice(several, BLOCK)):
        yield [made for group in found for made in group]
