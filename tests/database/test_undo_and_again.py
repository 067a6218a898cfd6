"""Back and forth: each operation says what was done at first, and Ctrl+Y goes only forward."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop import i18n
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import MOST_LETTERS, Title
from tests.bases import ready_base


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def told(workspace: Workspace, operation: int) -> str:
    return workspace.operations.get(operation).title.text()


def test_titles_stay_short_however_often_it_goes_back_and_forth(workspace: Workspace) -> None:
    operation = workspace.records.create("client", {"name": "Alder"}).operation
    titles = []
    for _turn in range(4):
        operation = workspace.undo.undo(operation).operation
        titles.append(told(workspace, operation))

    undone, again = "Undone: Client “Alder” created", "Done again: Client “Alder” created"
    assert titles == [undone, again, undone, again]


def test_a_title_of_an_undo_speaks_one_language(workspace: Workspace) -> None:
    operation = workspace.records.create("client", {"name": "Alder"}).operation
    undone = workspace.undo.undo(operation).operation
    i18n.set_language("ru")
    again = workspace.undo.undo(undone).operation

    assert told(workspace, again) == "Повторено: Клиент «Alder»: создание"
    assert told(workspace, undone) == "Отменено: Клиент «Alder»: создание"


def test_what_was_done_again_is_not_taken_back_by_doing_again(workspace: Workspace) -> None:
    first = workspace.records.create("client", {"name": "Alder"}).operation
    second = workspace.records.create("client", {"name": "Birch"}).operation
    for operation in (second, first):
        workspace.undo.undo(operation)
    names = []
    while (redo := workspace.undo.last_redoable()) is not None and len(names) < 4:
        workspace.undo.undo(redo.id)
        names.append(redo.undoes)

    assert names == [first, second]
    assert all(workspace.operations.get(id_).state == "done" for id_ in (first, second))


def test_after_something_new_nothing_is_done_again(workspace: Workspace) -> None:
    first = workspace.records.create("client", {"name": "Alder"}).operation
    workspace.undo.undo(first)
    workspace.records.create("client", {"name": "Birch"})

    assert workspace.undo.last_redoable() is None


def test_a_title_within_a_title_keeps_to_its_room() -> None:
    inner = Title("{a}{b}{c}{d}", {key: key * 120 for key in "abcd"})

    kept = Title("Undone: {what}", {"what": inner}).to_text()

    assert len(kept) <= MOST_LETTERS
    assert Title.from_text(kept).text() == "Undone: " + "a" * 120
