"""The one writer on both back ends: values, versions, rules, mirrors, links, deletion."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from crm_desktop.errors import Conflict, InvalidInput, NotFound
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import ChangeSet
from crm_desktop.services.writing.staging import Create, Delete, Update
from tests.bases import ready_base


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture
def workspace(base_url: str, clock: MovedClock) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en", clock=clock)
    yield made
    made.close()


def values(workspace: Workspace, entity: str, id_: int) -> dict[str, object]:
    record = workspace.reader.get(entity, id_)
    assert record is not None
    return record.values


def test_a_created_record_is_read_back_whole(workspace: Workspace) -> None:
    given = {"name": "  ООО  «Ёлка» ", "phone": "+79162041183", "city": "Омск", "employees": 0}
    id_ = workspace.records.create("client", given).ids[0]
    found = values(workspace, "client", id_)
    assert found["name"] == "ООО «Ёлка»"
    assert (found["phone"], found["city"], found["employees"]) == ("+79162041183", "Омск", 0)
    assert found["kind"] == "company"


def test_a_long_text_survives_writing_changing_and_deleting(workspace: Workspace) -> None:
    text = "Длинная заметка. " * 300
    id_ = workspace.records.create("client", {"name": "A", "note": text}).ids[0]
    assert values(workspace, "client", id_)["note"] == text.strip()
    workspace.records.update("client", id_, {"note": "short"})
    assert values(workspace, "client", id_)["note"] == "short"
    operation = workspace.records.update("client", id_, {"note": text}).operation
    workspace.undo.undo(operation)
    assert values(workspace, "client", id_)["note"] == "short"


def test_a_missing_required_field_is_refused_and_nothing_is_written(workspace: Workspace) -> None:
    before = len(workspace.operations.last())
    with pytest.raises(InvalidInput) as refused:
        workspace.records.apply([Create("client", {"name": "A"}), Create("client", {"city": "B"})])
    assert refused.value.field == "name"
    assert workspace.search.find("A", "client") == []
    assert len(workspace.operations.last()) == before


def test_a_save_that_saw_an_older_version_is_a_conflict(workspace: Workspace) -> None:
    id_ = workspace.records.create("client", {"name": "A"}).ids[0]
    workspace.records.update("client", id_, {"city": "Omsk"}, version=1)
    with pytest.raises(Conflict) as refused:
        workspace.records.update("client", id_, {"city": "Tver"}, version=1)
    assert refused.value.current["city"] == "Omsk"
    assert values(workspace, "client", id_)["city"] == "Omsk"


def test_saving_what_is_there_already_leaves_no_trace(workspace: Workspace) -> None:
    id_ = workspace.records.create("client", {"name": "A"}).ids[0]
    before = workspace.operations.last()[0].id
    outcome = workspace.records.update("client", id_, {"name": "A", "city": None})
    assert outcome.changes.touched == {}
    assert workspace.operations.last()[0].id == before


def test_a_link_must_lead_to_a_record(workspace: Workspace) -> None:
    with pytest.raises(InvalidInput) as refused:
        workspace.records.create("person", {"name": "Anna", "client": 999_999})
    assert refused.value.field == "client"


def test_unknown_records_and_fields_are_named(workspace: Workspace) -> None:
    with pytest.raises(NotFound, match="999"):
        workspace.records.update("client", 999, {"city": "Omsk"})
    id_ = workspace.records.create("client", {"name": "A"}).ids[0]
    with pytest.raises(NotFound, match="colour"):
        workspace.records.update("client", id_, {"colour": "red"})


def test_rules_fill_in_what_was_left_empty(workspace: Workspace, clock: MovedClock) -> None:
    person = workspace.records.create("person", {"last_name": "Белова", "first_name": "Анна"}).ids[
        0
    ]
    assert values(workspace, "person", person)["name"] == "Белова Анна"
    note = workspace.records.create("activity", {"body": "First line\nsecond"}).ids[0]
    found = values(workspace, "activity", note)
    assert (found["subject"], found["moment"]) == ("First line", clock.now())


# --- mirrors --------------------------------------------------------------------------------------


def channels(workspace: Workspace, owner: int) -> list[tuple[object, object]]:
    rows = workspace.reader.linked("channel", "owner", [owner]).values()
    return sorted((row.values["value"], row.values["main"]) for row in rows)  # type: ignore[type-var]


def test_the_telephone_of_the_list_is_the_main_contact(workspace: Workspace) -> None:
    id_ = workspace.records.create("client", {"name": "A", "phone": "+79162041183"}).ids[0]
    assert channels(workspace, id_) == [("+79162041183", True)]
    more = {"owner": Ref("client", id_), "value": "+74957803215", "main": True}
    workspace.records.create("channel", more)
    assert values(workspace, "client", id_)["phone"] == "+74957803215"
    assert channels(workspace, id_) == [("+74957803215", True), ("+79162041183", False)]


def test_deleting_the_main_contact_raises_the_next(workspace: Workspace) -> None:
    id_ = workspace.records.create("client", {"name": "A", "phone": "+79162041183"}).ids[0]
    workspace.records.create("channel", {"owner": Ref("client", id_), "value": "+74957803215"})
    workspace.records.update("client", id_, {"phone": None})
    assert values(workspace, "client", id_)["phone"] == "+74957803215"
    assert channels(workspace, id_) == [("+74957803215", True)]


def test_a_persons_company_is_the_main_place_of_work(workspace: Workspace) -> None:
    first, second = workspace.records.apply(
        [Create("client", {"name": "First"}), Create("client", {"name": "Second"})]
    ).ids
    person = workspace.records.create("person", {"name": "Anna", "client": first}).ids[0]
    work = next(iter(workspace.reader.linked("employment", "person", [person])))
    workspace.records.create("employment", {"person": person, "client": second})
    assert values(workspace, "person", person)["client"] == first
    workspace.records.update("employment", work, {"gone": True})
    assert values(workspace, "person", person)["client"] == second


# --- deletion -------------------------------------------------------------------------------------


def test_deleting_takes_what_belongs_along_and_releases_the_rest(workspace: Workspace) -> None:
    client = workspace.records.create("client", {"name": "A", "phone": "+79162041183"}).ids[0]
    person = workspace.records.create("person", {"name": "Anna", "client": client}).ids[0]
    note = workspace.records.create("activity", {"body": "x", "about": Ref("client", client)}).ids[
        0
    ]
    operation = workspace.records.delete("client", [client]).operation
    assert workspace.reader.get("activity", note) is None
    assert channels(workspace, client) == []
    assert values(workspace, "person", person)["client"] is None
    assert workspace.search.find("4118") == []
    workspace.undo.undo(operation)
    assert values(workspace, "client", client)["phone"] == "+79162041183"
    assert values(workspace, "person", person)["client"] == client
    assert [hit.id for hit in workspace.search.find("4118")] == [client]


def test_everybody_who_listens_is_told_what_was_touched(workspace: Workspace) -> None:
    heard: list[ChangeSet] = []
    end = workspace.listen(heard.append)
    id_ = workspace.records.create("client", {"name": "A"}).ids[0]
    end()
    workspace.records.apply([Update("client", id_, {"city": "Omsk"}), Delete("client", id_)][:1])
    assert [change.touched for change in heard] == [{"client": frozenset({id_})}]


def test_a_name_of_parts_stands_in_the_order_of_its_letters(workspace: Workspace) -> None:
    for parts, name in (
        ({"last_name": "Smith", "first_name": "Ann", "middle_name": "Mary"}, "Ann Mary Smith"),
        ({"last_name": "Белова", "first_name": "Анна"}, "Белова Анна"),
        ({"last_name": "Smith"}, "Smith"),
    ):
        person = workspace.records.create("person", parts).ids[0]
        assert values(workspace, "person", person)["name"] == name
