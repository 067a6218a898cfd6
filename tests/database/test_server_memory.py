"""What a person at work takes of the server's memory: fifty of them share one machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from crm_desktop.models.backend import firebird_cursor, firebird_lines
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.backend.firebird_lines import READY, LinePool, Rest
from crm_desktop.services.workspace import Workspace
from tests.firebird_server import FirebirdServer
from tests.seller_fixtures import office
from tests.strict_office import TwoSellers

__all__ = ["office"]

MIB = 2**20
_PREPARED = (
    "SELECT SUM(m.mon$memory_used) FROM mon$statements s"
    " JOIN mon$memory_usage m ON m.mon$stat_id = s.mon$stat_id"
    " JOIN mon$attachments a ON a.mon$attachment_id = s.mon$attachment_id"
    " WHERE UPPER(a.mon$user) = ?"
)


_LINES = "SELECT COUNT(*) FROM mon$attachments WHERE mon$system_flag = 0"
_KEPT = "SELECT COUNT(*) FROM mon$statements WHERE mon$attachment_id = CURRENT_CONNECTION"
AT_ONCE = 4


@pytest.fixture
def alone(firebird: FirebirdServer, firebird_url: str) -> Iterator[Backend]:
    """A base that nobody else has open."""
    with closing(open_backend(firebird_url, create=True)) as backend:
        yield backend


def counted(backend: Backend, sql: str) -> int:
    """What the server counts at this moment."""
    with backend.snapshot() as connection:
        return int(connection.exec_driver_sql(sql).scalar_one())


def until(holds: Callable[[], bool]) -> None:
    """Looks again and again; at most ten seconds."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        threading.Event().wait(0.01)


def kept_prepared(base: Workspace) -> float:
    """MiB of what the server keeps prepared for all connections of the account."""
    with base.backend.snapshot() as connection:
        found = connection.exec_driver_sql(_PREPARED, (base.login.upper(),)).scalar_one()
    return float(found) / MIB


def test_a_search_takes_little_of_the_server(office: TwoSellers) -> None:
    """The views of an ordinary account are long: once in a statement, not once for each object."""
    base = office.work()
    before = kept_prepared(base)

    base.search.find("anna 12", limit=20)

    assert kept_prepared(base) - before < 20


def test_lines_that_nobody_needs_are_closed_by_themselves(
    alone: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for those that the next save and the next list find ready."""
    for rest in ("RESTS_S", "_WORTH", "_LOOKS_S"):
        monkeypatch.setattr(firebird_lines, rest, 0.0)
    with ExitStack() as card:  # whose parts read side by side
        for _line in range(AT_ONCE):
            card.enter_context(alone.read())
        assert counted(alone, _LINES) == AT_ONCE + 1

    until(lambda: counted(alone, _LINES) == READY)


def test_lines_that_were_needed_a_moment_ago_stay() -> None:
    pool = LinePool(Line, use_lifo=True, max_overflow=-1)
    begun = time.monotonic()
    lines = [pool.connect() for _line in range(AT_ONCE)]
    for line in lines:
        line.close()

    pool.close_unused(begun)
    assert pool.checkedin() == AT_ONCE

    pool.close_unused(time.monotonic())
    assert pool.checkedin() == READY
    assert pool.checkedout() == 0


def test_a_line_that_took_long_to_be_made_rests_longer() -> None:
    """Over a slow way a card would wait longer for new ones than it may."""
    near, far = (Rest(lambda: LinePool(Line)) for _way in range(2))
    near.made(0.02), far.made(0.8)

    assert near.seconds == firebird_lines.RESTS_S
    assert far.seconds >= 10 * near.seconds


def test_long_statements_are_not_all_kept_prepared(alone: Backend) -> None:
    most = firebird_cursor._MOST_LETTERS
    letters = 8000
    with alone.read() as connection:
        for number in range(2 * most // letters):
            long = f"SELECT {number} FROM rdb$database WHERE 'x' <> '{'y' * letters}'"
            assert connection.exec_driver_sql(long).scalar_one() == number

    assert counted(alone, _KEPT) <= most // letters + 1


class Line:
    """Stands for a connection of the driver."""

    def close(self) -> None:
        """Nothing is there to be closed."""

    rollback = close
