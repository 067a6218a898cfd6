"""The bank directory comes in as any file does, and the command line adds accounts by it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli_desk import Cli

SHARED = Path(os.environ.get("CRM_TEST_CASES", "../shared/data"))
FOLDER = SHARED / "crm-sales" / "bik"
CP1251 = SHARED / "spreadsheets" / "derived-bik-cp1251-semicolon.csv"
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason=f"no {FOLDER}: set CRM_TEST_CASES")
MATCHED = ("--into", "bank", "--match", "bik", "--on-match", "update")
MESSAGE = """<?xml version="1.0" encoding="windows-1251"?>
<ED807 xmlns="urn:cbr-ru:ed:v2.0" EDDate="2026-10-04" BusinessDay="2026-10-05">
 <BICDirectoryEntry BIC="044525225">
  <ParticipantInfo NameP="ПАО Сбербанк" RegN="1481" Ind="117312" Tnp="г" Nnp="Москва"
   Adr="улица Вавилова, дом 19" DateIn="1999-09-27" PtType="20"/>
  <SWBICS SWBIC="SABRRUMMOLD" DefaultSWBIC="0"/><SWBICS SWBIC="SABRRUMM012" DefaultSWBIC="1"/>
  <Accounts Account="30101810000000000001" RegulationAccountType="CRSA" AccountStatus="ACCL"/>
  <Accounts Account="30101810400000000225" RegulationAccountType="CRSA" AccountStatus="ACAC"/>
 </BICDirectoryEntry>
</ED807>"""


@pytest.fixture
def cli(base_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    made = Cli(base_url, capsys)
    assert made.told("new", base_url).code == 0
    return made


def test_every_form_of_the_directory_gives_the_same_banks(cli: Cli) -> None:
    first = cli("import", CP1251, *MATCHED)
    assert (first["created"], first["rejected"]) == (1432, 0)

    for file in ("bik.csv", "bik.json"):
        again = cli("import", FOLDER / file, *MATCHED)
        assert (again["read"], again["created"], again["skipped"]) == (1432, 0, 1432)

    row = cli("list", "bank", "--where", '{"bik": "044030910"}', "--columns",
              "name,correspondent,city,licence,swift,since")["rows"][0]  # fmt: skip
    assert {k: v for k, v in row.items() if k != "id"} == {
        "name": 'САНКТ-ПЕТЕРБУРГСКИЙ РФ АО "РОССЕЛЬХОЗБАНК"', "city": "Санкт-Петербург",
        "correspondent": "30101810900000000910", "licence": "3349/35", "swift": "RUAGRUM1035",
        "since": "2012-07-16",
    }  # fmt: skip


def test_a_directory_that_is_loaded_again_makes_no_bank_twice(cli: Cli) -> None:
    first = cli("import", FOLDER / "bik.csv", "--into", "bank")

    again = cli("import", FOLDER / "bik.json", "--into", "bank")

    assert (first["created"], again["created"], again["skipped"]) == (1432, 0, 1432)
    assert cli("list", "bank", "--count") == {"total": 1432}


def test_the_message_of_the_bank_of_russia_is_a_table_too(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "20261005_ED807_full.xml"
    file.write_text(MESSAGE, encoding="cp1251")

    assert cli("import", file, *MATCHED)["created"] == 1
    told = cli("import", FOLDER / "ed807-sample-1.xml", *MATCHED)

    assert (told["read"], told["created"], told["updated"]) == (4, 3, 1)
    bank = cli("list", "bank", "--where", '{"bik": "044525225"}', "--columns",
               "name,correspondent,city,swift")["rows"][0]  # fmt: skip
    assert (bank["name"], bank["city"]) == ("ПАО СБЕРБАНК", "Москва")
    assert (bank["correspondent"], bank["swift"]) == ("30101810400000000225", "SABRRUMM012")


def test_an_account_is_added_by_its_bik_alone(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "banks.xml"
    file.write_text(MESSAGE, encoding="cp1251")
    cli("import", file, *MATCHED)
    client = cli("add", "client", "name=Ёлка")["id"]
    details = cli("add", "legal_details", f"owner=client:{client}", "inn=7707083893")["id"]
    made = cli("add", "bank_account", f"details={details}", "bik=044525225",
               "account=40702 810 9 38000000001")["id"]  # fmt: skip

    values = cli("show", "bank_account", made)["values"]
    assert values["bank_name"] == "ПАО Сбербанк"
    assert values["correspondent"] == "30101810400000000225"
    refused = cli.on_base("add", "bank_account", f"details={details}", "bik=044525225",
                          "account=40702810838000000001", "--json")  # fmt: skip
    assert refused.code == 1 and json.loads(refused.out)["field"] == "account"


def test_a_spreadsheet_makes_legal_details_where_it_has_more_than_a_tax_number(
    cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "clients.csv"
    file.write_text("Название;ИНН;КПП\nЁлка;7707083893;773601001\nСосна;0279111370;\n", "utf-8")

    told = cli("import", file, "--into", "client")

    assert (told["created"], told["others"]) == (2, {"legal_details": 1})
    assert cli("list", "legal_details", "--columns", "kpp")["rows"][0]["kpp"] == "773601001"


def test_a_spreadsheet_of_legal_details_is_brought_in_by_its_headings(
    cli: Cli, tmp_path: Path
) -> None:
    cli("add", "client", "name=Ёлка")
    file = tmp_path / "details.csv"
    file.write_text(
        "Клиент;Полное наименование;ИНН;КПП;ОГРН;Юридический адрес;Директор\n"
        "Ёлка;Общество с ограниченной ответственностью «Ёлка»;7707083893;773601001;"
        "1027700132195;Москва, Вавилова, 19;Иванова А. А.\n"
        "Ёлка;Ёлка;7707083894;;;;\n",
        "utf-8",
    )
    plan = tmp_path / "map.json"
    plan.write_text(json.dumps({
        "Клиент": "name", "Полное наименование": "legal_details.full_name",
        "ИНН": "legal_details.inn", "КПП": "legal_details.kpp", "ОГРН": "legal_details.ogrn",
        "Юридический адрес": "legal_details.legal_address", "Директор": "legal_details.director",
    }), "utf-8")  # fmt: skip

    told = cli("import", file, "--into", "client", "--map", plan, "--match", "name",
               "--on-match", "update")  # fmt: skip

    assert (told["others"], told["rejected"], told["left_out"]) == ({"legal_details": 2}, 0, 1)
    assert [(one["row"], one["field"]) for one in told["rejects"]] == [(3, "legal_details.inn")]
    rows = cli("list", "legal_details", "--columns", "short_name,inn,director")["rows"]
    kept = {(row["short_name"], row["inn"]) for row in rows}
    assert kept == {("ООО «Ёлка»", "7707083893"), ("Ёлка", None)}
