"""What the program defines is named somewhere else in it, or in a benchmark: what nobody calls, or
tests alone, is taken out."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import pytest

from tests.architecture.source import ROOT, Source, listed, source_of, sources

_WORD = re.compile(r"\w+")
_WANTED = {
    "SENTENCES",  # of argparse, marked for translation
    "arraysize",  # PEP 249
    "SETTINGS", "CONTRAST_PAIRS", "contrast_ratio",  # promises that tests walk through
}  # fmt: skip
_READ_BY_LIBRARIES = ("models/backend/dialect.py", "models/migrations/*", "models/backend/types.py")


def _defined(source: Source) -> Iterator[tuple[str, ast.stmt]]:
    """Functions, classes and constants of a module; methods where no library calls them by name."""
    classes = [node for node in source.tree.body if isinstance(node, ast.ClassDef)]
    owners: list[ast.Module | ast.ClassDef] = [source.tree]
    owners += [] if source.within("ui/*", "cli/*") else classes
    for owner in owners:
        for node in owner.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield node.name, node
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                yield node.target.id, node
            elif isinstance(node, ast.Assign):
                names = (one for target in node.targets for one in ast.walk(target))
                yield from ((one.id, node) for one in names if isinstance(one, ast.Name))


def in_vain(files: Sequence[Source], callers: Iterable[str] = ()) -> list[str]:
    """Names that stand nowhere but where they are defined, nor in the texts of `callers`."""
    texts = [*(one.text for one in files), *callers]
    said = Counter(word for text in texts for word in _WORD.findall(text))
    return [
        f"{one.at(node)} {name}"
        for one in files if not one.within(*_READ_BY_LIBRARIES)
        for name, node in _defined(one)
        if said[name] == 1 and not name.startswith("__")
    ]  # fmt: skip


def test_nothing_is_defined_in_vain() -> None:
    benchmarks = (path.read_text(encoding="utf-8") for path in (ROOT / "benchmarks").glob("*.py"))
    found = [
        place for place in in_vain(sources(), benchmarks) if place.rpartition(" ")[2] not in _WANTED
    ]
    assert not found, listed(found, "take it out, or into the test that alone needs it.")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("LIMIT = 3", True), ("LIMIT: int = 3\nleft = LIMIT", True), ("def f():\n    pass", True),
        ("class A:\n    def f(self):\n        pass\na = A()", True), ("def f():\n    f()", False),
    ],
)  # fmt: skip
def test_the_check_sees_a_breach(text: str, seen: bool) -> None:
    assert bool(in_vain([source_of(text, "services/example.py")])) is seen
