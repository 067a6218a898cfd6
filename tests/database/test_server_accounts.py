"""People who sign in to a shared base with their own account, and do a day's work with it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_desktop.errors import (
    BaseTooOld,
    DatabaseUnavailable,
    InvalidInput,
    NotAllowed,
    NotFound,
    SeatNeeded,
    UserError,
)
from crm_desktop.models.backend import firebird_accounts
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.backend.firebird_facts import server_facts
from crm_desktop.models.backend.firebird_line import open_line
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.planner_traits import PlannerRows
from crm_desktop.models.query import Condition, Query
from crm_desktop.services.audit import service as audit
from crm_desktop.services.base_tables import FINISHED
from crm_desktop.services.importing.command import run_import_command
from crm_desktop.services.server import accounts
from crm_desktop.services.server.whose import colleague_of
from crm_desktop.services.workspace import Workspace, open_base
from tests.catalogue.samples import TENDER
from tests.firebird_server import FirebirdServer
from tests.server_office import Office, new_login, office_on


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[Office]:
    """One for all tests of this file: accounts are dear, and each test has people of its own."""
    with office_on(firebird, "accounts") as made:
        yield made


@pytest.fixture(scope="module")
def annas(office: Office) -> str:
    """The account of an ordinary colleague."""
    return office.let_in("Anna Seller")


@pytest.fixture
def anna(office: Office, annas: str) -> Workspace:
    """The base as she has it."""
    return office.sign_in(annas)


@pytest.fixture
def boris(office: Office) -> str:
    """The account of another one, of this test alone."""
    return office.let_in(f"Boris {secrets.token_hex(4)}")


def test_who_signs_in_works_as_the_colleague_of_the_account(anna: Workspace) -> None:
    (colleague,) = anna.titles.find("staff", "Anna Seller")

    made = anna.records.create("client", {"name": "Daisy"})

    assert (anna.user_id, anna.is_known, anna.administers) == (colleague, True, False)
    record = anna.reader.get("client", made.ids[0])
    assert record is not None and record.created_by == colleague


def test_the_administrator_is_known_too_and_may_do_more(office: Office) -> None:
    boss = office.sign_in(office.boss)

    assert boss.is_known and boss.administers
    assert boss.reader.get("staff", boss.user_id or 0).values["login"] == office.boss  # type: ignore[union-attr]


def test_a_day_of_work_with_an_ordinary_account(anna: Workspace) -> None:
    made = anna.records.create("client", {"name": "Violet", "phone": "+7 495 123-45-67"})
    (client,) = made.ids
    anna.records.update("client", client, {"city": "Omsk"})
    anna.records.create("activity", {"subject": "Call", "about": Ref("client", client)})
    gone = anna.records.delete("client", [client])
    anna.undo.undo(gone.operation)

    assert [hit.id for hit in anna.search.find("violet", None, 5)] == [client]
    wanted = Query("client", ("name", "city"), Condition("name", "eq", "Violet"))
    assert anna.lists.open(wanted).count() == 1
    assert anna.links.tabs(anna.catalogue["client"], client)
    assert len(anna.record_history.of(anna.catalogue["client"], client)) >= 2
    assert anna.reader.get("client", client).values["city"] == "Omsk"  # type: ignore[union-attr]


def test_an_ordinary_account_brings_a_file_in_and_takes_it_back(
    anna: Workspace, tmp_path: Path
) -> None:
    from argparse import Namespace

    file = tmp_path / "clients.csv"
    file.write_text("name,city\nRose,Omsk\nTulip,Tomsk\n", encoding="utf-8")
    wanted = dict.fromkeys(
        ("sheet", "header_row", "map", "match", "on_match", "encoding", "delimiter", "rejects")
    )
    value = run_import_command(
        anna, Namespace(file=str(file), into="client", test=False, progress=False, **wanted)
    )
    assert value["created"] == 2

    anna.undo.undo(value["operation"])

    assert not anna.search.find("tulip", None, 5)


def test_a_user_made_object_is_everybodys_at_once(office: Office, anna: Workspace) -> None:
    """Rights follow the tables: nobody has to think of them when an object is added."""
    office.sign_in(office.boss).constructor.add_object(TENDER)
    anna.reload()
    (entity,) = [e for e in anna.catalogue if e.custom and e.navigation]
    title = entity.title_field

    made = anna.records.create(entity.key, {title: "Bridge"})
    anna.records.update(entity.key, made.ids[0], {title: "Bridges"})

    assert [hit.id for hit in anna.search.find("bridges", entity.key, 5)] == list(made.ids)


def test_a_new_field_of_a_built_in_object_is_everybodys_at_once(
    office: Office, anna: Workspace
) -> None:
    boss = office.sign_in(office.boss)
    boss.constructor.add_field(
        boss.catalogue["client"], {"key": "colour", "type": "text", "label": "Colour"}
    )
    anna.reload()

    made = anna.records.create("client", {"name": "Daisy", "x_colour": "red"})

    assert anna.reader.get("client", made.ids[0]).values["x_colour"] == "red"  # type: ignore[union-attr]


def test_an_ordinary_account_changes_no_shape_and_lets_nobody_in(anna: Workspace) -> None:
    before = anna.backend.table_names()

    with pytest.raises(DatabaseUnavailable, match="administrator"):
        anna.constructor.add_object({**TENDER, "key": "another", "children": []})
    with pytest.raises(DatabaseUnavailable, match="administrator"):
        accounts.let_in(anna, new_login(), None)
    with pytest.raises(DatabaseUnavailable, match="administrator"):
        accounts.people(anna)

    assert anna.backend.table_names() == before


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM change_row",
        "UPDATE change_row SET seq = 1",
        "DELETE FROM chain",
        "SELECT * FROM audit_entry",
        "UPDATE backend_fact SET number = 99",
        "INSERT INTO custom_object VALUES (999, '{}')",
        "CREATE TABLE mine (id INTEGER)",
        "DROP TABLE client",
        "GRANT RDB$ADMIN TO PUBLIC",
    ],
)
def test_the_server_itself_refuses_what_staff_may_not(anna: Workspace, statement: str) -> None:
    refusals = (UserError, sa.exc.DBAPIError)
    with pytest.raises(refusals), anna.backend.write() as connection:
        connection.exec_driver_sql(statement)


def test_nobody_of_the_staff_takes_another_ones_name(anna: Workspace, office: Office) -> None:
    mine = "UPDATE staff SET login = ?, login_key = ?"
    with pytest.raises(NotAllowed), anna.backend.write() as connection:
        connection.exec_driver_sql(mine, (anna.login, anna.login))

    assert colleague_of(anna, anna.login) == anna.user_id
    boss = office.sign_in(office.boss)
    assert boss.is_known and boss.user_id != anna.user_id


def test_an_account_of_the_server_that_was_not_let_in_opens_nothing(office: Office) -> None:
    stranger, base = new_login(), office.sign_in(office.boss)
    firebird_accounts.create(base.backend, stranger, "a password", administrator=False)
    office.passwords[stranger] = "a password"

    with pytest.raises(DatabaseUnavailable, match="not been let in") as error:
        open_base(office.of(stranger))

    assert error.value.field == "user"


def test_whoever_is_blocked_is_out_at_once_and_may_come_back(office: Office, boris: str) -> None:
    login, boss = boris, office.sign_in(office.boss)
    at_work = office.sign_in(login)

    accounts.block(boss, login)

    with pytest.raises(DatabaseUnavailable):
        at_work.records.create("client", {"name": "Daisy"})
    with pytest.raises(DatabaseUnavailable):
        open_base(office.of(login))
    accounts.unblock(boss, login)
    assert open_base(office.of(login)).close() is None


def test_a_first_password_is_changed_by_its_owner_alone(office: Office, boris: str) -> None:
    login = boris
    base = office.sign_in(login)
    assert accounts.has_first_password(base)

    accounts.choose_password(base, "my own password")

    assert not accounts.has_first_password(base)
    assert office.sign_in(login, "my own password").login == login
    with pytest.raises(DatabaseUnavailable, match="password"):
        open_base(office.of(login))
    with pytest.raises(InvalidInput, match="8"):
        accounts.choose_password(base, "short")


def test_who_changed_the_password_goes_on_working(office: Office, boris: str) -> None:
    """Lines that are made later, for the same open base, sign in by the new one."""
    base = office.sign_in(boris)
    with base.backend.read():
        pass

    accounts.choose_password(base, "my own password")

    with base.backend.read(), base.backend.snapshot() as second:
        assert second.exec_driver_sql("SELECT 1 FROM rdb$database").scalar() == 1
    line = open_line(base.backend)
    assert line is not None and line.ask("SELECT 1 FROM rdb$database") == [(1,)]
    line.close()


def test_accounts_are_those_of_this_moment(office: Office, boris: str) -> None:
    """What the server tells of accounts stands still for a whole transaction."""
    boss, login = office.sign_in(office.boss), new_login()
    accounts.people(boss)
    office.passwords[login] = accounts.let_in(boss, login, None).password

    assert firebird_accounts.exists(boss.backend, login)
    assert login in {one.login for one in accounts.people(boss)}
    accounts.block(boss, login)
    (person,) = [one for one in accounts.people(boss) if one.login == login]
    assert not person.is_active
    accounts.unblock(boss, login)


def test_facts_of_the_server_are_those_of_this_moment(office: Office) -> None:
    boss, other = office.sign_in(office.boss), office.sign_in(office.boss)
    before = server_facts(boss.backend)

    with other.backend.snapshot():
        for name in ("Aster", "Poppy", "Lupin", "Sedum"):
            other.records.create("client", {"name": name})
        after = server_facts(boss.backend)

    assert after.active_gap > before.active_gap


def test_a_forgotten_password_is_made_anew_and_shown_once(office: Office, boris: str) -> None:
    login, boss = boris, office.sign_in(office.boss)

    made = accounts.new_password(boss, login)

    assert made != office.passwords[login]
    assert accounts.has_first_password(office.sign_in(login, made))
    (person,) = [one for one in accounts.people(boss) if one.login == login]
    assert (person.is_active, person.is_administrator, person.is_first_password) == (
        True, False, True
    )  # fmt: skip
    assert person.name.startswith("Boris")


def test_one_account_is_one_colleagues(office: Office, boris: str) -> None:
    login, boss = boris, office.sign_in(office.boss)
    clara, holder = office.colleague("Clara"), colleague_of(boss, login) or 0

    with pytest.raises(InvalidInput, match="Boris") as taken:
        accounts.let_in(boss, login, clara)
    with pytest.raises(InvalidInput, match=login):
        accounts.let_in(boss, new_login(), holder)
    with pytest.raises(InvalidInput, match="Latin"):
        accounts.let_in(boss, "Борис", clara)
    with pytest.raises(NotFound):
        accounts.block(boss, "nobody_here")

    assert taken.value.field == "login"


def test_who_no_longer_works_here_is_not_let_in(office: Office) -> None:
    boss, dora = office.sign_in(office.boss), office.colleague("Dora")
    staff = boss.catalogue.staff()
    rows = staff.trait(PlannerRows)
    assert rows is not None
    boss.records.update(staff.key, dora, {rows.hidden: True})

    with pytest.raises(InvalidInput, match="Dora no longer works here"):
        accounts.let_in(boss, new_login(), dora)


def test_who_lacks_a_seat_leaves_no_account_behind(office: Office) -> None:
    """Else the next try would keep a first password that nobody was told."""
    boss, login, colleague = office.sign_in(office.boss), new_login(), office.colleague("Irma")
    boss.read_only = "No seat is free"

    with pytest.raises(SeatNeeded):
        accounts.let_in(boss, login, colleague)
    boss.read_only = ""
    office.passwords[login] = accounts.let_in(boss, login, colleague).password

    assert office.sign_in(login).user_id == colleague


def test_a_known_account_made_administrator_lets_others_in(office: Office, boris: str) -> None:
    kept = accounts.let_in(office.sign_in(office.boss), boris, None, administrator=True)
    base, login = office.sign_in(boris), new_login()

    office.passwords[login] = accounts.let_in(base, login, None).password

    assert kept.password == "" and accounts.has_first_password(base)
    assert office.sign_in(login).login == login


def test_a_name_that_another_base_uses_is_not_proposed(office: Office) -> None:
    """Else a colleague would be tied to a stranger's account without a word."""
    boss, name = office.sign_in(office.boss), f"x{secrets.token_hex(5)}"
    colleague = office.colleague(name)
    assert accounts.proposal(boss, colleague) == name
    firebird_accounts.create(boss.backend, name, "a password", administrator=False)
    office.passwords[name] = "a password"

    assert accounts.proposal(boss, colleague) == f"{name}2"
    with pytest.raises(accounts.StrangeAccount, match=f"an account {name} already"):
        accounts.let_in(boss, name, colleague)
    assert accounts.let_in(boss, name, colleague, is_theirs=True).password == ""
    assert office.sign_in(name).user_id == colleague


def test_letting_in_stands_in_the_history_and_in_the_audit(office: Office, boris: str) -> None:
    login, boss = boris, office.sign_in(office.boss)

    entries = audit.last(boss)

    assert (audit.LET_IN, login) in {(one.what, one.detail) for one in entries}
    assert {one.login for one in entries if one.detail == login} == {office.boss}
    assert abs((entries[0].made_at - boss.clock.now()).total_seconds()) < 3600
    title = boss.operations.last(5)[0].title
    assert "Boris" in str(title)


def test_an_older_base_is_upgraded_by_its_administrator_alone(office: Office, boris: str) -> None:
    login = boris
    backend = open_backend(office.address)
    table = office.sign_in(office.boss).tables.system("base_info")
    with backend.write() as connection:
        backend.delete_keys(connection, table, ("name",), [(FINISHED,)])
    backend.close()

    with pytest.raises(BaseTooOld, match="administrator"):
        open_base(office.of(login))

    office.sign_in(office.boss)
    assert office.sign_in(login).login == login


def test_a_local_base_has_no_accounts(sqlite_url: str) -> None:
    from crm_desktop.services.workspace import create_base

    base = create_base(sqlite_url)

    assert (base.login, base.administers, base.is_known) == ("", True, False)
    for call in (accounts.people, lambda b: accounts.let_in(b, "anna", None)):
        with pytest.raises(InvalidInput, match="file"):
            call(base)
    base.close()
