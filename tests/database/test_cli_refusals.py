"""What commands say about words and files that they cannot use; nothing is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli_desk import Cli, new_base

BOAT = {"key": "boat", "label": "Boat", "plural": "Boats",
        "fields": [{"key": "name", "type": "text", "label": "Name"}]}  # fmt: skip


@pytest.fixture
def cli(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    return new_base(sqlite_url, capsys)


def test_a_description_that_is_no_json_names_the_place(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "boat.json"
    file.write_text('{"key": "boat",\n  "label": }', encoding="utf-8")

    told = cli.refusal("object", "add", file)

    assert told["error"] == "boat.json is not JSON: look at line 2, column 12"


def test_a_description_that_is_not_there_is_named(cli: Cli, tmp_path: Path) -> None:
    told = cli.refusal("object", "add", tmp_path / "none.json")

    assert told["error"] == "There is no file none.json. Check its name and its folder."


def test_a_description_in_another_encoding_is_refused(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "map.json"
    file.write_bytes(b"\xff\x00\xfe")
    table = tmp_path / "a.csv"
    table.write_text("Name\nAlder\n", encoding="utf-8")

    told = cli.refusal("import", table, "--into", "client", "--map", file)

    assert "map.json is not JSON" in told["error"]
    assert cli("list", "client")["total"] == 0


@pytest.mark.parametrize("words", [("--limit", "-1"), ("--offset", "-2"), ("--limit", "many")])
def test_a_number_of_rows_is_a_whole_one(cli: Cli, words: tuple[str, str]) -> None:
    told = cli.on_base("list", "client", *words)

    assert (told.code, told.out) == (2, "")
    assert "is not a number of rows" in told.err


def test_a_new_base_has_the_name_of_one(cli: Cli, tmp_path: Path) -> None:
    made = cli.told("new", tmp_path / "office.txt")
    moved = cli.told("move", cli.base, tmp_path / "copy")

    assert (made.code, moved.code) == (1, 1)
    assert "ends in .crm: office.txt does not" in made.err
    assert sorted(path.name for path in tmp_path.glob("*")) == ["base.crm"]


@pytest.mark.parametrize(
    "head", [b"MZ\x90" + bytes(200), b"MZ" + bytes(98), b"\x7fELF" + bytes(99)]
)
def test_a_program_is_no_table(cli: Cli, tmp_path: Path, head: bytes) -> None:
    file = tmp_path / "setup.csv"
    file.write_bytes(head)

    told = cli.refusal("import", file, "--into", "client")

    assert "setup.csv is no table that can be imported" in told["error"]
    assert cli("list", "client")["total"] == 0


@pytest.mark.parametrize("command", [("list", "client"), ("check",)])
def test_the_address_of_another_server_is_no_missing_file(cli: Cli, command: tuple[str]) -> None:
    told = cli.told(*command, "--base", "mysql://clerk:secret@host/office")

    assert told.code == 1
    assert "mysql:// is neither" in told.err and "secret" not in told.err


def test_a_new_base_is_made_on_no_other_server(cli: Cli) -> None:
    told = cli.told("new", "postgresql://host/office.crm")

    assert told.code == 1 and "postgresql:// is neither" in told.err


def test_a_folder_without_a_way_for_files_is_not_called_missing(cli: Cli) -> None:
    if not Path("/proc").is_dir():
        pytest.skip("no folder here refuses files even to the administrator")

    told = cli.told("new", "/proc/office.crm")

    assert told.code == 1
    assert told.err == "No file can be made in the folder /proc. Choose a folder of yours.\n"


def test_an_object_is_added_once(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "boat.json"
    file.write_text(json.dumps(BOAT), encoding="utf-8")
    cli("object", "add", file)

    told = cli.refusal("object", "add", file)

    assert told["error"].startswith("There is an object “x_boat” already.")


def test_two_links_under_one_heading_say_their_fields(cli: Cli) -> None:
    client = cli.add("client", name="Alder")

    lines = cli.lines("show", "client", client)

    assert "  Relations (One side): 0" in lines and "  Relations (Other side): 0" in lines
    assert len(lines) == len(set(lines))
