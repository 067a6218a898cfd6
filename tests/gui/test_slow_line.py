"""How often a page of the list and a card wait for the line; `benchmarks.slow_line` takes the time.

At 80 ms there and back a list may wait 12 times within its second, a card 18 times in its one and
a half; the first ones of a session, too, for which everything is prepared.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from benchmarks.slow_line import fill, measured, show_card, show_list
from crm_desktop.services.workspace import open_base
from tests.firebird_server import FirebirdServer
from tests.proxy import Proxy, proxy

LIST_TRIPS, CARD_TRIPS = 2, 4
FIRST_LIST_TRIPS, FIRST_CARD_TRIPS = 4, 11


@pytest.fixture
def line(firebird: FirebirdServer) -> Iterator[Proxy]:
    with proxy(firebird.host, firebird.port) as between:
        yield between


def test_a_list_and_a_card_wait_for_the_line_only_so_often(
    firebird: FirebirdServer, firebird_url: str, line: Proxy
) -> None:
    ids = fill(firebird_url)
    far = firebird_url.replace(f":{firebird.port}/", f":{line.port}/")
    with closing(open_base(far)) as base:
        _seconds, first_listed = measured(line, lambda: show_list(base))
        _seconds, first_carded = measured(line, lambda: show_card(base, ids[0]))
        show_list(base), show_card(base, ids[1])

        _seconds, listed = measured(line, lambda: show_list(base))
        _seconds, carded = measured(line, lambda: show_card(base, ids[3]))

    assert 0 < first_listed <= FIRST_LIST_TRIPS
    assert 0 < first_carded <= FIRST_CARD_TRIPS
    assert 0 < listed <= LIST_TRIPS
    assert 0 < carded <= CARD_TRIPS


def test_a_slow_line_is_slow(firebird: FirebirdServer, firebird_url: str, line: Proxy) -> None:
    fill(firebird_url)
    line.slow(round_trip_s=0.05, bits_s=1e6)
    far = firebird_url.replace(f":{firebird.port}/", f":{line.port}/")
    with closing(open_base(far)) as base:
        seconds, trips = measured(line, lambda: show_list(base))

    assert seconds >= 0.05 * trips > 0
