"""new, check, move, and every reason why a base cannot be opened, as commands tell it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.schema import SCHEMA_VERSION
from crm_desktop.services.workspace import open_base
from tests.catalogue.samples import TENDER
from tests.cli_desk import ROOT, Cli, new_base, started


@pytest.fixture
def cli(base_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    return new_base(base_url, capsys)


@pytest.fixture
def local(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    return new_base(sqlite_url, capsys)


def run_sql(base: str, *statements: str) -> None:
    """Changes a base behind the program's back."""
    backend = open_backend(base)
    with backend.write() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    backend.close()


# --- new ------------------------------------------------------------------------------------------


def test_new_makes_a_base_in_the_wanted_language(
    base_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(base_url, capsys)

    told = cli.told("new", base_url, "--language", "ru", "--json")

    assert told.code == 0
    assert told.value["base"]
    assert ":masterkey@" not in told.out
    books = cli("list", "reference", "--columns", "name", "--limit", 100)["rows"]
    assert "Активный" in {row["name"] for row in books}


def test_new_with_a_demo_company(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "demo.crm"
    cli = Cli(str(path), capsys)

    told = cli.told("new", path, "--demo", "--clients", 60, "--language", "en", "--json")

    assert told.value["records"] > 60
    assert cli("list", "client", "--count")["total"] == 60
    assert cli("check")["ok"]


def test_new_never_touches_what_is_there(cli: Cli, tmp_path: Path) -> None:
    other = tmp_path / "letter.crm"
    other.write_text("Dear Sir", encoding="utf-8")

    assert cli.told("new", cli.base).code == 1
    assert cli.told("new", other).code == 1
    assert cli.told("new", tmp_path / "no" / "a.crm").code == 1
    assert other.read_text(encoding="utf-8") == "Dear Sir"


# --- which base -----------------------------------------------------------------------------------


def test_the_base_may_stand_before_or_behind_or_in_a_variable(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.told("--base", cli.base, "--json", "list", "client", "--count").value == {"total": 0}
    assert cli.told("list", "client", "--count").code == 2
    monkeypatch.setenv("CRM_DESKTOP_BASE", cli.base)
    assert cli.told("list", "client", "--count").out == "0\n"


def test_a_command_is_a_process_like_any_other(cli: Cli) -> None:
    added = started("add", "client", "name=Лилия", "--json", CRM_DESKTOP_BASE=cli.base)
    listed = started("list", "client", "--base", cli.base, "--language", "ru")
    refused = started("list", "unicorn", "--base", cli.base, "--json")

    assert (added.code, added.err) == (0, "")
    assert added.value["id"] > 0
    assert "Лилия" in listed.out
    assert (refused.code, refused.err) == (1, refused.value["error"] + "\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("conjure",),
        ("list",),
        ("show", "client", "seven"),
        ("show", "client", "-1"),
        ("undo", "99999999999999999999"),
        ("list", "client", "--limit", "many"),
        ("import", "a.csv"),
        ("import", "a.csv", "--into", "client", "--on-match", "burn"),
        ("move", "a.crm"),
        ("list", "client", "--sort"),
    ],
)
def test_wrong_usage_ends_with_two_and_silence_on_standard_output(
    local: Cli, arguments: tuple[str, ...]
) -> None:
    told = local.told(*arguments, "--json")

    assert (told.code, told.out) == (2, "")
    assert "usage: crm-desktop" in told.err


# --- bases that cannot be opened ------------------------------------------------------------------


def damaged(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def newer(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    base.close()


def not_ours(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE song (title TEXT)")
    base.close()


@pytest.mark.parametrize("spoil", [Path.unlink, damaged, newer, not_ours])
def test_a_base_that_cannot_be_opened_is_named_and_not_touched(local: Cli, spoil: Any) -> None:
    path = Path(local.base)
    spoil(path)
    before = path.read_bytes() if path.exists() else None

    error = local.refusal("list", "client")["error"]
    russian = local.on_base("list", "client", "--language", "ru")

    assert "base.crm" in error
    assert russian.code == 1
    assert russian.err != error
    assert (path.read_bytes() if path.exists() else None) == before


def test_a_server_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    cli = Cli("firebird+fdb://sysdba:secret@127.0.0.1:1/nowhere.fdb", capsys)

    error = cli.refusal("list", "client")["error"]

    assert "secret" not in error


HOLD = """
import sys
from crm_desktop.services.workspace import open_base
workspace = open_base(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
workspace.close()
"""


def test_a_base_that_another_copy_holds_is_refused(local: Cli) -> None:
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", HOLD, local.base]
    with subprocess.Popen(
        command, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"open"
        error = local.refusal("add", "client", "name=Lily")["error"]
        other.communicate()

    assert "since" in error
    assert local("list", "client", "--count")["total"] == 0


# --- check ----------------------------------------------------------------------------------------


def test_check_finds_nothing_wrong_with_a_good_base(cli: Cli) -> None:
    cli.add("client", name="Lily", phone="8 916 204-11-83")

    value = cli("check")

    assert (value["ok"], value["problems"]) == (True, [])
    assert value["checked"]["Clients"] == 1
    assert cli.lines("check", "--quick")[-1] == "No problems found"


def problems(cli: Cli) -> list[str]:
    told = cli.on_base("check", "--json")
    assert told.code == 1
    found: list[str] = told.value["problems"]
    return found


def test_check_sees_a_change_edited_by_hand(cli: Cli) -> None:
    id_ = cli.add("client", name="Lily")
    sql = f'UPDATE change_row SET delta = \'{{"name":"Rose"}}\' WHERE rid = {id_}'
    run_sql(cli.base, sql)

    assert any("altered" in problem for problem in problems(cli))


def test_check_sees_a_change_taken_out(cli: Cli) -> None:
    cli.add("client", name="Lily")
    run_sql(cli.base, "DELETE FROM change_row WHERE seq = (SELECT max(last_seq) FROM chain)")

    assert problems(cli)


def test_check_sees_a_link_that_leads_nowhere(cli: Cli) -> None:
    company = cli.add("client", name="Lily")
    person = cli.add("person", name="Anna", client=company)
    run_sql(cli.base, f"DELETE FROM client WHERE id = {company}")

    found = problems(cli)

    assert any(f"Person {person}, Company" in problem for problem in found)


def test_check_sees_a_record_that_the_search_does_not_know(cli: Cli) -> None:
    id_ = cli.add("client", name="Lily")
    run_sql(cli.base, f"DELETE FROM search_posting WHERE rid = {id_}")

    assert problems(cli)


# --- move -----------------------------------------------------------------------------------------


def fill(cli: Cli, folder: Path) -> int:
    """A bit of everything that a base may hold; the number of a record with a past."""
    (folder / "tender.json").write_text(json.dumps(TENDER), encoding="utf-8")
    (folder / "field.json").write_text('{"key": "pets", "type": "integer"}', encoding="utf-8")
    cli("object", "add", folder / "tender.json")
    cli("field", "add", "client", folder / "field.json")
    id_ = cli.add("client", name="Ёлка «Первая»", revenue="1500.50", pets=3, phone="89162041183",
                  note="много слов " * 500)  # fmt: skip
    cli.add("tender", name="Roof", client=id_, won="yes", share="0.125", due="2026-02-28",
            opened="2026-02-28 12:30", marks="urgent")  # fmt: skip
    cli("set", "client", id_, "city=Омск")
    cli("delete", "client", cli.add("client", name="Rose"))
    return id_


def everything(base: str) -> dict[str, list[str]]:
    """Every row of every table, in any order."""
    workspace = open_base(base)
    with workspace.backend.snapshot() as connection:
        found = {
            table.name: sorted(str(tuple(row)) for row in connection.execute(sa.select(table)))
            for table in workspace.tables.metadata.sorted_tables
            if table.name != "audit_entry"
        }
    workspace.close()
    return found


def test_a_base_moves_to_a_server_and_back_the_same(
    local: Cli, firebird_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = fill(local, tmp_path)
    back = Cli(str(tmp_path / "back.crm"), capsys)

    there = local.told("move", local.base, firebird_url, "--json")
    home = local.told("move", firebird_url, back.base, "--json")

    assert (there.code, home.code) == (0, 0)
    went, came = there.value["tables"], home.value["tables"]
    assert came.pop("audit_entry") - went.pop("audit_entry") == 1  # a server notes who connects
    assert went == came
    assert went["client"] == 1
    assert everything(back.base) == everything(local.base)
    assert back("show", "client", id_) == local("show", "client", id_)
    assert back("history", "client", id_) == local("history", "client", id_)


def test_work_goes_on_where_the_base_was_moved(
    local: Cli, firebird_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = fill(local, tmp_path)
    moved = Cli(firebird_url, capsys)
    local.told("move", local.base, firebird_url)

    new = moved.add("client", name="Aster", pets=1)
    undone = moved("undo", moved("operations")["rows"][1]["operation"])

    assert new > max(row["operation"] for row in local("operations")["rows"])
    assert undone["restored"] >= 1
    assert moved("find", "ёлка")["rows"][0]["id"] == id_
    assert moved("check")["problems"] == []


def test_move_refuses_a_place_that_is_taken_and_a_source_that_is_none(
    cli: Cli, tmp_path: Path
) -> None:
    taken = tmp_path / "taken.crm"
    taken.write_text("mine", encoding="utf-8")

    assert cli.told("move", cli.base, taken).code == 1
    assert cli.told("move", tmp_path / "nowhere.crm", tmp_path / "new.crm").code == 1
    assert taken.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "new.crm").exists()
