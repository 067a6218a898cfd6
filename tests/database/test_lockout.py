"""Accounts that are locked after failures: the lock holds at the server, ends by itself, and does
not throw out whoever is at work."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import fdb
import pytest

from crm_desktop.errors import DatabaseUnavailable, InvalidInput
from crm_desktop.models.backend import firebird_second
from crm_desktop.models.backend.firebird_proof import with_code
from crm_desktop.services.audit import leak_detection
from crm_desktop.services.audit import service as audit
from crm_desktop.services.server import second_factor
from crm_desktop.services.server.sign_in_rules import (
    SignInRules,
    keep_zone,
    settle_sign_in,
    sign_in_rules,
)
from crm_desktop.services.workspace import Workspace, open_base
from tests.firebird_server import FirebirdServer
from tests.second_factor import Device
from tests.server_office import Office, office_on

TRIES = 3


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[Office]:
    with office_on(firebird, "lockout") as made:
        yield made


@pytest.fixture
def boss(office: Office) -> Iterator[Workspace]:
    """The administrator of an office that locks after three failures; the usual afterwards."""
    base = office.sign_in(office.boss)
    settle_sign_in(base, SignInRules(tries=TRIES))
    yield base
    settle_sign_in(base, SignInRules())


@pytest.fixture
def person(office: Office) -> str:
    """The account of somebody new."""
    return office.let_in(f"Vera {secrets.token_hex(4)}")


def fail(boss: Workspace, login: str, often: int = TRIES) -> None:
    """As the server's own trace tells of refused passwords."""
    firebird_second.refused(boss.backend, login, often, audit.FAILED)


def tool(office: Office, login: str, role: str = "CRM_STAFF") -> Any:
    """A plain connection of the driver."""
    place = office.place
    return fdb.connect(
        dsn=f"{place.host}/{place.port}:{place.base}", user=login,
        password=office.passwords[login], role=role, charset="UTF8",
    )  # fmt: skip


def test_the_lock_is_told_with_its_minutes_and_whom_to_ask(
    office: Office, boss: Workspace, person: str
) -> None:
    fail(boss, person)

    with pytest.raises(DatabaseUnavailable, match="15 more minutes.*administrator") as error:
        office.sign_in(person)
    assert error.value.field == "locked"
    assert second_factor.locks(boss)[person] > 14 * 60


def test_a_tool_with_the_right_password_is_kept_out(
    office: Office, boss: Workspace, person: str
) -> None:
    fail(boss, person)

    for role in ("CRM_STAFF", "", "RDB$ADMIN"):
        with pytest.raises(fdb.DatabaseError, match="locked"):
            tool(office, person, role)
    place = office.place
    done = subprocess.run(
        ["isql-fb", "-q", "-nodbtriggers", "-user", person, "-password",
         office.passwords[person], f"{place.host}/{place.port}:{place.base}"],
        input="SELECT COUNT(*) FROM rdb$relations;", capture_output=True, text=True, timeout=30,
        check=False,
    )  # fmt: skip
    assert "COUNT" not in done.stdout


def test_fewer_failures_lock_nobody(office: Office, boss: Workspace, person: str) -> None:
    fail(boss, person, TRIES - 1)

    assert office.sign_in(person).login == person


def test_failures_of_long_ago_do_not_count(office: Office, boss: Workspace, person: str) -> None:
    fail(boss, person, TRIES - 1)
    _age(boss, "UPDATE sign_failure SET made_at = DATEADD(-16 MINUTE TO made_at) WHERE login = ?",
         person)  # fmt: skip
    fail(boss, person, 1)

    assert office.sign_in(person).login == person


def _age(boss: Workspace, sql: str, login: str) -> None:
    with boss.backend.write() as connection:
        connection.exec_driver_sql(sql, (login,))


def test_the_lock_ends_by_itself(office: Office, boss: Workspace, person: str) -> None:
    fail(boss, person)
    _age(boss, "UPDATE sign_lock SET until_at = DATEADD(-16 MINUTE TO until_at) WHERE login = ?",
         person)  # fmt: skip

    assert office.sign_in(person).login == person
    assert person not in second_factor.locks(boss)


def test_an_administrator_unlocks(office: Office, boss: Workspace, person: str) -> None:
    fail(boss, person)

    second_factor.unlock(boss, person)

    assert office.sign_in(person).login == person
    assert audit.last(boss, 1, audit.Wanted(what=audit.UNLOCKED))[0].detail == person


def test_until_it_is_unlocked_where_the_office_says_so(
    office: Office, boss: Workspace, person: str
) -> None:
    settle_sign_in(boss, SignInRules(tries=TRIES, minutes=0))
    fail(boss, person)

    with pytest.raises(DatabaseUnavailable, match="to unlock it"):
        office.sign_in(person)
    assert second_factor.locks(boss)[person] == 0


def test_no_administrator_is_locked_for_ever(office: Office, boss: Workspace) -> None:
    other = office.let_in("Second Boss", administrator=True)
    settle_sign_in(boss, SignInRules(tries=TRIES, minutes=0))
    fail(boss, other)

    assert 0 < second_factor.locks(boss)[other] <= 15 * 60
    second_factor.unlock(boss, other)


def test_the_owner_of_the_server_is_never_locked(office: Office, boss: Workspace) -> None:
    """Whatever happens to all administrators, the server's own user unlocks them."""
    fail(boss, "sysdba")
    try:
        with closing(open_base(office.address)) as base:
            assert base.administers
    finally:
        firebird_second.unlock(boss.backend, "sysdba")


def test_who_is_at_work_is_not_thrown_out(office: Office, boss: Workspace, person: str) -> None:
    """A stranger's guesses keep nobody from what he is doing: new lines of the same account from
    the same computer come in while one of before is open."""
    with closing(tool(office, person)):
        fail(boss, person)
        tool(office, person).close()

    with pytest.raises(fdb.DatabaseError, match="locked"):
        tool(office, person)


def test_whoever_has_shown_a_code_goes_on(office: Office, boss: Workspace, person: str) -> None:
    device = Device()
    base = office.sign_in(person)
    firebird_second.join(base.backend, device.hex, device.code(-1), "")
    base.close()
    address = office.of(person)
    with closing(open_base(with_code(address, device.code()))) as inside:
        whole = inside.backend.passed(address)
    fail(boss, person)

    open_base(whole).close()
    with pytest.raises(DatabaseUnavailable, match="locked"):
        open_base(with_code(address, device.code(1)))


def test_wrong_codes_lock_even_where_passwords_do_not(
    office: Office, boss: Workspace, person: str
) -> None:
    """Six digits are few: their guesses are always counted, by the server itself."""
    settle_sign_in(boss, SignInRules(tries=0))
    device = Device()
    base = office.sign_in(person)
    firebird_second.join(base.backend, device.hex, device.code(-1), "")
    base.close()
    address = with_code(office.of(person), device.wrong())
    for _time in range(10):
        with suppress(DatabaseUnavailable):
            open_base(address)

    with pytest.raises(DatabaseUnavailable, match="locked"):
        open_base(with_code(office.of(person), device.code()))
    found = audit.last(boss, 30, audit.Wanted(login=person))
    assert [one.what for one in found].count(audit.WRONG_CODE) == 10


def test_passwords_lock_nobody_where_the_office_wants_none(
    office: Office, boss: Workspace, person: str
) -> None:
    settle_sign_in(boss, SignInRules(tries=0))
    fail(boss, person, 50)

    assert office.sign_in(person).login == person


def test_administrators_are_told_once(office: Office, boss: Workspace, person: str) -> None:
    fail(boss, person)

    assert [said for said in leak_detection.look(boss) if person in said]
    assert not [said for said in leak_detection.look(boss) if person in said]


def test_rules_are_kept_within_their_limits(boss: Workspace) -> None:
    rules = SignInRules(tries=5, within=30, minutes=60, everybody=True)
    settle_sign_in(boss, rules)
    assert sign_in_rules(boss) == rules
    for wrong in (SignInRules(tries=2), SignInRules(within=0), SignInRules(minutes=2000)):
        with pytest.raises(InvalidInput):
            settle_sign_in(boss, wrong)
    settle_sign_in(boss, SignInRules(tries=TRIES))


def test_the_zone_of_the_server_is_found_again(boss: Workspace) -> None:
    """A server whose clock was moved by its zone takes codes of the right minute again."""
    boss.set_info("sign_zone", "600")

    assert keep_zone(boss)
    assert not keep_zone(boss)
    assert -14 * 60 <= int(boss.info("sign_zone")) <= 14 * 60
    assert boss.info("sign_zone") != "600"
