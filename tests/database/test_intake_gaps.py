"""Letters with nothing but files, odd names, files in the way; what a repeat enquiry brings; leads
of an import and known clients."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.sources import FileSource
from crm_desktop.services.intake.folder import put_away
from crm_desktop.services.intake.service import MOST_IN_VAIN
from crm_desktop.services.leads.arrival import FURTHER, Arrival, Terms
from crm_desktop.services.writing.staging import Create
from tests.database.sales_office import Office

PETROV = "Sergey Petrov, 8 (916) 555-12-34, two windows, source: site"


@pytest.fixture
def office(base_url: str) -> Iterator[Office]:
    made = Office(base_url)
    yield made
    made.base.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "intake"
    made.mkdir()
    return made


def drop(folder: Path, name: str, text: str = PETROV) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def letter_of_files(sender: str) -> bytes:
    made = EmailMessage()
    made["From"] = sender
    made.set_content("")
    made.add_attachment(b"%PDF-1.4 plan", maintype="application", subtype="pdf",
                        filename="plan.pdf")  # fmt: skip
    return made.as_bytes()


# --- letters --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sender", ["Olga Orlova <o@orlova.example>", "noreply@form.example"])
def test_a_letter_of_nothing_but_a_file_makes_a_lead_with_the_file(
    office: Office, folder: Path, sender: str
) -> None:
    (folder / "letter.eml").write_bytes(letter_of_files(sender))
    (taken,) = office.base.intake.take(folder)
    lead = taken.arrived[0].lead
    (file,) = Files(office.base).of(Ref("lead", lead))
    assert file.name == "plan.pdf"
    assert "plan.pdf" in office.row("lead", lead)["text"]


# --- folders --------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="names are any bytes there")
def test_a_name_that_is_no_text_is_taken_in(office: Office, folder: Path) -> None:
    drop(folder, os.fsdecode(b"zayavka-\xe7\xe0.txt"))
    (taken,) = office.base.intake.take(folder)
    assert (taken.what, len(office.ids("lead"))) == ("taken", 1)
    taken.file.encode("utf-8")  # can be told
    assert len(list((folder / "done").iterdir())) == 1


def test_what_cannot_be_put_away_does_not_hold_up_the_rest(office: Office, folder: Path) -> None:
    (folder / "done").write_text("no folder", encoding="utf-8")
    drop(folder, "a.txt")
    drop(folder, "b.txt", "Olga Orlova, 8 921 555-77-01, a door")
    found = office.base.intake.take(folder)
    assert [(one.what, bool(one.reason)) for one in found] == [("left", True), ("left", True)]
    assert len(office.ids("lead")) == 2
    (folder / "done").unlink()
    assert {one.what for one in office.base.intake.take(folder)} == {"taken"}
    assert (len(office.ids("lead")), len(list((folder / "done").iterdir()))) == (2, 2)


def test_files_that_stay_behind_wait_for_those_that_came_since(
    office: Office, folder: Path
) -> None:
    for number in range(8):
        drop(folder, f"{number}.txt", f"{PETROV} {number}")
        os.utime(folder / f"{number}.txt", (number, number))
    found = office.base.intake.take(folder, Terms(pipeline=office.queue))  # it is no pipeline
    assert [one.what for one in found] == ["left"] * MOST_IN_VAIN
    drop(folder, "new.txt", "Olga Orlova, 8 921 555-77-01, a door")
    found = office.base.intake.take(folder)
    assert [one.file for one in found[:4]] == ["5.txt", "6.txt", "7.txt", "new.txt"]
    assert {one.what for one in found} == {"taken"}


def test_two_seats_put_files_of_one_name_beside_each_other(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (folder / "done").mkdir()
    first, second = drop(folder, "order.txt", "one"), drop(other, "order.txt", "two")
    put_away(first, "done")
    second.replace(folder / "order.txt")
    put_away(folder / "order.txt", "done")
    texts = sorted(path.read_text(encoding="utf-8") for path in (folder / "done").iterdir())
    assert texts == ["one", "two"]
    put_away(folder / "order.txt", "done")  # gone: nothing is left behind for it
    assert len(list((folder / "done").iterdir())) == 2


# --- a repeat enquiry -----------------------------------------------------------------------------


def test_a_repeat_enquiry_fills_in_all_that_was_unknown(office: Office) -> None:
    first = office.base.leads.take_in(Arrival(phones=("+79165551234",)))
    more = {"city": "Omsk", "tags": "VIP"}
    said = Arrival(name="Olga", phones=("+79165551234",), text="a door", channel="chat",
                   source="Fair", more=more)  # fmt: skip
    again = office.base.leads.take_in(said)
    row = office.row("lead", first.lead)
    assert again.what == FURTHER
    assert (row["name"], row["text"], row["channel"], row["city"]) == (
        "Olga", "a door", "chat", "Omsk",
    )  # fmt: skip
    assert row["tags"] == "VIP" and row["source"] is not None
    office.base.undo.undo(again.operation or 0)
    assert office.row("lead", first.lead)["tags"] is None


def test_a_repeat_enquiry_gives_a_lead_of_nobody_to_somebody(office: Office) -> None:
    first = office.base.leads.take_in(Arrival(phones=("+79165551234",)))
    assert office.row("lead", first.lead)["responsible"] is None
    again = Arrival(phones=("+79165551234",), text="x")
    office.base.leads.take_in(again, Terms(queue=office.queue))
    assert office.row("lead", first.lead)["responsible"] == office.anna


def test_the_deal_of_a_repeat_enquiry_tells_both_and_has_the_file(office: Office) -> None:
    office.base.leads.take_in(Arrival(name="Olga", phones=("+79165551234",), text="a door"))
    files = Files(office.base)
    plan = files.stored_values(FileSource("plan.txt", content=b"plan"))
    pipeline = office.base.pipelines.all()[0].id
    again = Arrival(phones=("+79165551234",), text="a window", files=(plan,))
    arrived = office.base.leads.take_in(again, Terms(pipeline=pipeline))
    assert arrived.deal is not None
    note = office.row("deal", arrived.deal)["note"]
    assert "a door" in note and "a window" in note
    assert [one.name for one in files.of(Ref("deal", arrived.deal))] == ["plan.txt"]


# --- leads of an import ---------------------------------------------------------------------------


def test_leads_of_an_import_find_their_clients(office: Office) -> None:
    create = office.base.records.create
    known = create("client", {"name": "Aster", "phone": "+79165551234"}).ids[0]
    person = create("person", {"name": "Olga", "client": known, "email": "o@a.example"}).ids[0]
    rows = [Create("lead", {"name": f"L {n}", "phone": f"+7916000{n:04}"}) for n in range(120)]
    rows[100] = Create("lead", {"name": "By phone", "phone": "+79165551234"})
    rows[110] = Create("lead", {"name": "By mail", "email": "O@A.example"})
    ids = office.base.records.apply(rows).ids
    assert office.row("lead", ids[100])["client"] == known
    by_mail = office.row("lead", ids[110])
    assert (by_mail["client"], by_mail["person"]) == (known, person)
    assert office.row("lead", ids[5])["client"] is None


@pytest.mark.parametrize("text", ["8 912 345 67 95", "call back after 18:00 to 8 912 345 67 95"])
def test_an_enquiry_without_a_name_opens_a_deal(office: Office, folder: Path, text: str) -> None:
    drop(folder, "order.txt", text)
    pipeline = office.base.pipelines.all()[0].id
    (taken,) = office.base.intake.take(folder, Terms(pipeline=pipeline))
    (arrived,) = taken.arrived
    assert office.row("client", arrived.client or 0)["name"] == "+7 912 345-67-95"
    assert office.row("deal", arrived.deal or 0)["client"] == arrived.client


def test_a_number_read_in_another_country_finds_whose_it_is(office: Office, folder: Path) -> None:
    known = office.add("client", name="Aster", phone="+79165551234")
    office.base.region = "US"
    drop(folder, "a.txt", "Petrov, 916-555-1234, a third window")
    drop(folder, "b.txt", "Smith, 916-555-9999, a window")
    first, second = (one.arrived[0].lead for one in office.base.intake.take(folder))
    assert (office.row("lead", first)["phone"], office.row("lead", first)["client"]) == (
        "+79165551234", known,
    )  # fmt: skip
    assert office.row("lead", second)["phone"] == "+19165559999"


def test_a_firm_with_a_name_too_long_for_a_client_comes_in_whole(
    office: Office, folder: Path
) -> None:
    firm = "Муниципальное бюджетное учреждение " + "дополнительного образования " * 7
    firm = firm.strip()[:240]
    drop(folder, "long.json", json.dumps({"company": firm, "phone": "8 916 555-12-34"}))
    pipeline = office.ids("pipeline")[0]
    (taken,) = office.base.intake.take(folder, Terms(pipeline=pipeline))
    assert taken.what == "taken"
    client = office.row("client", office.ids("client")[0])
    assert client["legal_name"] == firm
    assert client["name"].endswith("…") and len(client["name"]) <= 200
