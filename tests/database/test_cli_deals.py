"""deal list, deal move, rules test: on both back ends, as a program calls them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli_desk import Cli, new_base


@pytest.fixture
def cli(base_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    return new_base(base_url, capsys)


def call(cli: Cli, command: str, action: str, *arguments: object) -> Any:
    return cli.told(command, action, "--base", cli.base, "--json", *arguments).value


def test_deals_are_listed_by_pipeline_stage_and_state(cli: Cli) -> None:
    deal = cli.add("deal", name="Two windows")
    found = call(cli, "deal", "list", "--pipeline", "sales", "--stage", "New enquiry")
    assert [(row["id"], row["name"], row["stage"]) for row in found["rows"]] == [
        (deal, "Two windows", "New enquiry"),
    ]  # fmt: skip
    assert call(cli, "deal", "list", "--state", "won")["total"] == 0
    assert "no stage" in call(cli, "deal", "list", "--stage", "Nowhere")["error"].lower()


def test_a_move_says_what_is_missing_and_takes_it(cli: Cli) -> None:
    client = cli.add("client", name="Petrov")
    deal = cli.add("deal", name="Two windows", client=client)
    (stage,) = [row["id"] for row in cli("list", "stage", "--columns", "name")["rows"]
                if row["name"] == "Offer sent"]  # fmt: skip
    cli("set", "stage", stage, "to_enter=client.phone, Expected to close")
    refused = call(cli, "deal", "move", deal, "offer sent")
    assert refused["missing"] == ["client.phone", "expected"]
    given = ("--set", "client.phone=8 916 555-12-34", "--set", "expected=2026-12-01")
    assert call(cli, "deal", "move", deal, "Offer sent", *given)["stage"] == "Offer sent"
    assert cli("show", "client", client)["values"]["phone"] == "+79165551234"


def test_a_rule_is_tried_on_the_past(cli: Cli) -> None:
    deal = cli.add("deal", name="Two windows")
    cli.add("automation", name="Greet", event="made", of="Deal", subject="Greet")
    found = call(cli, "rules", "test", "Greet", "--days", "7")
    assert [row["id"] for row in found["rows"]] == [deal]
    assert "no rule" in call(cli, "rules", "test", "Nothing")["error"]
