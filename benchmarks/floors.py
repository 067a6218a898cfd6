"""The floor below each figure: the same rows fetched or written by the bare driver.

No catalogue, no objects, no window: what SQLite or Firebird need, through Python's driver.
"""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any, Protocol

from tests.firebird_server import FirebirdServer

Rows = list[Any]
PAGE = 128
TIMES = 41
ROWS_INSERTED = 20_000
LIST = "id, name, phone, status, responsible, region"


class Raw(Protocol):
    """A bare connection."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Rows:
        """What a SELECT gives; `{first}` and `{limit}` stand where a page's length belongs."""

    def write(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> None:
        """Some writes and a commit."""

    def insert(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Many rows, then everything is rolled back."""


class RawFile:
    """SQLite."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Rows:
        text = sql.format(first="", limit=f"LIMIT {PAGE}")
        return self._connection.execute(text, parameters).fetchall()

    def write(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for sql, parameters in statements:
            self._connection.execute(sql, parameters)
        self._connection.execute("COMMIT")

    def insert(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(sql, rows)
        self._connection.execute("ROLLBACK")


class RawServer:
    """Firebird, its statements kept prepared."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._prepared: dict[str, Any] = {}

    def _ready(self, sql: str) -> Any:
        if sql not in self._prepared:
            text = sql.format(first=f"FIRST {PAGE}", limit="")
            self._prepared[sql] = self._cursor.prep(text)
        return self._prepared[sql]

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Rows:
        self._cursor.execute(self._ready(sql), parameters)
        return list(self._cursor.fetchall())

    def write(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> None:
        for sql, parameters in statements:
            self._cursor.execute(self._ready(sql), parameters)
        self._connection.commit()
        self._prepared.clear()

    def insert(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        statement = self._cursor.prep(sql)
        for row in rows:
            self._cursor.execute(statement, row)
        self._connection.rollback()
        self._prepared.clear()


@contextmanager
def raw_file(path: str) -> Iterator[Raw]:
    """The bare file; the program must have closed it."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("PRAGMA synchronous = FULL")
        yield RawFile(connection)
    finally:
        connection.close()


@contextmanager
def raw_server(server: FirebirdServer, name: str) -> Iterator[Raw]:
    """The bare connection to a base on a server."""
    import fdb

    connection = fdb.connect(
        dsn=server.dsn(name), user=server.user, password=server.password, charset="UTF8"
    )
    try:
        yield RawServer(connection)
    finally:
        connection.close()


def floors(raw: Raw) -> dict[str, float]:
    """Milliseconds by the name of the act, and rows/s of inserting."""
    chance = Random(3)
    some = raw.rows("SELECT {first} name_key, id, phone FROM client ORDER BY id {limit}")
    acts: dict[str, Callable[[], object]] = {
        "first page, any order": lambda: _page(raw, ("", 0)),
        "first page, saved filter": lambda: _filtered(raw),
        "any page": lambda: _page(raw, chance.choice(some)[:2]),
        "jump to the end": lambda: _page(raw, chance.choice(some)[:2]),
        "search, words": lambda: _search(raw, chance.choice(some)[0].split()[-1][:4]),
        "search, part of a word": lambda: _part(raw, chance.choice(some)[0].split()[-1][2:6]),
        "search, telephone": lambda: _search(raw, "+" + str(chance.choice(some)[2])[-5:]),
        "card": lambda: _card(raw, chance.choice(some)[1]),
        "busy card": lambda: _card(raw, some[0][1]),
        "card as a page": lambda: _card(raw, chance.choice(some)[1]),
        "save, list row refreshed": lambda: _save(raw, chance.choice(some)[1]),
    }
    found = {name: _median(act) for name, act in acts.items()}
    found["import"] = _inserted(raw)
    return found


def _median(act: Callable[[], object]) -> float:
    taken = []
    for _time in range(TIMES):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(taken)


def _page(raw: Raw, after: Sequence[Any]) -> None:
    """A page by its key, as both back ends find it through the index."""
    key, id_ = after
    raw.rows(
        f"SELECT {{first}} {LIST} FROM client WHERE name_key >= ? AND (name_key > ? OR id > ?) "
        "ORDER BY name_key, id {limit}",
        (key, key, id_),
    )


def _filtered(raw: Raw) -> None:
    status = raw.rows("SELECT {first} id FROM reference WHERE book = ? {limit}", ("client_status",))
    raw.rows(
        f"SELECT {{first}} {LIST} FROM client WHERE status = ? ORDER BY name_key, id {{limit}}",
        status[0],
    )


def _search(raw: Raw, text: str) -> None:
    found = raw.rows(
        "SELECT {first} rid FROM search_posting WHERE ent = 1 AND tok >= ? AND tok < ? "
        "ORDER BY tok, rid {limit}",
        (text, text + "\uffff"),
    )
    for (rid,) in found[:30]:
        raw.rows("SELECT {first} name FROM client WHERE id = ? {limit}", (rid,))


def _part(raw: Raw, text: str) -> None:
    words = raw.rows(
        "SELECT {first} word FROM search_form WHERE kind = 1 AND form >= ? AND form < ? {limit}",
        (text, text + "\uffff"),
    )
    if words:
        _search(raw, words[0][0])


def _card(raw: Raw, id_: int) -> None:
    raw.rows("SELECT {first} * FROM client WHERE id = ? {limit}", (id_,))
    raw.rows("SELECT {first} * FROM contact_channel WHERE owner_id = ? {limit}", (id_,))
    raw.rows("SELECT {first} * FROM activity WHERE about_id = ? {limit}", (id_,))
    for table, column in (("person", "client"), ("employment", "client"), ("activity", "about_id")):
        raw.rows(f"SELECT {{first}} COUNT(*) FROM {table} WHERE {column} = ? {{limit}}", (id_,))


def _save(raw: Raw, id_: int) -> None:
    """Two records, one posting out and in again, and a commit."""
    posting = raw.rows("SELECT {first} ent, tok, rid FROM search_posting WHERE ent = 1 AND "
                       "tok >= ? {limit}", ("+",))[0]  # fmt: skip
    raw.write([
        ("UPDATE client SET version = version + 1 WHERE id = ?", (id_,)),
        ("UPDATE contact_channel SET version = version + 1 WHERE owner_id = ?", (id_,)),
        ("DELETE FROM search_posting WHERE ent = ? AND tok = ? AND rid = ?", posting),
        ("INSERT INTO search_posting (ent, tok, rid) VALUES (?, ?, ?)", posting),
    ])  # fmt: skip


def _inserted(raw: Raw) -> float:
    """Rows a second into the table of clients with all its indexes."""
    row = raw.rows("SELECT {first} * FROM client {limit}")[0]
    highest = raw.rows("SELECT {first} MAX(id) FROM client {limit}")[0][0] + 10**9
    marks = ", ".join("?" * len(row))
    rows = [(highest + number, *row[1:]) for number in range(ROWS_INSERTED)]
    begun = time.perf_counter()
    raw.insert(f"INSERT INTO client VALUES ({marks})", rows)
    return ROWS_INSERTED / (time.perf_counter() - begun)
