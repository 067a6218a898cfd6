"""Merging on both back ends: all goes to the winner, nothing is lost, undo brings it back."""

from __future__ import annotations

from typing import Any

import pytest

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.undo.service import UndoBlocked
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base


@pytest.fixture
def workspace(base_url: str):  # type: ignore[no-untyped-def]
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def new(workspace: Workspace, entity: str, **values: Any) -> int:
    return workspace.records.create(entity, values).ids[0]


def values_of(workspace: Workspace, entity: str, id_: int) -> dict[str, Any]:
    record = workspace.reader.get(entity, id_)
    assert record is not None
    return record.values


def channels(workspace: Workspace, id_: int) -> dict[str, bool]:
    found = workspace.reader.linked("channel", "owner", [id_])
    return {row.values["value"]: bool(row.values["main"]) for row in found.values()}


@pytest.fixture
def client(workspace: Workspace) -> EntityDef:
    return workspace.catalogue["client"]


def test_what_hangs_on_the_loser_goes_to_the_winner(workspace: Workspace, client: EntityDef):
    one = new(workspace, "client", name="Acme", phone="+79161112233")
    two = new(workspace, "client", name="Acme LLC", phone="+79164445566", city="Omsk")
    note = new(workspace, "activity", body="promised", about=Ref("client", two))
    person = new(workspace, "person", name="Ann", client=two)
    workspace.merging.merge(client, [one, two])
    merged = values_of(workspace, "client", one)
    assert (merged["name"], merged["city"], merged["phone"]) == ("Acme", "Omsk", "+79161112233")
    assert workspace.reader.get("client", two) is None
    assert values_of(workspace, "activity", note)["about"] == Ref("client", one)
    assert values_of(workspace, "person", person)["client"] == one
    assert channels(workspace, one) == {"+79161112233": True, "+79164445566": False}
    assert check_base(workspace).problems == []


def test_equal_contacts_are_kept_once_with_what_both_say(workspace: Workspace, client: EntityDef):
    one = new(workspace, "client", name="A", phone="+79161112233")
    two = new(workspace, "client", name="A", phone="+79161112233")
    (loser_phone,) = workspace.reader.linked("channel", "owner", [two])
    workspace.records.update("channel", loser_phone, {"note": "after six", "state": "invalid"})
    workspace.merging.merge(client, [one, two])
    (left,) = workspace.reader.linked("channel", "owner", [one]).values()
    assert (left.values["note"], left.values["state"]) == ("after six", "invalid")


def test_contacts_that_say_different_things_both_stay(workspace: Workspace, client: EntityDef):
    one = new(workspace, "client", name="A", phone="+79161112233")
    two = new(workspace, "client", name="A", phone="+79161112233")
    for owner, text in ((one, "director"), (two, "warehouse")):
        (id_,) = workspace.reader.linked("channel", "owner", [owner])
        workspace.records.update("channel", id_, {"note": text})
    workspace.merging.merge(client, [one, two])
    left = workspace.reader.linked("channel", "owner", [one]).values()
    assert sorted(row.values["note"] for row in left) == ["director", "warehouse"]


def test_a_person_who_worked_for_both_works_for_one(workspace: Workspace, client: EntityDef):
    one, two = (new(workspace, "client", name=name) for name in ("A", "B"))
    person = new(workspace, "person", name="Ann", client=one)
    new(workspace, "employment", person=person, client=two)
    workspace.merging.merge(client, [two, one])
    places = workspace.reader.linked("employment", "person", [person]).values()
    assert [row.values["client"] for row in places] == [two]
    assert values_of(workspace, "person", person)["client"] == two


def test_the_chosen_value_stays(workspace: Workspace, client: EntityDef):
    one = new(workspace, "client", name="A", phone="+79161112233", city="Omsk")
    two = new(workspace, "client", name="B", phone="+79164445566", city="Tver")
    workspace.merging.merge(client, [one, two], keep={"city": two, "phone": two})
    merged = values_of(workspace, "client", one)
    assert (merged["name"], merged["city"], merged["phone"]) == ("A", "Tver", "+79164445566")
    assert channels(workspace, one) == {"+79161112233": False, "+79164445566": True}


def test_the_preview_names_sources_and_collisions(workspace: Workspace, client: EntityDef):
    one = new(workspace, "client", name="A", note="first", phone="+79161112233")
    two = new(workspace, "client", name="B", note="second", phone="+79164445566", city="Tver")
    plan = workspace.merging.preview(client, [one, two])
    fields = {f.field.key: f for f in plan.fields}
    assert [f.field.key for f in plan.collisions] == ["name"]
    assert [s.ids for s in fields["name"].sources] == [(one,), (two,)]
    assert fields["note"].proposed == "first\n\nsecond"
    assert fields["city"].proposed == "Tver"
    assert {m.link.entity.key: m.count for m in plan.moving} == {"channel": 1}


def test_undo_brings_everything_back_in_a_new_run(base_url: str):
    workspace = ready_base(base_url, language="en")
    one = new(workspace, "client", name="A", phone="+79161112233")
    two = new(workspace, "client", name="B", phone="+79164445566")
    note = new(workspace, "activity", body="x", about=Ref("client", two))
    before = [values_of(workspace, "client", id_) for id_ in (one, two)]
    operation = workspace.merging.merge(workspace.catalogue["client"], [one, two]).operation
    workspace.close()
    workspace = open_base(base_url)
    workspace.undo.undo(operation)
    assert [values_of(workspace, "client", id_) for id_ in (one, two)] == before
    assert values_of(workspace, "activity", note)["about"] == Ref("client", two)
    assert (channels(workspace, one), channels(workspace, two)) == (
        {"+79161112233": True}, {"+79164445566": True},
    )  # fmt: skip
    assert check_base(workspace).problems == []
    workspace.close()


def test_undo_names_what_was_changed_since_and_restores_the_rest(
    workspace: Workspace, client: EntityDef
):
    one = new(workspace, "client", name="A")
    two = new(workspace, "client", name="B", city="Tver")
    note = new(workspace, "activity", body="x", about=Ref("client", two))
    operation = workspace.merging.merge(client, [one, two]).operation
    workspace.records.update("client", one, {"city": "Perm"})
    with pytest.raises(UndoBlocked) as refused:
        workspace.undo.undo(operation)
    assert [(b.name, b.field) for b in refused.value.blocked] == [("A", "city")]
    workspace.undo.undo(operation, skip_blocked=True)
    assert values_of(workspace, "client", one)["city"] == "Perm"
    assert values_of(workspace, "client", two)["city"] == "Tver"
    assert values_of(workspace, "activity", note)["about"] == Ref("client", two)


def test_the_history_and_the_number_of_a_loser_lead_to_the_winner(
    workspace: Workspace, client: EntityDef
):
    one, two, three = (new(workspace, "client", name=name) for name in "ABC")
    workspace.merging.merge(client, [two, three])
    operation = workspace.merging.merge(client, [one, two]).operation
    names = {c.new for e in workspace.history.of(client, one) for c in e.fields}
    assert {"A", "B", "C"} <= names
    assert workspace.merging.lineage.winner("client", three) == one
    workspace.undo.undo(operation)
    assert workspace.merging.lineage.winner("client", two) is None
    assert workspace.merging.lineage.winner("client", three) == two


def test_a_merge_that_makes_no_sense_changes_nothing(workspace: Workspace, client: EntityDef):
    one = new(workspace, "client", name="A")
    for ids, error in (([one], InvalidInput), ([one, one], InvalidInput), ([one, 9**9], NotFound)):
        with pytest.raises(error):
            workspace.merging.merge(client, ids)
    with pytest.raises(InvalidInput):
        workspace.merging.merge(client, [one, new(workspace, "client", name="B")], keep={"name": 1})
    assert values_of(workspace, "client", one)["name"] == "A"


def test_objects_that_people_made_are_merged_too(workspace: Workspace):
    workspace.constructor.add_object(
        {
            "key": "machine", "label": "Machine", "plural": "Machines",
            "fields": [{"key": "name", "label": "Name", "type": "text"},
                       {"key": "place", "label": "Place", "type": "text"}],
        }
    )  # fmt: skip
    machine = workspace.catalogue.find("machine")
    one = new(workspace, machine.key, name="Lathe")
    two = new(workspace, machine.key, name="Lathe", place="Hall 2")
    assert workspace.merging.can_merge_alone(workspace.merging.preview(machine, [one, two]))
    workspace.merging.merge(machine, [one, two])
    assert values_of(workspace, machine.key, one)["place"] == "Hall 2"
