"""What came back is not called new, and what is new is called by its name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


@pytest.fixture
def client(workspace: Workspace) -> Ref:
    return Ref("client", workspace.records.create("client", {"name": "Vector"}).ids[0])


def test_a_record_that_came_back_was_restored_not_created(
    workspace: Workspace, client: Ref
) -> None:
    workspace.undo.undo(workspace.records.delete("client", [client.id]).operation)

    found = workspace.history.of(workspace.catalogue["client"], client.id)

    assert [(one.kind, one.again) for one in found] == [("c", True), ("d", False), ("c", False)]
    told = workspace.history.entries([one.seq for one in found])
    assert sorted(one.entry.again for one in told) == [False, False, True]


def test_a_new_activity_is_called_by_the_subject_it_was_given(
    workspace: Workspace, client: Ref
) -> None:
    values = {"about": client, "kind": "note", "body": "Call them back"}
    made = workspace.records.create("activity", values)

    title = workspace.records.operations.get(made.operation).title

    assert title.text() == "Activity “Call them back” created"
