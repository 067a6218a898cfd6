"""Leads on both back ends: what follows from a save, repeated enquiries, what is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.leads.arrival import FURTHER, KNOWN, NEW, Arrival, Terms
from tests.database.sales_office import MONDAY, Office

PETROV = Arrival(
    name="Sergey Petrov", phones=("+79165551234",), text="two windows", source="site",
    whole="Sergey Petrov, 8 (916) 555-12-34, two windows, source: site",
)  # fmt: skip


@pytest.fixture
def office(base_url: str) -> Iterator[Office]:
    made = Office(base_url)
    yield made
    made.base.close()


def enquiries(office: Office, lead: int) -> list[dict[str, Any]]:
    rows = office.base.reader.linked("enquiry", "lead", [lead])
    return [row.values for _id, row in sorted(rows.items())]


def reason(office: Office) -> int:
    return office.add("reference", book="reject_reason", name="Spam")


def test_a_lead_by_hand_is_named_received_and_its_first_enquiry_kept(office: Office) -> None:
    lead = office.add("lead", phone="+79165551234", channel="phone", text="Two windows\nsoon")
    row = office.row("lead", lead)
    assert (row["name"], row["received"], row["state"]) == ("+7 916 555-12-34", MONDAY, "new")
    (first,) = enquiries(office, lead)
    assert (first["name"], first["channel"], first["received"]) == ("Two windows", "phone", MONDAY)


def test_a_company_names_the_lead(office: Office) -> None:
    assert office.row("lead", office.add("lead", company="Aster"))["name"] == "Aster"
    assert office.row("lead", office.add("lead", name="", email="a@b.org"))["name"] == "a@b.org"


def test_a_known_client_is_linked(office: Office) -> None:
    client = office.add("client", name="Petrov", phone="+79165551234")
    person = office.add("person", name="Olga", client=client, email="olga@petrov.example")
    assert office.row("lead", office.add("lead", phone="+79165551234"))["client"] == client
    row = office.row("lead", office.add("lead", email="olga@petrov.example"))
    assert (row["client"], row["person"]) == (client, person)


def test_whoever_takes_a_lead_over_takes_it_on(office: Office) -> None:
    lead = office.add("lead", name="Petrov", responsible=office.boris)
    assert office.row("lead", lead)["taken"] is None
    office.base.work_as(office.anna)
    office.clock.move(minutes=7)
    office.base.leads.take_on(lead)
    row = office.row("lead", lead)
    assert (row["state"], row["responsible"]) == ("working", office.anna)
    assert row["taken"] == MONDAY + timedelta(minutes=7)


def test_the_first_response_is_kept_in_working_minutes(office: Office) -> None:
    lead = office.add("lead", name="Petrov", received=MONDAY.replace(hour=12, minute=50))
    about = Ref("lead", lead)
    office.clock.moment = MONDAY.replace(hour=14, minute=20)
    office.add("activity", kind="call", direction="in", about=about, subject="They rang")
    assert office.row("lead", lead)["responded"] is None
    office.add("activity", kind="call", direction="out", about=about, subject="We rang")
    row = office.row("lead", lead)
    assert (row["responded"], row["response"]) == (office.clock.moment, 30)
    assert row["state"] == "working"
    office.clock.move(hours=1)
    office.add("activity", kind="letter", direction="out", about=about, subject="Offer")
    assert office.row("lead", lead)["response"] == 30


def test_a_planned_call_is_no_response_until_it_is_done(office: Office) -> None:
    lead = office.add("lead", name="Petrov")
    call = office.add("activity", kind="call", about=Ref("lead", lead), subject="Ring",
                      state="planned", due=MONDAY + timedelta(minutes=15))  # fmt: skip
    assert office.row("lead", lead)["responded"] is None
    office.clock.move(minutes=10)
    office.base.records.update("activity", call, {"state": "done"})
    assert office.row("lead", lead)["response"] == 10


def test_a_rejection_needs_a_reason_and_can_be_taken_back(office: Office) -> None:
    lead = office.add("lead", name="Petrov")
    with pytest.raises(InvalidInput) as refused:
        office.base.leads.reject(lead, None)
    assert refused.value.field == "reject_reason"
    spam = reason(office)
    office.base.leads.reject(lead, spam, "Sells carpets")
    assert office.row("lead", lead)["reject_reason"] == spam
    office.base.leads.reopen(lead)
    row = office.row("lead", lead)
    assert (row["state"], row["reject_reason"], row["reject_comment"]) == ("new", None, None)


def test_a_lead_is_not_called_converted_by_hand(office: Office) -> None:
    lead = office.add("lead", name="Petrov")
    with pytest.raises(InvalidInput, match="Convert the lead"):
        office.base.records.update("lead", lead, {"state": "converted"})


# --- coming in ------------------------------------------------------------------------------------


def test_an_arrival_becomes_a_lead_with_its_enquiry_and_source(office: Office) -> None:
    arrived = office.base.leads.take_in(PETROV, Terms(queue=office.queue, channel="site"))
    row = office.row("lead", arrived.lead)
    assert arrived.what == NEW
    assert (row["phone"], row["text"], row["channel"]) == ("+79165551234", "two windows", "site")
    assert row["responsible"] == office.anna
    assert office.row("reference", row["source"])["name"] == "Website"
    (enquiry,) = enquiries(office, arrived.lead)
    assert enquiry["text"] == PETROV.whole


def test_an_unknown_source_is_added_to_the_book_once(office: Office) -> None:
    for number in range(2):
        office.base.leads.take_in(Arrival(name=f"Name {number}", source="Yandex maps"))
    names = [office.row("reference", id_)["name"] for id_ in office.ids("reference")]
    assert names.count("Yandex maps") == 1


def test_the_same_telephone_by_another_channel_lands_in_the_open_lead(office: Office) -> None:
    first = office.base.leads.take_in(Arrival(phones=("+79165551234",), channel="phone"))
    again = Arrival(
        name="Sergey Petrov", phones=("+79165551234",), emails=("s@petrov.example",),
        text="and a door", channel="email",
    )  # fmt: skip
    second = office.base.leads.take_in(again)
    assert (second.what, second.lead) == (FURTHER, first.lead)
    row = office.row("lead", first.lead)
    assert (row["name"], row["email"]) == ("Sergey Petrov", "s@petrov.example")
    assert [one["channel"] for one in enquiries(office, first.lead)] == ["phone", "email"]
    by_mail = office.base.leads.take_in(Arrival(emails=("s@petrov.example",), text="Well?"))
    assert by_mail.lead == first.lead


def test_a_decided_lead_is_left_alone(office: Office) -> None:
    first = office.base.leads.take_in(PETROV)
    office.base.leads.reject(first.lead, reason(office))
    assert office.base.leads.take_in(PETROV).lead != first.lead


def test_the_same_digest_is_taken_in_once(office: Office) -> None:
    one = Arrival(name="Petrov", text="Two windows", digest="d" * 64)
    first = office.base.leads.take_in(one)
    operation = office.base.operations.last(1)[0].id
    assert (office.base.leads.take_in(one).what, office.ids("lead")) == (KNOWN, [first.lead])
    assert office.base.operations.last(1)[0].id == operation


def test_nothing_said_is_refused(office: Office) -> None:
    with pytest.raises(InvalidInput, match="Nothing is said"):
        office.base.leads.take_in(Arrival(source="site", origin="empty.txt"))


def test_everybody_away_it_falls_to_the_director_with_a_note(office: Office) -> None:
    for one in (office.anna, office.boris):
        office.away(one, MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=8))
    lead = office.base.leads.take_in(PETROV, Terms(queue=office.queue)).lead
    assert office.row("lead", lead)["responsible"] == office.kirill
    (note,) = office.base.reader.linked("activity", "about", [lead]).values()
    assert "Nobody in the queue “Calls” was there" in note.values["body"]


def test_one_undo_takes_an_arrival_back(office: Office) -> None:
    arrived = office.base.leads.take_in(PETROV, Terms(queue=office.queue))
    assert arrived.operation is not None
    office.base.undo.undo(arrived.operation)
    assert (office.ids("lead"), office.ids("enquiry")) == ([], [])
    assert office.base.leads.take_in(PETROV).what == NEW
