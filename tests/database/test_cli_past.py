"""`as-of` and `restore` on both back ends."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.bases import ready_base
from tests.cli_desk import Cli


@pytest.fixture
def cli(base_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    ready_base(base_url, language="en").close()
    return Cli(base_url, capsys)


def after_a_moment() -> str:
    """A moment between what was done before and what is done after."""
    moment = datetime.now().astimezone() + timedelta(milliseconds=5)
    while datetime.now().astimezone() < moment + timedelta(milliseconds=5):
        pass
    return moment.isoformat(timespec="milliseconds")


def test_the_values_of_a_moment_and_what_differs_today(cli: Cli) -> None:
    id_ = cli("add", "client", "name=Alpha", "city=Omsk", "phone=+74950000001")["id"]
    then = after_a_moment()
    cli("set", "client", id_, "city=Tver")
    found = cli("as-of", "client", id_, then)
    assert (found["state"], found["values"]["city"], found["differs"]) == (
        "there",
        "Omsk",
        ["city"],
    )
    assert [child["object"] for child in found["children"]] == ["channel"]
    today = cli("as-of", "client", id_, "today")
    assert (today["values"]["city"], today["differs"]) == ("Tver", [])
    text = cli.on_base("as-of", "client", id_, then).out
    assert "* City: Omsk  (today: Tver)" in text


def test_a_day_before_it_was_made_and_after_it_was_deleted(cli: Cli) -> None:
    id_ = cli("add", "client", "name=Alpha")["id"]
    before = cli("as-of", "client", id_, "2001-01-01")
    assert (before["state"], before["values"], before["children"]) == ("not_yet", {}, [])
    cli("delete", "client", id_)
    gone = cli("as-of", "client", id_, "2999-01-01")
    assert (gone["state"], gone["values"]["name"]) == ("gone", "Alpha")


def test_restore_brings_a_record_back_with_its_children(cli: Cli) -> None:
    id_ = cli("add", "client", "name=Alpha", "phone=+74950000001")["id"]
    cli("delete", "client", id_)
    found = cli("restore", "client", id_)
    assert (found["restored"], found["blocked"]) == (2, [])
    assert cli("show", "client", id_)["values"]["phone"] == "+74950000001"
    assert cli("check")["ok"]


@pytest.mark.parametrize(
    "words",
    [("as-of", "client", 1, "never"), ("as-of", "client", 999999, "2026-01-01"),
     ("restore", "client", 999999), ("restore", "staff", 1)],
)  # fmt: skip
def test_wrong_words_are_refused_with_a_reason(cli: Cli, words: tuple[object, ...]) -> None:
    told = cli.on_base(str(words[0]), "--json", *words[1:])
    assert told.code == 1
    assert told.value["error"]


def test_check_repairs_kept_fields(cli: Cli) -> None:
    id_ = cli("add", "client", "name=Alpha")["id"]
    cli("add", "activity", "subject=Call", "kind=call", f"about=client:{id_}")
    assert cli("check", "--repair")["ok"]
    assert cli("show", "client", id_)["values"]["last_contact"]


def test_a_place_of_work_without_a_title_is_called_after_the_person(cli: Cli) -> None:
    client = cli.add("client", name="Alpha")
    cli.add("person", name="Anna Berg", client=client)

    found = cli("as-of", "client", client, "2999-01-01")

    titles = {child["object"]: child["title"] for child in found["children"]}
    assert titles == {"employment": "Anna Berg"}
