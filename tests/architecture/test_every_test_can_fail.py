"""Every test can fail: it asserts, expects an error, or waits for a state that may not come."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]
PROVES = {
    "raises",
    "warns",
    "no_stall",
    "wait",
    "waitUntil",
    "waitSignal",
    "waitSignals",
    "refusal",
}
"""Calls that fail by themselves: of pytest, of pytest-qt, of the desks in tests/."""
Functions = dict[str, ast.FunctionDef]


def functions(file: Path) -> Functions:
    """The functions of a module by name; methods are called on objects and are not among them."""
    body = ast.parse(file.read_text("utf-8")).body
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef)}


def fails_by_itself(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute | ast.Name) and name_of(called) in PROVES


def name_of(called: ast.Attribute | ast.Name) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id


def proving(known: Functions, lent: Iterable[str] = ()) -> set[str]:
    """The functions that may fail, be it in a function that they call; `lent`: others that may."""
    proven = set(lent)
    while more := {n for n, f in known.items() if n not in proven and can_fail(f, proven)}:
        proven |= more
    return proven


def can_fail(test: ast.FunctionDef, proven: Iterable[str]) -> bool:
    named, by_itself = _looked_at(test)
    return by_itself or not named.isdisjoint(proven)


@cache
def _looked_at(test: ast.FunctionDef) -> tuple[frozenset[str], bool]:
    """The names in it, and whether it fails by itself; it is asked of each test many times."""
    nodes = list(ast.walk(test))
    named = frozenset(node.id for node in nodes if isinstance(node, ast.Name))
    return named, any(map(fails_by_itself, nodes))


def test_every_test_can_fail() -> None:
    shared: Functions = {}
    for file in TESTS.rglob("*.py"):
        shared |= functions(file) if not file.name.startswith("test_") else {}
    lent, idle = proving(shared), []
    for file in sorted(TESTS.rglob("test_*.py")):
        own = functions(file)
        proven = proving(own, lent - set(own))
        idle += [
            f"{file.relative_to(TESTS)}: {name}"
            for name, test in own.items()
            if name.startswith("test_") and not can_fail(test, proven - {name})
        ]

    assert not idle, "\n".join(["these tests cannot fail:", *idle])


def test_a_test_without_a_proof_is_seen() -> None:
    known = {
        node.name: node
        for node in ast.parse(
            "def idle(): run()\ndef own(): assert 1\ndef lent(): own()\ndef waits(): desk.wait(1)"
        ).body
        if isinstance(node, ast.FunctionDef)
    }

    assert proving(known) == {"own", "lent", "waits"}
