"""An import in a child process, beside an open base."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.services.importing import worker
from crm_desktop.services.importing.importer import LONG, STOP_AND_KEEP, STOP_AND_UNDO
from crm_desktop.services.importing.learned import LearnedMappings
from crm_desktop.services.importing.results import DONE, KEPT, UNDONE, Progress
from crm_desktop.services.importing.worker import Watch
from crm_desktop.services.jobs import start_thread
from crm_desktop.services.workspace import Workspace, open_base
from crm_desktop.services.writing.changes import ChangeSet
from tests.bases import ready_base
from tests.import_desk import order_of, records, write_csv

pytestmark = pytest.mark.slow


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [[f"Client {i}", "Ann" if i % 2 else "Bob"] for i in range(2500)]
    return write_csv(tmp_path / "list.csv", ["Name", "Manager"], *rows, ["", "Bob"])


def test_the_child_writes_and_everybody_is_told(
    workspace: Workspace, base_url: str, file: Path
) -> None:
    told: list[ChangeSet] = []
    seen: list[Progress] = []
    workspace.listen(told.append)
    order = order_of(workspace, file, "client")
    rejects = file.with_name("rejects.xlsx")

    result = worker.bring_in(workspace, base_url, order, Watch(seen.append), rejects=rejects)

    assert (result.state, result.created, result.rejected) == (DONE, 2500, 1)
    assert [state.read for state in seen] == [1000, 2000, 2501]
    assert len(records(workspace, "client")) == 2500
    assert {"client", "staff"} <= told[-1].touched.keys()
    assert rejects.exists()
    learned = LearnedMappings(workspace.backend, workspace.tables)
    assert learned.find("client", order.header.names) is not None
    assert result.operation is not None
    workspace.undo.undo(result.operation)
    assert records(workspace, "client") == []


def until(holds: Callable[[], bool]) -> None:
    """Looks again and again; at most ten seconds."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        threading.Event().wait(0.005)


def test_the_child_writes_little_at_once_after_a_save_that_had_to_wait(tmp_path: Path) -> None:
    path = tmp_path / "base.crm"
    seen: list[int] = []

    def make_a_save_wait(state: Progress) -> None:
        seen.append(state.read)
        if len(seen) == 1:
            with closing(sqlite3.connect(path, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                save = start_thread("save", lambda: base.records.create("client", {"name": "New"}))
                until(lambda: base.backend.made_wait(0))
                other.execute("ROLLBACK")
            save.join()

    with closing(ready_base(str(path), language="en")) as base:
        rows = [[f"Client {i}", f"City {i % 9}"] for i in range(LONG + 1000)]
        file = write_csv(tmp_path / "list.csv", ["Name", "City"], *rows)
        assert not base.backend.made_wait(60)

        order = order_of(base, file, "client")
        result = worker.bring_in(base, str(path), order, Watch(make_a_save_wait))

        assert base.backend.made_wait(60)
        assert result.created == len(rows)
        assert len(records(base, "client")) == len(rows) + 1
    steps = [later - earlier for earlier, later in pairwise(seen)]
    assert max(steps) < 1500, seen


@pytest.mark.parametrize(("wish", "state"), [(STOP_AND_KEEP, KEPT), (STOP_AND_UNDO, UNDONE)])
def test_it_stops_when_asked(
    workspace: Workspace, base_url: str, file: Path, wish: str, state: str
) -> None:
    order = order_of(workspace, file, "client")

    result = worker.bring_in(workspace, base_url, order, Watch(stop=lambda: wish))

    assert (result.state, result.read) == (state, 1000)
    assert len(records(workspace, "client")) == (result.created if state == KEPT else 0)
    assert not workspace.operations.running()


def test_what_it_refuses_arrives_as_a_sentence(
    workspace: Workspace, base_url: str, file: Path
) -> None:
    order = order_of(workspace, file, "client", {"columns": [{"from": [], "to": "city",
                                                              "default": "x"}]})  # fmt: skip

    with pytest.raises(InvalidInput, match="No column"):
        worker.bring_in(workspace, base_url, order, Watch())


def test_a_child_that_was_killed_leaves_nothing(
    workspace: Workspace, base_url: str, file: Path
) -> None:
    kill: list[object] = []

    def die(_state: Progress) -> None:
        kill[0]()  # type: ignore[operator]

    with pytest.raises((RuntimeError, OSError)):
        worker.bring_in(workspace, base_url, order_of(workspace, file, "client"),
                        Watch(die, started=kill.append))  # fmt: skip

    workspace.close()
    again = open_base(base_url)
    assert records(again, "client") == []
    assert not again.operations.running()
    again.close()


def test_a_child_without_a_parent_ends_at_once(tmp_path: Path) -> None:
    code = "import sys; from crm_desktop.services.jobs import watch_lines; import os, time; "
    code += "watch_lines(sys.stdin.buffer, at_end=lambda: os._exit(3)); time.sleep(60)"

    child = subprocess.run([sys.executable, "-c", code], input=b"keep\n", timeout=30)

    assert child.returncode == 3
