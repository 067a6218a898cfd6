"""Packages of one layer know one another one way: whoever reads one need not read the other."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Source, imported, listed, source_of, sources

WRITER = "the writer asks what follows from a save of whoever writes through it"
ALLOWED = {
    ("services", "activity_sets", "writing"): WRITER,
    ("services", "automation", "writing"): WRITER,
    ("services", "leads", "writing"): WRITER,
    ("services", "money", "writing"): WRITER,
    ("services", "pipelines", "writing"): WRITER,
    ("services", "private", "writing"): WRITER,
    ("services", "rules", "writing"): WRITER,
    ("services", "search", "writing"): WRITER,
    ("services", "tags", "writing"): WRITER,
    ("services", "worktime", "writing"): WRITER,
    ("services", "audit", "licensing"): "names of people by their logins",
    ("services", "customisation", "rights"): "a hidden field is marked in the catalogue",
    ("services", "exporting", "importing"): "an import writes the rows it refuses into a workbook",
}
"""Two packages of a layer and why they know each other; may only shrink."""


def _package(layer: str, dotted: str, packages: set[str]) -> str | None:
    parts = dotted.split(".")
    inside = parts[:2] == ["crm_desktop", layer] and len(parts) > 3
    return parts[2] if inside and parts[2] in packages else None


def _for_types_alone(source: Source) -> set[int]:
    """What is imported for type checkers, which nothing runs by."""
    blocks = (
        node
        for node in source.nodes
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    )
    return {id(inner) for block in blocks for inner in ast.walk(block)}


def both_ways(layer: str, all_sources: tuple[Source, ...]) -> Iterator[tuple[str, str, list[str]]]:
    """Two packages that import each other, and by which files."""
    packages = {s.name.split("/")[1] for s in all_sources
                if s.name.startswith(f"{layer}/") and s.name.count("/") > 1}  # fmt: skip
    known: dict[tuple[str, str], list[str]] = {}
    for source in all_sources:
        mine = _package(layer, f"crm_desktop.{source.name.replace('/', '.')}", packages)
        ignored = _for_types_alone(source) if mine else set()
        for node, dotted in imported(source) if mine else ():
            other = _package(layer, f"{dotted}._", packages)
            if mine and other and other != mine and id(node) not in ignored:
                known.setdefault((mine, other), []).append(source.at(node))
    for (one, other), places in sorted(known.items()):
        if one < other and (back := known.get((other, one))):
            yield one, other, min(places, back, key=len)


@pytest.mark.parametrize("layer", ["models", "services", "ui"])
def test_packages_know_one_another_one_way(layer: str) -> None:
    found = [
        f"{one} and {other}: {', '.join(places)}"
        for one, other, places in both_ways(layer, sources())
        if (layer, one, other) not in ALLOWED
    ]

    assert not found, listed(found, "hand it over, or move what both need to a place of its own")


def test_what_is_allowed_is_still_needed() -> None:
    needed = {
        (layer, one, other)
        for layer in ("models", "services", "ui")
        for one, other, _places in both_ways(layer, sources())
    }

    assert not ALLOWED.keys() - needed, listed(map(str, ALLOWED.keys() - needed), "take it out")


def test_the_check_sees_a_circle_and_passes_over_types() -> None:
    back = "from crm_desktop.ui.board.page import Page\n"
    there = source_of("from crm_desktop.ui.files.tab import Tab\n", "ui/board/page.py")
    typed = "if TYPE_CHECKING:\n    " + back

    assert list(both_ways("ui", (there, source_of(back, "ui/files/tab.py"))))
    assert not list(both_ways("ui", (there, source_of(typed, "ui/files/tab.py"))))
