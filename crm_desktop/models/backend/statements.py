"""DDL as text, and names that fit both back ends: at most 31 Latin letters."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

LONGEST_NAME = 31
"""Firebird 3 keeps no longer name."""


def text_of(element: sa.DDLElement | str, dialect: sa.Dialect) -> str:
    """One statement as the driver takes it."""
    return element if isinstance(element, str) else str(element.compile(dialect=dialect)).strip()


def table_statements(table: sa.Table, dialect: sa.Dialect) -> list[str]:
    """CREATE TABLE and its declared indexes, in a stable order."""
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    elements: list[sa.DDLElement] = [CreateTable(table), *(CreateIndex(index) for index in indexes)]
    return [text_of(element, dialect) for element in elements]


def column_text(column: sa.Column[object], dialect: sa.Dialect) -> str:
    """The column's name and type as they stand in CREATE TABLE."""
    return str(CreateColumn(column).compile(dialect=dialect)).strip()


def index_name(table: sa.Table, columns: Sequence[str], *, room: int = 0) -> str:
    """`ix_<table>_<columns>`, cut with a checksum if long; `room` letters stay free."""
    whole = "_".join(("ix", table.name, *columns))
    longest = LONGEST_NAME - room
    if len(whole) <= longest:
        return whole
    return f"{whole[: longest - 9]}_{zlib.crc32(whole.encode()):08x}"


def quoted(names: Sequence[str], dialect: sa.Dialect) -> str:
    """Names joined by commas, quoted where the dialect needs it."""
    return ", ".join(dialect.identifier_preparer.quote(name) for name in names)
