"""A test run of an import says which new rows look like records in the base, on both back ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_desktop.services.duplicates.sweep import FoundGroup
from crm_desktop.services.importing import likeness
from crm_desktop.services.importing.command import run_import_command
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, every row is looked at."""
    monkeypatch.setattr(likeness, "MOST_SECONDS", 600.0)
    monkeypatch.setattr(likeness, "LEAST_SECONDS", 600.0)


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


def test_an_import_tells_and_keeps_what_its_records_look_like(workspace: Workspace, tmp_path: Path):
    known = workspace.records.create("client", {"name": "ООО Ромашка", "phone": "+79161112233"})
    file = tmp_path / "new.csv"
    file.write_text("Name;Telephone\nRomashka LLC;8 916 111-22-33\nПарус;8 916 555-66-77\n")

    value = run_import_command(workspace, {"file": str(file), "into": "client"})

    (like,) = value["like"]
    assert (like["row"], like["id"], value["looked"]) == (2, known.ids[0], 2)
    clients = workspace.catalogue["client"]
    (group,) = workspace.duplicates.groups_of(clients, [like["new"]])
    assert set(group.ids) == {like["new"], known.ids[0]}
    assert workspace.duplicates.groups(clients) == [group]


def test_what_is_kept_already_is_not_kept_twice(workspace: Workspace):
    phone = {"phone": "+79161112233"}
    made = [workspace.records.create("client", {"name": "Ромашка", **phone}) for _n in range(2)]
    clients = workspace.catalogue["client"]
    workspace.duplicates.sweep(clients)
    (group,) = workspace.duplicates.groups(clients)

    again = FoundGroup(group.likelihood, tuple(m.ids[0] for m in made), group.reasons)
    workspace.duplicates.keep_found(clients, [again])

    assert workspace.duplicates.groups(clients) == [group]
