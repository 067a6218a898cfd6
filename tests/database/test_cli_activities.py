"""Activities from the command line: planned by a line, listed, moved, done; the agenda."""

from __future__ import annotations

import pytest

from tests.bases import ready_base
from tests.cli_desk import Cli


@pytest.fixture
def cli(base_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    base = ready_base(base_url, language="en")
    base.records.create("staff", {"name": "Anna Reed"})
    base.records.create("client", {"name": "Vector"})
    base.close()
    return Cli(base_url, capsys)


def test_an_activity_is_planned_moved_and_done(cli: Cli) -> None:
    one = cli("activity", "add", "Call Vector tomorrow at 10 for 30 min", "--kind", "call",
              "--who", "Anna Reed", "--about", "client:Vector")  # fmt: skip
    assert (one["subject"], one["kind"], one["who"]) == ("Call Vector", "call", "Anna Reed")
    assert one["about"] == "Vector"
    moved = cli("activity", "move", one["id"], "in a week", "--reason", "on leave")
    assert moved["starts"] > one["starts"]
    assert cli("activity", "done", one["id"], "--note", "agreed")["state"] == "done"
    assert cli("activity", "list")["total"] == 0


def test_the_list_tells_the_groups_of_a_day(cli: Cli) -> None:
    cli("activity", "add", "Tidy the shelf", "--who", "Anna Reed")
    rows = cli("activity", "list", "--who", "Anna Reed")["rows"]
    assert [(row["group"], row["subject"]) for row in rows] == [("undated", "Tidy the shelf")]


def test_the_agenda_holds_what_lies_between_its_days(cli: Cli) -> None:
    cli("activity", "add", "Meeting tomorrow at 12", "--kind", "meeting", "--who", "Anna Reed")
    found = cli("agenda", "--who", "Anna Reed", "--from", "tomorrow", "--to", "tomorrow")
    assert (found["total"], found["from"]) == (1, found["to"])
    assert cli("agenda", "--from", "2001-01-01", "--to", "2001-01-05")["rows"] == []


@pytest.mark.parametrize(
    "words",
    [("agenda", "--from", "never"), ("agenda", "--from", "tomorrow", "--to", "yesterday"),
     ("agenda", "--who", "Nobody"), ("activity", "add", "tomorrow"),
     ("activity", "done", "99999"), ("activity", "move", "99999", "tomorrow")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_a_sentence(cli: Cli, words: tuple[str, ...]) -> None:
    told = cli.on_base(*words)
    assert told.code == 1 and told.err.strip()
