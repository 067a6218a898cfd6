"""How far a commit waits for the disk while much is written, and afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import open_backend
from tests.database.tables import add_clients, make_tables, names


def _sync(backend: Backend) -> int:
    with backend.write() as connection:
        return int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())


@pytest.mark.parametrize(("removable", "expected"), [(False, [2, 1, 2]), (True, [3, 3, 3])])
def test_only_long_work_does_not_wait(tmp_path: Path, removable: bool, expected: list[int]) -> None:
    backend = open_backend(tmp_path / "firm.crm", create=True, removable=removable)
    make_tables(backend)

    found = [_sync(backend)]
    with backend.bulk():
        add_clients(backend, "x")
        found.append(_sync(backend))
    found.append(_sync(backend))

    assert found == expected
    assert names(backend) == ["x"]
    backend.close()


def test_the_end_of_long_work_brings_everything_into_the_file(tmp_path: Path) -> None:
    path = tmp_path / "firm.crm"
    backend = open_backend(path, create=True, removable=False)
    make_tables(backend)

    with backend.bulk():
        add_clients(backend, *(f"c{number}" for number in range(5000)))

    assert b"c4999" in path.read_bytes()
    backend.close()
