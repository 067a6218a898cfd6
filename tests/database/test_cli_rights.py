"""Roles, reasons and the audit on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.cli_desk import Cli, new_base
from tests.firebird_server import FirebirdServer
from tests.server_office import Office, office_on


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[Office]:
    with office_on(firebird, "cli_rights") as made:
        made.let_in("Anna Seller")
        yield made


@pytest.fixture
def cli(office: Office, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(office.of(office.boss), capsys)


def test_hiding_for_the_first_time_says_how_far_it_is(cli: Cli) -> None:
    cli.add("client", name="Rose", address="Lenina 5")
    cli("role", "add", "Blind", "--like", "seller")

    hiding = ("role", "set", "Blind", "client", "--field", "address=hidden", "--progress")
    told = [json.loads(line) for line in cli.on_base(*hiding).err.splitlines()]

    assert told and told[-1]["done"] == told[-1]["whole"] > 0


def test_a_role_is_made_changed_given_and_explained(cli: Cli) -> None:
    cli("role", "add", "Junior", "--like", "seller")
    cli("role", "set", "Junior", "client", "see=all", "delete=none", "--field", "phone=readonly")
    given = cli("role", "give", "Junior", "Anna Seller")

    shown = cli("role", "show", "Junior")
    assert shown["given"]["client"]["see"] == "all" and shown["given"]["*"]["see"] == "own"
    assert shown["fields"] == {"client": {"phone": "readonly"}}
    assert shown["holders"] == [given["colleague"]]
    found = cli("rights", "of", "Anna Seller")
    rows = {row["object"]: row for row in found["rows"]}
    assert rows["client"]["see"] == {"scope": "all", "roles": ["Junior"]}
    why = cli("rights", "why", "Anna Seller", "delete", "client")
    assert not why["allowed"] and why["ask_for"] == "Head of department"
    assert cli("rights", "why", "Anna Seller", "see", "client")["allowed"]


def test_a_person_reads_it_in_words(cli: Cli) -> None:
    assert any("Seller" in line for line in cli.lines("role", "list"))
    assert any("Seeing" in line for line in cli.lines("role", "show", "seller"))
    assert any("Roles:" in line for line in cli.lines("rights", "of", "Anna Seller"))


def test_the_audit_names_what_was_changed(cli: Cli) -> None:
    cli("role", "take", "seller", "Anna Seller")

    found = cli("audit", "--what", "rights")

    assert found["rows"][0]["what"] == "rights" and "Anna Seller" in found["rows"][0]["detail"]
    assert cli("audit", "--since", "2999-01-01")["total"] == 0
    assert cli("audit", "--until", "2001-01-01")["total"] == 0
    assert cli("audit", "--login", "nobody")["rows"] == []
    assert cli("audit", "--object", "client", "--id", "1")["total"] == 0
    assert cli("audit", "--keep", "90")["days"] == 90


def test_a_role_of_ones_own_goes(cli: Cli) -> None:
    cli("role", "add", "Passing")
    cli("role", "drop", "Passing")

    assert "Passing" not in {row["role"] for row in cli("role", "list")["rows"]}


def test_somebody_stands_in_until_a_day(cli: Cli) -> None:
    value = cli("role", "stand-in", "Anna Seller", "Olga Boss", "--until", "2999-01-01")

    assert value["until"] == "2999-01-01"
    cli("role", "end-stand-in", "Anna Seller")


def test_substitutions_are_listed_and_ended(cli: Cli) -> None:
    cli("role", "stand-in", "Anna Seller", "Olga Boss", "--until", "2999-01-01", "--note", "Leave")

    rows = cli("role", "stand-ins")["rows"]
    assert [(row["state"], row["note"], row["until"]) for row in rows] == [
        ("now", "Leave", "2999-01-01")
    ]
    assert any("Anna Seller" in line for line in cli.lines("role", "stand-ins"))
    ended = cli("role", "end-stand-in", str(rows[0]["id"]))
    assert ended["state"] == "over" and cli("role", "stand-ins")["total"] == 0
    assert cli("role", "stand-ins", "--all")["rows"][0]["state"] == "over"
    assert cli.refusal("role", "end-stand-in", "Anna Seller")["error"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("role", "show", "nobody"),
        ("role", "set", "seller", "client", "see"),
        ("role", "set", "seller", "client", "see=everything"),
        ("role", "set", "seller", "*", "--field", "phone=readonly"),
        ("role", "stand-in", "Anna Seller", "Olga Boss", "--until", "tomorrow"),
        ("audit", "--since", "yesterday"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli.refusal(*arguments)["error"]


@pytest.mark.parametrize("command", [("role", "list"), ("rights", "of", "1"), ("audit",)])
def test_a_local_base_says_that_it_needs_none(
    sqlite_url: str, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    local = new_base(sqlite_url, capsys)

    assert "server" in local.refusal(*command)["error"]


def test_an_account_is_given_to_another_colleague(cli: Cli, office: Office) -> None:
    login = office.let_in("Boris Typo")
    right = office.colleague("Boris Right")

    assert cli("user", "tie", login, "Boris Right") == {"login": login, "colleague": right}

    assert office.sign_in(login).user_id == right


def test_an_account_is_nobody_else(cli: Cli) -> None:
    said = cli.refusal("list", "client", "--as", "Anna Seller")
    assert "account" in said["error"]
    assert cli("list", "client", "--as", "Olga Boss")["total"] >= 0
