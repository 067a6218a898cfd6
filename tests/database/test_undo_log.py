"""What the change log says of a record whose making was undone."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def logged(workspace: Workspace, id_: int) -> list[tuple[str, dict[str, object]]]:
    rows = workspace.tables.system("change_row")
    wanted = sa.select(rows.c.kind, rows.c.delta).where(rows.c.rid == id_).order_by(rows.c.seq)
    with workspace.backend.read() as connection:
        return [(row.kind, json.loads(row.delta)) for row in connection.execute(wanted)]


def test_it_holds_all_values_and_when_it_was_made(workspace: Workspace) -> None:
    made = workspace.records.create("client", {"name": "Ёлка «А»", "phone": "+74951234567"})

    workspace.undo.undo(made.operation)

    (_made, values), (kind, gone) = logged(workspace, made.ids[0])
    created = gone.pop("@")
    assert (kind, gone) == ("d", values)
    assert isinstance(created, list)
    assert created[0] == 1


def test_a_record_comes_back_from_it_as_it_was(workspace: Workspace) -> None:
    made = workspace.records.create("client", {"name": "Acme"})
    before = workspace.reader.get("client", made.ids[0])
    undone = workspace.undo.undo(made.operation)

    workspace.undo.undo(undone.operation)

    after = workspace.reader.get("client", made.ids[0])
    assert (after.values, after.created_by) == (before.values, before.created_by)
