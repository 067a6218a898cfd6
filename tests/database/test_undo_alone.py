"""A big undo asks for no record one by one while nobody else writes, and notices who does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.undo import service as undo
from crm_desktop.services.undo.state import UndoState
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create
from tests.bases import ready_base


@pytest.fixture
def workspace(base_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(undo, "WORTH_ASKING", 1)
    monkeypatch.setattr(undo, "BLOCK", 2)
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def clients(workspace: Workspace, count: int = 6) -> tuple[int, tuple[int, ...]]:
    """An operation, and the clients it has made."""
    outcome = workspace.records.apply(
        [Create("client", {"name": f"Client {number}"}) for number in range(count)]
    )
    return outcome.operation, outcome.ids


def left(workspace: Workspace, ids: tuple[int, ...]) -> set[int]:
    return workspace.reader.exists("client", list(ids))


def test_it_takes_all_back(workspace: Workspace) -> None:
    operation, ids = clients(workspace)

    result = workspace.undo.undo(operation)

    assert (result.restored, result.blocked_total, left(workspace, ids)) == (6, 0, set())


def test_a_record_changed_since_is_left_alone(workspace: Workspace) -> None:
    operation, ids = clients(workspace)
    workspace.records.update("client", ids[0], {"name": "Mine"})

    result = workspace.undo.undo(operation, skip_blocked=True)

    assert (result.blocked_total, left(workspace, ids)) == (1, {ids[0]})


def test_a_record_that_another_belongs_to_is_left_alone(workspace: Workspace) -> None:
    operation, ids = clients(workspace)
    workspace.records.create("activity", {"body": "x", "about": Ref("client", ids[1])})

    result = workspace.undo.undo(operation, skip_blocked=True)

    assert (result.blocked_total, left(workspace, ids)) == (1, {ids[1]})


def test_what_is_written_between_two_blocks_is_noticed(workspace: Workspace) -> None:
    operation, ids = clients(workspace)
    written: list[int] = []

    def write(_done: int, _whole: int) -> None:
        if not written:
            written.append(ids[0])
            workspace.records.update("client", ids[0], {"name": "Mine"})

    result = workspace.undo.undo(operation, progress=write)

    assert (result.blocked_total, left(workspace, ids)) == (1, {ids[0]})


def test_alone_it_asks_for_no_later_changes(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    usual = UndoState._find_later
    monkeypatch.setattr(
        UndoState, "_find_later", lambda *given: asked.append(given) or usual(*given)
    )
    operation, _ids = clients(workspace)

    workspace.undo.undo(operation)

    assert bool(asked) != workspace.backend.exclusive
