"""A move that was broken off goes on where it was."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from crm_desktop.errors import BaseHalfMoved, BaseTooOld, FileProblem
from crm_desktop.models.query import Query
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.maintenance.moving import MoveReport, move_base
from crm_desktop.services.workspace import Workspace, create_base, open_base
from tests.bases import ready_base


class CutOffError(Exception):
    """What ends a move in these tests: a line that breaks, a person, a power cut."""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Some clients, with what a change log says of them."""
    file = tmp_path / "source.crm"
    with closing(ready_base(file)) as base:
        for number in range(5):
            base.records.create("client", {"name": f"Client {number}"})
    return file


def cut_off(source: Path, target: str | Path, after: int) -> None:
    """Moves until so many rows are read, and then no further."""

    def look(done: int, _whole: int) -> None:
        if done >= after:
            raise CutOffError

    with pytest.raises(CutOffError):
        move_base(source, target, progress=look)


def moved(source: str | Path, target: str | Path) -> MoveReport:
    """Moves to the end; counts what is asked of the base it comes from."""
    return move_base(source, target)


def clients(address: str | Path) -> list[str]:
    with closing(open_base(address)) as base:
        assert check_base(base).problems == []
        found = base.lists.open(Query("client", columns=("name",))).first(10)
        return sorted(str(row.cells[0]) for row in found)


NAMES = [f"Client {number}" for number in range(5)]


@pytest.mark.parametrize("after", [60, 100_000])
def test_what_was_broken_off_goes_on(source: Path, base_url: str, after: int) -> None:
    with closing(open_base(source)) as base:
        whole = rows_in(base)
    cut_off(source, base_url, min(after, whole))

    report = moved(source, base_url)

    assert sum(report.rows.values()) == whole
    assert clients(base_url) == NAMES


def test_the_checksum_is_the_same_there_and_back(
    source: Path, base_url: str, tmp_path: Path
) -> None:
    there = moved(source, base_url)
    back = moved(base_url, tmp_path / "home.crm")
    again = moved(tmp_path / "home.crm", tmp_path / "again.crm")

    noted = {"audit_entry"}  # a server notes who connects, the move itself too
    assert sums(there, noted) == sums(back, noted)
    assert back.checksum == again.checksum
    with closing(open_base(tmp_path / "home.crm")) as base:
        base.records.create("client", {"name": "Aster"})
    assert moved(tmp_path / "home.crm", tmp_path / "more.crm").checksum != back.checksum


def sums(report: MoveReport, without: set[str]) -> dict[str, int]:
    return {name: value for name, value in report.sums.items() if name not in without}


def rows_in(base: Workspace) -> int:
    with base.backend.read() as connection:
        return sum(
            connection.exec_driver_sql(f"SELECT COUNT(*) FROM {name}").scalar_one()
            for name in base.backend.table_names()
        )


def test_half_a_base_is_opened_by_nobody_and_made_by_no_other(source: Path, base_url: str) -> None:
    cut_off(source, base_url, 60)

    with pytest.raises(BaseHalfMoved, match="once more"):
        open_base(base_url)
    with pytest.raises(FileProblem):
        create_base(base_url)


def test_what_changed_in_between_is_moved_as_it_is_now(source: Path, base_url: str) -> None:
    with closing(open_base(source)) as base:
        whole = rows_in(base)
    cut_off(source, base_url, whole)
    with closing(open_base(source)) as base:
        base.records.update("client", base.titles.find("client", "Client 0")[0], {"name": "Aster"})
        base.constructor.add_field(
            base.catalogue["client"], {"key": "pets", "type": "integer", "label": "Pets"}
        )

    moved(source, base_url)

    assert clients(base_url) == sorted(["Aster", *NAMES[1:]])


def test_a_whole_base_is_never_moved_over(source: Path, base_url: str) -> None:
    ready_base(base_url).close()

    with pytest.raises(FileProblem):
        moved(source, base_url)


def test_a_base_of_an_older_version_is_opened_first(source: Path, base_url: str) -> None:
    with closing(open_base(source)) as base, base.backend.write() as connection:
        base.backend.set_version(connection, 6)

    with pytest.raises(BaseTooOld, match="Open it once"):
        moved(source, base_url)
