"""The private server is ours alone: reachable from this machine only, gone after the block."""

from __future__ import annotations

import socket

import fdb
import pytest

from tests.firebird_server import FirebirdServer, firebird_server


def test_a_fresh_base_is_utf8_with_large_pages_and_forced_writes(
    firebird: FirebirdServer, firebird_url: str
) -> None:
    name = firebird_url.rsplit("/", 1)[1].removesuffix(".fdb")

    base = fdb.connect(dsn=firebird.dsn(name), user=firebird.user, password=firebird.password)

    wanted = [fdb.isc_info_page_size, fdb.isc_info_forced_writes]
    assert base.db_info(wanted) == {wanted[0]: 16384, wanted[1]: 1}
    base.close()


def test_a_server_ends_with_its_block(firebird: FirebirdServer) -> None:
    with firebird_server() as server:
        socket.create_connection((server.host, server.port), timeout=5).close()
        assert server.port != firebird.port

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((server.host, server.port), timeout=5)
