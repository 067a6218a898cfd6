"""Copies of a base on demand: whole, named by the time, never over another; a server refuses."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm_desktop.errors import UserError
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.maintenance.copies import copies_folder, make_copy
from crm_desktop.services.workspace import open_base
from tests.bases import ready_base

MOMENT = datetime(2026, 11, 21, 22, 5, tzinfo=UTC)


def test_a_copy_is_a_whole_base_made_while_it_is_in_use(sqlite_url: str, tmp_path: Path) -> None:
    base = ready_base(sqlite_url, language="en")
    base.records.create("client", {"name": "Lily"})

    first, second = (make_copy(base.backend, tmp_path / "far" / "copies", MOMENT) for _n in "ab")

    base.records.create("client", {"name": "Later"})
    base.close()
    assert first.path.name == "base 2026-11-21 22-05.crm"
    assert second.path.name == "base 2026-11-21 22-05 (2).crm"
    assert first.size == first.path.stat().st_size > 0
    copy = open_base(str(first.path))
    assert [hit.title for hit in copy.search.find("Lily")] == ["Lily"]
    assert copy.search.find("Later") == []
    assert check_base(copy).problems == []
    copy.close()


def test_a_folder_that_cannot_be_made_is_named(sqlite_url: str, tmp_path: Path) -> None:
    base = ready_base(sqlite_url, language="en")
    (tmp_path / "file").write_text("x")

    with pytest.raises(UserError, match="file"):
        make_copy(base.backend, tmp_path / "file" / "copies", MOMENT)
    base.close()


def test_a_server_makes_its_copies_itself(firebird_url: str, tmp_path: Path) -> None:
    base = ready_base(firebird_url, language="en")

    with pytest.raises(UserError, match="administrator"):
        make_copy(base.backend, tmp_path / "copies", MOMENT)

    base.close()
    assert not (tmp_path / "copies").exists()


def test_copies_go_beside_the_base_unless_a_folder_was_chosen(tmp_path: Path) -> None:
    base = str(tmp_path / "a.crm")

    assert copies_folder("", base) == tmp_path / "copies"
    assert copies_folder("/far", base) == Path("/far")
