"""Records are written by one piece of code, so that rights, history and search never miss one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.sentences import marked
from tests.architecture.source import Source, imported, listed, source_of, sources

WRITERS = (
    "models/backend/*",
    "models/migrations/*",
    "services/unit_of_work.py",
    "services/writing/records*",
    "services/undo/service*",
)
ALLOWED: dict[str, str] = {
    "models/strict/held.py": "triggers of views pass on what the writer writes",
    "models/strict/spoilt.py": "triggers of views pass on what the writer writes of the search",
    "services/live/marks.py": "who is editing what is no record",
    "services/maintenance/moving.py": "a half moved base is filled and emptied table by table",
}
"""Other files that write, each with the reason; they write no records."""

WHAT_TO_DO = "write through services.records; a table that holds no records: name the file here"
_RAW = re.compile(r"\s*((insert|replace)\s+into\b|delete\s+from\b|update\s+(\S+\s+set\b|$))", re.I)
_BUILDERS = ("insert", "update", "delete")


def breaches(source: Source) -> Iterator[str]:
    for node, name in imported(source):
        if name.startswith("sqlalchemy") and name.rsplit(".", 1)[-1] in _BUILDERS:
            yield f"{source.at(node)} imports {name}"
    spoken = {id(argument) for _call, _name, said in marked(source) for argument in said}
    for text in source.strings():
        if id(text) not in spoken and _RAW.match(str(text.value)):
            yield f"{source.at(text)} holds SQL that writes"
    for node in source.nodes:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr == "commit" or _builds_a_write(source, node, node.func):
            yield f"{source.at(node)} calls .{node.func.attr}()"


def _builds_a_write(source: Source, call: ast.Call, func: ast.Attribute) -> bool:
    """`table.insert()` and `sqlalchemy.insert(table)`; a widget's `update()` is no write."""
    if func.attr not in _BUILDERS or source.within("ui/*"):
        return False
    module = func.value.id if isinstance(func.value, ast.Name) else ""
    return module in ("sa", "sqlalchemy") or not (call.args or call.keywords)


def test_only_the_writer_writes() -> None:
    others = [source for source in sources() if not source.within(*WRITERS, *ALLOWED)]
    found = [breach for source in others for breach in breaches(source)]

    assert not found, listed(found, WHAT_TO_DO)


def test_what_is_allowed_is_still_needed() -> None:
    writing = {source.name for source in sources() if any(breaches(source))}

    assert ALLOWED.keys() <= writing, "take the rest out of the list"


@pytest.mark.parametrize(
    "text",
    [
        "from sqlalchemy import insert",
        "sa.delete(table)",
        "table.update().values(a=1)",
        "connection.commit()",
        "execute('delete from client')",
        "execute(f'UPDATE {table} SET x = 1')",
    ],
)
def test_the_check_sees_a_breach(text: str) -> None:
    assert list(breaches(source_of(text)))


@pytest.mark.parametrize(
    "text", ["known.update(new)", "names.insert(0, x)", "_('Delete from the list')"]
)
def test_the_check_leaves_the_innocent_alone(text: str) -> None:
    assert not list(breaches(source_of(text)))
