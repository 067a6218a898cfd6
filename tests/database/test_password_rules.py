"""What the office demands of passwords, who must choose another one, and what a tool gets past."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm_desktop.cli.known_passwords import refuse_first_password
from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.models.backend import firebird_accounts
from crm_desktop.models.backend.firebird_passwords import CHOSEN, chosen_days_ago
from crm_desktop.services.audit import service as audit
from crm_desktop.services.server import accounts
from crm_desktop.services.server.password_rules import (
    FIRST,
    OLD,
    PasswordRules,
    judged_password,
    password_rules,
    settle_passwords,
    why_change,
)
from crm_desktop.services.workspace import Workspace
from tests.cli_desk import Cli
from tests.firebird_server import FirebirdServer
from tests.server_office import Office, office_on

GOOD = "orange tram under snow"


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[Office]:
    with office_on(firebird, "password_rules") as made:
        yield made


@pytest.fixture
def boss(office: Office) -> Iterator[Workspace]:
    """The administrator; the rules are the usual ones again afterwards."""
    base = office.sign_in(office.boss)
    settle_passwords(base, PasswordRules())
    yield base
    settle_passwords(base, PasswordRules())


@pytest.fixture
def anna(office: Office) -> str:
    """The account of one who chose a password."""
    login = office.let_in(f"Anna Seller {secrets.token_hex(4)}")
    accounts.choose_password(office.sign_in(login), GOOD)
    office.passwords[login] = GOOD
    return login


@pytest.mark.parametrize(
    "password", ["password1", "qwertyuiop", "12345678", "ivanova_a", "ivanova1", "Marina1990"]
)
def test_what_is_tried_first_is_refused(boss: Workspace, password: str) -> None:
    with pytest.raises(InvalidInput) as error:
        judged_password(boss, password, "ivanova_a", "Marina Ivanova")

    assert error.value.field == "password"


def test_words_that_have_nothing_to_do_with_one_another_are_taken(boss: Workspace) -> None:
    assert judged_password(boss, GOOD, "ivanova_a", "Marina Ivanova") == GOOD


def test_a_password_is_as_long_as_the_office_says(boss: Workspace, office: Office) -> None:
    login = office.let_in(f"Boris {secrets.token_hex(4)}")
    settle_passwords(boss, PasswordRules(least=16))
    base = office.sign_in(login)

    with pytest.raises(InvalidInput, match="16"):
        accounts.choose_password(base, "tram snow 7 elk")
    with pytest.raises(InvalidInput, match="16"):
        accounts.new_password(boss, login, "tram snow 7 elk")
    accounts.choose_password(base, "tram snow 7 elks")

    assert office.sign_in(login, "tram snow 7 elks").login == login


@pytest.mark.parametrize("rules", [PasswordRules(least=4), PasswordRules(days=4000)])
def test_rules_stay_within_reason(boss: Workspace, rules: PasswordRules) -> None:
    with pytest.raises(InvalidInput):
        settle_passwords(boss, rules)

    assert password_rules(boss) == PasswordRules()


def test_staff_change_no_rules_with_or_without_the_program(
    boss: Workspace, office: Office, anna: str
) -> None:
    base = office.sign_in(anna)
    facts = base.tables.system("base_info")

    with pytest.raises(UserError):
        settle_passwords(base, PasswordRules(least=20))
    with pytest.raises((UserError, sa.exc.DBAPIError)), base.backend.write() as connection:
        connection.execute(sa.insert(facts).values(name="password_least", content="8"))
    with pytest.raises((UserError, sa.exc.DBAPIError)), base.backend.write() as connection:
        connection.execute(sa.delete(facts).where(facts.c.name == "password_least"))

    assert password_rules(office.sign_in(anna)) == PasswordRules()


def test_the_administrator_asks_for_another_password(
    boss: Workspace, office: Office, anna: str
) -> None:
    assert why_change(office.sign_in(anna)) == ""

    accounts.demand_change(boss, anna)

    base = office.sign_in(anna)
    assert why_change(base) == FIRST
    with pytest.raises(InvalidInput, match="you have"):
        accounts.choose_password(base, GOOD)
    assert why_change(base) == FIRST
    accounts.choose_password(base, f"{GOOD} again")
    assert why_change(office.sign_in(anna, f"{GOOD} again")) == ""
    assert audit.MUST_CHANGE in {one.what for one in audit.last(boss, 20)}


def test_a_password_grows_old(boss: Workspace, office: Office, anna: str) -> None:
    base = office.sign_in(anna)
    assert chosen_days_ago(base.backend) == 0
    settle_passwords(boss, PasswordRules(days=30))
    assert why_change(base) == ""
    day = (base.clock.today() - timedelta(days=31)).isoformat()

    boss.backend.run_ddl([
        f'ALTER USER "{anna.upper()}" USING PLUGIN Srp TAGS ({CHOSEN} = \'{day}\')'
    ])  # fmt: skip

    assert why_change(base) == OLD
    accounts.choose_password(base, f"{GOOD} again")
    assert why_change(office.sign_in(anna, f"{GOOD} again")) == ""


def test_a_password_of_unknown_age_is_old(boss: Workspace, office: Office, anna: str) -> None:
    settle_passwords(boss, PasswordRules(days=30))

    boss.backend.run_ddl([f'ALTER USER "{anna.upper()}" USING PLUGIN Srp TAGS (DROP {CHOSEN})'])

    assert why_change(office.sign_in(anna)) == OLD


def test_a_tool_gets_past_the_rules_as_written_down(
    boss: Workspace, office: Office, anna: str
) -> None:
    """docs/security.md: the server judges no password, and its owner may drop the marks."""
    accounts.demand_change(boss, anna)
    base = office.sign_in(anna)

    base.backend.run_ddl([
        f"ALTER CURRENT USER SET PASSWORD '1' USING PLUGIN Srp TAGS (DROP {firebird_accounts.ONCE})"
    ])  # fmt: skip

    assert why_change(office.sign_in(anna, "1")) == ""


def test_the_command_line_shows_and_changes_the_rules(
    boss: Workspace, office: Office, anna: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(office.of(office.boss), capsys)

    assert cli("user", "rules", "--least", "10") == {"least": 10, "days": 0}
    assert cli("user", "rules", "--days", "90") == {"least": 10, "days": 90}
    assert cli("user", "must-change", anna) == {"login": anna}

    assert password_rules(boss) == PasswordRules(10, 90)
    assert why_change(office.sign_in(anna)) == FIRST


@pytest.mark.parametrize("arguments", [("list", "staff"), ("user", "list"), ("operations",)])
def test_commands_want_an_own_password_first(
    office: Office, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    login = office.let_in(f"Clara {secrets.token_hex(4)}", administrator=True)
    cli = Cli(office.of(login), capsys)

    refused = cli.refusal(*arguments)

    assert refused["field"] == "password"
    assert f"user password --base firebird+fdb://{login}@" in refused["error"]
    assert office.passwords[login] not in refused["error"]


def test_the_command_that_chooses_a_password_opens_the_others(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    login = office.let_in(f"Clara {secrets.token_hex(4)}")
    first = Cli(office.of(login), capsys)
    assert first.refusal("user", "password", login)["field"] == "password"
    monkeypatch.setenv("CRM_DESKTOP_NEW_PASSWORD", GOOD)

    first("user", "password")

    assert Cli(office.of(login, GOOD), capsys)("list", "staff")


def test_a_password_that_is_too_old_stops_commands_and_no_copies(
    boss: Workspace, office: Office, anna: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settle_passwords(boss, PasswordRules(days=30))
    anna_here = office.sign_in(anna)
    boss.backend.run_ddl([f'ALTER USER "{anna.upper()}" USING PLUGIN Srp TAGS (DROP {CHOSEN})'])

    assert "older than the office" in Cli(office.of(anna), capsys).refusal("list", "staff")["error"]
    refuse_first_password(anna_here, office.of(anna))
    settle_passwords(boss, PasswordRules())


def test_copies_and_the_worker_want_an_own_password(office: Office) -> None:
    login = office.let_in(f"Clara {secrets.token_hex(4)}")

    with pytest.raises(UserError, match="administrator knows"):
        refuse_first_password(office.sign_in(login), office.of(login))
