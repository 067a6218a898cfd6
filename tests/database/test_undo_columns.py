"""What an operation made is unmade by columns while nobody else writes; the rest as usual."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.operations import Operation
from crm_desktop.services.undo import service as undo
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create, Update
from tests.bases import ready_base
from tests.import_desk import records

SHOWN = ("search_doc", "search_posting", "client", "contact_channel")
NUMBERS = ("_at", "_by", "version")


@pytest.fixture(params=[2, 5, 1000])
def workspace(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Workspace]:
    monkeypatch.setattr(undo, "WORTH_ASKING", 1)
    monkeypatch.setattr(undo, "BLOCK", request.param)
    made = ready_base(sqlite_url, language="en")
    yield made
    made.close()


def content(workspace: Workspace) -> list[set[tuple[object, ...]]]:
    found = []
    with workspace.backend.read() as connection:
        for name in SHOWN:
            table = workspace.tables.metadata.tables[name]
            left = [c for c in table.c if not c.name.endswith(NUMBERS)]
            found.append({tuple(row) for row in connection.execute(sa.select(*left))})
    return found


def written(workspace: Workspace) -> tuple[int, list[set[tuple[object, ...]]]]:
    """An operation that makes clients and gives others new contacts; what was there before."""
    kept = workspace.records.apply([
        Create("client", {"name": f"Old {n}", "phone": f"+7916204000{n}"}) for n in range(3)
    ]).ids  # fmt: skip
    before = content(workspace)
    made = [Create("client", {"name": f"New {n}", "phone": f"+7916204100{n}", "city": "Tula",
                              "note": "long " * (300 * (n % 2))}) for n in range(6)]  # fmt: skip
    owner = Ref("client", kept[0])
    more = [Create("channel", {"owner": owner, "value": "+79162042222", "main": True})]
    changed = [Update("client", kept[1], {"name": "Renamed", "phone": "+79162043333"})]
    return workspace.records.apply([*made, *more, *changed]).operation, before


def test_everything_is_as_before(workspace: Workspace) -> None:
    operation, before = written(workspace)

    result = workspace.undo.undo(operation)

    assert content(workspace) == before
    assert result.blocked_total == 0
    assert check_base(workspace).problems == []


def test_it_can_be_done_again(workspace: Workspace) -> None:
    operation, _before = written(workspace)
    after = content(workspace)

    undone = workspace.undo.undo(operation)
    workspace.undo.undo(undone.operation)

    assert content(workspace) == after
    assert len(records(workspace, "client")) == 9
    assert check_base(workspace).problems == []


def test_nothing_that_was_unmade_lies_in_the_recycle_bin(workspace: Workspace) -> None:
    operation, _before = written(workspace)

    workspace.undo.undo(operation)

    departed = workspace.tables.system("departed")
    with workspace.backend.read() as connection:
        assert connection.execute(sa.select(departed)).all() == []


def test_an_undo_that_was_cut_off_takes_each_record_once(workspace: Workspace) -> None:
    operation, before = written(workspace)
    half = _cut_off(workspace, operation)

    workspace.undo.recover(lambda running: running.id == half.id)

    assert content(workspace) == before
    assert check_base(workspace).problems == []
    gone = _deleted(workspace, half.id)
    assert len(gone) == len(set(gone))


def _cut_off(workspace: Workspace, operation: int) -> Operation:
    """An undo that ended in the middle of its work."""
    now = workspace.clock.now()
    half = workspace.operations.start(workspace.operations.get(operation).title, now, "undo",
                                      undoes=operation)  # fmt: skip
    target = workspace.operations.get(operation)
    blocks = workspace.undo._blocks(target.id)
    first = next(blocks)
    plan = workspace.undo._plan(first, target.id, undo.UndoResult(half.id))
    workspace.records.apply(plan, operation=half)
    return half


def _deleted(workspace: Workspace, operation: int) -> list[int]:
    rows = workspace.tables.system("change_row").c
    wanted = sa.select(rows.rid).where(rows.op == operation, rows.kind == "d")
    with workspace.backend.read() as connection:
        return list(connection.scalars(wanted))
