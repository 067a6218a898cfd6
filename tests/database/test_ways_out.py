"""Whatever takes records out of a shared base stands in the audit, and as much of it as an export
asks for the right to export: commands that tell many, files, prints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from crm_desktop.cli.main import _commands
from crm_desktop.errors import NotAllowed
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.services.audit import service as audit
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.sources import FileSource
from crm_desktop.services.rights import acts, words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create
from tests.cli_desk import Cli
from tests.firebird_server import FirebirdServer
from tests.strict_office import TwoSellers, two_sellers

TELL_RECORDS = {
    "find", "list", "show", "history", "as-of", "operations", "duplicates", "segment", "activity",
    "agenda", "deal", "rules", "remind", "ics", "file", "export", "funnel", "forecast",
}  # fmt: skip
TELL_NONE = {
    "restore", "objects", "add", "set", "delete", "merge", "undo", "object", "field", "choice",
    "lead", "intake", "worktime", "import", "check",
}  # fmt: skip
ADMINISTRATORS = {"seats", "hand-over", "hand-back", "user", "role", "rights", "audit", "decoy"}


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    """Sellers export nothing; Anna has more activities than anybody copies freely."""
    with two_sellers(firebird) as made:
        base = made.office.sign_in(made.anna)
        starts = datetime.combine(base.clock.today(), time(12), base.clock.zone())
        base.records.apply([
            Create("activity", {
                "subject": f"Call {n}", "kind": "call", "state": "planned", "author": base.user_id,
                "starts": starts, "ends": starts + timedelta(minutes=15),
            })
            for n in range(acts.COPIED_FREELY + 5)
        ])  # fmt: skip
        yield made


@pytest.fixture
def boss(sellers: TwoSellers) -> Workspace:
    return sellers.office.sign_in(sellers.office.boss)


@pytest.fixture
def cli(sellers: TwoSellers, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(sellers.office.of(sellers.anna), capsys)


def noted(boss: Workspace, what: str, login: str) -> list[audit.Entry]:
    """What stands in the audit of one kind by one account, the newest first."""
    return audit.last(boss, 500, audit.Wanted(what=what, login=login))


def test_every_command_says_whether_it_tells_records() -> None:
    known = TELL_RECORDS | TELL_NONE | ADMINISTRATORS

    said = "say here whether a new command tells records; if it does, name them in `Answer.told`"
    assert set(_commands()) == known, said


@pytest.mark.parametrize(
    "command",
    [("activity", "list", "--limit", "60"), ("agenda", "--limit", "60"),
     ("list", "activity", "--limit", "60"),
     ("find", "call", "--object", "activity", "--limit", "60")],
    ids=["activity", "agenda", "list", "find"],
)  # fmt: skip
def test_many_records_by_a_command_are_an_export(
    sellers: TwoSellers, boss: Workspace, cli: Cli, command: tuple[str, ...]
) -> None:
    roles, activity = Roles(boss), boss.catalogue["activity"]

    refused = cli.on_base(command[0], "--json", *command[1:])
    assert refused.code == 1 and "Exporting" in refused.err and "rows" not in refused.value
    roles.set(roles.named("seller"), activity, {words.EXPORT: words.OWN})
    try:
        before = len(noted(boss, audit.COPIED, sellers.anna))
        assert cli(*command)["rows"]
    finally:
        roles.set(roles.named("seller"), activity, {words.EXPORT: words.NONE})

    (fresh, *rest) = noted(boss, audit.COPIED, sellers.anna)
    assert len(rest) == before and (fresh.amount or 0) > acts.COPIED_FREELY
    assert "Activities" in fresh.detail


def test_a_few_are_free_and_not_noted(sellers: TwoSellers, boss: Workspace, cli: Cli) -> None:
    before = len(noted(boss, audit.COPIED, sellers.anna))

    assert len(cli("activity", "list", "--limit", "5")["rows"]) == 5

    assert len(noted(boss, audit.COPIED, sellers.anna)) == before


@pytest.mark.parametrize("command", ["show", "history"])
def test_one_record_by_a_command_is_an_opened_card(
    sellers: TwoSellers, boss: Workspace, cli: Cli, command: str
) -> None:
    before = len(noted(boss, audit.SEEN, sellers.anna))

    cli(command, "client", str(sellers.hers))

    (fresh, *rest) = noted(boss, audit.SEEN, sellers.anna)
    assert len(rest) == before and fresh.ref == Ref("client", sellers.hers)


def test_figures_by_a_command_are_noted(sellers: TwoSellers, boss: Workspace, cli: Cli) -> None:
    before = len(noted(boss, audit.FIGURES, sellers.anna))

    cli("forecast")

    assert len(noted(boss, audit.FIGURES, sellers.anna)) == before + 1


def test_a_file_that_is_saved_is_noted_by_its_name(
    sellers: TwoSellers, boss: Workspace, cli: Cli, tmp_path: Path
) -> None:
    anna = sellers.office.sign_in(sellers.anna)
    owner = Ref("client", sellers.hers)
    source = FileSource("contract.txt", content=b"All of it")
    (file,) = Files(anna).add(owner, [source]).refs

    cli("file", "save", str(file.id), "--out", str(tmp_path / "out.txt"))

    fresh = noted(boss, audit.EXPORTED, sellers.anna)[0]
    assert fresh.detail == "contract.txt" and fresh.amount == 1


def test_only_what_may_be_printed_is_printed(sellers: TwoSellers, boss: Workspace) -> None:
    roles, client = Roles(boss), boss.catalogue["client"]
    roles.set(roles.named("seller"), client, {words.SEE: words.ALL})
    try:
        anna = sellers.office.sign_in(sellers.anna)
        hers = acts.of_records(client, [sellers.hers])
        acts.before_print(anna, hers)
        with pytest.raises(NotAllowed, match="is not allowed with 1 of 2: it belongs to Boris"):
            acts.before_print(anna, Query("client"))
    finally:
        roles.set(roles.named("seller"), client, {words.SEE: words.OWN})


def test_what_is_not_hers_is_not_there_in_the_same_words_as_what_never_was(
    sellers: TwoSellers, cli: Cli
) -> None:
    his = cli.on_base("show", "--json", "client", sellers.his).err
    never = cli.on_base("show", "--json", "client", 999_999).err

    assert his.replace(str(sellers.his), "N") == never.replace("999999", "N")
    assert "Your scope: Own" in his and "Olga Boss" in his and "Boris" not in his


def test_a_search_without_result_says_what_it_did_not_look_through(cli: Cli) -> None:
    his = cli.on_base("find", "Thistlehis", "--object", "client").out
    never = cli.on_base("find", "Nobodyatall", "--object", "client").out

    assert his == never and "Nothing found" in his
    assert "What belongs to others is not found here" in his and "Boris" not in his
