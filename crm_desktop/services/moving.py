"""Moving a base from one place or kind of place to another, compared row by row.

Same tables, same ids, same change log. The source is read in one snapshot, the target must be
new. Every table is summed up on both sides by the hashes of its rows, in any order (DATA.md 18);
the target counts as a base only when all sums are equal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import BaseDamaged
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import is_server_address, open_backend
from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.models.schema import SCHEMA_VERSION, Tables
from crm_desktop.services.base_tables import create_statements
from crm_desktop.services.beside import Beside
from crm_desktop.services.customisation import read_custom

BLOCK = 5000
BLOCK_OF_LARGE = 8  # parts of files are half a megabyte each
Progress = Callable[[int, int], None]


@dataclass
class MoveReport:
    """How many rows of each table were moved and found equal."""

    rows: dict[str, int] = field(default_factory=dict)


def move_base(
    source: str | Path,
    target: str | Path,
    *,
    progress: Progress | None = None,
    check: Callable[[], None] | None = None,
) -> MoveReport:
    """Copies a base; `UserError` if the target exists. The source is left as it is."""
    old = open_backend(source, newest=SCHEMA_VERSION)
    try:
        new = open_backend(target, create=True)
        try:
            report = _Move(old, new, progress, check).run()
        except BaseException:
            new.close()
            _forget(target)
            raise
        new.close()
        return report
    finally:
        old.close()


def _forget(target: str | Path) -> None:
    """Removes a half-made file, so that the next try finds the place free."""
    if not is_server_address(target):
        for ending in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                Path(str(target) + ending).unlink()


class _Move:
    """One move; the numbers of rows are known before it begins."""

    def __init__(
        self,
        old: Backend,
        new: Backend,
        progress: Progress | None,
        check: Callable[[], None] | None,
    ) -> None:
        self._old = old
        self._new = new
        self._progress = progress or (lambda done, whole: None)
        self._check = check or (lambda: None)
        self._tables = Tables(build_catalogue(read_custom(old)))
        self._done = 0

    def run(self) -> MoveReport:
        """Tables, rows, indexes, numbers, comparison; in this order."""
        tables = self._tables.metadata.sorted_tables
        self._new.run_ddl([s for table in tables for s in self._new.create_table(table)])
        report = MoveReport()
        with self._old.snapshot() as reading:
            counts = {table.name: self._count(reading, table) for table in tables}
            whole = sum(counts.values())
            sums = {t.name: self._copy(reading, t, whole) for t in tables}
        self._new.run_ddl(create_statements(self._new, self._tables, tables_too=False))
        self._go_on_counting()
        for table in tables:
            if sums[table.name] != self._sum(table):
                raise BaseDamaged(
                    _("The table {name} is not the same after the move").format(name=table.name)
                )
            report.rows[table.name] = counts[table.name]
        with self._new.write() as connection:
            self._new.set_version(connection, self._old.version)
        self._new.analyze()
        return report

    def _count(self, connection: sa.Connection, table: sa.Table) -> int:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())

    def _copy(self, reading: sa.Connection, table: sa.Table, whole: int) -> int:
        names = [column.name for column in table.columns]
        total = 0

        def write(rows: list[tuple[Any, ...]]) -> None:
            with self._new.write() as connection:
                self._new.insert_many(connection, table, names, rows)

        with Beside() as beside:  # the next block is read and summed up meanwhile
            for rows in self._blocks(reading, table):
                self._check()
                total = (total + _hash_of(rows)) % 2**64
                beside.wait()
                beside.run(partial(write, rows))
                self._done += len(rows)
                self._progress(self._done, whole)
        return total

    def _sum(self, table: sa.Table) -> int:
        total = 0
        with self._new.snapshot() as reading:
            for rows in self._blocks(reading, table):
                total = (total + _hash_of(rows)) % 2**64
        return total

    @staticmethod
    def _blocks(reading: sa.Connection, table: sa.Table) -> Iterator[list[tuple[Any, ...]]]:
        large = any(isinstance(column.type, sa.LargeBinary) for column in table.columns)
        block = BLOCK_OF_LARGE if large else BLOCK
        options = {"stream_results": True, "yield_per": block}
        result = reading.execution_options(**options).execute(sa.select(table))
        for part in result.partitions(block):
            yield [tuple(row) for row in part]

    def _go_on_counting(self) -> None:
        """New ids and change numbers must come after all that were moved."""
        rows = self._tables.system("change_row")
        chain = self._tables.system("chain")
        others = [t for t in self._tables.metadata.sorted_tables if "id" in t.c and t is not chain]
        with self._new.write() as connection:
            highest = max(self._highest(connection, table.c.id) for table in others)
            ops = self._highest(connection, rows.c.op)
            past = self._highest(connection, rows.c.rid)
            seq = max(self._highest(connection, rows.c.seq), self._highest(connection, chain.c.id))
            self._new.continue_numbers(connection, ids=max(highest, ops, past), sequence=seq)

    @staticmethod
    def _highest(connection: sa.Connection, column: sa.Column[Any]) -> int:
        return int(connection.execute(sa.select(sa.func.max(column))).scalar() or 0)


def _hash_of(rows: list[tuple[Any, ...]]) -> int:
    """The sum of the rows' hashes: the same whatever their order."""
    total = 0
    for row in rows:
        text = "\x1f".join(map(_text, row))
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8)
        total += int.from_bytes(digest.digest())
    return total


def _text(value: Any) -> str:
    """A value as both kinds of base give it back."""
    if value is None:
        return "\x00"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return str(value)
