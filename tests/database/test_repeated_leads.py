"""An enquiry that is repeated lands in the open lead, by whatever way it is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.importing.importer import Importer
from crm_desktop.services.writing.staging import Create
from tests.database.sales_office import Office
from tests.import_desk import bring_in, order_of

PHONE = "+79165551234"


@pytest.fixture
def office(base_url: str) -> Iterator[Office]:
    made = Office(base_url)
    yield made
    made.base.close()


def enquiries(office: Office, lead: int) -> list[dict[str, Any]]:
    rows = office.base.reader.linked("enquiry", "lead", [lead])
    return [row.values for _id, row in sorted(rows.items())]


def contacts(office: Office, lead: int) -> list[str]:
    rows = office.base.reader.linked("channel", "owner", [lead])
    return sorted(str(row.values["value"]) for row in rows.values())


def test_a_lead_typed_again_is_a_further_enquiry(office: Office) -> None:
    first = office.add("lead", phone=PHONE, channel="phone", text="Two windows")
    made = office.base.records.create(
        "lead", {"name": "Sergey", "phone": PHONE, "email": "s@petrov.example",
                 "channel": "email", "text": "And a door", "tags": "Hot"},
    )  # fmt: skip
    assert (made.ids, office.ids("lead")) == ((first,), [first])
    row = office.row("lead", first)
    assert (row["name"], row["email"], row["tags"]) == ("Sergey", "s@petrov.example", "Hot")
    assert [one["text"] for one in enquiries(office, first)] == ["Two windows", "And a door"]
    assert contacts(office, first) == [PHONE, "s@petrov.example"]


def test_what_it_says_otherwise_stands_in_the_enquiry(office: Office) -> None:
    first = office.add("lead", name="Sergey Petrov", phone=PHONE, city="Tver")
    office.add("lead", name="S. Petrov", phone=PHONE, city="Moscow")
    assert office.row("lead", first)["city"] == "Tver"
    (said,) = enquiries(office, first)
    assert said["text"].splitlines() == ["Name: S. Petrov", "City: Moscow"]


def test_one_undo_takes_it_back(office: Office) -> None:
    first = office.add("lead", name="Petrov", phone=PHONE)
    made = office.base.records.create("lead", {"phone": PHONE, "city": "Tver", "text": "Well?"})
    office.base.undo.undo(made.operation)
    assert (enquiries(office, first), office.row("lead", first)["city"]) == ([], None)


def test_a_decided_lead_and_one_brought_in_as_decided_stand_for_themselves(office: Office) -> None:
    reason = office.add("reference", book="reject_reason", name="Spam")
    first = office.add("lead", phone=PHONE, state="rejected", reject_reason=reason)
    second = office.add("lead", phone=PHONE)
    third = office.add("lead", phone=PHONE, state="rejected", reject_reason=reason)
    assert office.ids("lead") == sorted([first, second, third])


def test_what_was_written_with_it_goes_along(office: Office) -> None:
    first = office.add("lead", name="Petrov", phone=PHONE)

    def plan(batch: Any) -> list[Create]:
        new = batch.new_id()
        about = {"about": Ref("lead", new), "subject": "Ring", "kind": "call", "state": "planned"}
        return [Create("lead", {"name": "Again", "phone": PHONE}, id=new),
                Create("activity", about)]  # fmt: skip

    office.base.records.apply(plan)
    (call,) = office.base.reader.linked("activity", "about", [first]).values()
    assert (office.ids("lead"), call.values["subject"]) == ([first], "Ring")


def test_a_file_with_repeated_and_known_leads(office: Office, tmp_path: Path) -> None:
    first = office.add("lead", name="Petrov", phone=PHONE)
    file = tmp_path / "leads.csv"
    file.write_text(
        "Name,Telephone,E-mail,Text\n"
        "Sergey,8 916 555 12 34,,A door\n"
        "Olga,+7 495 111-22-33,olga@a.example,One\n"
        "Olga,,olga@a.example,Two\n"
        "O. Ivanova,8(495)111-22-33,ivanova@a.example,Three\n"
        "Nobody,,ivanova@a.example,Four\n",
        encoding="utf-8",
    )
    tried = Importer(office.base).test_run(order_of(office.base, file, "lead"))
    assert (tried.created, tried.updated, tried.rejected) == (1, 4, 0)
    result = bring_in(office.base, file, "lead")
    assert (result.created, result.updated, result.rejected) == (1, 4, 0)
    (other,) = [id_ for id_ in office.ids("lead") if id_ != first]
    assert len(enquiries(office, first)) == 1
    assert [one["text"].partition("\n")[0] for one in enquiries(office, other)] == [
        "One", "Two", "Three", "Four"
    ]  # fmt: skip
    assert contacts(office, other) == ["+74951112233", "ivanova@a.example", "olga@a.example"]


def test_the_rows_of_later_blocks_land_too(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    rows = (f"Name {n},+7495111{n % 3:04d},Text {n}\n" for n in range(12))
    file.write_text("Name,Telephone,Text\n" + "".join(rows), encoding="utf-8")
    tried = Importer(office.base, block=5).test_run(order_of(office.base, file, "lead"))
    assert (tried.created, tried.updated) == (3, 9)
    result = bring_in(office.base, file, "lead", block=5)
    assert (result.created, len(office.ids("lead"))) == (3, 3)
    assert [len(enquiries(office, lead)) for lead in office.ids("lead")] == [4, 4, 4]
