"""What the writer puts into the index is what the check makes of the tables."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest

from crm_desktop.models.backend import firebird_sql
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.schema import SCHEMA_VERSION
from crm_desktop.services.base_tables import FINISHED
from crm_desktop.services.search import renew as search_renew
from crm_desktop.services.search.index import Document, SearchIndex
from crm_desktop.services.search.repair import SearchRepair
from crm_desktop.services.workspace import Workspace, open_base
from crm_desktop.services.writing.foreseen import ReadyDocument
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


def test_a_save_waits_for_words_that_a_colleague_has_not_committed(
    base_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than one try lasts: it is nothing that whoever saves has typed wrongly."""
    monkeypatch.setattr(firebird_sql, "_SAVE_SECONDS", 1)
    with closing(ready_base(base_url)) as workspace:
        backend, saved = workspace.backend, list[int]()

        def save() -> None:
            saved.extend(workspace.records.create("client", {"name": "Ромашка"}).ids)

        thread = threading.Thread(target=save)
        with backend.write() as connection:
            SearchIndex(backend, workspace.tables).learn(connection, ["ромашка"])
            thread.start()
            thread.join(1.5)
        thread.join()

        assert [hit.id for hit in workspace.search.find("ромашка")] == saved[:1] != []
        assert problems(workspace) == []


def test_what_is_spoilt_is_named_and_set_right(base_url: str) -> None:
    with closing(ready_base(base_url)) as workspace:
        ids = [workspace.records.create("client", {"name": f"Rose {n}th"}).ids[0] for n in range(5)]
        assert problems(workspace) == []
        doc, posting = (workspace.tables.system(f"search_{one}") for one in ("doc", "posting"))
        backend, gone = workspace.backend, max(ids) + 1000
        with backend.write() as connection:
            backend.delete_many(connection, doc, ids[:4])
            backend.update_many(connection, doc, ["body"], [(ids[4], " tulip |")])
            backend.insert_many(
                connection, doc, ["id", "ent", "body"], [(gone, 1, " x |"), (gone + 1, 999, "y")]
            )
            backend.insert_many(
                connection, posting, ["ent", "tok", "rid"], [(1, "x", gone), (1, "tulip", ids[0])]
            )
            backend.delete_keys(connection, posting, ["ent", "tok"], [(1, "1th")])
        first = ", ".join(map(str, ids[:3]))
        assert problems(workspace) == [
            f"Clients: 4 records are missing in the search index: {first}, …",
            f"Clients: 1 record has another text in the search index: {ids[4]}",
            "The search index holds 2 records that do not exist",
            f"Clients: the words in the search index do not suit these records: {ids[0]}, {ids[1]},"
            f" {gone}",
            "The vocabulary of the search lacks 1 word",
        ]

        search_renew.repair_search(backend, workspace.tables, workspace.index)

        assert problems(workspace) == []


def test_addresses_of_a_base_of_before_are_set_apart(
    base_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off after any block, it goes on where it was; what is done is not looked at again."""
    monkeypatch.setattr(search_renew, "BLOCK", 2)
    with closing(ready_base(base_url)) as workspace:
        ids = []
        for number in range(5):
            mail = f"ann{number}.petrov@vector.example"
            ids += workspace.records.create("client", {"name": "Вектор", "email": mail}).ids[:1]
        ent = workspace.catalogue["client"].number
        older = (
            f" вектор | ann{number}.petrov@vector.example petrov vector.example"
            for number in range(5)
        )
        with workspace.backend.write() as connection:
            workspace.index.write(connection, {
                id_: Document(ent, (), ReadyDocument(body, 0))
                for id_, body in zip(ids, older, strict=True)
            })  # fmt: skip
        before = problems(workspace)
        workspace.set_info(FINISHED, str(SCHEMA_VERSION - 1))

    with closing(open_base(base_url)) as workspace:
        for typed in ("ann3.pet", "petrov", "@vector.ex"):
            assert {hit.id for hit in workspace.search.find(typed)} & set(ids), typed
        after = problems(workspace)
        again = search_renew.renew_addresses(workspace.backend, workspace.tables, workspace.index)

    assert before and not after and again == 0
