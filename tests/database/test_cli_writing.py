"""add, set, delete, undo, object add, field add: what they change, refuse and take back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.settings import (
    DEFAULT_PHONE_REGION,
    WORKS_AS,
    open_settings,
    without_password,
)
from tests.bases import ready_base
from tests.catalogue.samples import TENDER
from tests.cli_desk import Cli, new_base, place_for_base


@pytest.fixture
def cli(base_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    return new_base(base_url, capsys)


@pytest.fixture(scope="module", params=["sqlite", "firebird"])
def untouched(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A base on which everything is refused."""
    with place_for_base(request, tmp_path_factory) as address:
        ready_base(address, language="en").close()
        yield address


@pytest.fixture
def strict(untouched: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(untouched, capsys)


def values(cli: Cli, entity: str, id_: int) -> dict[str, Any]:
    found: dict[str, Any] = cli("show", entity, id_)["values"]
    return found


def json_file(folder: Path, value: object) -> Path:
    path = folder / "description.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def test_add_reads_values_as_people_write_them(cli: Cli) -> None:
    added = cli(
        "add", "client", "name=Lily", "phone=8 (916) 204-11-83", "revenue=1 500,50",
        "status=Active", "Website=lily.example", "kind=person",
    )  # fmt: skip

    assert added["version"] == 1
    found = values(cli, "client", added["id"])
    assert (found["phone"], found["revenue"]) == ("+79162041183", "1500.50")
    assert (found["status"], found["web"]) == ("Active", "https://lily.example")


def test_add_finds_links_by_name_and_by_number(cli: Cli) -> None:
    company = cli.add("client", name="Lily")

    by_name = cli.add("person", name="Anna", client="Lily")
    by_number = cli.add("person", name="Boris", client=company)
    about = cli.add("activity", subject="Talk", moment="2026-02-03 10:00", about="client:Lily")

    assert cli("show", "person", by_name)["links"]["client"]["id"] == company
    assert cli("show", "person", by_number)["links"]["client"]["id"] == company
    assert cli("show", "activity", about)["links"]["about"] == {"object": "client", "id": company}


def test_commands_work_as_was_chosen_in_the_window(cli: Cli) -> None:
    anna = cli.add("staff", name="Anna")
    settings = open_settings()
    settings.put_entry(WORKS_AS, without_password(cli.base), anna)
    settings.put(DEFAULT_PHONE_REGION, "DE")

    id_ = cli.add("client", name="Lily", phone="030 901820")

    assert cli("history", "client", id_)["rows"][0]["author"] == "Anna"
    assert values(cli, "client", id_)["phone"] == "+4930901820"
    me = '{"field": "created_by", "op": "me"}'
    assert cli("list", "client", "--where", me)["total"] == 1


def author(cli: Cli, id_: int) -> str:
    """Who made a client."""
    return str(cli("history", "client", id_)["rows"][0]["author"] or "")


def test_a_command_says_in_whose_name_it_works(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    anna, boris = cli.add("staff", name="Anna"), cli.add("staff", name="Boris")
    assert author(cli, cli.add("client", name="Nobody's")) == ""

    first = cli("add", "client", "--as", "Anna", "name=First")["id"]
    assert author(cli, first) == "Anna"
    assert open_settings().get(WORKS_AS) == {without_password(cli.base): anna}
    assert author(cli, cli.add("client", name="Second")) == "Anna"

    third = cli("add", "client", "--as", boris, "name=Third")["id"]
    assert author(cli, third) == "Boris"
    monkeypatch.setenv("CRM_DESKTOP_PERSON", "boris")
    assert author(cli, cli.add("client", name="Fourth")) == "Boris"
    fifth = cli("add", "client", "--as", "Anna", "name=Fifth")["id"]
    assert author(cli, fifth) == "Anna"
    monkeypatch.delenv("CRM_DESKTOP_PERSON")
    assert author(cli, cli.add("client", name="Sixth")) == "Anna"

    me = '{"field": "created_by", "op": "me"}'
    assert cli("list", "client", "--where", me, "--as", "Boris")["total"] == 2
    assert "Carla" in cli.refusal("list", "client", "--as", "Carla")["error"]
    assert "99999" in cli.refusal("list", "client", "--as", "99999")["error"]
    assert open_settings().get(WORKS_AS) == {without_password(cli.base): anna}


def test_a_script_s_environment_is_not_remembered(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Anna", "Boris"):
        cli.add("staff", name=name)
    monkeypatch.setenv("CRM_DESKTOP_PERSON", "Anna")
    assert author(cli, cli.add("client", name="First")) == "Anna"
    monkeypatch.delenv("CRM_DESKTOP_PERSON")
    assert author(cli, cli.add("client", name="Second")) == ""


def test_add_refuses_a_name_that_several_have(cli: Cli) -> None:
    first, second = cli.add("client", name="Lily"), cli.add("client", name="Lily")

    error = cli.refusal("add", "person", "name=Anna", "client=Lily")["error"]

    assert str(first) in error
    assert str(second) in error


def test_set_changes_empties_and_is_silent_about_nothing(cli: Cli) -> None:
    id_ = cli.add("client", name="Lily", city="Omsk", phone="8 916 204-11-83")

    changed = cli("set", "client", id_, "city=Perm", "phone=")

    assert changed["version"] == 2
    found = values(cli, "client", id_)
    assert (found["city"], found["phone"]) == ("Perm", None)
    assert cli("set", "client", id_, "city=Perm")["operation"] is None


def test_set_refuses_an_older_version(cli: Cli) -> None:
    id_ = cli.add("client", name="Lily")
    cli("set", "client", id_, "city=Perm")

    assert cli.refusal("set", "client", id_, "city=Omsk", "--version", 1)["error"]
    assert values(cli, "client", id_)["city"] == "Perm"


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("add", "client", "city=Omsk"), "name"),
        (("add", "client", "name=Lily", "employees=many"), "employees"),
        (("add", "client", "name=Lily", "phone=12"), "phone"),
        (("add", "client", "name=Lily", "kind=cat"), "kind"),
        (("add", "person", "name=Anna", "birthday=31.02.1990"), "birthday"),
        (("add", "client", "name=Lily", "status=Nowhere"), None),
        (("add", "client", "name=Lily", "horn=1"), None),
        (("add", "client", "name=" + "x" * 100_000), "name"),
        (("add", "person", "name=Anna", "client=99999"), "client"),
        (("set", "client", "99999", "name=Lily"), None),
        (("delete", "client", "99999"), None),
        (("undo", "99999"), None),
    ],
)
def test_wrong_values_are_refused_and_nothing_is_written(
    strict: Cli, arguments: tuple[str, ...], field: str | None
) -> None:
    before = strict("list", "client", "--count")

    told = strict.refusal(*arguments)

    assert told["field"] == field
    assert strict("list", "client", "--count") == before


def test_delete_takes_what_belongs_along_and_undo_restores_it(cli: Cli) -> None:
    first, second = cli.add("client", name="Lily"), cli.add("client", name="Rose")
    talk = cli.add("activity", subject="Talk", moment="2026-02-03", about=f"client:{first}")

    deleted = cli("delete", "client", first, second)
    gone = cli("list", "client", "--count")["total"]
    undone = cli("undo", deleted["operation"])

    assert gone == 0
    assert undone["restored"] >= 3
    assert undone["blocked"] == []
    assert cli("list", "client", "--count")["total"] == 2
    assert values(cli, "activity", talk)["subject"] == "Talk"


def test_undo_of_undo_is_redo(cli: Cli) -> None:
    id_ = cli.add("client", name="Lily", city="Omsk")
    change = cli("set", "client", id_, "city=Perm")["operation"]

    undone = cli("undo", change)["operation"]
    assert values(cli, "client", id_)["city"] == "Omsk"
    cli("undo", undone)

    assert values(cli, "client", id_)["city"] == "Perm"
    assert cli.refusal("undo", undone)["error"]


def test_undo_refuses_what_was_changed_since_and_names_it(cli: Cli) -> None:
    id_ = cli.add("client", name="Lily", city="Omsk")
    change = cli("set", "client", id_, "city=Perm", "note=hello")["operation"]
    cli("set", "client", id_, "city=Kazan")

    told = cli.on_base("undo", "--json", change)
    (blocked,) = told.value["blocked"]
    rest = cli("undo", change, "--rest")

    assert told.code == 1
    assert "--rest" in told.err
    assert (blocked["object"], blocked["id"], blocked["name"]) == ("client", id_, "Lily")
    assert rest["blocked"] != []
    found = values(cli, "client", id_)
    assert (found["city"], found["note"]) == ("Kazan", None)


def test_an_object_added_from_a_file_works_at_once(cli: Cli, tmp_path: Path) -> None:
    made = cli("object", "add", json_file(tmp_path, TENDER))
    client = cli.add("client", name="Lily")
    id_ = cli.add("tender", name="Roof of the depot", client="Lily", amount="128000", won="yes")
    bid = cli.add("bid", name="Ours", tender=id_, price="120 000")

    assert made["objects"] == ["x_tender", "x_bid"]
    assert cli("find", "depot")["rows"][0]["id"] == id_
    row = cli("list", "tender", "--columns", "name,client.name,amount", "--where", '{"won": true}')
    assert [row.pop("id") for row in row["rows"]] == [id_]
    assert cli("show", "client", client)["counts"]["x_tender.client"] == 1
    assert cli("show", "tender", id_)["counts"]["x_bid.tender"] == 1
    assert values(cli, "bid", bid)["tender"] == "Roof of the depot"
    change = cli("set", "tender", id_, "state=sent")["operation"]
    assert cli("history", "tender", id_)["rows"][0]["fields"]["state"]["new"] == "Sent"
    cli("undo", change)
    assert values(cli, "tender", id_)["state"] is None
    assert cli("check")["ok"]


def test_a_field_added_to_a_built_in_object_works_at_once(cli: Cli, tmp_path: Path) -> None:
    before = cli.add("client", name="Lily")
    field = {"key": "pets", "type": "integer", "label": "Pets", "listed": True}

    made = cli("field", "add", "client", json_file(tmp_path, field))
    after = cli.add("client", name="Rose", pets=3)
    cli("set", "client", before, "x_pets=2")

    assert made == {"field": "x_pets"}
    rows = cli("list", "client", "--columns", "pets", "--sort", "-pets")["rows"]
    assert [(row["id"], row["pets"]) for row in rows] == [(after, 3), (before, 2)]


@pytest.mark.parametrize(
    "description",
    [
        [],
        {"key": "Лот", "fields": [{"key": "name"}]},
        {"key": "lot"},
        {"key": "lot", "fields": [{"key": "name", "type": "horn"}]},
        {"key": "lot", "fields": [{"key": "name", "size": 3}]},
        {"key": "lot", "fields": [{"key": "c", "type": "link", "target": "unicorn"}]},
        {"key": "lot", "fields": [{"key": "name"}], "children": [{"key": "x"}]},
        {"key": "lot", "fields": [{"key": "name"}], "children": [{"key": "x", "fields": 5}]},
    ],
)
def test_a_wrong_description_is_refused_and_adds_nothing(
    strict: Cli, tmp_path: Path, description: object
) -> None:
    assert strict.refusal("object", "add", json_file(tmp_path, description))["error"]
    assert not any(one["custom"] for one in strict("objects")["objects"])


def test_a_file_that_is_no_description_is_refused(strict: Cli, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(b"\xff\xfe{")

    assert "broken.json" in strict.refusal("object", "add", broken)["error"]
    assert "nowhere.json" in strict.refusal("object", "add", tmp_path / "nowhere.json")["error"]
    assert strict.refusal("field", "add", "client", tmp_path)["error"]


def test_the_same_object_twice_is_refused(cli: Cli, tmp_path: Path) -> None:
    file = json_file(tmp_path, TENDER)
    cli("object", "add", file)

    assert "tender" in cli.refusal("object", "add", file)["error"]


def test_a_misspelt_name_is_refused_with_those_that_are_near(cli: Cli) -> None:
    error = cli.refusal("add", "client", "name=Lily", "status=Actve")["error"]

    assert "“Actve” was not found" in error and "Active" in error


def test_the_only_colleague_of_a_local_base_is_who_writes(cli: Cli) -> None:
    people = cli("list", "staff")["rows"]
    id_ = cli.add("client", name="Lily")
    author = cli("history", "client", id_)["rows"][0]["author"]
    assert author == ("" if "firebird" in cli.base else people[0]["name"])
    cli.add("staff", name="Anna")
    other = cli.add("client", name="Rose")
    assert cli("history", "client", other)["rows"][0]["author"] == ""


@pytest.mark.parametrize("command", [("add", "client"), ("set", "client", "7")])
@pytest.mark.parametrize("pair", ["name", "", "name:Lily"])
def test_a_value_without_its_field_is_wrong_usage(
    cli: Cli, command: tuple[str, ...], pair: str
) -> None:
    told = cli.misuse(*command, pair)

    assert told["error"] == f"Write FIELD=VALUE instead of “{pair}”"
    assert cli("list", "client")["total"] == 0


def test_a_command_without_a_base_is_wrong_usage(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRM_DESKTOP_BASE", raising=False)

    told = cli.told("list", "client", "--json")

    assert (told.code, told.value["error"]) == (2, told.err.strip())
