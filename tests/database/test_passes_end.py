"""The pass of a computer that showed a code ends with the password, the account and the app it was
given for, whatever program changes these."""

from __future__ import annotations

import subprocess
from contextlib import closing
from typing import Any

import fdb
import pytest

from crm_desktop.errors import DatabaseUnavailable
from crm_desktop.models.backend import firebird_second
from crm_desktop.models.backend.firebird_proof import PASS_KEY
from crm_desktop.services.server import accounts, dismissal, second_factor
from crm_desktop.services.workspace import Workspace, open_base
from tests.second_factor import Device, boss, device, enter, forget_step, owner, person, sellers
from tests.strict_office import TwoSellers, person_of

__all__ = ["boss", "device", "owner", "person", "sellers"]
NEW = "quiet-Meadow-41-lantern"


class Computer:
    """One that somebody signed in from by a code: it has a pass."""

    def __init__(self, sellers: TwoSellers, login: str, code: str) -> None:
        self._sellers, self.login = sellers, login
        self.base = enter(sellers, login, code)
        whole = self.base.backend.passed(sellers.office.of(login))
        self.token = whole.partition(f"{PASS_KEY}=")[2]

    def comes_again(self, password: str = "") -> str:
        """'' if the pass lets a further connection in, else the field that is asked for."""
        address = f"{self._sellers.office.of(self.login, password)}?{PASS_KEY}={self.token}"
        try:
            open_base(address).close()
        except DatabaseUnavailable as error:
            return error.field or "?"
        return ""


@pytest.fixture
def computers(sellers: TwoSellers, person: str, device: Device, owner: Any) -> list[Computer]:
    """Two of one person, each with a pass of its own."""
    made = []
    for _one in range(2):
        forget_step(owner, person)
        made.append(Computer(sellers, person, device.code()))
    assert [one.comes_again() for one in made] == ["", ""]
    return made


def test_who_chooses_a_password_goes_on_and_his_other_computers_do_not(
    computers: list[Computer],
) -> None:
    here, there = computers

    accounts.choose_password(here.base, NEW)

    assert here.comes_again(NEW) == ""
    assert there.comes_again(NEW) == "code"
    assert not here.base.reader.many("client", [], ("name",)), "the open base goes on"


def test_a_password_that_the_administrator_gives_ends_all(
    boss: Workspace, computers: list[Computer]
) -> None:
    given = accounts.new_password(boss, computers[0].login)

    assert [one.comes_again(given) for one in computers] == ["code", "code"]


def test_blocking_ends_all_for_good(
    sellers: TwoSellers, boss: Workspace, computers: list[Computer]
) -> None:
    login = computers[0].login
    accounts.block(boss, login)
    accounts.unblock(boss, login)

    assert [one.comes_again() for one in computers] == ["code", "code"]


def test_dismissal_ends_all_for_good(boss: Workspace, computers: list[Computer]) -> None:
    colleague = person_of(boss, computers[0].login)
    dismissal.dismiss(boss, colleague)
    dismissal.end_lines(boss, computers[0].login)
    dismissal.take_back(boss, colleague)

    assert [one.comes_again() for one in computers] == ["code", "code"]


def test_an_app_set_up_anew_ends_all(
    sellers: TwoSellers, boss: Workspace, computers: list[Computer]
) -> None:
    other, login = Device(), computers[0].login
    second_factor.reset(boss, login)
    with closing(open_base(sellers.office.of(login))) as base:
        firebird_second.join(base.backend, other.hex, other.code(-1), "")

    assert [one.comes_again() for one in computers] == ["code", "code"]


def test_asking_for_another_password_ends_none(boss: Workspace, computers: list[Computer]) -> None:
    """It is asked for at the next sign-in; whoever works goes on."""
    accounts.demand_change(boss, computers[0].login)

    assert [one.comes_again() for one in computers] == ["", ""]


def test_nobody_elses_pass_ends(
    sellers: TwoSellers, boss: Workspace, computers: list[Computer]
) -> None:
    accounts.new_password(boss, sellers.boris)

    assert [one.comes_again() for one in computers] == ["", ""]


@pytest.mark.parametrize("wording", [
    "ALTER CURRENT USER SET PASSWORD '{0}'", "ALTER USER {1} PASSWORD '{0}' USING PLUGIN Srp",
    "EXECUTE BLOCK AS BEGIN EXECUTE STATEMENT 'alter current user set pass' || 'word ''{0}'''; END",
])  # fmt: skip
def test_a_password_changed_with_a_tool_ends_all(
    sellers: TwoSellers, computers: list[Computer], wording: str
) -> None:
    """By the person's own line of a plain tool, which shows the pass of one of the computers."""
    login = computers[0].login
    with closing(_tool(sellers, login, computers[1].token)) as line:
        line.cursor().execute(wording.format(NEW, login))
        line.commit()

    assert computers[0].comes_again(NEW) == "code"


def _tool(sellers: TwoSellers, login: str, token: str) -> Any:
    from crm_desktop.models.backend.firebird_connect import load_client
    from crm_desktop.models.backend.firebird_proof import PASS, SHOWN, showing

    load_client()
    with showing(f"{SHOWN}{PASS}{token}"):
        return sellers.tool(login=login)


@pytest.mark.parametrize("password", ["other-Words-77", "другие-Слова-77"])
def test_a_password_given_with_isql_ends_all(
    sellers: TwoSellers, computers: list[Computer], password: str
) -> None:
    """By the owner of the base, whatever the letters."""
    login, server = computers[0].login, sellers.server
    done = subprocess.run(
        ["isql-fb", "-q", "-b", "-user", server.user, "-password", server.password,
         server.dsn(sellers.name)],
        input=f"ALTER USER {login} PASSWORD '{password}' USING PLUGIN Srp;\nCOMMIT;\n",
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    kept = _passes(sellers, login)

    assert kept == 0


def _passes(sellers: TwoSellers, login: str) -> int:
    server = sellers.server
    with closing(fdb.connect(dsn=server.dsn(sellers.name), user=server.user,
                             password=server.password, charset="UTF8")) as line:  # fmt: skip
        cursor = line.cursor()
        cursor.execute("SELECT COUNT(*) FROM sign_pass WHERE login = ?", (login,))
        return int(cursor.fetchone()[0])
