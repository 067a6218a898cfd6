"""The funnel and the forecast on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from crm_desktop.cli.main import run
from tests.database.funnel_world import World
from tests.database.test_funnel_counts import story
from tests.database.test_sales_figures import expected


@pytest.fixture
def address(base_url: str) -> Iterator[str]:
    world = World(base_url)
    world.put(story(world))
    expected(world, "1000", None, 50)
    world.base.close()
    yield base_url


def told(capsys: pytest.CaptureFixture[str], address: str, *words: str) -> Any:
    code = run([*words, "--json", "--base", address])
    said = capsys.readouterr()
    assert code == 0, said.err
    return json.loads(said.out)


MARCH = ("--from", "2026-03-01", "--to", "2026-03-31")


def test_the_funnel_of_the_story(capsys: pytest.CaptureFixture[str], address: str) -> None:
    found = told(capsys, address, "funnel", "Windows", *MARCH, "--by", "manager")
    assert [stage["count"] for stage in found["stages"]] == [33, 30, 26, 20, 18]
    assert [stage["step"] for stage in found["stages"]] == [None, 90.9, 86.7, 76.9, 90.0]
    assert (found["total"], found["returned"], len(found["groups"])) == (54.5, 2, 2)
    assert found["previous"] == {"from": "2026-02-01", "to": "2026-02-28", "counts": [0] * 5}
    assert len(found["rule"]) == 5


def test_by_closing_counts_what_was_closed(
    capsys: pytest.CaptureFixture[str], address: str
) -> None:
    found = told(capsys, address, "funnel", "Windows", *MARCH, "--by-closing")
    assert (found["basis"], found["stages"][0]["count"]) == ("closed", 18)


def test_the_forecast_in_json_and_for_people(
    capsys: pytest.CaptureFixture[str], address: str
) -> None:
    months = told(capsys, address, "forecast")["months"]
    assert months[-1]["weighted"] == {"RUB": 500.0}
    assert run(["forecast", "--base", address]) == 0
    said = capsys.readouterr().out
    assert "No day given  " in said and "500.00 RUB" in said


def test_a_table_for_people(capsys: pytest.CaptureFixture[str], address: str) -> None:
    assert run(["funnel", "Windows", *MARCH, "--base", address]) == 0
    said = capsys.readouterr().out
    assert "Came to the end: 54.5 %. Went back: 2." in said
    assert "a won deal in all" in said


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (("Doors", *MARCH), 1, "Doors"),
        (("Windows", "--from", "2026-03-31", "--to", "2026-03-01"), 1, "ends before it begins"),
        (("Windows", "--from", "yesterday", "--to", "2026-03-01"), 2, "not a day"),
    ],
)
def test_what_is_wrong_is_said(
    capsys: pytest.CaptureFixture[str], address: str, words: tuple[str, ...], code: int,
    reason: str,
) -> None:  # fmt: skip
    assert run(["funnel", *words, "--base", address]) == code
    assert reason in capsys.readouterr().err
