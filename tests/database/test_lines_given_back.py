"""A line that the server has ended goes back to the client library, which crashes over what is left
to it when the program ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import pytest

from crm_desktop.models.backend.firebird_connect import connect, load_client, parse


@pytest.fixture
def lines(firebird_url: str) -> Iterator[tuple[Any, Any]]:
    """Two to the same base."""
    fdb, place = load_client(), parse(firebird_url)
    with closing(connect(fdb, place)) as one:
        other = connect(fdb, place)
        yield one, other
        with suppress(fdb.Error):
            other.close()


def end_others(line: Any) -> None:
    """As a dismissal does."""
    line.execute_immediate(
        "DELETE FROM mon$attachments WHERE mon$attachment_id <> CURRENT_CONNECTION"
        " AND mon$system_flag = 0"
    )
    line.commit()


def test_a_line_that_ends_in_a_transaction_is_closed_whole(lines: tuple[Any, Any]) -> None:
    one, other = lines
    handle = other._db_handle
    other.begin()
    end_others(one)

    with pytest.raises(load_client().Error):
        other.close()

    assert other.closed
    assert handle.value == 0, "the library holds nothing of it"


def test_so_is_one_that_nobody_remembers(lines: tuple[Any, Any]) -> None:
    one, other = lines
    handle = other._db_handle
    other.begin()
    end_others(one)

    other.__del__()

    assert handle.value == 0
