"""find, list, show, history, objects, operations: what they print, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.bases import ready_base
from tests.cli_desk import Cli, new_base, place_for_base


@pytest.fixture
def cli(base_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    """A base that the test may change."""
    return new_base(base_url, capsys)


@pytest.fixture(scope="module", params=["sqlite", "firebird"])
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Three companies and a person, only to be looked at."""
    with place_for_base(request, tmp_path_factory) as address:
        workspace = ready_base(address, language="en")
        status = workspace.titles.find("reference", "Active", "client_status")[0]
        lily = {
            "name": "Lily",
            "phone": "+79162041183",
            "city": "Omsk",
            "revenue": Decimal("1500.5"),
        }
        (first,) = workspace.records.create("client", lily).ids
        rose = {"name": "Rose", "city": "Omsk", "employees": 12, "status": status}
        workspace.records.create("client", rose)
        workspace.records.create("client", {"name": "Aster", "city": "Perm", "employees": 7})
        anna = {"name": "Anna Petrova", "client": first, "birthday": date(1990, 2, 28)}
        workspace.records.create("person", anna)
        workspace.close()
        yield address


@pytest.fixture
def filled(office: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(office, capsys)


def names(cli: Cli, *arguments: object) -> list[str]:
    rows = cli("list", "client", "--columns", "name", *arguments)["rows"]
    return [row["name"] for row in rows]


def test_find_gives_object_number_and_title(filled: Cli) -> None:
    value = filled("find", "lil")

    assert value["total"] == 1
    assert value["rows"][0].keys() == {"object", "id", "title", "detail"}
    assert (value["rows"][0]["object"], value["rows"][0]["title"]) == ("client", "Lily")


def test_find_takes_several_words_digits_and_one_object(filled: Cli) -> None:
    assert filled("find", "petr", "ann")["rows"][0]["title"] == "Anna Petrova"
    assert filled("find", "2041183")["rows"][0]["title"] == "Lily"
    assert filled("find", "lily", "--object", "person")["rows"] == []


def test_find_counts_more_than_it_prints(cli: Cli) -> None:
    for number in range(5):
        cli.add("client", name=f"Tulip {number}")

    value = cli("find", "tulip", "--limit", 2)

    assert (value["total"], len(value["rows"])) == (5, 2)


def test_find_anywhere_reads_long_texts(cli: Cli) -> None:
    cli.add("client", name="Iris", note="keeps two hippopotami in the yard")

    assert cli("find", "potami", "--anywhere")["rows"][0]["title"] == "Iris"


def test_find_says_when_there_is_nothing(filled: Cli) -> None:
    assert filled.lines("find", "zzzz") == ["Nothing found"]


def test_list_prints_the_wanted_columns_over_links(filled: Cli) -> None:
    value = filled("list", "person", "--columns", "name,client.name,client.revenue,birthday")

    assert value["total"] == 1
    (row,) = value["rows"]
    assert row.pop("id") > 0
    assert row == {
        "name": "Anna Petrova", "client.name": "Lily", "client.revenue": "1500.50",
        "birthday": "1990-02-28",
    }  # fmt: skip


def test_the_headings_name_the_way_over_links(filled: Cli) -> None:
    heading, _line, row, last = filled.lines("list", "person", "--columns", "name,client.phone")

    assert heading.split() == ["id", "Full", "name", "Company:", "Telephone"]
    assert row.endswith("+7 916 204-11-83")
    assert last == "1 of 1 record"


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ('{"field": "city", "op": "eq", "value": "Omsk"}', ["Lily", "Rose"]),
        ('{"city": "Omsk", "employees": 12}', ["Rose"]),
        ('{"or": [{"city": "Perm"}, {"name": "Lily"}]}', ["Aster", "Lily"]),
        ('{"not": {"city": "Omsk"}}', ["Aster"]),
        ('[{"field": "employees", "op": "ge", "value": 7}, {"city": "Perm"}]', ["Aster"]),
        ('{"field": "phone", "op": "filled"}', ["Lily"]),
        ('{"field": "status.name", "op": "eq", "value": "Active"}', ["Rose"]),
        ('{"field": "revenue", "op": "between", "value": ["1000", "2000"]}', ["Lily"]),
        ('{"field": "created_at", "op": "period", "value": "today"}', ["Aster", "Lily", "Rose"]),
    ],
)
def test_where_narrows_a_list(filled: Cli, where: str, found: list[str]) -> None:
    assert names(filled, "--where", where, "--sort", "name") == found


def test_sort_limit_offset_text_and_count(filled: Cli) -> None:
    assert names(filled, "--sort", "city,-name") == ["Rose", "Lily", "Aster"]
    assert names(filled, "--sort", "-name", "--limit", 1, "--offset", 1) == ["Lily"]
    assert names(filled, "--text", "ros") == ["Rose"]
    assert filled("list", "client", "--count") == {"total": 3}
    assert filled.lines("list", "client", "--count") == ["3"]
    assert filled("list", "client", "--limit", 0)["rows"] == []


def test_an_object_is_named_as_people_name_it(filled: Cli) -> None:
    assert filled("list", "Clients", "--count") == {"total": 3}
    assert filled("list", "client", "--columns", "Name,City", "--limit", 1)["rows"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "unicorn"),
        ("list", "client", "--columns", "horn"),
        ("list", "client", "--columns", "name.horn"),
        ("list", "client", "--sort", "horn"),
        ("list", "client", "--where", '{"horn": 1}'),
        ("list", "client", "--view", "Nowhere"),
        ("find", "x", "--object", "unicorn"),
        ("show", "client", "99999"),
        ("show", "client", "9223372036854775807"),
        ("history", "unicorn", "1"),
    ],
)
def test_what_is_not_there_is_refused_in_words(filled: Cli, arguments: tuple[str, ...]) -> None:
    error = filled.refusal(*arguments)["error"]

    assert len(error) > 15
    assert "Traceback" not in error


@pytest.mark.parametrize(
    "where",
    ["", "{broken", '"text"', '{"field": "city", "op": "like", "value": "x"}', "[" * 3000],
)
@pytest.mark.parametrize("command", ["list", "export"])
def test_a_condition_in_no_right_form_is_wrong_usage(
    filled: Cli, tmp_path: Path, command: str, where: str
) -> None:
    out = tmp_path / "all.csv"
    more = ("--out", str(out)) if command == "export" else ()

    told = filled.misuse(command, "client", *more, "--where", where)

    assert told["field"] == "where" and len(told["error"]) > 15
    assert not out.exists()


def test_show_gives_values_links_and_counts(filled: Cli) -> None:
    lily = filled("find", "lily")["rows"][0]["id"]
    anna = filled("find", "anna")["rows"][0]["id"]

    company, person = filled("show", "client", lily), filled("show", "person", anna)

    assert company["values"]["phone"] == "+79162041183"
    assert company["counts"]["employment.client"] == 1
    assert person["links"]["client"] == {"object": "client", "id": lily}
    assert (person["version"], person["values"]["client"]) == (1, "Lily")


def test_show_prints_what_is_filled(filled: Cli) -> None:
    lily = filled("find", "lily")["rows"][0]["id"]

    lines = filled.lines("show", "client", lily)

    assert lines[0] == f"Client {lily}"
    assert "  City: Omsk" in lines
    assert not any("Website" in line for line in lines)


def test_show_prints_the_whole_of_a_long_text(cli: Cli) -> None:
    text = "много слов " * 400
    id_ = cli.add("client", name="Iris", note=text)

    assert cli("show", "client", id_)["values"]["note"] == text.strip()


def test_history_names_old_and_new(cli: Cli) -> None:
    lily = cli.add("client", name="Lily", city="Omsk")
    change = cli("set", "client", lily, "city=Perm")["operation"]

    newest, oldest = cli("history", "client", lily)["rows"]

    assert (newest["operation"], newest["kind"]) == (change, "changed")
    assert newest["fields"] == {"city": {"old": "Omsk", "new": "Perm"}}
    assert oldest["kind"] == "created"
    assert "    City: Omsk → Perm" in cli.lines("history", "client", lily)


def test_operations_are_listed_newest_first(filled: Cli) -> None:
    rows = filled("operations", "--limit", 20)["rows"]

    made = [row["title"] for row in rows if row["title"].endswith("created")]
    assert made[:2] == ["Person “Anna Petrova” created", "Client “Aster” created"]
    assert len(filled("operations", "--limit", 2)["rows"]) == 2
    assert rows[0].keys() == {
        "operation", "title", "kind", "state", "changes", "started_at", "undoes", "undone_by",
    }  # fmt: skip


def test_objects_is_the_whole_catalogue(filled: Cli) -> None:
    objects = {one["key"]: one for one in filled("objects")["objects"]}
    person = {f["key"]: f for f in objects["person"]["fields"]}

    assert person["client"]["type"] == "link"
    assert person["client"]["target"] == "client"
    assert person["name"]["required"] is True
    assert any("link -> client" in line for line in filled.lines("objects"))


def test_everything_is_said_in_russian_too(filled: Cli) -> None:
    heading = filled.lines("list", "client", "--language", "ru", "--columns", "name,city")[0]
    nothing = filled.lines("find", "zzzz", "--language", "ru")
    refused = filled.on_base("show", "client", "99999", "--language", "ru")

    assert heading.split() == ["id", "Название", "Город"]
    assert nothing == ["Ничего не найдено"]
    assert refused.code == 1
    assert refused.err.startswith("Клиент 99999")


def test_odd_bytes_of_a_terminal_are_no_crash(filled: Cli) -> None:
    assert filled("find", "li\udcff")["rows"] == filled("find", "li?")["rows"]
    assert json.dumps(filled.refusal("list", "\udcff"))


@pytest.mark.parametrize(
    ("where", "near"),
    [
        ('{"status": "Actve"}', "Active"),
        ('{"not": {"field": "status", "op": "in", "value": ["Active", "Zzz"]}}', "Active"),
        ('{"or": [{"city": "Omsk"}, {"status": 987654321}]}', ""),
        ('{"responsible": "Nobody"}', ""),
        ('{"status": 99999999999999999999999}', ""),
        ('{"status.name": "Actve"}', "Active"),
        ('{"tags": ["VIPP"]}', "VIP"),
    ],
)
def test_a_name_that_is_not_in_the_base_is_no_empty_list(
    filled: Cli, where: str, near: str
) -> None:
    filled("set", "client", filled("find", "Lily")["rows"][0]["id"], "tags=VIP")

    told = filled.refusal("list", "client", "--where", where)

    assert told["field"] in ("status", "status.name", "responsible", "tags")
    assert "was not found" in told["error"] and near in told["error"]
    assert filled.on_base("export", "client", "--out", "x.csv", "--where", where).code == 1
    assert names(filled, "--where", '{"status": "ACTIVE"}') == ["Rose"]


def test_a_condition_names_the_record_as_commands_do(cli: Cli) -> None:
    owner = cli.add("client", name="Named Birch")
    cli("add", "wish", "owner=client:Named Birch", "text=Ring twice")

    def count(value: str, op: str = "eq") -> int:
        where = json.dumps({"field": "owner", "op": op, "value": value})
        return int(cli("list", "wish", "--where", where, "--count")["total"])

    same = [count("client:Named Birch"), count("client: named birch"), count(f"client:{owner}")]
    assert same == [1, 1, 1]
    assert count("person:Named Birch") == count("client:Named Birch", "ne") == 0
