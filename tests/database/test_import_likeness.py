"""A test run of an import says which new rows look like records in the base, on both back ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_desktop.services.importing.command import run_import_command
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base


@pytest.fixture
def workspace(base_url: str):  # type: ignore[no-untyped-def]
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def test_rows_that_mean_a_known_client_are_listed(workspace: Workspace, tmp_path: Path):
    known = workspace.records.create("client", {"name": "ООО Ромашка", "phone": "+79161112233"})
    file = tmp_path / "new.csv"
    file.write_text("Name;Telephone\nRomashka LLC;8 916 111-22-33\nПарус;8 916 555-66-77\n")
    given = {"file": str(file), "into": "client", "test": True}
    value = run_import_command(workspace, given)
    assert [(one["row"], one["id"]) for one in value["like"]] == [(2, known.ids[0])]
    assert (value["looked"], value["created"]) == (2, 2)
