"""The history of a record with its children's, and former values brought back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.errors import NotFound
from crm_desktop.services.history.record import PastChange
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


@pytest.fixture
def client(workspace: Workspace) -> int:
    values = {"name": "Alpha", "city": "Omsk", "phone": "+74950000001"}
    return workspace.records.create("client", values).ids[0]


def changes(workspace: Workspace, id_: int, **more: object) -> list[PastChange]:
    return workspace.record_history.of(workspace.catalogue["client"], id_, **more)  # type: ignore[arg-type]


def test_the_children_are_in_the_history_of_their_owner(workspace: Workspace, client: int) -> None:
    [channel] = workspace.reader.linked("channel", "owner", [client])
    workspace.records.update("channel", channel, {"value": "+74950000002"})
    workspace.records.delete("channel", [channel])
    found = changes(workspace, client)
    told = [(one.ref.entity, one.title, one.entry.kind) for one in found]
    assert ("channel", "Contact: +7 495 000-00-02", "d") in told
    assert [one.title for one in found if one.ref.entity == "client"][0] == ""


def test_it_is_narrowed_to_one_field_and_read_by_pages(workspace: Workspace, client: int) -> None:
    for city in ("Tver", "Perm", "Omsk"):
        workspace.records.update("client", client, {"city": city, "note": city})
    workspace.records.update("client", client, {"note": "x"})
    found = changes(workspace, client, field="city", limit=2)
    rest = changes(workspace, client, field="city", limit=9, before=found[-1].entry.seq)
    news = [c.new for one in (*found, *rest) for c in one.entry.fields if c.field.key == "city"]
    assert news == ["Omsk", "Perm", "Tver", "Omsk"]


def test_a_former_value_is_brought_back_and_that_is_undone(
    workspace: Workspace, client: int
) -> None:
    workspace.records.update("client", client, {"city": "Tver", "note": "x"})
    change = changes(workspace, client, field="city")[0]
    back = workspace.record_history.bring_back(change.entry.seq, ["city"])
    record = workspace.reader.get("client", client)
    assert record is not None and (record.values["city"], record.values["note"]) == ("Omsk", "x")
    workspace.undo.undo(back.operation)
    record = workspace.reader.get("client", client)
    assert record is not None and record.values["city"] == "Tver"


def test_what_is_not_on_record_is_not_brought_back(workspace: Workspace) -> None:
    with pytest.raises(NotFound):
        workspace.record_history.bring_back(10**12, ["city"])
