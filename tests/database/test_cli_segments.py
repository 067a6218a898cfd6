"""segment list, add, members; and what a --where may ask of tags, segments and children."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli_desk import Cli, new_base


@pytest.fixture
def cli(base_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    made = new_base(base_url, capsys)
    for name, tags in (("Aster", "VIP, Wholesale"), ("Birch", "VIP"), ("Clover", "")):
        made.add("client", name=name, tags=tags)
    return made


def names(cli: Cli, *arguments: object) -> list[str]:
    return [row["name"] for row in cli(*arguments)["rows"]]


def segment(cli: Cli, action: str, *arguments: object) -> Any:
    told = cli.told("segment", action, "--base", cli.base, "--json", *arguments)
    assert told.err == "" or told.code == 1, told
    return told.value


def test_a_live_segment_goes_on_finding(cli: Cli) -> None:
    where = json.dumps({"tags": "VIP"})
    made = segment(cli, "add", "Important", "--object", "client", "--where", where)
    assert (made["object"], made["live"], made["count"]) == ("client", True, 2)

    cli.add("client", name="Daisy", tags="vip")

    found = segment(cli, "members", "important", "--limit", 2)
    assert (found["total"], len(found["rows"])) == (3, 2)
    asked = json.dumps({"in_segment": "Important"})
    assert names(cli, "list", "client", "--where", asked) == ["Aster", "Birch", "Daisy"]


@pytest.mark.parametrize(
    ("op", "found"),
    [("any", ["Aster", "Birch"]), ("all", ["Aster"]), ("none", ["Clover"])],
)
def test_tags_are_asked_for_any_all_and_none(cli: Cli, op: str, found: list[str]) -> None:
    where = json.dumps({"field": "tags", "op": op, "value": ["VIP", "Wholesale"]})

    assert names(cli, "list", "client", "--where", where) == found


def test_frozen_segments_stay_as_they_are(cli: Cli) -> None:
    where = json.dumps({"tags": "VIP"})
    segment(cli, "add", "Then", "--object", "client", "--where", where, "--frozen")
    rows = cli("list", "client", "--columns", "name")["rows"]
    clover = next(row["id"] for row in rows if row["name"] == "Clover")
    segment(cli, "add", "One", "--object", "client", "--ids", str(clover))
    cli("set", "client", clover, "tags=VIP")

    listed = segment(cli, "list", "--object", "client")
    assert [(r["name"], r["count"]) for r in listed["rows"]] == [("One", 1), ("Then", 2)]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["add", "X", "--object", "client"], 2, "either"),
        (["add", "X", "--object", "client", "--ids", "1;2"], 2, "commas"),
        (["add", "X", "--object", "client", "--where", "tag"], 2, "JSON"),
        (["add", "X", "--object", "client", "--ids", "999999999"], 1, "not in the base"),
        (["add", "X", "--object", "tag", "--ids", "1"], 1, "no segments"),
        (["add", "X", "--object", "client", "--where", '{"nothing": 1}'], 1, "nothing"),
        (["members", "nowhere"], 1, "nowhere"),
    ],
)
def test_bad_words_are_refused_and_nothing_is_kept(
    cli: Cli, arguments: list[str], code: int, said: str
) -> None:
    told = cli.told("segment", arguments[0], "--base", cli.base, "--json", *arguments[1:])

    assert told.code == code and said in told.value["error"]
    assert segment(cli, "list")["total"] == 0


def test_conditions_name_and_note_are_changed_and_undone(cli: Cli) -> None:
    where = json.dumps({"tags": "VIP"})
    segment(cli, "add", "Important", "--object", "client", "--where", where)

    other = json.dumps({"tags": "Wholesale"})
    told = segment(
        cli, "change", "important", "--where", other, "--rename", "Big", "--note", "ours"
    )

    assert (told["name"], told["count"], told["note"]) == ("Big", 1, "ours")
    assert [r["name"] for r in segment(cli, "members", "Big")["rows"]] == ["Aster"]
    cli("undo", cli("operations")["rows"][0]["operation"])
    assert len(segment(cli, "members", "Important")["rows"]) == 2


def test_selections_never_name_one_another_in_a_circle(cli: Cli) -> None:
    segment(cli, "add", "A", "--object", "client", "--where", json.dumps({"tags": "VIP"}))
    segment(cli, "add", "B", "--object", "client", "--where", json.dumps({"in_segment": "A"}))

    circle = json.dumps({"in_segment": "B"})
    refused = cli.told("segment", "change", "A", "--where", circle, "--base", cli.base, "--json")

    assert refused.code == 1
    assert len(segment(cli, "members", "A")["rows"]) == 2
