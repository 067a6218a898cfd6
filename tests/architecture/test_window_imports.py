"""Work that runs in another thread imports nothing of the window.

PySide keeps what it knows of classes of Qt's in a table that the event loop reads without Python's
lock: a class that another thread defines meanwhile ends the program now and then.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.source import Source, source_of, sources

_JOBS = {"job", "_job"}
_WINDOW = ("crm_desktop.ui", "PySide6")


def _works(source: Source) -> Iterator[ast.FunctionDef]:
    """Functions that are handed a job are carried out in the worker."""
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef) and _JOBS & {a.arg for a in node.args.args}:
            yield node


def _imported(function: ast.AST) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def window_imports(source: Source) -> list[str]:
    """What works in `source` import of the window."""
    return [
        f"{function.name}: {name}"
        for function in _works(source)
        for name in _imported(function)
        if name.startswith(_WINDOW)
    ]


def test_works_import_nothing_of_the_window() -> None:
    found = {
        source.name: imported
        for source in sources()
        if source.within("ui/*") and (imported := window_imports(source))
    }

    assert found == {}


def test_such_an_import_is_found() -> None:
    text = "def work(_job):\n    from crm_desktop.ui.page import Page\n    return Page\n"

    assert window_imports(source_of(text)) == ["work: crm_desktop.ui.page"]
