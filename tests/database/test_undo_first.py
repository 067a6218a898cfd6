"""Ctrl+Z on a fresh base has nothing to take back: nobody made its reference books."""

from __future__ import annotations

from crm_desktop.services.workspace import open_base
from tests.bases import ready_base


def test_the_first_operation_of_a_base_is_nobody_s_to_undo(base_url: str) -> None:
    made = ready_base(base_url, language="en")
    assert made.undo.last_undoable() is None
    made.close()
    again = open_base(base_url)
    assert again.undo.last_undoable() is None
    outcome = again.records.create("client", {"name": "Vector"})
    found = again.undo.last_undoable()
    assert found is not None and found.id == outcome.operation
    again.undo.undo(outcome.operation)
    assert again.undo.last_undoable() is None
    again.close()
