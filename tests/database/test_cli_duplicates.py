"""The commands duplicates and merge on both back ends."""

from __future__ import annotations

import pytest

from tests.cli_desk import Cli


@pytest.fixture
def cli(base_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    desk = Cli(base_url, capsys)
    assert desk.told("new", base_url).code == 0
    return desk


def added(cli: Cli, *values: str) -> int:
    return int(cli("add", "client", *values)["id"])


def test_groups_are_told_with_likelihood_and_reasons(cli: Cli):
    one = added(cli, "name=ООО Ромашка", "phone=+79161112233")
    two = added(cli, "name=Romashka LLC", "phone=+79161112233")
    added(cli, "name=Парус", "phone=+79167778899")
    value = cli("duplicates", "client", "--min", "0.8")
    assert value["total"] == 1
    (group,) = value["groups"]
    assert [record["id"] for record in group["records"]] == [one, two]
    assert group["likelihood"] >= 0.8
    assert {"same_phone", "same_name"} <= set(group["reasons"])


def test_a_merge_keeps_what_it_is_told(cli: Cli):
    one = added(cli, "name=A", "city=Omsk")
    two = added(cli, "name=B", "city=Tver")
    value = cli("merge", "client", one, two, "--keep", f"city={two}")
    assert (value["id"], value["merged"]) == (one, [two])
    assert cli("show", "client", one)["values"]["city"] == "Tver"
    assert cli("show", "client", two)["id"] == one
    cli("undo", value["operation"])
    assert cli("show", "client", two)["values"]["name"] == "B"


@pytest.mark.parametrize(
    ("words", "code"), [(["--keep", "city"], 2), (["--keep", "nothing=1"], 1), ([], 1)]
)
def test_a_wrong_merge_is_refused_with_a_sentence(cli: Cli, words: list[str], code: int):
    one = added(cli, "name=A")
    told = cli.on_base("merge", "client", one, one, *words)
    assert (told.code, told.out) == (code, "") and told.err


def test_an_impossible_likelihood_is_refused(cli: Cli):
    assert cli.on_base("duplicates", "client", "--min", "7").code == 2
