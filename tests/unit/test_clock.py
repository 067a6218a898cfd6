"""The zone of the person at the computer has a summer and a winter, whatever day it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import tzlocal

from crm_desktop.services.clock import Clock

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no TZ variable")
Put = Callable[[str], None]


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Iterator[Put]:
    def zone(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield zone
    monkeypatch.undo()
    time.tzset()
    tzlocal.reload_localzone()


@pytest.mark.parametrize("month, hours", [(1, 1), (7, 2)])
def test_an_hour_is_what_it_will_be_then(put: Put, month: int, hours: int) -> None:
    put("Europe/Berlin")
    noon = datetime(2027, month, 1, 12, tzinfo=Clock().zone())
    assert noon.astimezone(UTC).hour == 12 - hours


def test_a_computer_that_moves_is_followed(put: Put) -> None:
    put("Europe/Berlin")
    assert str(Clock().zone()) == "Europe/Berlin"
    put("Asia/Omsk")
    assert str(Clock().zone()) == "Asia/Omsk"


@pytest.mark.parametrize("name", ["XYZ-3", ":/no/such/zone"])
def test_a_zone_without_a_name_is_taken_as_it_is_today(put: Put, name: str) -> None:
    put(name)
    offset = datetime.now().astimezone().utcoffset()
    assert Clock().local().utcoffset() == offset
    assert Clock().local() - Clock().now() < timedelta(seconds=5)
