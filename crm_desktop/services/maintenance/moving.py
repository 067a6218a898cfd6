"""Moving a base from one place or kind of place to another, compared row by row.

Same tables, same ids, same change log. The source is read in one snapshot, the target must be
new. Every table is summed up on both sides by the hashes of its rows, in any order (DATA.md 18);
the target counts as a base only when all sums are equal. Second factors and locks stay: they
belong to the accounts of one server.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import BaseBusy, BaseDamaged, BaseTooOld, InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.backend.age import HALF_MOVED
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.models.schema import SCHEMA_VERSION, Tables
from crm_desktop.models.system.shared import STAYS
from crm_desktop.services.base_tables import create_statements, index_plans, uncounted_statements
from crm_desktop.services.customisation.service import read_custom
from crm_desktop.services.serial_executor import SerialExecutor

BLOCK = 5000
BLOCK_OF_LARGE = 8  # parts of files are half a megabyte each
_NOTHING = type(None)
Progress = Callable[[int, int], None]


@dataclass
class MoveReport:
    """How many rows of each table were moved and found equal, and what they sum up to."""

    rows: dict[str, int] = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=dict)

    @property
    def checksum(self) -> str:
        """One for the whole base, the same on both sides: sixteen letters and figures."""
        said = "\n".join(f"{name} {value}" for name, value in sorted(self.sums.items()))
        return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


def move_base(
    source: str | Path,
    target: str | Path,
    *,
    progress: Progress | None = None,
    check: Callable[[], None] | None = None,
) -> MoveReport:
    """Copies a base; `UserError` if the target exists. The source is left as it is.

    A move that is broken off, by whatever it may be, leaves a target that says so to whoever opens
    it; the same move goes on there. Rows that are there already are compared, not written again.
    """
    with closing(open_backend(source, newest=SCHEMA_VERSION)) as old:
        return move_open(old, target, progress=progress, check=check)


def move_open(
    old: Backend,
    target: str | Path,
    *,
    progress: Progress | None = None,
    check: Callable[[], None] | None = None,
) -> MoveReport:
    """The same with a base that is open here."""
    if old.version < SCHEMA_VERSION:
        raise BaseTooOld(
            _("The base {name} is older than this program. Open it once before it is moved.")
            .format(name=old.title)
        )  # fmt: skip
    with closing(open_backend(target, create=True, resume=True)) as new:
        return _Move(old, new, progress, check).run()


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
        self._done = self._whole = 0

    def run(self) -> MoveReport:
        """Tables, rows, indexes, numbers, comparison; in this order."""
        tables = self._tables.metadata.sorted_tables
        self._begin(tables)
        report = MoveReport()
        with self._old.snapshot() as reading:
            moving = [table for table in tables if table.name not in STAYS]
            report.rows = {table.name: self._count(reading, table) for table in moving}
            self._whole = sum(report.rows.values())
            for table in moving:
                report.sums[table.name] = self._move(reading, table)
        self._new.run_ddl(create_statements(self._new, self._tables, tables_too=False))
        self._go_on_counting()
        with self._new.write() as connection:
            self._new.set_version(connection, self._old.version)
        self._new.analyze()
        return report

    def _begin(self, tables: list[sa.Table]) -> None:
        """Tables that are not there yet; of a move that was broken off some are, and indexes."""
        with self._new.write() as connection:
            self._new.set_version(connection, HALF_MOVED)
        there = {name: self._new.column_names(name) for name in self._new.table_names()}
        wanted = {table.name: {column.name for column in table.columns} for table in tables}
        changed = [name for name, columns in there.items() if set(columns) != wanted.get(name)]
        made = [index for name in there for index in self._new.index_columns(name)]
        planned = {plan.name for plan in index_plans(self._tables)}
        self._new.run_ddl(
            [f"DROP INDEX {name}" for name in made if name.removesuffix("_d") in planned]
        )
        self._new.run_ddl(uncounted_statements(self._new, self._tables))
        self._new.run_ddl([f"DROP TABLE {name}" for name in changed])
        missing = [t for t in tables if t.name not in there or t.name in changed]
        self._new.run_ddl([s for table in missing for s in self._new.create_table(table)])

    def _move(self, reading: sa.Connection, table: sa.Table) -> int:
        """One table, compared; what a move before left there and is no more the same is anew. What
        its rows sum up to."""
        with self._new.read() as connection:
            there = self._count(connection, table)
        total = -1
        try:
            total = self._copy(reading, table, there)
            same = total == self._sum(table)
        except (
            BaseBusy,
            InvalidInput,
        ):  # rows came between those that are there, and their keys clash
            if not there:
                raise
            same = False
        if not same and there:
            with self._new.write() as connection:
                connection.execute(sa.delete(table))
            total = self._copy(reading, table, 0)
            same = total == self._sum(table)
        if not same:
            raise BaseDamaged(
                _("The table {name} is not the same after the move").format(name=table.name)
            )
        return total

    def _count(self, connection: sa.Connection, table: sa.Table) -> int:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())

    def _copy(self, reading: sa.Connection, table: sa.Table, there: int) -> int:
        """The sum of the rows; those after the first `there` are written."""
        names = [column.name for column in table.columns]
        total = seen = 0

        def write(rows: list[tuple[Any, ...]]) -> None:
            with self._new.write() as connection:
                self._new.insert_many(connection, table, names, rows)

        with SerialExecutor() as executor:  # the next block is read and summed up meanwhile
            for rows in self._blocks(reading, table):
                self._check()
                total = (total + _hash_of(rows)) % 2**64
                executor.wait()
                fresh = rows[max(there - seen, 0) :]
                seen += len(rows)
                if fresh:
                    executor.run(partial(write, fresh))
                self._done = min(self._done + len(rows), self._whole)
                self._progress(self._done, self._whole)
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


def _hash_of(rows: Sequence[Sequence[Any]]) -> int:
    """The sum of the rows' hashes: the same whatever their order."""
    columns = [_texts(column) for column in zip(*rows, strict=True)]
    total = 0
    for text in map("\x1f".join, zip(*columns, strict=True)):
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8)
        total += int.from_bytes(digest.digest())
    return total


def _texts(column: Sequence[Any]) -> Iterable[str]:
    """A column of one kind, as most are, is turned several times as fast as value by value."""
    kinds = set(map(type, column))
    if kinds <= {str, _NOTHING}:
        return ["\x00" if value is None else value for value in column]
    if kinds <= {int, _NOTHING}:
        return ["\x00" if value is None else str(value) for value in column]
    return map(_text, column)


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
