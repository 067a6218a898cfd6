"""What a card reads in one go, on both back ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.errors import NotFound
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.workspace import Workspace
from crm_desktop.ui.record_card.loading import load_card
from tests.bases import ready_base


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def make(base: Workspace, entity: str, **values: object) -> Ref:
    return Ref(entity, base.records.create(entity, values).ids[0])


def test_a_card_comes_with_contacts_events_and_counts(base: Workspace) -> None:
    client = make(base, "client", name="Vector", phone="+79162041183", email="a@example.org")
    make(base, "channel", owner=client, value="+74957803215")
    for number in range(6):
        make(base, "activity", about=client, body=f"Note {number}")

    found = load_card(base, client)

    assert found.title == "Vector"
    assert found.event_count == 6
    assert len(found.events) == 4
    assert [c.values["value"] for c in found.channels] == [
        "+79162041183", "+74957803215", "a@example.org",
    ]  # fmt: skip


def test_people_are_one_tab_though_two_links_lead_there(base: Workspace) -> None:
    client = make(base, "client", name="Vector")
    make(base, "person", name="Anna", client=client.id)

    tabs = {tab.key: tab.count for tab in load_card(base, client).tabs}

    assert tabs["employment.client"] == 1
    assert "person.client" not in tabs


def test_linked_records_come_with_their_titles(base: Workspace) -> None:
    person = make(base, "person", name="Anna", client=make(base, "client", name="Vector").id)

    found = load_card(base, person)

    assert [title.text for title in found.titles.values()] == ["Vector"]


def test_a_record_that_is_gone_is_said_so(base: Workspace) -> None:
    with pytest.raises(NotFound):
        load_card(base, Ref("client", 1))
