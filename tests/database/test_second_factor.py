"""Codes of an app beside the password: what the server asks of every program, and what a tool for
databases gets without one."""

from __future__ import annotations

import subprocess
from contextlib import closing
from typing import Any

import fdb
import pytest

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.models.backend import firebird_second
from crm_desktop.models.backend.firebird_gate import TABLES
from crm_desktop.models.backend.firebird_proof import PASS_KEY, recovery_digest, with_code
from crm_desktop.services.server import second_factor
from crm_desktop.services.workspace import open_base
from tests.second_factor import (
    Device,
    boss,
    device,
    enter,
    forget_step,
    kept_out,
    owner,
    person,
    plain,
    sellers,
)
from tests.strict_office import TwoSellers

__all__ = ["boss", "device", "owner", "person", "sellers"]


def test_the_password_alone_opens_nothing(sellers: TwoSellers, person: str, device: Device) -> None:
    assert kept_out(sellers, person) == "code"
    assert enter(sellers, person, device.code()).login == person


@pytest.mark.parametrize("role", ["CRM_STAFF", "", "RDB$ADMIN"])
def test_a_tool_with_the_password_sees_nothing(
    sellers: TwoSellers, person: str, device: Device, role: str
) -> None:
    with pytest.raises(fdb.DatabaseError, match="CRM_SIGN_IN"):
        sellers.tool(role=role, login=person)


def test_isql_with_the_password_sees_nothing(
    sellers: TwoSellers, person: str, device: Device
) -> None:
    told = _isql(sellers, person, "SELECT COUNT(*) FROM rdb$relations;")

    assert "CRM_SIGN_IN" in told
    assert "COUNT" not in told


def test_the_trigger_is_not_left_out_by_staff(
    sellers: TwoSellers, person: str, device: Device
) -> None:
    told = _isql(sellers, person, "SELECT COUNT(*) FROM rdb$relations;", "-nodbtriggers")

    assert "COUNT" not in told


def _isql(sellers: TwoSellers, login: str, sql: str, *more: str) -> str:
    done = subprocess.run(
        ["isql-fb", "-q", "-user", login, "-password", sellers.office.passwords[login], *more,
         sellers.server.dsn(sellers.name)],
        input=sql, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


def test_a_code_is_taken_once(sellers: TwoSellers, person: str, device: Device) -> None:
    code = device.code()
    enter(sellers, person, code)

    with pytest.raises(DatabaseUnavailable, match="used already"):
        open_base(with_code(sellers.office.of(person), code))


def test_an_earlier_code_is_not_taken_after_a_later_one(
    sellers: TwoSellers, person: str, device: Device
) -> None:
    earlier = device.code()
    enter(sellers, person, device.code(1))

    assert kept_out(sellers, person, earlier) == "code"


@pytest.mark.parametrize("later", [-1, 1])
def test_a_telephone_may_be_half_a_minute_off(
    sellers: TwoSellers, person: str, device: Device, owner: Any, later: int
) -> None:
    forget_step(owner, person)

    # The step may change between the two lines: then the neighbour is the server's own.
    assert enter(sellers, person, device.code(later)).login == person


@pytest.mark.parametrize("later", [-4, 4, 120, -120])
def test_a_telephone_may_not_be_two_minutes_off(
    sellers: TwoSellers, person: str, device: Device, owner: Any, later: int
) -> None:
    forget_step(owner, person)

    assert kept_out(sellers, person, device.code(later)) == "code"


def test_the_clock_of_the_computer_changes_nothing(
    sellers: TwoSellers, person: str, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the server's clock counts: a program whose clock is a year ahead gets in by the code of
    today and not by that of its own day."""
    now, ahead = device.code(), device.code(1_051_200)
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)

    assert kept_out(sellers, person, ahead) == "code"
    assert enter(sellers, person, now).login == person


def test_further_connections_come_by_the_pass_and_not_by_the_code(
    sellers: TwoSellers, person: str, device: Device
) -> None:
    base = enter(sellers, person, device.code())
    whole = base.backend.passed(sellers.office.of(person))

    assert f"{PASS_KEY}=" in whole
    with closing(open_base(whole)) as again:
        assert again.login == person


def test_another_accounts_pass_opens_nothing(
    sellers: TwoSellers, person: str, device: Device
) -> None:
    base = enter(sellers, person, device.code())
    boris = Device()
    his = plain(sellers, sellers.boris)
    firebird_second.join(his.backend, boris.hex, boris.code(-1), "")
    token = base.backend.passed("firebird://x/y").partition(f"{PASS_KEY}=")[2]
    try:
        with pytest.raises(DatabaseUnavailable) as error:
            open_base(f"{sellers.office.of(sellers.boris)}?{PASS_KEY}={token}")
        assert error.value.field == "code"
    finally:
        second_factor.reset(sellers.office.sign_in(sellers.office.boss), sellers.boris)


def test_recovery_codes_open_once_each(sellers: TwoSellers, person: str, device: Device) -> None:
    base = enter(sellers, person, device.code())
    codes = second_factor.new_codes(base)

    with closing(open_base(with_code(sellers.office.of(person), codes[0].upper()))) as again:
        assert second_factor.own(again).codes == len(codes) - 1
    assert kept_out(sellers, person, codes[0]) == "code"


def test_recovery_codes_made_ahead_are_those_that_are_kept(
    sellers: TwoSellers, person: str, device: Device
) -> None:
    base = enter(sellers, person, device.code())
    ahead = second_factor.CodesAhead(base.login)
    ahead.digests()
    assert ahead.ready

    codes = second_factor.new_codes(base, ahead=ahead)

    assert codes == ahead.codes and second_factor.own(base).codes == len(codes)
    assert kept_out(sellers, person, "wxyz-" + codes[0][5:]) == "code"
    open_base(with_code(sellers.office.of(person), codes[0])).close()


def test_further_recovery_codes_need_a_code(
    sellers: TwoSellers, person: str, device: Device
) -> None:
    """Somebody at an open window makes none for himself."""
    base = enter(sellers, person, device.code())
    second_factor.new_codes(base)

    with pytest.raises(UserError):
        second_factor.new_codes(base, device.wrong())
    assert second_factor.own(base).codes == second_factor.COUNT


def test_what_is_kept_of_recovery_codes_and_passes_opens_nothing(
    sellers: TwoSellers, person: str, device: Device, owner: Any
) -> None:
    """Digests of digests: neither the code nor its argon2id hash nor the pass is in the base."""
    base = enter(sellers, person, device.code())
    codes = second_factor.new_codes(base)
    token = base.backend.passed("firebird://x/y").partition(f"{PASS_KEY}=")[2]
    secret = [codes[0], codes[0].replace("-", ""), token]
    secret.append(recovery_digest(codes[0], person))

    told = _everything(owner, ("sign_recovery", "sign_pass", "audit_entry", "base_info"))

    assert not [one for one in secret if one in told]


def _everything(line: Any, names: tuple[str, ...]) -> str:
    cursor, found = line.cursor(), []
    for name in names:
        cursor.execute(f"SELECT * FROM {name}")
        found += [repr(row) for row in cursor.fetchall()]
    line.commit()
    return "\n".join(found)


def test_an_employee_reads_no_secret(sellers: TwoSellers, device: Device) -> None:
    """With the tool and a role, of his own account and of others: no table and no procedure
    tells."""
    with closing(sellers.tool()) as line:
        cursor = line.cursor()
        for name in TABLES:
            for sql in (f"SELECT * FROM {name}", f"DELETE FROM {name}"):
                with pytest.raises(fdb.DatabaseError, match="no permission"):
                    cursor.execute(sql)
        for call in (
            "SELECT * FROM sign_judge('x', '', '')", "SELECT * FROM sign_tried('x', '000000')",
            "EXECUTE PROCEDURE sign_passed('x', '')", "EXECUTE PROCEDURE sign_failed('x','','',99)",
            "SELECT * FROM sign_code('', '', 1)",
        ):  # fmt: skip
            with pytest.raises(fdb.DatabaseError, match="no permission"):
                cursor.execute(call)
                cursor.fetchall()


def test_an_employee_changes_nobodys_second_factor(
    sellers: TwoSellers, person: str, device: Device
) -> None:
    with closing(sellers.tool()) as line:
        cursor = line.cursor()
        for call in (
            f"EXECUTE PROCEDURE sign_reset('{person}')",
            f"EXECUTE PROCEDURE sign_unlock('{person}')",
            f"EXECUTE PROCEDURE sign_want('{person}', -1)",
            f"EXECUTE PROCEDURE sign_refused('{person}', 99, 'failed')",
            "UPDATE OR INSERT INTO base_info (name, content) VALUES ('sign_tries', '0')"
            " MATCHING (name)",
            "UPDATE OR INSERT INTO base_info (name, content) VALUES ('sign_zone', '600')"
            " MATCHING (name)",
        ):  # fmt: skip
            with pytest.raises(fdb.DatabaseError, match="SEAT_REFUSED"):
                cursor.execute(call)
            line.rollback()
    assert kept_out(sellers, person) == "code"


def test_nobody_ties_another_app_to_an_account_that_has_one(
    sellers: TwoSellers, person: str, device: Device
) -> None:
    base, other = enter(sellers, person, device.code()), Device()

    with pytest.raises(Exception, match="SEAT_REFUSED"):
        firebird_second.join(base.backend, other.hex, other.code(), "")
