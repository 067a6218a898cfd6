"""What a crash cut off is taken back when the base is opened, wholly and for good."""

from __future__ import annotations

import socket

import pytest

from crm_desktop.errors import Conflict
from crm_desktop.models.query import Query
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.operations import Operation, OperationLog
from crm_desktop.services.workspace import Workspace, create_base, open_base
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create
from tests.bases import ready_base

DEAD = 2**22 + 1
"""No process has this number: it is above the highest that Linux gives."""


def cut_off(workspace: Workspace, clients: int, undoes: int | None = None) -> Operation:
    """An operation in its first transaction, of a program that is no more."""
    seat = f"{socket.gethostname()[:30]}:{DEAD}:person:00"
    log = OperationLog(workspace.backend, workspace.tables, seat, None)
    operation = log.start(Title("Long work"), workspace.clock.now(), "import", undoes)
    if clients:
        writes = [Create("client", {"name": f"Client {n}"}) for n in range(clients)]
        workspace.records.apply(writes, operation=operation)
    return operation


def reopened(workspace: Workspace, address: str) -> Workspace:
    workspace.close()
    return open_base(address)


def test_half_an_operation_is_taken_back(base_url: str) -> None:
    workspace = ready_base(base_url, language="en")
    operation = cut_off(workspace, 5)

    workspace = reopened(workspace, base_url)

    assert workspace.lists.count(Query("client")) == 0
    found = workspace.operations.get(operation.id)
    assert (found.state, found.total) == ("undone", 5)
    assert check_base(workspace).problems == []
    workspace.close()


def test_half_an_operation_cannot_be_brought_back(base_url: str) -> None:
    workspace = ready_base(base_url, language="en")
    operation = cut_off(workspace, 5)
    workspace = reopened(workspace, base_url)
    recovery = workspace.operations.get(operation.id).undone_by
    assert recovery is not None

    with pytest.raises(Conflict):
        workspace.undo.undo(recovery)

    assert workspace.lists.count(Query("client")) == 0
    assert workspace.undo.last_redoable() is None
    workspace.close()


def test_an_operation_cut_off_before_its_first_change_leaves_no_trace(sqlite_url: str) -> None:
    workspace = create_base(sqlite_url, language="en")
    operation = cut_off(workspace, 0)

    workspace = reopened(workspace, sqlite_url)

    assert operation.id not in [o.id for o in workspace.operations.last(10)]
    workspace.close()


def test_an_undo_that_was_cut_off_is_finished(base_url: str) -> None:
    workspace = ready_base(base_url, language="en")
    made = workspace.records.apply([Create("client", {"name": f"Client {n}"}) for n in range(3)])
    cut_off(workspace, 0, undoes=made.operation)

    workspace = reopened(workspace, base_url)

    assert workspace.lists.count(Query("client")) == 0
    assert workspace.operations.get(made.operation).state == "undone"
    assert workspace.operations.running() == []
    workspace.close()
