"""What the writer puts into the index is what the check makes of the tables."""

from __future__ import annotations

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.search_repair import SearchRepair
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base


def problems(workspace: Workspace) -> list[str]:
    repair = SearchRepair(workspace.backend, workspace.tables, workspace.index)
    with workspace.backend.read() as connection:
        return repair.problems(connection)


def test_a_saved_changed_and_deleted_client_is_found_as_it_stands(base_url: str) -> None:
    workspace = ready_base(base_url)
    (client,) = workspace.records.create(
        "client", {"name": "ООО «Ромашка»", "phone": "+79162041183", "note": "Сад " * 500}
    ).ids[:1]
    owner = Ref("client", client)
    workspace.records.create(
        "channel", {"value": "info@romashka.ru", "kind": "email", "owner": owner}
    )
    found = [workspace.search.find(text)[0].id for text in ("ромаш", "204-11", "info@rom")]
    assert found == [client] * 3 and problems(workspace) == []
    workspace.records.update("client", client, {"name": "Василёк", "phone": "+79035550011"})
    assert [hit.id for hit in workspace.search.find("василек")] == [client]
    assert workspace.search.find("204-11") == [] and problems(workspace) == []
    workspace.records.delete("client", [client])
    assert workspace.search.find("василек") == [] and problems(workspace) == []
    workspace.backend.close()
