"""What a transaction worked with is let go at its end, not when cycles are looked for: long work
hardly looks for any, and held the rows of five blocks of an import."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_desktop.services.importing import importer
from crm_desktop.services.importing.block import Block
from crm_desktop.services.importing.rowplan import Prepared
from crm_desktop.services.search.terms import SearchTerms
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.batch import Batch, Staged
from tests.import_desk import bring_in, workspace, write_csv

__all__ = ["workspace"]

WORKED_WITH = (Batch, Block, Prepared, SearchTerms, Staged)
MAPPING = {
    "columns": [{"from": "Name", "to": "name"}, {"from": "City", "to": "city"},
                {"from": "Phone", "to": "phone"}],
    "match": ["name"], "on_match": "update",
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_looking(workspace: Workspace) -> Iterator[None]:
    """Nobody looks for cycles once the base is there."""
    was = gc.isenabled()
    gc.collect()
    gc.disable()
    yield
    if was:
        gc.enable()


def left() -> list[object]:
    """What is still there of a transaction."""
    return [one for one in gc.get_objects() if type(one) in WORKED_WITH]  # proxies may be dead


@pytest.mark.parametrize("by_columns", [True, False])
def test_an_import_and_its_undo_leave_nothing(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_columns: bool
) -> None:
    if by_columns:
        monkeypatch.setattr(importer, "LONG", 1)
        monkeypatch.setattr(importer, "LONG_BYTES", 1)
    rows = [[f"Elka {at % 50}", f"Town {at}", f"+7 916 204-{at:04}"] for at in range(60)]
    file = write_csv(tmp_path / "list.csv", ["Name", "City", "Phone"], *rows)

    done = bring_in(workspace, file, "client", MAPPING, block=20)

    assert (done.created, done.updated) == (50, 10)
    assert left() == []
    workspace.undo.undo(done.operation or 0)
    assert left() == []


def test_a_save_leaves_nothing(workspace: Workspace) -> None:
    made = workspace.records.create("client", {"name": "Elka", "phone": "+7 916 204-0001"})
    workspace.records.update("client", made.ids[0], {"city": "Tula"})
    workspace.records.delete("client", made.ids)

    assert left() == []
