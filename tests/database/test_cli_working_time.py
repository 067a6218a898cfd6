"""worktime add, worktime between: reckoned by the calendars of the base."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli_desk import Cli, new_base


@pytest.fixture
def cli(base_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    made = new_base(base_url, capsys)
    calendar = made("list", "working_calendar")["rows"][0]["id"]
    made("set", "working_calendar", calendar, "zone=Europe/Moscow", "country=RU")
    return made


def worktime(cli: Cli, *arguments: object) -> Any:
    return cli.told("worktime", arguments[0], "--base", cli.base, "--json", *arguments[1:])


def test_minutes_pass_the_weekend(cli: Cli) -> None:
    told = worktime(cli, "add", "2026-11-20 17:30", 60)

    assert told.value["moment"] == "2026-11-23T09:30:00+03:00"
    back = worktime(cli, "add", "2026-11-23 09:30", -60)
    assert back.value["moment"] == "2026-11-20T17:30:00+03:00"


def test_minutes_between_leave_out_lunch_holidays_and_leave(cli: Cli) -> None:
    anna = cli.add("staff", name="Anna")
    cli.add("activity", subject="Leave", kind="leave", state="planned", author=anna,
            starts="2026-11-02T00:00+03:00", ends="2026-11-03T00:00+03:00")  # fmt: skip
    days = ("between", "2026-11-02 00:00", "2026-11-06 00:00")

    assert worktime(cli, *days).value["minutes"] == 480 + 420 + 480
    assert worktime(cli, *days, "--who", "Anna").value["minutes"] == 420 + 480


@pytest.mark.parametrize(
    "arguments",
    [("add", "some day", 5), ("add", "2026-11-20", 10**12), ("between", "2026-11-20", "?"),
     ("add", "2026-11-20", 5, "--who", "Nobody")],
)  # fmt: skip
def test_what_cannot_be_reckoned_is_refused_with_a_sentence(
    cli: Cli, arguments: tuple[object, ...]
) -> None:
    told = worktime(cli, *arguments)

    assert told.code == 1
    assert len(told.err) > 10
