"""What the list of operations reads, on both back ends: finding them, and what each one did."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop import i18n
from crm_desktop.errors import Cancelled
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create
from tests.bases import ready_base


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def test_operations_are_found_newest_first(workspace: Workspace) -> None:
    first = workspace.records.create("client", {"name": "Alder"}).operation
    second = workspace.records.create("client", {"name": "Birch"}).operation

    found = workspace.operations.find()

    assert found[:2] == [second, first]
    assert [o.id for o in workspace.operations.several(found[:2])] == [second, first]


def test_operations_are_found_by_words_of_their_titles(workspace: Workspace) -> None:
    alder = workspace.records.create("client", {"name": "Алдер Ёлкин"}).operation
    workspace.records.create("client", {"name": "Birch"})

    assert workspace.operations.find("елкин CLIENT") == [alder]
    i18n.set_language("ru")
    assert workspace.operations.find("клиент алдер") == [alder]


def test_operations_are_found_by_kind_and_person(workspace: Workspace) -> None:
    olga = workspace.records.create("staff", {"name": "Olga"}).ids[0]
    workspace.work_as(olga)
    hers = workspace.records.create("client", {"name": "A"}).operation
    undone = workspace.undo.undo(hers).operation
    workspace.work_as(None)
    workspace.records.create("client", {"name": "B"})

    assert workspace.operations.find(kind="undo") == [undone]
    assert workspace.operations.find(author=olga) == [undone, hers]
    assert workspace.operations.authors() == [olga]


def test_search_for_operations_can_be_stopped(workspace: Workspace) -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        workspace.operations.find("alder", check=stop)


def test_operation_shows_each_field_before_and_after(workspace: Workspace) -> None:
    id_ = workspace.records.create("client", {"name": "Alder", "city": "Omsk"}).ids[0]
    changed = workspace.records.update("client", id_, {"city": "Perm"}).operation

    (change,) = workspace.history.of_operation(changed)

    assert (change.ref, change.title, change.kind) == (Ref("client", id_), "Alder", "u")
    assert [(f.field.key, f.old, f.new) for f in change.fields] == [("city", "Omsk", "Perm")]
    assert change.alive


def test_deleted_record_keeps_its_name(workspace: Workspace) -> None:
    id_ = workspace.records.create("client", {"name": "Alder"}).ids[0]
    deleted = workspace.records.delete("client", [id_]).operation

    changes = workspace.history.of_operation(deleted)

    alder = next(c for c in changes if c.ref.id == id_)
    assert (alder.title, alder.kind, alder.alive) == ("Alder", "d", False)


def test_deleted_owner_is_named_where_its_parts_point_to_it(workspace: Workspace) -> None:
    id_ = workspace.records.create("client", {"name": "Alder", "phone": "+79162041183"}).ids[0]
    deleted = workspace.records.delete("client", [id_]).operation

    changes = workspace.history.of_operation(deleted)

    channel = next(c for c in changes if c.ref.entity == "channel")
    assert "Alder" in [f.old for f in channel.fields]


def test_changed_record_that_is_gone_is_named_by_its_number(workspace: Workspace) -> None:
    id_ = workspace.records.create("client", {"name": "Alder"}).ids[0]
    changed = workspace.records.update("client", id_, {"city": "Perm"}).operation
    workspace.records.delete("client", [id_])

    (change,) = workspace.history.of_operation(changed)

    assert (change.title, change.alive) == (f"Client {id_}", False)


def test_what_has_no_name_is_called_by_what_it_belongs_to(workspace: Workspace) -> None:
    moment = workspace.clock.now()
    made = workspace.records.create(
        "activity", {"kind": "call", "subject": "Ask", "starts": moment}
    )
    (reminder,) = workspace.records.create(
        "reminder", {"activity": made.ids[0], "offset": -540}
    ).ids  # fmt: skip
    changed = workspace.records.update("reminder", reminder, {"offset": 120})

    (told,) = workspace.history.of_operation(changed.operation)

    assert told.title == "Reminder: Ask"
    offset = next(one for one in told.fields if one.field.key == "offset")
    assert (offset.old, offset.new) == ("On the day at 9:00", "2 hours before")
    (gone,) = workspace.history.of_operation(
        workspace.records.delete("reminder", [reminder]).operation
    )
    assert gone.title == "Reminder: Ask"


def test_links_are_shown_by_their_titles(workspace: Workspace) -> None:
    olga = workspace.records.create("staff", {"name": "Olga"}).ids[0]
    made = workspace.records.create("client", {"name": "A", "responsible": olga}).operation

    (change,) = workspace.history.of_operation(made)

    assert "Olga" in [f.new for f in change.fields]


def test_long_operation_is_read_in_parts(workspace: Workspace) -> None:
    writes = [Create("client", {"name": f"C{n}"}) for n in range(25)]
    operation = workspace.records.apply(writes, Title("Many")).operation

    first = workspace.history.of_operation(operation, limit=10)
    rest = workspace.history.of_operation(operation, after=first[-1].seq)

    assert [c.title for c in (*first, *rest)] == [f"C{n}" for n in range(25)]
