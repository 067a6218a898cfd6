"""Real files of the shared folder give the figures computed for them, on both back ends."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from crm_desktop.services.importing.learned import LearnedMappings
from crm_desktop.services.importing.mapping import Mapping
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.foreign_files import SHARED, needs_shared
from tests.import_desk import bring_in, one, order_of, records, title

pytestmark = needs_shared
SALES = SHARED / "crm-sales"
SECTORS = {"employment": 4, "entertainment": 6, "finance": 8, "marketing": 8, "medical": 12,
           "retail": 17, "services": 5, "software": 7, "technolgy": 12,
           "telecommunications": 6}  # fmt: skip


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def test_the_accounts_of_a_sales_team(workspace: Workspace) -> None:
    result = bring_in(workspace, SALES / "maven-crm" / "accounts.csv", "client")

    clients = records(workspace, "client")
    assert (result.created, result.rejected, len(clients)) == (85, 0, 85)
    assert sum(c["revenue"] for c in clients) == Decimal("169543.80")
    assert sum(c["employees"] for c in clients) == 396170
    sectors = [title(workspace, "reference", c["industry"]).casefold() for c in clients]
    assert {name: sectors.count(name) for name in sectors} == SECTORS


def test_people_of_an_address_book(workspace: Workspace) -> None:
    result = bring_in(workspace, SALES / "contacts" / "thunderbird-basic_csv_addressbook.csv",
                      "person")  # fmt: skip

    assert (result.created, result.rejected) == (2, 0)
    jane = one(workspace, "person", email="jane@doe.invalid")
    assert (jane["name"], jane["last_name"]) == ("Jane Doe", "Doe")


@pytest.mark.parametrize(
    "file", [SALES / "bik" / "bik.csv", SALES / "bik" / "bik.json",
             SHARED / "spreadsheets" / "derived-bik-cp1251-semicolon.csv"],
)  # fmt: skip
def test_a_directory_of_banks_keeps_its_leading_zeros(workspace: Workspace, file: Path) -> None:
    mapping = {"bic": "tax_id", "namep": "name", "nnp": "city", "adr": "address"}

    result = bring_in(workspace, file, "client", mapping)

    banks = records(workspace, "client")
    assert (result.read, result.created, len(banks)) == (1432, 1432, 1432)
    codes = {bank["tax_id"] for bank in banks}
    assert len(codes) == 1432
    assert all(len(code) == 9 for code in codes)
    assert sum(code.startswith("0") for code in codes) == 1320
    assert sum(bank["city"] is not None for bank in banks) == 1418


def test_a_price_list_with_its_header_in_row_ten(workspace: Workspace) -> None:
    file = SHARED / "spreadsheets" / "49423.xls"
    header = order_of(workspace, file, "client").header
    assert header.row == 10
    price = next(name for name in header.names if "Цена" in name)
    mapping = {"Краткое название книги": "name", price: "revenue"}

    result = bring_in(workspace, file, "client", mapping)

    assert (result.created, result.rejected) == (98, 0)
    total = sum(c["revenue"] for c in records(workspace, "client"))
    assert abs(total - Decimal("15566.18")) < Decimal("0.5")


@pytest.mark.parametrize(
    ("file", "people"),
    [("John_Doe_MS_OUTLOOK.vcf", 1), ("gmail-list.vcf", 3), ("issue114.vcf", 1),
     ("calcard-009-android-qp-cyrillic.vcf", 10), ("calcard-051-nextcloud.vcf", 1),
     ("John_Doe_LOTUS_NOTES.vcf", 1)],
)  # fmt: skip
def test_cards_become_people(workspace: Workspace, file: str, people: int) -> None:
    result = bring_in(workspace, SHARED / "vcard" / file, "person")

    assert (result.created, result.rejected) == (people, 0), result.rejects


def test_a_card_of_somebody_in_an_organisation_is_two_records(
    workspace: Workspace, tmp_path: Path
) -> None:
    lines = (
        "BEGIN:VCARD", "VERSION:3.0", "N:Fox;Sam", "FN:Sam Fox", "ORG:Lily Ltd", "TITLE:Buyer",
        "TEL:+79162041183", "NOTE:in the morning", "END:VCARD",
        "BEGIN:VCARD", "VERSION:3.0", "FN:Rose Ltd", "ORG:Rose Ltd", "TEL:+79162041184",
        "NOTE:shop", "END:VCARD",
        "BEGIN:VCARD", "VERSION:3.0", "FN:Ann Lee", "ORG:Lily Ltd", "END:VCARD",
        "BEGIN:VCARD", "VERSION:3.0", "FN:Bob Hart", "TITLE:Owner", "EMAIL:bob@hart.ru",
        "END:VCARD",
    )  # fmt: skip
    file = tmp_path / "book.vcf"
    file.write_text("\r\n".join((*lines, "")), encoding="utf-8")

    result = bring_in(workspace, file, "client")

    assert (result.created, result.updated, result.rejected) == (3, 1, 0), result.rejects
    clients = {c["name"]: c for c in records(workspace, "client")}
    assert set(clients) == {"Lily Ltd", "Rose Ltd", "Bob Hart"}
    assert (clients["Rose Ltd"]["phone"], clients["Rose Ltd"]["note"]) == ("+79162041184", "shop")
    assert (clients["Lily Ltd"]["phone"], clients["Bob Hart"]["email"]) == (None, "bob@hart.ru")
    sam, ann = records(workspace, "person")
    assert (sam["name"], sam["last_name"], sam["job_title"]) == ("Sam Fox", "Fox", "Buyer")
    assert (sam["phone"], sam["note"]) == ("+79162041183", "in the morning")
    assert {sam["client"], ann["client"]} == {clients["Lily Ltd"]["id"]}
    assert not {"last_name", "job_title", "birthday"} & {*result.unused}


def test_the_organisation_of_a_card_is_where_its_person_works(workspace: Workspace) -> None:
    bring_in(workspace, SHARED / "vcard" / "John_Doe_MS_OUTLOOK.vcf", "person")

    (work,) = records(workspace, "employment")
    assert title(workspace, "client", work["client"]) == "IBM"
    assert work["person"] == records(workspace, "person")[0]["id"]


def test_a_card_of_placeholders_comes_in_without_them(workspace: Workspace) -> None:
    result = bring_in(workspace, SHARED / "vcard" / "outlook-2003.vcf", "person")

    assert (result.created, result.rejected) == (1, 0)
    assert result.left_out == len(result.rejects) > 1
    assert "BusinessPhone" in " ".join(one.reason for one in result.rejects)


def test_all_numbers_of_a_card_are_kept(workspace: Workspace) -> None:
    bring_in(workspace, SHARED / "vcard" / "John_Doe_MS_OUTLOOK.vcf", "person")

    person = records(workspace, "person")[0]
    assert person["job_title"] == "Money Counter"
    assert title(workspace, "client", person["client"]) == "IBM"
    assert str(person["birthday"]) == "1980-03-22"
    phones = [c["value"] for c in records(workspace, "channel") if c["kind"] == "phone"]
    assert len(phones) == 2


def test_a_mapping_once_used_is_offered_again(workspace: Workspace) -> None:
    names = ("Firma", "Nummer")
    learned = LearnedMappings(workspace.backend, workspace.tables)
    assert learned.find("client", names) is None
    mapping = Mapping.from_json({"Firma": "name", "Nummer": "phone"})

    learned.keep("client", names, Mapping())
    learned.keep("client", names, mapping)

    assert learned.find("client", ("nummer", "FIRMA")) == mapping
    assert learned.find("person", names) is None
