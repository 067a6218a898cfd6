"""The source of the program as syntax trees, for tests that walk all of it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "crm_desktop"


@dataclass(frozen=True)
class Source:
    """One file: `name` is its path from the package on, with forward slashes."""

    name: str
    text: str
    tree: ast.Module

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All of the tree as `ast.walk` gives it, walked over once for all tests."""
        return tuple(ast.walk(self.tree))

    def at(self, node: ast.AST) -> str:
        """Where a node stands, as editors understand it."""
        return f"crm_desktop/{self.name}:{getattr(node, 'lineno', 1)}"

    def within(self, *places: str) -> bool:
        """Whether the file is one of the places: `cli.py`, `models/backend/*` for all below."""
        return any(fnmatch(self.name, place) for place in places)

    def strings(self) -> Iterator[ast.Constant]:
        """Texts in the code; those that stand alone as a statement are docstrings."""
        documents = {id(node.value) for node in self.nodes if isinstance(node, ast.Expr)}
        for node in self.nodes:
            if not isinstance(node, ast.Constant) or id(node) in documents:
                continue
            if isinstance(node.value, str):
                yield node


@cache
def sources() -> tuple[Source, ...]:
    """Every file of the package."""
    return tuple(_read(path) for path in sorted(PACKAGE.rglob("*.py")))


def _read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path.relative_to(PACKAGE).as_posix(), text, ast.parse(text, str(path)))


def listed(found: Iterable[str], what_to_do: str) -> str:
    """What a failing check says: every place, and at the end what to do instead."""
    return "\n".join(["", *found, f"-> {what_to_do}"])


def source_of(text: str, name: str = "example.py") -> Source:
    """A file made up in a test, to show that a check sees what it should."""
    return Source(name, text, ast.parse(text))


def imported(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Each import of a file as the dotted name that is brought in."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)
