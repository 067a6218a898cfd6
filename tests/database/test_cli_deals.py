"""deal list, deal move, rules test: on both back ends, as a program calls them."""

from __future__ import annotations

from pathlib import Path
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
    refused = call(cli, "deal", "list", "--stage", "Nowhere")["error"]
    assert "no stage" in refused and "Offer sent, Negotiation" in refused


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


def stage(cli: Cli, name: str) -> int:
    """The number of a stage."""
    rows = cli("list", "stage", "--columns", "name")["rows"]
    return next(int(row["id"]) for row in rows if row["name"] == name)


def test_files_and_a_step_go_with_the_move_and_back_with_it(cli: Cli, tmp_path: Path) -> None:
    deal = cli.add("deal", name="Two windows")
    cli("set", "stage", stage(cli, "Offer sent"), "to_enter=files, next_step")
    sheets = [tmp_path / name for name in ("sheet.txt", "plan.txt")]
    for sheet in sheets:
        sheet.write_text("1200 x 1400", encoding="utf-8")
    told = cli.told("deal", "move", "--base", cli.base, deal, "Offer sent")
    assert "--set files=… --set next_step=…" in told.err
    given = [word for sheet in sheets for word in ("--set", f"files={sheet}")]
    given += ["--set", "Next step=call tomorrow at 10"]
    moved = call(cli, "deal", "move", deal, "Offer sent", *given)
    assert cli("list", "file")["total"] == 2
    cli("undo", moved["operation"])
    assert cli("list", "file")["total"] == cli("list", "activity")["total"] == 0


def test_a_file_that_is_not_there_moves_nothing(cli: Cli, tmp_path: Path) -> None:
    deal = cli.add("deal", name="Two windows")
    told = cli.told("deal", "move", "--base", cli.base, deal, "Offer sent",
                    "--set", f"files={tmp_path / 'none.pdf'}")  # fmt: skip
    assert (told.code, "no file none.pdf" in told.err) == (1, True)
    assert call(cli, "deal", "list", "--stage", "New enquiry")["total"] == 1


def test_lines_are_no_value_and_it_is_said_how_they_come(cli: Cli) -> None:
    deal = cli.add("deal", name="Two windows")
    cli("set", "stage", stage(cli, "Offer sent"), "to_enter=lines")
    for given in ((), ("--set", "lines=2 windows")):
        refused = call(cli, "deal", "move", deal, "Offer sent", *given)
        assert "add deal_line" in refused["error"]


def test_a_loss_takes_its_reason_by_name(cli: Cli) -> None:
    deal = cli.add("deal", name="Two windows")
    cli.add("reference", name="They went to Rival", book="loss_reason")
    refused = call(cli, "deal", "move", deal, "Lost")
    assert refused["missing"] == ["loss_reason", "loss_comment"]
    given = ("--set", "loss_reason=They went to Rival", "--set", "loss_comment=10 % cheaper")
    assert call(cli, "deal", "move", deal, "Lost", *given)["stage"] == "Lost"
    (row,) = call(cli, "deal", "list", "--state", "lost")["rows"]
    assert row["id"] == deal


def test_a_rule_is_tried_on_the_past(cli: Cli) -> None:
    deal = cli.add("deal", name="Two windows")
    cli.add("automation", name="Greet", event="made", of="Deal", subject="Greet")
    found = call(cli, "rules", "test", "Greet", "--days", "7")
    assert [row["id"] for row in found["rows"]] == [deal]
    assert "no rule" in call(cli, "rules", "test", "Nothing")["error"]


def test_what_is_missing_is_quoted_as_the_language_does(cli: Cli) -> None:
    deal = cli.add("deal", name="Two windows")
    told = cli.told("deal", "move", "--base", cli.base, "--language", "ru", deal, "Lost")
    assert told.code == 1
    assert "«Причина проигрыша», «Комментарий к проигрышу»" in told.err
    assert "“" not in told.err
    by_field = cli.told("set", "--base", cli.base, "--language", "ru", "deal", deal, "stage=Lost")
    assert "«Причина проигрыша», «Комментарий к проигрышу»" in by_field.err


def test_the_funnel_for_people_names_why_deals_were_lost(cli: Cli) -> None:
    deal = cli.add("deal", name="Two windows", amount=1500)
    reasons = ("--set", "loss_reason=Too expensive", "--set", "loss_comment=Half elsewhere")
    call(cli, "deal", "move", deal, "Lost", *reasons)
    told = cli.told("funnel", "--base", cli.base, "--language", "en", "Sales",
                    "--from", "2000-01-01", "--to", "2100-01-01")  # fmt: skip
    (line,) = [line for line in told.out.splitlines() if "Too expensive" in line]
    assert line.split()[2:4] == ["1", "1500.00"]


def test_as_many_deals_as_asked_for_with_their_currencies(cli: Cli) -> None:
    for name, amount in (("A", "100 $"), ("B", "3 400 €"), ("C", "5 ₽")):
        cli.add("deal", name=name, amount=amount, expected=f"2026-12-0{len(name)}")
    found = call(cli, "deal", "list", "--limit", 2)
    assert (found["total"], len(found["rows"])) == (3, 2)
    assert call(cli, "deal", "list", "--limit", 0) == {"total": 3, "rows": []}
    said = cli.told("deal", "list", "--base", cli.base).out
    assert "$100" in said and "€3,400" in said and "₽5" in said
    assert "2 of 3 records" in cli.told("deal", "list", "--base", cli.base, "--limit", 2).out
    deal = found["rows"][1]["id"]
    shown = cli.told("show", "deal", "--base", cli.base, deal).out
    assert "Amount: €3,400" in shown or "Amount: $100" in shown


def test_a_competitor_is_named_like_everything_else(cli: Cli) -> None:
    deal = cli.add("deal", name="Two windows", amount="100 €")
    refused = call(cli, "add", "deal_competitor", f"deal={deal}", "name=Rival")
    assert 'crm-desktop add reference book=competitor name="Rival"' in refused["error"]
    cli.add("reference", book="competitor", name="Rival")
    for field in ("name", "competitor"):
        made = cli.add("deal_competitor", deal=deal, price=90, **{field: "Rival"})
        assert cli("show", "deal_competitor", made)["values"]["competitor"] == "Rival"
    twice = call(cli, "add", "deal_competitor", f"deal={deal}", "name=Rival", "competitor=Rival")
    assert "twice" in twice["error"]
