"""Activities from the command line: planned by a line, listed, moved, done; the agenda."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm_desktop.services.planner.double_booking import FACT, NOBODY
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base
from tests.cli_desk import Cli, Told


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


def test_a_day_and_an_agenda_are_told_page_by_page(cli: Cli) -> None:
    for name in ("One", "Two", "Three"):
        cli("activity", "add", name)
        cli("activity", "add", f"{name} tomorrow at 10 for 10 min")
    days = ("agenda", "--from", "tomorrow", "--to", "tomorrow")
    for words in (("activity", "list"), days):
        pages = [cli(*words, "--limit", "2", "--offset", str(n)) for n in (0, 2)]
        assert [page["total"] for page in pages] == [3, 3]
        names = [row["subject"] for page in pages for row in page["rows"]]
        assert names == ["One", "Two", "Three"]
    said = cli.on_base(*days, "--limit", "2").out
    assert "2 of 3 records" in said and "10:00–10:10" in said


def test_the_line_says_the_kind_and_a_moved_date_of_a_series_is_told(cli: Cli) -> None:
    assert cli("activity", "add", "Call Anna tomorrow at 15:30")["kind"] == "call"
    assert cli("activity", "add", "Tidy up")["kind"] == "task"
    series = cli("add", "activity", "subject=Guard", "kind=visit", "state=planned",
                 "starts=2031-03-03 22:00", "ends=2031-03-04 06:00",
                 "rule=FREQ=DAILY;COUNT=4")["id"]  # fmt: skip
    moved = cli("activity", "move", series, "2031-03-05 23:00")
    assert moved["id"] != series and moved["starts"][:10] == "2031-03-05"
    nights = cli("agenda", "--from", "2031-03-05", "--to", "2031-03-05")
    assert [row["starts"][:10] for row in nights["rows"]] == ["2031-03-04", "2031-03-05",
                                                              "2031-03-05"]  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [("agenda", "--from", "never"), ("agenda", "--from", "tomorrow", "--to", "yesterday"),
     ("agenda", "--who", "Nobody"), ("activity", "add", "tomorrow"),
     ("activity", "done", "99999"), ("activity", "move", "99999", "tomorrow")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_a_sentence(cli: Cli, words: tuple[str, ...]) -> None:
    told = cli.on_base(*words)
    assert told.code == 1 and told.err.strip()


# --- time that is taken already -------------------------------------------------------------------


def change(cli: Cli, work: Callable[[Workspace], object]) -> None:
    base = open_base(cli.base)
    work(base)
    base.close()


@pytest.fixture
def taken(cli: Cli) -> Cli:
    """Anna is in the hall tomorrow from ten to eleven."""
    change(cli, lambda base: base.records.create("resource", {"name": "Hall"}))
    cli("activity", "add", "Lesson tomorrow at 10 for 1 h", "--kind", "meeting",
        "--who", "Anna Reed", "--resource", "Hall")  # fmt: skip
    return cli


def refused(told: Told) -> str:
    assert told.code == 1, told
    return told.err


def test_a_clash_of_a_person_is_refused_with_both_items_and_forced_by_a_word(taken: Cli) -> None:
    late = taken("activity", "add", "Visit tomorrow at 15 for 1 h", "--kind", "visit",
                 "--who", "Anna Reed")  # fmt: skip
    move = ("move", late["id"], "tomorrow at 10:30")
    said = refused(taken.on_base("activity", *move))
    assert "Anna Reed" in said and "“Visit”" in said and "“Lesson”" in said and "--force" in said
    early = taken("activity", "move", late["id"], "tomorrow at 11")
    assert early["starts"] < late["starts"]
    assert taken("activity", *move, "--force")["starts"] < early["starts"]


@pytest.mark.parametrize(
    ("words", "whose"),
    [(("--who", "Anna Reed"), "Anna Reed"), (("--with", "Anna Reed"), "Anna Reed"),
     (("--resource", "Hall"), "Hall")],
)  # fmt: skip
def test_planning_looks_at_people_and_things(
    taken: Cli, words: tuple[str, ...], whose: str
) -> None:
    line = ("add", "Talk tomorrow at 10:30 for 1 h", "--kind", "meeting", *words)
    assert whose in refused(taken.on_base("activity", *line))
    assert agenda(taken) == ["Lesson"]
    taken("activity", *line, "--force")
    assert len(agenda(taken)) == 2


def agenda(cli: Cli) -> list[str]:
    rows = cli("agenda", "--from", "tomorrow", "--to", "tomorrow")["rows"]
    return [row["subject"] for row in rows]


def test_without_the_right_no_word_helps(taken: Cli) -> None:
    change(taken, lambda base: base.set_info(FACT, NOBODY))
    line = ("add", "Talk tomorrow at 10:30 for 1 h", "--kind", "meeting", "--who", "Anna Reed")
    for words in (line, (*line, "--force")):
        said = refused(taken.on_base("activity", *words))
        assert "nobody may take a time twice" in said and "--force" not in said
    assert agenda(taken) == ["Lesson"]


def test_those_who_take_part_are_kept_and_move_along(taken: Cli) -> None:
    change(taken, lambda base: base.records.create("staff", {"name": "Boris"}))
    one = taken("activity", "add", "Talk tomorrow at 12 for 1 h", "--kind", "meeting",
                "--with", "Boris", "--resource", "Hall")  # fmt: skip
    busy = ("add", "Call tomorrow at 15 for 1 h", "--kind", "call", "--who", "Boris")
    taken("activity", *busy)
    said = refused(taken.on_base("activity", "move", one["id"], "tomorrow at 15:30"))
    assert "Boris" in said and "“Call”" in said


def test_dates_of_a_series_are_moved_by_a_word(cli: Cli) -> None:
    one = cli("activity", "add", "Talk tomorrow at 12 for 1 h", "--kind", "meeting",
              "--who", "Anna Reed")  # fmt: skip
    change(cli, lambda base: base.records.update("activity", one["id"], {"rule": "FREQ=DAILY"}))
    cli("activity", "move", one["id"], "tomorrow at 13", "--dates", "all")
    times = {row["starts"][11:16] for row in cli("agenda")["rows"]}
    assert len(times) == 1 and one["starts"][11:16] not in times
