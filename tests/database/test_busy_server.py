"""A server that has no time just now is there; one that falls silent halfway through is not."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from crm_desktop.models.backend import firebird_connect, firebird_sessions
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.backend.firebird import FirebirdBackend
from tests.database.tables import add_clients, make_tables, names
from tests.firebird_server import FirebirdServer
from tests.proxy import Proxy, proxy


@pytest.fixture
def line(firebird: FirebirdServer) -> Iterator[Proxy]:
    with proxy(firebird.host, firebird.port) as between:
        yield between


@pytest.fixture
def far(firebird: FirebirdServer, firebird_url: str, line: Proxy) -> Iterator[FirebirdBackend]:
    """A base with one client, opened through a line that can be broken."""
    with closing(open_backend(firebird_url, create=True)) as backend:
        make_tables(backend)
        add_clients(backend, "a")
    address = firebird_url.replace(f":{firebird.port}/", f":{line.port}/")
    with closing(open_backend(address)) as backend:
        assert isinstance(backend, FirebirdBackend)
        yield backend


def test_a_server_that_falls_silent_while_it_lets_somebody_in_is_found_out(
    far: FirebirdBackend, line: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks whether it is there must not wait for ever."""
    monkeypatch.setattr(firebird_sessions, "_ANSWERS_S", 0.3)
    line.mute_after(2)

    assert not far._sessions._answers()

    line.unmute()
    line.cut()


def test_a_server_without_time_is_asked_once_more(
    far: FirebirdBackend, firebird_url: str, line: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty programs that come in at once keep it busy for longer than it is waited for: also the
    one that has just been started asks again."""
    monkeypatch.setattr(firebird_connect, "CONNECT_SECONDS", 1)
    soon = threading.Timer(1.3, line.unmute)
    line.mute()
    soon.start()
    address = f"127.0.0.1:{line.port}"
    with closing(open_backend(re.sub(r"@[^/]+", f"@{address}", firebird_url))) as backend:
        assert names(backend) == ["a"]
    soon.join()
