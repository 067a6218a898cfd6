"""What is special about a server: it can be away, fall silent, refuse, or be somebody else's."""

from __future__ import annotations

import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_desktop.errors import (
    BaseMissing,
    BaseProblem,
    DatabaseUnavailable,
    NotABase,
    UserError,
)
from crm_desktop.models.backend import (
    firebird_connect,
    firebird_cursor,
    firebird_sessions,
    firebird_watch,
)
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import is_server_address, open_backend
from crm_desktop.models.backend.firebird import FirebirdBackend
from crm_desktop.models.backend.firebird_cursor import refuse_long
from tests.database.tables import CLIENT, add_clients, make_tables, names
from tests.firebird_server import FirebirdServer
from tests.proxy import Proxy, proxy

ENDS_AT_ALL = 60
"""Seconds; far more than it takes on a busy machine, far less than for ever."""
ROOT = Path(__file__).parents[2]


@pytest.fixture
def base(firebird: FirebirdServer) -> Iterator[str]:
    """The name of a base with one client, on the private server."""
    name = f"server_{secrets.token_hex(6)}"
    with closing(open_backend(firebird.empty_base(name), create=True)) as backend:
        make_tables(backend)
        add_clients(backend, "a")
    yield name
    firebird.remove(name)


@pytest.fixture
def line(firebird: FirebirdServer) -> Iterator[Proxy]:
    with proxy(firebird.host, firebird.port) as between:
        yield between


@pytest.fixture
def far(firebird: FirebirdServer, base: str, line: Proxy) -> Iterator[Backend]:
    """The base, opened through a line that can be broken."""
    with closing(open_backend(firebird.url(base, port=line.port))) as backend:
        yield backend


def why(address: str, kind: type[UserError]) -> str:
    with pytest.raises(kind) as error:
        open_backend(address).close()
    assert type(error.value) is kind
    return error.value.message


# --- opening --------------------------------------------------------------------------------------


def test_each_reason_has_its_own_sentence(firebird: FirebirdServer, base: str) -> None:
    address = firebird.url(base)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed_port = str(unused.getsockname()[1])

    said = [
        why(address.replace(f":{firebird.port}/", f":{closed_port}/"), DatabaseUnavailable),
        why(address.replace(firebird.host, "no.such.host.invalid"), DatabaseUnavailable),
        why(address.replace(firebird.password, "wrong"), DatabaseUnavailable),
        why(address.replace(base, "nobody_made_this"), BaseMissing),
        why(address.replace(str(firebird.path(base)), "/etc/passwd"), DatabaseUnavailable),
        why("firebird+fdb://server-only", BaseProblem),
        why("firebird+other://u:p@h/x", BaseProblem),
    ]

    assert len(set(said[:6])) == 6
    assert not any(firebird.password in sentence for sentence in said)


def test_a_base_of_another_program_is_refused(firebird: FirebirdServer, base: str) -> None:
    foreign = f"{base}_foreign"
    with closing(open_backend(firebird.empty_base(foreign), create=True)) as backend:
        backend.run_ddl(["CREATE TABLE theirs (id INTEGER)", "DROP TABLE backend_fact"])

    assert "not a base" in why(firebird.url(foreign), NotABase)
    with pytest.raises(NotABase):
        open_backend(firebird.url(foreign), create=True)
    firebird.remove(foreign)


def test_an_empty_base_is_taken_only_when_a_new_one_is_wanted(firebird: FirebirdServer) -> None:
    name = f"empty_{secrets.token_hex(6)}"
    address = firebird.empty_base(name)

    with pytest.raises(NotABase):
        open_backend(address)
    open_backend(address, create=True).close()
    open_backend(address).close()
    firebird.remove(name)


def test_a_base_that_is_not_there_is_made(firebird: FirebirdServer) -> None:
    name = f"made_{secrets.token_hex(6)}"

    with closing(open_backend(firebird.url(name), create=True)) as backend:
        with backend.read() as connection:
            page = connection.exec_driver_sql("SELECT mon$page_size FROM mon$database").scalar()
            kept = connection.exec_driver_sql("SELECT mon$forced_writes FROM mon$database").scalar()
        assert (page, kept) == (16384, 1)
    firebird.remove(name)


def test_the_address_is_shown_without_the_password(firebird: FirebirdServer, base: str) -> None:
    with closing(open_backend(firebird.url(base))) as backend:
        assert firebird.password not in backend.address
        assert backend.title == base
        assert not backend.worker_environment
        with pytest.raises(UserError, match="administrator"):
            backend.copy_to(Path("copy.crm"))


def test_a_password_with_odd_letters_is_read(firebird: FirebirdServer, base: str) -> None:
    with closing(open_backend(firebird.url(base))) as backend, backend.write() as connection:
        connection.exec_driver_sql(
            "CREATE OR ALTER USER odd_user PASSWORD 'a@b/c:d' GRANT ADMIN ROLE"
        )
    address = firebird.url(base).replace(
        f"{firebird.user}:{firebird.password}", "odd_user:a%40b%2Fc%3Ad"
    )

    message = why(address, DatabaseUnavailable)

    assert "right" in message or "refuses" in message


def test_addresses_are_told_apart() -> None:
    assert is_server_address("firebird+fdb://u:p@h/x")
    assert is_server_address("firebird://u:p@h/x")
    assert not is_server_address("/home/u/firebird+notes.crm")
    assert not is_server_address(Path("base.crm"))


NO_LIBRARY = """
import sys
import ctypes.util
ctypes.util.find_library = lambda name: None
import fdb.ibase
fdb.ibase.find_library = lambda name: None
def no_library(name):
    raise OSError(name)
fdb.ibase.CDLL = no_library
from crm_desktop.errors import UserError
from crm_desktop.models.backend.connect import open_backend
try:
    open_backend(sys.argv[1])
except UserError as error:
    print(type(error).__name__, error.message)
"""


def test_a_missing_client_library_is_named(firebird_url: str) -> None:
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", NO_LIBRARY, firebird_url],
        capture_output=True, text=True, check=True, cwd=ROOT,
    ).stdout  # fmt: skip

    assert said.startswith("DatabaseUnavailable")
    assert "CRM_DESKTOP_FBCLIENT" in said


def test_a_local_base_loads_nothing_of_firebird(tmp_path: Path) -> None:
    code = (
        "import sys; from crm_desktop.models.backend.connect import open_backend\n"
        "assert 'sqlalchemy' not in sys.modules\n"
        "open_backend(sys.argv[1], create=True).close()\n"
        "print([name for name in sys.modules if 'fdb' in name or 'firebird' in name])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.crm")],
        capture_output=True, text=True, check=True, cwd=ROOT,
    ).stdout  # fmt: skip

    assert said == "[]\n"


OPEN_AND_WAIT = """
import sys
from crm_desktop.models.backend.connect import open_backend
backend = open_backend(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
"""


def test_a_program_with_an_open_base_ends_when_it_is_told_to(
    firebird: FirebirdServer, base: str
) -> None:
    """The client library of Firebird would swallow the signal and only close its connections."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", OPEN_AND_WAIT, firebird.url(base)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout and process.stdout.readline() == "open\n"

    process.terminate()

    assert process.wait(timeout=20) == -signal.SIGTERM
    process.communicate()


# --- a broken line --------------------------------------------------------------------------------


def test_a_cut_line_is_told_at_once_and_the_next_call_works(far: Backend, line: Proxy) -> None:
    with pytest.raises(DatabaseUnavailable, match="lost"), far.write() as connection:
        connection.execute(sa.insert(CLIENT).values(id=2, name_key="b"))
        line.cut()
        connection.execute(sa.insert(CLIENT).values(id=3, name_key="c"))

    assert names(far) == ["a"]


def test_a_line_cut_under_idle_connections_is_not_noticed(
    far: Backend, line: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firebird_sessions, "HOLDS_S", 0.0)  # whatever it was used for is long ago
    assert names(far) == ["a"]
    line.cut()

    assert names(far) == ["a"]
    add_clients(far, "b", first=2)


def test_a_line_cut_right_after_an_answer_is_told_once(far: Backend, line: Proxy) -> None:
    with far.read(), far.read():  # two connections that are known to hold
        pass
    line.cut()

    with pytest.raises(DatabaseUnavailable):
        names(far)

    assert names(far) == ["a"]


def test_reads_that_follow_one_another_do_not_ask_whether_the_line_holds(
    far: Backend, line: Proxy
) -> None:
    names(far)
    trips = line.trips

    assert names(far) == ["a"]

    assert line.trips == trips + 1


def test_a_line_cut_while_rows_travel_in_bulk(far: Backend, line: Proxy) -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        for number in range(2, 5000):
            if number == 3000:
                line.cut()
            yield number, "x" * 100, "x"

    with pytest.raises(DatabaseUnavailable), far.write() as connection:
        far.insert_many(connection, CLIENT, ["id", "name", "name_key"], rows())

    assert names(far) == ["a"]


def test_a_killed_attachment_is_a_lost_connection(far: Backend, firebird: FirebirdServer) -> None:
    import fdb

    assert isinstance(far, FirebirdBackend)
    with pytest.raises(DatabaseUnavailable), far.read() as connection:
        connection.execute(sa.select(CLIENT.c.id)).all()
        base = fdb.connect(
            dsn=firebird.dsn(far.title), user=firebird.user, password=firebird.password
        )
        base.cursor().execute(
            "DELETE FROM mon$attachments"
            " WHERE mon$attachment_id <> current_connection AND mon$system_flag = 0"
        )
        base.commit()
        base.close()
        connection.execute(sa.select(CLIENT.c.id)).all()

    assert names(far) == ["a"]


def test_a_deadline_frees_a_call_to_a_silent_server(far: Backend, line: Proxy) -> None:
    begun = time.monotonic()
    with pytest.raises(DatabaseUnavailable), far.read() as connection:
        connection.execute(sa.select(CLIENT.c.id)).all()
        line.mute()
        with far.deadline(connection, 0.3):
            connection.execute(sa.select(CLIENT.c.name)).all()

    assert time.monotonic() - begun < ENDS_AT_ALL
    line.unmute()
    line.cut()
    assert names(far) == ["a"]


def test_a_doubted_line_that_is_never_answered_is_cut(
    far: Backend, line: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firebird_cursor, "_DOUBT_SECONDS", 0.3)
    begun = time.monotonic()
    with pytest.raises(DatabaseUnavailable), far.read() as connection:
        connection.execute(sa.select(CLIENT.c.id)).all()
        line.mute()
        firebird_cursor.ask_doubted_line(connection.connection.driver_connection)

    assert time.monotonic() - begun < ENDS_AT_ALL
    line.unmute()
    assert names(far) == ["a"]


def found_out_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firebird_watch, "_LOOK_SECONDS", 0.5)
    monkeypatch.setattr(firebird_connect, "CONNECT_SECONDS", 1)


def test_a_silent_server_is_found_out_without_a_deadline(
    firebird: FirebirdServer, base: str, line: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_out_soon(monkeypatch)
    address = firebird.url(base, port=line.port)
    with closing(open_backend(address)) as backend:
        begun = time.monotonic()
        with pytest.raises(DatabaseUnavailable, match="lost"), backend.read() as connection:
            connection.execute(sa.select(CLIENT.c.id)).all()
            line.mute()
            connection.execute(sa.select(CLIENT.c.name)).all()
        assert time.monotonic() - begun < ENDS_AT_ALL


def test_a_server_that_fell_silent_while_we_were_idle_is_found_out(
    firebird: FirebirdServer, base: str, line: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_out_soon(monkeypatch)
    with closing(open_backend(firebird.url(base, port=line.port))) as backend:
        assert names(backend) == ["a"]
        line.mute()
        begun = time.monotonic()

        with pytest.raises(DatabaseUnavailable):
            names(backend)

        assert time.monotonic() - begun < ENDS_AT_ALL


def test_connecting_to_a_silent_server_takes_three_seconds(
    firebird: FirebirdServer, base: str, line: Proxy
) -> None:
    line.mute()
    begun = time.monotonic()

    message = why(firebird.url(base, port=line.port), DatabaseUnavailable)

    assert "does not answer" in message
    assert time.monotonic() - begun < ENDS_AT_ALL


def test_a_slow_query_of_a_living_server_is_left_alone(
    firebird: FirebirdServer, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firebird_watch, "_LOOK_SECONDS", 0.1)
    slow = (
        "WITH RECURSIVE n(i) AS (SELECT 1 FROM rdb$database UNION ALL"
        " SELECT i + 1 FROM n WHERE i < 1000) SELECT count(*) FROM n a, n b"
    )
    with closing(open_backend(firebird.url(base))) as backend, backend.read() as connection:
        assert connection.exec_driver_sql(slow).scalar() == 1_000_000


def test_text_that_the_driver_would_cut_is_refused(far: Backend) -> None:
    long = "SELECT id FROM client WHERE name <> '" + "ы" * 33_000 + "' AND 1 = 2"

    with pytest.raises(ValueError, match="64 KB"):
        refuse_long(long)
    with pytest.raises(ValueError, match="64 KB"), far.read() as connection:
        connection.exec_driver_sql(long)
