"""A lead becomes a client, a person, a deal: made or merged into, nothing lost, undone at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.sources import FileSource
from crm_desktop.services.leads.arrival import Arrival, Terms
from tests.database.sales_office import MONDAY, Office

COUNTED = ("client", "person", "deal", "channel", "activity", "lead", "enquiry", "attachment")


@pytest.fixture
def office(base_url: str) -> Iterator[Office]:
    made = Office(base_url)
    yield made
    made.base.close()


@pytest.fixture
def pipeline(office: Office) -> int:
    return office.base.pipelines.all()[0].id


def lead(office: Office, **values: Any) -> int:
    given = {"name": "Sergey Petrov", "phone": "+79165551234", "text": "Two windows"}
    return office.add("lead", **{**given, **values})


def contacts(office: Office, entity: str, id_: int) -> set[str]:
    rows = office.base.reader.linked("channel", "owner", [id_]).values()
    return {row.values["value"] for row in rows if row.values["owner"].entity == entity}


def everything(office: Office) -> dict[str, list[tuple[int, dict[str, Any]]]]:
    return {key: [(id_, office.row(key, id_)) for id_ in office.ids(key)] for key in COUNTED}


def test_a_private_person_becomes_a_client_of_that_kind(office: Office) -> None:
    made = office.base.leads.convert(lead(office, city="Tver"))
    client = office.row("client", made.client)
    assert (client["name"], client["kind"], client["city"]) == ("Sergey Petrov", "person", "Tver")
    assert client["phone"] == "+79165551234"
    assert (made.person, made.deal) == (None, None)
    row = office.row("lead", made.lead)
    assert (row["state"], row["client"], row["converted"]) == ("converted", made.client, MONDAY)
    (note,) = office.base.reader.linked("activity", "about", [made.client]).values()
    assert note.values["body"] == "Two windows"


def test_a_company_gets_whoever_asked_as_its_person(office: Office) -> None:
    made = office.base.leads.convert(lead(office, company="OOO Aster"))
    assert office.row("client", made.client)["kind"] == "company"
    assert made.person is not None
    person = office.row("person", made.person)
    assert (person["name"], person["client"]) == ("Sergey Petrov", made.client)
    assert contacts(office, "person", made.person) == {"+79165551234"}


def test_with_a_pipeline_a_deal_stands_at_the_first_stage(office: Office, pipeline: int) -> None:
    made = office.base.leads.convert(lead(office, responsible=office.boris), pipeline=pipeline)
    assert made.deal is not None
    deal = office.row("deal", made.deal)
    first = office.base.pipelines.all()[0].stages[0]
    assert (deal["client"], deal["stage"], deal["lead"]) == (made.client, first.id, made.lead)
    assert (deal["name"], deal["note"], deal["responsible"]) == (
        "Two windows", "Two windows", office.boris,
    )  # fmt: skip


def test_activities_files_and_all_contacts_go_with_it(office: Office, pipeline: int) -> None:
    id_ = lead(office)
    about = Ref("lead", id_)
    office.add("channel", value="s@petrov.example", purpose="home", owner=about)
    call = office.add("activity", kind="call", subject="Rang", about=about, direction="out")
    Files(office.base).add(about, [FileSource("plan.txt", content=b"two windows")])
    made = office.base.leads.convert(id_, pipeline=pipeline)
    assert made.deal is not None
    assert office.row("activity", call)["about"] == Ref("deal", made.deal)
    assert [row.name for row in Files(office.base).of(Ref("deal", made.deal))] == ["plan.txt"]
    for entity, owner in (("client", made.client), ("lead", id_)):
        assert contacts(office, entity, owner) == {"+79165551234", "s@petrov.example"}
    assert office.row("lead", id_)["responded"] == MONDAY


def test_merging_into_a_client_keeps_what_stands_and_adds_what_is_new(office: Office) -> None:
    client = office.add("client", name="Petrov & Co", email="old@petrov.example", kind="company")
    made = office.base.leads.convert(lead(office, city="Tver"), client=client)
    row = office.row("client", client)
    assert (made.client, row["name"], row["city"]) == (client, "Petrov & Co", "Tver")
    assert contacts(office, "client", client) == {"+79165551234", "old@petrov.example"}
    assert len(office.ids("client")) == 1


def test_a_person_of_this_name_is_found_among_the_clients_people(office: Office) -> None:
    client = office.add("client", name="Aster", kind="company")
    person = office.add("person", name="Petrov Sergey", client=client)
    made = office.base.leads.convert(lead(office), client=client)
    assert (made.person, office.ids("person")) == (person, [person])


def test_a_known_telephone_finds_the_client_unless_a_new_one_is_wished(office: Office) -> None:
    client = office.add("client", name="Petrov", phone="+79165551234", kind="person")
    assert office.base.leads.convert(lead(office)).client == client
    assert office.base.leads.convert(lead(office), new_client=True).client != client


def test_merging_into_a_deal_joins_its_note(office: Office, pipeline: int) -> None:
    client = office.add("client", name="Petrov", kind="person")
    deal = office.add("deal", name="Windows", client=client, pipeline=pipeline, note="Ring at 9")
    made = office.base.leads.convert(lead(office), deal=deal)
    assert (made.client, made.deal) == (client, deal)
    row = office.row("deal", deal)
    assert (row["note"], row["lead"]) == ("Ring at 9\n\nTwo windows", made.lead)


def test_whoever_joins_a_deal_is_one_of_its_people_and_the_lead_stands_on_its_timeline(
    office: Office, pipeline: int
) -> None:
    fair = office.add("reference", book="source", name="Fair")
    client = office.add("client", name="Aster", kind="company")
    olga = office.add("person", name="Olga Kim", client=client)
    first = office.base.leads.convert(
        lead(office, name="Olga Kim", phone="+79160000001"), client=client, pipeline=pipeline
    )
    assert first.deal is not None and office.row("deal", first.deal)["person"] == olga
    id_ = lead(office, source=fair, campaign=office.add("campaign", name="Spring"))
    before = everything(office)
    made = office.base.leads.convert(id_, deal=first.deal)
    deal = office.row("deal", first.deal)
    assert (deal["lead"], deal["person"], deal["source"]) == (first.lead, olga, fair)
    assert deal["campaign"] == office.row("lead", id_)["campaign"]
    (joined,) = office.base.reader.linked("deal_person", "deal", [first.deal]).values()
    assert joined.values["person"] == made.person
    (note,) = office.base.reader.linked("activity", "about", [first.deal]).values()
    assert "Sergey Petrov" in note.values["subject"]
    (link,) = office.base.reader.linked("activity_link", "record", [id_]).values()
    assert link.values["record"] == Ref("lead", id_)
    office.base.undo.undo(made.operation)
    assert everything(office) == before


def test_a_deal_of_another_client_is_refused_and_nothing_changes(
    office: Office, pipeline: int
) -> None:
    others = office.add("client", name="Other")
    deal = office.add("deal", name="Doors", client=others, pipeline=pipeline)
    client, id_ = office.add("client", name="Petrov"), lead(office)
    before = everything(office)
    with pytest.raises(InvalidInput, match="another client"):
        office.base.leads.convert(id_, client=client, deal=deal)
    assert everything(office) == before


def test_a_converted_lead_is_not_converted_again(office: Office) -> None:
    made = office.base.leads.convert(lead(office))
    with pytest.raises(InvalidInput, match="converted already"):
        office.base.leads.convert(made.lead)


@pytest.mark.parametrize("company", ["", "Aster"])
def test_one_undo_brings_everything_back(office: Office, pipeline: int, company: str) -> None:
    id_ = lead(office, company=company or None)
    office.add("activity", kind="task", state="planned", subject="Ring", about=Ref("lead", id_),
               due=MONDAY + timedelta(hours=1))  # fmt: skip
    before = everything(office)
    made = office.base.leads.convert(id_, pipeline=pipeline)
    office.base.undo.undo(made.operation)
    assert everything(office) == before
    assert office.base.leads.convert(id_).client != made.client


# --- at once --------------------------------------------------------------------------------------


def test_an_intake_with_a_pipeline_opens_client_and_deal(office: Office, pipeline: int) -> None:
    office.base.records.update("pipeline", pipeline, {"queue": office.queue})
    terms = Terms(pipeline=pipeline)
    one = Arrival(name="Sergey Petrov", phones=("+79165551234",), text="two windows", source="site")
    first = office.base.leads.take_in(one, terms)
    assert first.deal is not None and first.client is not None
    deal = office.row("deal", first.deal)
    assert (deal["responsible"], deal["client"]) == (office.anna, first.client)
    assert office.row("reference", deal["source"])["name"] == "Website"
    assert office.row("client", first.client)["phone"] == "+79165551234"
    assert office.row("lead", first.lead)["state"] == "converted"


def test_the_next_enquiry_of_the_client_adds_a_deal(office: Office, pipeline: int) -> None:
    terms = Terms(pipeline=pipeline, queue=office.queue)
    one = Arrival(name="Sergey Petrov", phones=("+79165551234",), text="two windows")
    first = office.base.leads.take_in(one, terms)
    second = office.base.leads.take_in(Arrival(phones=("+79165551234",), text="a door"), terms)
    assert second.client == first.client
    assert second.deal not in (None, first.deal)
    assert office.row("deal", second.deal or 0)["responsible"] == office.boris
    assert len(office.ids("client")) == 1


def test_an_open_lead_that_asks_again_there_becomes_a_deal(office: Office, pipeline: int) -> None:
    id_ = lead(office)
    again = Arrival(phones=("+79165551234",), text="Well?", channel="chat")
    arrived = office.base.leads.take_in(again, Terms(pipeline=pipeline))
    assert (arrived.lead, office.row("lead", id_)["state"]) == (id_, "converted")
    assert arrived.deal is not None
    assert arrived.operation is not None
    office.base.undo.undo(arrived.operation)
    assert office.row("lead", id_)["state"] == "new"
    assert office.ids("deal") == []


def test_whoever_is_known_by_telephone_is_not_made_twice(office: Office, pipeline: int) -> None:
    firm = office.add("client", name="Romashka", kind="company")
    ivan = office.add("person", name="Ivan Ivanov", client=firm, phone="+79165551234")
    asks = Arrival(name="Ivan", phones=("+79165551234",), text="two windows")
    arrived = office.base.leads.take_in(asks, Terms(pipeline=pipeline))
    deal = office.row("deal", arrived.deal or 0)
    assert (deal["client"], deal["person"]) == (firm, ivan)
    assert office.ids("person") == [ivan]


def test_a_client_who_was_added_meanwhile_is_found_by_the_next_enquiry(
    office: Office, pipeline: int
) -> None:
    lead(office)
    client = office.add("client", name="Petrov", phone="+79165551234")
    again = Arrival(phones=("+79165551234",), text="Well?", channel="chat")
    arrived = office.base.leads.take_in(again, Terms(pipeline=pipeline))
    assert (arrived.client, office.ids("client")) == (client, [client])
