"""What commands say about words and files that they cannot use; nothing is written."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.cli_desk import Cli, new_base

BOAT = {"key": "boat", "label": "Boat", "plural": "Boats",
        "fields": [{"key": "name", "type": "text", "label": "Name"}]}  # fmt: skip


CLOSED = {"linux": "/proc", "darwin": "/dev"}.get(sys.platform, "C:/System Volume Information")
"""A folder of the system in which nobody makes files, not even the administrator."""


@pytest.fixture
def cli(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    return new_base(sqlite_url, capsys)


def table(folder: Path) -> Path:
    """A small file to import."""
    file = folder / "a.csv"
    file.write_text("Name\nAlder\n", encoding="utf-8")
    return file


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

    told = cli.misuse("import", table(tmp_path), "--into", "client", "--map", file)

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
    made = cli.told("new", f"{CLOSED}/office.crm")
    written = cli.on_base("export", "client", "--out", f"{CLOSED}/clients.csv")

    assert (made.code, written.code) == (1, 1)
    assert made.err == f"No file can be made in the folder {CLOSED}. Choose a folder of yours.\n"
    assert written.err == f"You may not write to the folder {CLOSED}. Choose another one.\n"


@pytest.mark.parametrize("owner", ["Alder", "7", "client:", ":Alder"])
def test_a_link_to_any_kind_of_record_says_how_it_is_named(cli: Cli, owner: str) -> None:
    cli.add("client", name="Alder")

    told = cli.refusal("add", "channel", "kind=phone", "value=89161234567", f"owner={owner}")

    assert told["error"].startswith("Whose: write the object, a colon, then the name or number")
    assert "as in client:" in told["error"] and told["field"] == "owner"


def test_a_field_is_given_once(cli: Cli) -> None:
    told = cli.misuse("add", "client", "name=Alder", "Name=Birch")

    assert told == {"error": "The field “Name” is given twice", "field": "name"}
    assert cli("list", "client")["total"] == 0


def test_the_history_of_a_record_that_never_was_is_refused(cli: Cli) -> None:
    client = cli.add("client", name="Alder")

    for entity, number in (("client", 999999), ("person", client)):
        told = cli.refusal("history", entity, number)
        assert told["error"].endswith(f"{number} has never been in the base")

    cli("delete", "client", client)
    assert cli("history", "client", client)["total"] == 2


def test_the_versions_of_a_missing_file_are_refused(cli: Cli) -> None:
    told = cli.told("file", "versions", "--base", cli.base, "--json", "999999")

    assert (told.code, told.value["error"]) == (1, "File 999999 is not in the base (any more)")


def test_a_sheet_is_named_by_the_number_that_was_typed(cli: Cli, tmp_path: Path) -> None:
    told = cli.refusal("import", table(tmp_path), "--into", "client", "--sheet", 7)

    assert told["error"] == "The file a.csv has no sheet “7”. It has: a."


@pytest.mark.parametrize("name", ["none/out.xlsx", "out.doc", "folder", "folder.xlsx"])
def test_a_place_for_refused_rows_is_looked_at_before(cli: Cli, tmp_path: Path, name: str) -> None:
    for folder in ("folder", "folder.xlsx"):
        (tmp_path / folder).mkdir()

    cli.refusal("import", table(tmp_path), "--into", "client", "--rejects", tmp_path / name)

    assert cli("list", "client")["total"] == 0


@pytest.mark.parametrize(
    "words", [("import", "a.csv", "--into", "client", "--header-row", "-1"),
              ("new", "b.crm", "--demo", "--clients", "0"),
              ("new", "b.crm", "--demo", "--clients", "-3")],
)  # fmt: skip
def test_a_number_below_the_least_is_wrong_usage(cli: Cli, words: tuple[str, ...]) -> None:
    told = cli.told(*words)

    assert (told.code, told.out) == (2, "")
    assert "too few" in told.err or "is not a number of rows" in told.err


def test_a_web_address_that_is_none_is_not_dropped_in_silence(cli: Cli) -> None:
    told = cli.refusal("add", "client", "name=Alder", "web=%%%")

    assert told == {"error": "Website: “%%%” is not a web address", "field": "web"}


def test_a_new_base_is_named(cli: Cli) -> None:
    told = cli.told("new", "")

    assert (told.code, told.err.startswith("Name the new base")) == (1, True)


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
