"""`crm-desktop file`: files kept with records, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_desk import Cli, new_base


@pytest.fixture
def cli(base_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    return new_base(base_url, capsys)


def test_a_file_is_added_listed_and_saved(cli: Cli, tmp_path: Path) -> None:
    client = cli.add("client", name="Vector")
    path = tmp_path / "Offer.pdf"
    path.write_bytes(b"%PDF-1.4 offer")

    added = cli("file", "add", "client", client, path)
    listed = cli("file", "list", "client", client)
    saved = cli("file", "save", added["ids"][0], "--out", tmp_path / "copy.pdf")

    assert (listed["total"], listed["bytes"]) == (1, 14)
    assert listed["rows"][0]["name"] == "Offer.pdf"
    assert listed["rows"][0]["kind"] == "pdf"
    assert saved["sha256"] == listed["rows"][0]["sha256"]
    assert (tmp_path / "copy.pdf").read_bytes() == b"%PDF-1.4 offer"


def test_into_a_folder_under_its_own_name(cli: Cli, tmp_path: Path) -> None:
    client = cli.add("client", name="Vector")
    path = tmp_path / "note.txt"
    path.write_text("hello")
    id_ = cli("file", "add", "client", client, path)["ids"][0]

    cli("file", "save", id_, "--out", tmp_path)

    assert (tmp_path / "note (2).txt").read_text() == "hello"


def test_undo_takes_added_files_back(cli: Cli, tmp_path: Path) -> None:
    client = cli.add("client", name="Vector")
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in paths:
        path.write_text(path.name)

    operation = cli("file", "add", "client", client, *paths)["operation"]
    cli("undo", operation)

    assert cli("file", "list", "client", client)["total"] == 0


def test_versions_and_limit(cli: Cli, tmp_path: Path) -> None:
    client = cli.add("client", name="Vector")
    path = tmp_path / "a.txt"
    path.write_text("one")
    id_ = cli("file", "add", "client", client, path)["ids"][0]

    assert [row["current"] for row in cli("file", "versions", id_)["rows"]] == [True]
    assert cli("file", "limit", 1)["limit"] == 1024 * 1024
    path.write_bytes(b"x" * (1024 * 1024 + 1))
    refused = cli.refusal("file", "add", "client", client, path)

    assert "a.txt is too large: 1 MB" in refused["error"]


def test_a_record_that_is_not_there_is_refused(cli: Cli, tmp_path: Path) -> None:
    assert "not in the base" in cli.refusal("file", "list", "client", 999_999)["error"]
    assert "not in the base" in cli.refusal("file", "save", 999_999, "--out", tmp_path)["error"]
