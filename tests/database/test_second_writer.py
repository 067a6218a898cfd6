"""A long operation killed before any one of its commits: records and search are kept or neither.

On a server a block is committed in two transactions; a crash between them is one of the moments.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_desktop.services.importing.importer import Importer
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base
from tests.import_desk import bring_in, order_of, records, write_csv

CHILD = """
import os, signal, sys
from pathlib import Path
import sqlalchemy as sa
from crm_desktop.services.workspace import open_base
from crm_desktop.services.importing.importer import Importer
from tests.import_desk import order_of

address, file, what, left = sys.argv[1], Path(sys.argv[2]), sys.argv[3], [int(sys.argv[4])]

def committing(connection):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

workspace = open_base(address)
if what == "import":
    order = order_of(workspace, file, "client")
    sa.event.listen(sa.Engine, "commit", committing)
    Importer(workspace).run(order)
else:
    sa.event.listen(sa.Engine, "commit", committing)
    workspace.undo.undo(workspace.undo.last_undoable().id)
"""
ROWS = 520  # enough for what a single save does not do: a thread, and on a server two transactions


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [[f"Client {i}", f"+7916204{i:04}", f"c{i}@firm.ru"] for i in range(ROWS)]
    return write_csv(tmp_path / "list.csv", ["Name", "Phone", "E-mail"], *rows)


def _killed(base_url: str, file: Path, what: str, before: int) -> bool:
    """Whether the process came to that commit."""
    child = [sys.executable, "-c", CHILD, base_url, str(file), what, str(before)]
    return bool(subprocess.run(child).returncode)


def _is_empty(workspace: Workspace) -> bool:
    """Of records, of what they are found by and of operations that are under way."""
    postings = workspace.tables.system("search_posting").c
    client = workspace.catalogue["client"].number
    with workspace.backend.read() as connection:
        found = connection.scalar(
            sa.select(sa.func.count()).select_from(postings.ent.table).where(postings.ent == client)
        )
    gone = not records(workspace, "client") and not records(workspace, "channel")
    return gone and not found and not workspace.operations.running()


@pytest.mark.slow
@pytest.mark.parametrize("before", [2, 3])
def test_an_import_killed_before_a_commit_is_taken_back_with_its_search(
    base_url: str, file: Path, before: int
) -> None:
    ready_base(base_url, language="en").close()

    assert _killed(base_url, file, "import", before)
    workspace = open_base(base_url)

    assert _is_empty(workspace)
    assert check_base(workspace).problems == []
    assert Importer(workspace).run(order_of(workspace, file, "client")).created == ROWS
    assert check_base(workspace).problems == []
    workspace.close()


@pytest.mark.slow
@pytest.mark.parametrize("before", [2, 3])
def test_an_undo_killed_before_a_commit_is_finished_at_the_next_opening(
    base_url: str, file: Path, before: int
) -> None:
    made = ready_base(base_url, language="en")
    bring_in(made, file, "client")
    made.close()

    assert _killed(base_url, file, "undo", before)
    workspace = open_base(base_url)

    assert _is_empty(workspace)
    assert check_base(workspace).problems == []
    workspace.close()
