"""Wrong passwords of whatever program, counted from the trace of the server itself."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import fdb
import pytest

from crm_desktop.errors import DatabaseUnavailable
from crm_desktop.models.backend.firebird_trace import WAIT_S, Lookups
from crm_desktop.services import audit
from crm_desktop.services.server import second_factor
from crm_desktop.services.server.refused_passwords import RefusedPasswords
from crm_desktop.services.server.sign_in_rules import SignInRules, settle_sign_in
from crm_desktop.services.workspace import open_base
from tests.firebird_server import FirebirdServer
from tests.server_office import Office, server_office

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


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[Office]:
    name = f"refused_{secrets.token_hex(6)}"
    with server_office(firebird.empty_base(name)) as made:
        yield made
    firebird.remove(name)


def test_a_tool_with_wrong_passwords_locks_the_account(office: Office) -> None:
    """The whole way: isql or any other tool, the trace, the base, and the right password after."""
    person = office.let_in("Vera Guessed")
    with closing(open_base(office.address)) as owner:
        settle_sign_in(owner, SignInRules(tries=3))
        listening = RefusedPasswords(owner, office.address)
        try:
            assert not listening.problem
            for _time in range(3):
                _try(office, person)
            wait(lambda: listening.look() >= 0 and person in second_factor.locks(owner), 40)
        finally:
            listening.close()
        with pytest.raises(DatabaseUnavailable, match="locked"):
            office.sign_in(person)
        assert audit.last(owner, 5, audit.Wanted(what=audit.FAILED, login=person))
        settle_sign_in(owner, SignInRules())


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
    """The trace is the server's: an administrator of one base alone hears nothing of it."""
    with closing(office.sign_in(office.boss)) as boss:
        listening = RefusedPasswords(boss, office.of(office.boss))

        assert listening.problem
        assert listening.look() == 0
        listening.close()
