"""lead add, lead convert, intake --once: on both back ends, as a program calls them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli_desk import Cli, new_base

PETROV = "Sergey Petrov, 8 (916) 555-12-34, two windows, source: site"


@pytest.fixture
def cli(base_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    return new_base(base_url, capsys)


def lead(cli: Cli, action: str, *arguments: object) -> Any:
    told = cli.told("lead", action, "--base", cli.base, "--json", *arguments)
    return told.value


def shown(cli: Cli, entity: str, id_: int) -> dict[str, Any]:
    found: dict[str, Any] = cli("show", entity, id_)
    return found


def test_a_text_becomes_a_lead_and_the_next_one_joins_it(cli: Cli) -> None:
    first = lead(cli, "add", PETROV)
    again = lead(cli, "add", "--field", "phone=8 916 555-12-34", "--field", "channel=Chat")
    assert (first["what"], again["what"], again["lead"]) == ("new", "further", first["lead"])
    assert cli("list", "enquiry")["total"] == 2


def test_fields_and_text_go_together(cli: Cli) -> None:
    made = lead(cli, "add", "two windows please", "--field", "name=Olga", "--field", "city=Tver")
    row = cli("list", "lead", "--columns", "name,city")["rows"][0]
    assert (row["id"], row["name"], row["city"]) == (made["lead"], "Olga", "Tver")


def test_a_source_that_is_new_is_added_to_the_book(cli: Cli) -> None:
    for name in ("Olga", "Pavel"):
        lead(cli, "add", "--field", f"name={name}", "--field", "Source=Spring fair")
    rows = cli("list", "lead", "--columns", "name,source")["rows"]
    assert [row["source"] for row in rows] == ["Spring fair"] * 2
    found = lead(cli, "add", "x", "--field", "source=A", "--field", "Source=B")
    assert "given twice" in found["error"]


def test_nothing_to_take_in_is_refused(cli: Cli) -> None:
    assert "Say something" in lead(cli, "add")["error"]


def test_a_lead_is_converted_with_a_deal_and_undone(cli: Cli) -> None:
    id_ = lead(cli, "add", PETROV)["lead"]
    made = lead(cli, "convert", id_, "--pipeline", "Sales")
    assert cli("list", "deal")["total"] == cli("list", "client")["total"] == 1
    assert "converted already" in lead(cli, "convert", id_)["error"]
    cli("undo", made["operation"])
    assert cli("list", "deal")["total"] == cli("list", "client")["total"] == 0


def test_a_conversion_says_how_it_is_undone(cli: Cli) -> None:
    lead = cli.add("lead", name="Petrov", phone="+79165551234")
    told = cli.told("lead", "convert", "--base", cli.base, "--language", "en", lead)
    command = told.out.splitlines()[-1].partition("crm-desktop ")[2].split()
    assert cli.told(*command[:1], "--base", cli.base, *command[1:]).code == 0
    assert cli("show", "lead", lead)["values"]["state"] == "new"


def test_a_lead_is_merged_into_a_client(cli: Cli) -> None:
    client = cli.add("client", name="Petrov")
    id_ = lead(cli, "add", PETROV)["lead"]
    assert lead(cli, "convert", id_, "--client", client)["client"] == client


def test_a_folder_is_taken_in_once_and_what_is_broken_said(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "intake"
    folder.mkdir()
    (folder / "order.txt").write_text(PETROV, encoding="utf-8")
    (folder / "order.json").write_text("{", encoding="utf-8")
    told = cli.told("intake", str(folder), "--once", "--base", cli.base, "--json")
    files = {one["file"]: one for one in told.value["files"]}
    assert told.code == 1
    assert files["order.txt"]["leads"][0]["what"] == "new"
    assert "JSON" in files["order.json"]["reason"]
    again = cli.told("intake", str(folder), "--once", "--base", cli.base)
    assert (again.code, again.out.strip()) == (0, "Nothing waits there")
