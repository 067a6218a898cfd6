"""An import that is killed leaves nothing behind: the next opening takes back what was in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from crm_desktop.services.importing.importer import Importer
from crm_desktop.services.workspace import open_base
from tests.bases import ready_base
from tests.import_desk import order_of, records, write_csv

CHILD = """
import os, signal, sys
from pathlib import Path
from crm_desktop.services.workspace import open_base
from crm_desktop.services.importing.importer import Importer
from tests.import_desk import order_of

def told(progress):
    if progress.read >= int(sys.argv[3]):
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

workspace = open_base(sys.argv[1])
Importer(workspace, block=50).run(order_of(workspace, Path(sys.argv[2]), "client"), progress=told)
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [50, 150])
def test_a_killed_import_is_taken_back_at_the_next_opening(
    base_url: str, tmp_path: Path, after: int
) -> None:
    rows = [[f"Client {i}", f"+7916204{i:04}", f"Boss {i % 3}"] for i in range(200)]
    file = write_csv(tmp_path / "list.csv", ["Name", "Phone", "Manager"], *rows)
    ready_base(base_url, language="en").close()

    killed = subprocess.run([sys.executable, "-c", CHILD, base_url, str(file), str(after)])
    assert killed.returncode != 0
    workspace = open_base(base_url)

    assert records(workspace, "client") == []
    assert records(workspace, "channel") == []
    assert not workspace.operations.running()
    done = Importer(workspace).run(order_of(workspace, file, "client"))
    assert done.created == 200
    workspace.close()
