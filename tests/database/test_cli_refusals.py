"""What commands say about words and files that they cannot use; nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_desk import Cli, new_base


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
