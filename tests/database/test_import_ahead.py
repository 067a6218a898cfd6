"""A long file is read by a second process; what comes of it is the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_desktop.errors import FileProblem, NotFound
from crm_desktop.services.importing import importer
from crm_desktop.services.importing.importer import STOP_AND_UNDO, Importer
from crm_desktop.services.importing.results import UNDONE
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.import_desk import bring_in, order_of, records, write_csv

ROWS = [[f"Client {i}", f"+7916204{i:04}" if i % 7 else "no number", f"Boss {i % 3}"]
        for i in range(60)]  # fmt: skip


@pytest.fixture
def workspace(sqlite_url: str) -> Iterator[Workspace]:
    made = ready_base(sqlite_url, language="en")
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that counts as long."""
    monkeypatch.setattr(importer, "LONG", 1)
    monkeypatch.setattr(importer, "LONG_BYTES", 1)
    return write_csv(tmp_path / "list.csv", ["Name", "Phone", "Manager"], *ROWS)


def test_it_gives_what_one_process_gives(workspace: Workspace, file: Path, tmp_path: Path) -> None:
    assert order_of(workspace, file, "client").is_long

    result = bring_in(workspace, file, "client", block=20)

    assert (result.read, result.created, result.rejected) == (60, 51, 9)
    assert [r.row for r in result.rejects] == [i + 2 for i in range(60) if i % 7 == 0]
    assert len(records(workspace, "channel")) == 51


def test_it_may_be_stopped_and_leaves_no_process(workspace: Workspace, file: Path) -> None:
    psutil = pytest.importorskip("psutil")
    wanted = order_of(workspace, file, "client")
    before = set(psutil.Process().children(recursive=True))  # the server of the tests, perhaps

    result = Importer(workspace, block=20).run(wanted, stop=lambda: STOP_AND_UNDO)

    assert (result.state, result.read, records(workspace, "client")) == (UNDONE, 20, [])
    assert set(psutil.Process().children(recursive=True)) <= before


def test_a_sentence_of_the_other_process_arrives(workspace: Workspace, file: Path) -> None:
    wanted = order_of(workspace, file, "client")
    other = write_csv(file.with_name("other.csv"), ["Name"], ["Acme"])
    moved = dataclasses.replace(wanted, path=file.with_name("gone.csv"), rows=importer.LONG)

    with pytest.raises(FileProblem, match="gone.csv"):
        Importer(workspace).run(moved)
    with pytest.raises(NotFound):
        bring_in(workspace, other, "client", {"Nothing": "name"})
