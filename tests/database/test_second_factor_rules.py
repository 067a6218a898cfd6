"""Whose account has an app beside the password: turned on and off, demanded, lost, left behind."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_desktop.errors import DatabaseUnavailable, InvalidInput, UserError
from crm_desktop.models.backend import firebird_second
from crm_desktop.models.backend.firebird_gate import TABLES
from crm_desktop.models.backend.firebird_proof import PASS_KEY, SHOWN
from crm_desktop.services.audit import service as audit
from crm_desktop.services.maintenance.moving import move_base
from crm_desktop.services.server import second_factor
from crm_desktop.services.server.backup import back_up
from crm_desktop.services.server.second_factor import NEVER, new_secret
from crm_desktop.services.server.sign_in_rules import SignInRules, settle_sign_in
from crm_desktop.services.workspace import Workspace, open_base
from tests.second_factor import (
    Device,
    boss,
    device,
    enter,
    kept_out,
    owner,
    person,
    plain,
    sellers,
)
from tests.strict_office import TwoSellers

__all__ = ["boss", "device", "owner", "person", "sellers"]


def test_the_owner_of_the_app_turns_it_off_by_a_code(
    sellers: TwoSellers, person: str, device: Device
) -> None:
    base = enter(sellers, person, device.code())

    with pytest.raises(UserError):
        second_factor.turn_off(base, device.wrong())
    second_factor.turn_off(base, device.code(1))

    assert plain(sellers, person).login == person


def test_an_administrator_takes_a_lost_app_off(
    sellers: TwoSellers, boss: Workspace, person: str, device: Device
) -> None:
    whole = enter(sellers, person, device.code()).backend.passed(sellers.office.of(person))

    second_factor.reset(boss, person)

    assert plain(sellers, person).login == person
    assert person not in {login for login, state in second_factor.states(boss).items() if state.has}
    again = Device()
    firebird_second.join(plain(sellers, person).backend, again.hex, again.code(-1), "")
    with pytest.raises(DatabaseUnavailable):  # what the lost one was given opens nothing
        open_base(whole)
    assert audit.last(boss, 1, audit.Wanted(what=audit.SECOND_RESET))[0].detail == person


def test_who_must_have_one_is_let_in_by_setting_it_up(
    sellers: TwoSellers, boss: Workspace, person: str
) -> None:
    settle_sign_in(boss, SignInRules(everybody=True))
    second_factor.demand(boss, sellers.office.boss, NEVER)
    made = new_secret(person, "Office")
    device = Device(bytes.fromhex(made.hex))

    assert kept_out(sellers, person) == "join"
    assert kept_out(sellers, person, device.wrong(), made.hex) == "code"
    base = enter(sellers, person, device.code(), made.hex)
    assert second_factor.own(base) == (True, True, 0, False)
    with pytest.raises(InvalidInput, match="administrator"):
        second_factor.turn_off(base, device.code(1))


def test_a_role_may_demand_it(sellers: TwoSellers, boss: Workspace, person: str) -> None:
    """Anna is a seller; whoever has no role has that of the staff."""
    from crm_desktop.services.rights.roles import Roles

    roles = {role.built_in: role.id for role in Roles(boss).all()}
    settle_sign_in(boss, SignInRules(roles=(roles["seller"],)))

    assert kept_out(sellers, sellers.anna) == "join"
    assert plain(sellers, person).login == person

    settle_sign_in(boss, SignInRules(roles=(roles["usual"],)))

    assert kept_out(sellers, person) == "join"
    assert plain(sellers, sellers.anna).login == sellers.anna


def test_a_program_that_nobody_sits_at_needs_none(
    sellers: TwoSellers, boss: Workspace, person: str
) -> None:
    settle_sign_in(boss, SignInRules(everybody=True))
    second_factor.demand(boss, sellers.office.boss, NEVER)
    second_factor.demand(boss, person, NEVER)

    assert plain(sellers, person).login == person


def test_an_administrator_with_an_app_still_makes_copies(
    sellers: TwoSellers, tmp_path: Path
) -> None:
    """The server's own services know no code: they reach the base from inside."""
    login, device = sellers.office.let_in("Second Boss", administrator=True), Device()
    base = sellers.office.sign_in(login)
    firebird_second.join(base.backend, device.hex, device.code(-1), "")
    inside = enter(sellers, login, device.code())
    whole = inside.backend.passed(sellers.office.of(login))

    copy = back_up(inside, whole, tmp_path / "office.fbk")

    assert copy.path.stat().st_size > 0
    assert kept_out(sellers, login) == "code"


def test_neither_log_nor_settings_nor_audit_hold_a_pass(
    sellers: TwoSellers, boss: Workspace, person: str, device: Device
) -> None:
    from crm_desktop.log import masked
    from crm_desktop.settings import without_password

    base = enter(sellers, person, device.code())
    whole = base.backend.passed(sellers.office.of(person))
    token = whole.partition(f"{PASS_KEY}=")[2]

    assert token not in without_password(whole)
    assert "?" not in without_password(whole)
    assert token not in masked(f"opening {whole} failed")
    told = [one.detail for one in audit.last(boss, 20, audit.Wanted(login=person))]
    assert not [one for one in told if token in one or SHOWN in one]
    assert any(one.startswith("crm-desktop (") for one in told)


def test_a_move_leaves_secrets_behind(
    sellers: TwoSellers, person: str, device: Device, tmp_path: Path
) -> None:
    """A base in a file holds neither the secret of an app nor what is kept of codes and passes."""
    enter(sellers, person, device.code())
    file = tmp_path / "office.crm"

    move_base(sellers.office.address, file)

    assert device.hex.encode() not in file.read_bytes()
    with closing(open_base(file)) as local, local.backend.read() as connection:
        for name in TABLES:
            table = local.tables.system(name)
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0
