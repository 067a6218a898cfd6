"""Which database it is, only `models/backend` knows; everybody else asks it questions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Source, imported, listed, source_of, sources

HOME = ("models/backend/*", "models/migrations/*")
NAMES = {"sqlite", "sqlite3", "firebird", "fdb", "firebird+fdb"}
DRIVERS = ("sqlite3", "fdb", "firebird", "sqlalchemy.dialects", "sqlalchemy_firebird")
WHAT_TO_DO = "ask the backend a question instead (models/backend/base.py)"


def breaches(source: Source) -> Iterator[str]:
    for node, name in imported(source):
        if any(name == driver or name.startswith(f"{driver}.") for driver in DRIVERS):
            yield f"{source.at(node)} imports {name}"
    for text in source.strings():
        if str(text.value).lower() in NAMES:
            yield f"{source.at(text)} names {text.value!r}"
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in ("dialect", "dialect_name"):
            yield f"{source.at(node)} asks for .{node.attr}"


def test_nobody_else_asks_which_database_it_is() -> None:
    outside = [source for source in sources() if not source.within(*HOME)]
    found = [breach for source in outside for breach in breaches(source)]

    assert not found, listed(found, WHAT_TO_DO)


@pytest.mark.parametrize(
    "text",
    [
        "import sqlite3",
        "from sqlalchemy.dialects import sqlite",
        "if kind == 'firebird': pass",
        "connection.dialect.name",
    ],
)
def test_the_check_sees_a_breach(text: str) -> None:
    assert list(breaches(source_of(text)))
