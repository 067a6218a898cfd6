"""Wrong passwords of whatever program, counted from the trace of the server itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import fdb
import pytest

from crm_desktop.errors import DatabaseUnavailable
from crm_desktop.models.backend import firebird_accounts, firebird_trace
from crm_desktop.models.backend.firebird_connect import parse, services
from crm_desktop.models.backend.firebird_trace import WAIT_S, Lookups, Trace
from crm_desktop.services.audit import service as audit
from crm_desktop.services.server import accounts, second_factor
from crm_desktop.services.server.refused_passwords import RefusedPasswords
from crm_desktop.services.server.sign_in_rules import SignInRules, settle_sign_in
from crm_desktop.services.workspace import Workspace, open_base
from crm_desktop.settings import without_password
from tests.firebird_server import FirebirdServer
from tests.server_office import Office, office_on

_ADDRESS = "TCPv4:"
ASKED = [
    "2026-11-23T00:00:00.0000 (26350:0x7f) EXECUTE_STATEMENT_START",
    "\t/security/security.fdb (ATT_2, SYSDBA:NONE, NONE, <internal>)",
    'param0 = varchar(93), "ANNA"',
]
CAME = [
    "2026-11-23T00:00:00.0000 (26350:0x7f) ATTACH_DATABASE",
    "\t/bases/office.fdb (ATT_26, ANNA:CRM_STAFF, NONE, TCPv4:127.0.0.1/59246)",
]
LEFT = [CAME[0].replace("ATTACH", "DETACH"), CAME[1]]
SERVED = [
    "2026-11-23T00:00:00.0000 (26350:0x7f) ATTACH_SERVICE",
    "\tservice_mgr, (Service 0x7f2, ANNA, TCPv4:127.0.0.1/5, python:1)",
]


class Moved:
    """A clock that is moved by hand, and what it tells of."""

    def __init__(self) -> None:
        self.now = 100.0
        self.lookups = Lookups(lambda: self.now)

    def hears(self, *lines: list[str]) -> None:
        for block in lines:
            for line in block:
                self.lookups.feed(line)


@pytest.mark.parametrize("came", [CAME, SERVED])
def test_whoever_came_in_was_not_refused(came: list[str]) -> None:
    moved = Moved()
    moved.hears(ASKED, ASKED, came)
    moved.now += WAIT_S

    assert moved.lookups.refused() == {"anna": 1}
    assert not moved.lookups.refused()


def test_nobody_is_refused_before_he_had_his_time() -> None:
    moved = Moved()
    moved.hears(ASKED)
    moved.now += WAIT_S - 0.1

    assert not moved.lookups.refused()
    moved.hears(CAME)
    moved.now += WAIT_S
    assert not moved.lookups.refused()


def test_who_leaves_has_not_come_in() -> None:
    moved = Moved()
    moved.hears(ASKED, LEFT)
    moved.now += WAIT_S

    assert moved.lookups.refused() == {"anna": 1}


CHANGED = [
    "2026-11-23T00:00:00.0000 (26350:0x7f) EXECUTE_STATEMENT_START",
    "\t/security/security.fdb (ATT_2, SYSDBA:NONE, NONE, <internal>)",
    "UPDATE plg$srp_view SET PLG$VERIFIER=?,PLG$SALT=? WHERE PLG$USER_NAME=?",
    'param0 = varchar(128), "not a name"',
    'param1 = varchar(32), "nor this',
    'one"',
    'param2 = varchar(93), "ANNA"',
]


def test_who_gets_another_password_was_not_asked_for() -> None:
    moved = Moved()
    moved.hears(CHANGED)
    assert not moved.lookups.changed(), "whoever changed it has not said so yet"
    moved.now += WAIT_S

    assert moved.lookups.changed() == ["anna"]
    assert not moved.lookups.changed() and not moved.lookups.refused()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has not come in within two seconds was refused."""
    monkeypatch.setattr(firebird_trace, "WAIT_S", 2.0)


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[Office]:
    with office_on(firebird, "refused") as made:
        yield made


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("listener", ["owner", "boss"])
def test_a_tool_with_wrong_passwords_locks_the_account(office: Office, listener: str) -> None:
    """The whole way: isql or any other tool, the trace, the base, and the right password after.
    Who listens is the server's own user, or the administrator whose account the set-up made."""
    person = office.let_in("Vera Guessed")
    address = office.address if listener == "owner" else office.of(office.boss)
    with closing(open_base(address)) as base:
        settle_sign_in(base, SignInRules(tries=3))
        listening = RefusedPasswords(base, address)
        try:
            assert not listening.problem
            for _time in range(3):
                _try(office, person)
            wait(lambda: listening.look() >= 0 and person in second_factor.locks(base), 40)
        finally:
            listening.close()
        with pytest.raises(DatabaseUnavailable, match="locked"):
            office.sign_in(person)
        assert audit.last(base, 5, audit.Wanted(what=audit.FAILED, login=person))
        settle_sign_in(base, SignInRules())


@pytest.mark.usefixtures("soon")
def test_a_password_changed_in_another_base_ends_passes(
    office: Office, firebird: FirebirdServer
) -> None:
    """This base hears of it by the trace; of its own changes it knows already."""
    vera, eva = office.let_in("Vera Elsewhere"), office.let_in("Eva Here")
    firebird.empty_base("elsewhere")
    with closing(office.sign_in(office.boss)) as boss:
        insert = "INSERT INTO sign_pass (login, mark, until_at) VALUES (?, 'x', CURRENT_TIMESTAMP)"
        with boss.backend.write() as connection:
            for login in (vera, eva):
                connection.exec_driver_sql(insert, (login,))
        listening = RefusedPasswords(boss, office.of(office.boss))
        try:
            accounts.choose_password(office.sign_in(eva), "orange tram under snow")
            with boss.backend.write() as connection:  # as that of the window in which she did
                connection.exec_driver_sql(insert, (eva,))
            _given_in(firebird, "elsewhere", vera)
            wait(lambda: listening.look() >= 0 and _passes(boss) == [eva], 40)
            told = audit.last(boss, 9, audit.Wanted(what=audit.ELSEWHERE))
        finally:
            listening.close()
    firebird.remove("elsewhere")
    assert [one.detail for one in told] == [vera]


def _given_in(server: FirebirdServer, base: str, login: str) -> None:
    with closing(fdb.connect(dsn=server.dsn(base), user=server.user,
                             password=server.password)) as line:  # fmt: skip
        line.cursor().execute(f"ALTER USER {login} PASSWORD 'quiet-Meadow-41' USING PLUGIN Srp")
        line.commit()


def _passes(base: Workspace) -> list[str]:
    with base.backend.read() as connection:
        rows = connection.exec_driver_sql("SELECT TRIM(login) FROM sign_pass ORDER BY 1").all()
    return [str(row[0]) for row in rows]


@pytest.mark.usefixtures("soon")
def test_an_open_program_tries_a_password_that_is_no_more_once(office: Office) -> None:
    """Else a window that is open while somebody is given another one would lock the account."""
    person = office.let_in("Vera Waiting")
    with closing(office.sign_in(office.boss)) as boss:
        base = office.sign_in(person)
        accounts.new_password(boss, person)
        firebird_accounts.end_lines(boss.backend, person)
        listening = RefusedPasswords(boss, office.of(office.boss))
        fields = []
        for _time in range(5):
            with pytest.raises(DatabaseUnavailable) as error:
                base.reader.get("client", 1)
            fields.append(error.value.field)
        try:
            wait(lambda: bool(listening.look()), 40)
            assert not listening.look()
        finally:
            listening.close()
        assert fields[-4:] == ["password"] * 4
        entries = audit.last(boss, 5, audit.Wanted(what=audit.FAILED, login=person))
        assert [entry.amount for entry in entries] == [1]


def test_without_a_password_no_server_is_asked(office: Office) -> None:
    """An address that is known without its password, at every start of a program."""
    person = office.let_in("Vera Forgetful")
    with closing(office.sign_in(office.boss)) as boss:
        trace, told = Trace(office.of(office.boss), boss.backend), list[str]()
        trace.lookups.feed = told.append  # type: ignore[method-assign]
        try:
            with pytest.raises(DatabaseUnavailable, match="Type the password") as error:
                open_base(without_password(office.of(person)))
            office.sign_in(person).close()
            wait(lambda: any(_ADDRESS in line and person.upper() in line for line in told), 20)
        finally:
            trace.close()
    assert error.value.field == "password"
    asked = [line for line in told if line.startswith("param0") and person.upper() in line]
    came = [line for line in told if _ADDRESS in line and f" {person.upper()}:" in line]
    assert len(asked) <= 2 * len(came), "a question without anybody who came in was a refusal"


def test_the_server_does_not_tell_the_computer_of_a_wrong_password(office: Office) -> None:
    """What `docs/security.md` says: nothing in the trace names who was refused but the account,
    while the very next line of the same program, with the right password, is told with its
    address."""
    person, told = office.let_in("Vera Guessed"), list[str]()
    with closing(office.sign_in(office.boss)) as boss:
        trace = Trace(office.of(office.boss), boss.backend)
        trace.lookups.feed = told.append  # type: ignore[method-assign]
        try:
            _try(office, person)
            wait(lambda: any(person.upper() in line for line in told), 20)
            refused = len(told)
            office.sign_in(person).close()
            wait(lambda: any(_ADDRESS in line for line in told[refused:]), 20)
        finally:
            trace.close()
    named = [line for line in told if person.upper() in line]
    first = next(place for place, line in enumerate(named) if _ADDRESS in line)
    assert [line.split(",")[0] for line in named[:first]] == ["param0 = varchar(93)"] * 2


def test_who_listens_has_no_more_of_the_server_than_before(office: Office) -> None:
    """What an administrator is given for the moment of the beginning is gone when he listens."""
    with closing(office.sign_in(office.boss)) as boss:
        trace = Trace(office.of(office.boss), boss.backend)
        try:
            line = services(fdb, parse(office.of(office.boss)))
            with closing(line), pytest.raises(fdb.Error, match="SYSDBA"):
                line.get_security_database_path()
        finally:
            trace.close()
        with boss.backend.snapshot() as connection:
            left = connection.exec_driver_sql("SELECT COUNT(*) FROM sec$global_auth_mapping")
            assert left.scalar_one() == 0


def _try(office: Office, login: str) -> None:
    place = office.place
    with suppress(fdb.Error):
        fdb.connect(dsn=f"{place.host}/{place.port}:{place.base}", user=login, password="guess")


def wait(until: Callable[[], bool], seconds: float) -> None:
    """Asks again and again, for so long at most."""
    last = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < last, "it did not come"
        threading.Event().wait(0.1)


def test_whoever_may_not_listen_is_told(office: Office) -> None:
    """The trace is the server's: who makes no accounts of the server hears nothing of it."""
    person = office.let_in("Vera Curious")
    with closing(office.sign_in(person)) as base:
        listening = RefusedPasswords(base, office.of(person))

        assert listening.problem
        assert listening.look() == 0
        listening.close()
