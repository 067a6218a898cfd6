"""What lies free between what is used goes back to the system."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.models.backend.sqlite import SqliteBackend
from crm_desktop.services.os_integration.memory import give_back
from crm_desktop.ui.operations import Operations
from crm_desktop.ui.runtime.garbage import Garbage

MIB = 1024 * 1024
LISTS = """
import psutil
from crm_desktop.services.os_integration.memory import keep_apart

if {apart}:
    keep_apart()
bytearray(24 << 20)  # the first big piece: the C library takes the next ones from the heap
process = psutil.Process()
before = process.memory_info().rss
lists, small = [], []
for number in range(16):
    lists.append(bytearray(b"x" * (8 << 20)))
    small.append([bytearray(700) for _piece in range(300)])
del lists
print(process.memory_info().rss - before)
"""


def _left_of_lists(*, apart: bool) -> int:
    """Bytes that stay after sixteen lists of a million ids are gone."""
    done = subprocess.run(
        [sys.executable, "-c", LISTS.format(apart=apart)],
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems give it back by themselves")
def test_memory_in_pieces_is_given_back() -> None:
    process = psutil.Process()
    pieces = [bytearray(1000) for _number in range(80_000)]
    used = pieces[::50]  # what is freed lies between these
    del pieces
    before = process.memory_info().rss

    give_back()

    assert before - process.memory_info().rss > 30 * MIB
    assert len(used) == 1600


@pytest.mark.skipif(sys.platform != "linux", reason="other systems give it back by themselves")
def test_big_pieces_are_given_back_one_by_one() -> None:
    assert _left_of_lists(apart=False) > 40 * MIB
    assert _left_of_lists(apart=True) < 16 * MIB


@pytest.mark.skipif(sys.platform != "linux", reason="other systems give it back by themselves")
def test_connections_that_rest_keep_no_pages(tmp_path: Path) -> None:
    backend = SqliteBackend(tmp_path / "pages.crm", create=True)
    with backend.write() as connection:
        connection.exec_driver_sql("CREATE TABLE pages (id INTEGER PRIMARY KEY, page BLOB)")
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
            "INSERT INTO pages SELECT i, zeroblob(4000) FROM n"
        )
    counted = "SELECT count(*), sum(length(page)), count(hex(page)) FROM pages"
    with ExitStack() as held:
        for _number in range(3):
            connection = held.enter_context(backend.read())
            assert connection.exec_driver_sql(counted).one() == (3000, 12_000_000, 3000)
    give_back()
    process = psutil.Process()
    before = process.memory_info().rss

    backend.spare_memory()
    give_back()

    assert before - process.memory_info().rss > 6 * MIB
    with backend.read() as connection:
        assert connection.exec_driver_sql(counted).one() == (3000, 12_000_000, 3000)
    backend.close()


@pytest.mark.skipif(sys.platform == "win32", reason="nobody counts the pages there")
def test_who_keeps_pages_is_told_before_memory_is_given_back(qtbot: QtBot) -> None:
    operations, told = Operations(), []
    operations.giving_back.connect(lambda: told.append(1))
    garbage = operations.findChild(Garbage)
    taken = [bytearray(b"x" * 4096) for _page in range(5000)]

    for _turn in range(5):
        garbage.collect()

    assert told == [1] and len(taken) == 5000
    operations.close()
