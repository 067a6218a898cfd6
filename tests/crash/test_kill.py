"""A program killed in the middle of its work leaves a base in order.

The long run is `python -m benchmarks.kill`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from benchmarks.kill import Killer
from crm_desktop.errors import UserError
from tests.bases import ready_base
from tests.firebird_server import FirebirdServer

pytestmark = pytest.mark.slow


def addresses(folder: Path) -> Callable[[], str]:
    numbers = iter(range(1000))
    return lambda: str(folder / f"victim{next(numbers)}.crm")


def test_a_file_survives_kills(tmp_path: Path) -> None:
    killer = Killer(addresses(tmp_path), tmp_path, seed=11)

    tally = killer.run(8)

    assert tally.failures == []
    assert tally.rounds == 8
    assert tally.done > 0


def test_a_base_on_a_server_survives_kills(tmp_path: Path, firebird: FirebirdServer) -> None:
    name = f"kill_{secrets.token_hex(6)}"
    killer = Killer(lambda: firebird.url(name), tmp_path, seed=12)

    tally = killer.run(3)

    firebird.remove(name)
    assert tally.failures == []


def test_killed_migrations_of_files_are_whole_or_not_there(tmp_path: Path) -> None:
    killer = Killer(addresses(tmp_path), tmp_path, seed=13)

    killer.migrations(4)

    assert killer.tally.failures == []


def test_tables_and_the_rows_that_name_them_come_together(base_url: str) -> None:
    workspace = ready_base(base_url, language="en")

    def fail(connection: sa.Connection) -> None:
        raise UserError("the end")

    with pytest.raises(UserError):
        workspace.backend.run_ddl(["CREATE TABLE u_100 (id INTEGER NOT NULL PRIMARY KEY)"], fail)

    assert "u_100" not in workspace.backend.table_names()
    workspace.close()
