"""A workbook of figures holds the records that each of them counts, on both back ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from crm_desktop.services.exporting import figures
from crm_desktop.services.exporting.figures import Behind, export_figures
from crm_desktop.services.exporting.writers.workbook import Sheet
from crm_desktop.services.funnel.answer import FunnelFigure
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import FunnelQuestion
from tests.database.funnel_world import World
from tests.database.test_funnel_counts import story

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def world(base_url: str) -> Iterator[World]:
    made = World(base_url)
    made.put(story(made))
    yield made
    made.base.close()


def march(world: World) -> FunnelFigure:
    return world.base.funnels.figure(FunnelQuestion(world.pipeline, MARCH))


def sheets(path: Path) -> dict[str, list[tuple[object, ...]]]:
    book = load_workbook(path, read_only=True)
    found = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    book.close()
    return found


def test_every_number_has_a_sheet_with_as_many_rows(world: World, tmp_path: Path) -> None:
    lines, path = march(world).lines, tmp_path / "funnel.xlsx"
    table = Sheet("Funnel", ("Stage", "Deals"), [[x.step.name, x.count] for x in lines])
    export_figures(world.base, path, table, [Behind(x.step.name, x.query) for x in lines])
    found = sheets(path)
    assert found["Funnel"][1:] == [(x.step.name, x.count) for x in lines]
    assert {name: len(rows) - 1 for name, rows in found.items() if name != "Funnel"} == {
        x.step.name: x.count for x in lines
    }
    assert found["Done"][0][0] == "Name"


def test_same_records_share_a_sheet_and_long_names_are_told_apart(
    world: World, tmp_path: Path
) -> None:
    lines, path, name = march(world).lines, tmp_path / "funnel.xlsx", "N" * 40
    behind = [Behind(name, one.query) for one in (lines[0], lines[1], lines[0])]
    assert export_figures(world.base, path, Sheet("", ("A",), []), behind) == 3
    assert list(sheets(path))[1:] == ["N" * 31, "N" * 27 + " (2)"]


def test_what_is_left_out_is_said(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "MOST_ROWS", 5)
    (first, *_rest), path = march(world).lines, tmp_path / "funnel.xlsx"
    export_figures(world.base, path, Sheet("", ("A",), []), [Behind("All", first.query)])
    rows = sheets(path)["All"]
    assert (len(rows), rows[-1][0]) == (7, "28 more are not listed here")
