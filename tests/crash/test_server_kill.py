"""A server killed in the middle of saves; the long run is `python -m benchmarks.server_kill`."""

from __future__ import annotations

import pytest

from benchmarks.server_kill import run
from crm_desktop.errors import UserError
from crm_desktop.models.backend.connect import open_backend
from tests.firebird_server import ServerMissing

pytestmark = pytest.mark.slow


def test_nothing_confirmed_is_lost_and_nothing_is_there_twice() -> None:
    try:
        toll = run(4, seed=7)
    except ServerMissing as missing:
        pytest.skip(f"Firebird half left out: {missing}")

    assert toll.problems == []
    assert toll.rounds == 4 and toll.again + toll.unheard == 4


def test_numbers_of_a_write_that_failed_are_not_given_out(firebird_url: str) -> None:
    backend = open_backend(firebird_url, create=True)
    with pytest.raises(UserError), backend.write() as connection:
        lost = backend.ids(connection, 1)[0]
        raise UserError("not kept")

    with backend.write() as connection:
        given = backend.ids(connection, 1)[0]

    assert given > lost + 1, "from the block of the write that failed"
    backend.close()
