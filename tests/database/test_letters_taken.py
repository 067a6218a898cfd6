"""A pasted letter: what it proposes, what is known already, and that it is one operation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.letters import CONTACT, PERSON, Reading
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.unit.test_letters import RUSSIAN


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


@pytest.fixture
def client(workspace: Workspace) -> Ref:
    return Ref("client", workspace.records.create("client", {"name": "Romashka"}).ids[0])


def read(workspace: Workspace, about: Ref) -> Reading:
    return workspace.letters.read(RUSSIAN, about)


def test_a_new_person_and_contacts_are_proposed(workspace: Workspace, client: Ref) -> None:
    found = read(workspace, client)
    assert [(p.kind, p.ticked) for p in found.proposals] == [(PERSON, True), *[(CONTACT, True)] * 3]
    assert found.proposals[0].value == "Иван Петров"


def test_the_letter_is_taken_in_as_one_operation(workspace: Workspace, client: Ref) -> None:
    found = read(workspace, client)
    values = {"kind": "letter", "body": found.letter.text, "about": client}
    entry = workspace.catalogue["activity"]
    done = workspace.letters.take(found, found.proposals, values, entry)
    [person] = workspace.reader.linked("person", "client", [client.id]).values()
    assert person.values["name"] == "Иван Петров"
    assert person.values["email"] == "petrov@romashka.example"
    [activity] = workspace.reader.linked("activity", "about", [client.id]).values()
    assert activity.values["person"] is not None
    workspace.undo.undo(done.operation)
    assert workspace.reader.linked("person", "client", [client.id]) == {}


def test_a_known_person_is_recognised_and_gets_what_is_new(
    workspace: Workspace, client: Ref
) -> None:
    values = {"name": "Петров Иван Ильич", "client": client.id, "email": "ivan@romashka.example"}
    person = Ref("person", workspace.records.create("person", values).ids[0])
    found = read(workspace, client)
    assert found.partner == person
    assert {p.value[:12] for p in found.proposals} == {"+79162041183", "petrov@romas"}
    assert {p.owner for p in found.proposals} == {person}


def test_a_number_of_somebody_else_is_named_and_not_ticked(
    workspace: Workspace, client: Ref
) -> None:
    workspace.records.create("client", {"name": "Other", "email": "ivan@romashka.example"})
    known = [p for p in read(workspace, client).proposals if p.known is not None]
    assert [(p.value, p.name, p.ticked) for p in known] == [
        ("ivan@romashka.example", "Other", False)
    ]
