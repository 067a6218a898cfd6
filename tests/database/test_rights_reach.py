"""Whose records each account reaches, and that the table of it follows what it follows from."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm_desktop.services.clock import MovedClock
from crm_desktop.services.rights import words
from crm_desktop.services.rights.builtin import HEAD, READER, SELLER, STAFF
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Update
from tests.catalogue.samples import TENDER
from tests.firebird_server import FirebirdServer
from tests.server_office import Office, office_on


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[Office]:
    """One for all tests of this file; each has people of its own."""
    with office_on(firebird, "reach") as made:
        yield made


@pytest.fixture
def boss(office: Office) -> Workspace:
    """The base as its administrator has it."""
    return office.sign_in(office.boss)


def colleague(boss: Workspace, **values: object) -> tuple[str, int]:
    """Somebody with a login (no account: the table does not ask for one), and the number."""
    login = f"t{secrets.token_hex(6)}"
    (id_,) = boss.records.create("staff", {"name": login, "login": login, **values}).ids
    return login.upper(), id_


def give(boss: Workspace, who: int, role: str) -> None:
    """The role of the program to a colleague, in place of others."""
    roles, holder = (boss.tables.system(f"right_{name}") for name in ("role", "holder"))
    assert boss.reaching is not None
    with boss.reaching.changing() as connection:
        wanted = sa.select(roles.c.id).where(roles.c.built_in == role)
        id_ = connection.execute(wanted).scalar_one()
        connection.execute(sa.delete(holder).where(holder.c.who == who))
        connection.execute(sa.insert(holder).values(who=who, role=id_))


def reached(boss: Workspace, login: str, entity: str, action: str) -> set[int]:
    """The owners in the table."""
    table, number = boss.tables.system("right_reach"), boss.catalogue[entity].number
    with boss.backend.read() as connection:
        found = connection.execute(sa.select(table.c.owner).where(
            table.c.login == login, table.c.ent == number, table.c.action == action
        ))  # fmt: skip
        return set(found.scalars())


def test_whoever_has_no_role_may_do_everything_as_before(boss: Workspace) -> None:
    login, _anna = colleague(boss)

    assert reached(boss, login, "client", words.DELETE) == {words.EVERYBODY}
    assert reached(boss, login, "reference", words.EDIT) == {words.EVERYBODY}
    assert reached(boss, login, "activity", words.CALENDARS) == {words.EVERYBODY}


def test_a_seller_reaches_own_records_and_all_books(boss: Workspace) -> None:
    login, anna = colleague(boss)

    give(boss, anna, SELLER)

    assert reached(boss, login, "client", words.SEE) == {anna}
    assert reached(boss, login, "client", words.DELETE) == set()
    assert reached(boss, login, "channel", words.DELETE) == {anna}
    assert reached(boss, login, "lead", words.CREATE) == {words.EVERYBODY}
    assert reached(boss, login, "reference", words.SEE) == {words.EVERYBODY}
    assert reached(boss, login, "reference", words.EDIT) == set()
    assert reached(boss, login, "client", words.EXPORT) == set()


def test_a_reader_sees_and_changes_nothing(boss: Workspace) -> None:
    login, anna = colleague(boss)

    give(boss, anna, READER)

    assert reached(boss, login, "deal", words.SEE) == {words.EVERYBODY}
    assert all(not reached(boss, login, "deal", a) for a in (words.EDIT, words.PRINT))


def test_a_head_reaches_the_department_those_below_it_and_subordinates(boss: Workspace) -> None:
    units = boss.records
    (sales,) = units.create("reference", {"book": "department", "name": "Sales"}).ids
    below = {"book": "department", "name": "North", "parent": sales}
    (north,) = units.create("reference", below).ids
    login, head = colleague(boss, unit=sales)
    _login, anna = colleague(boss, unit=north)
    _login, boris = colleague(boss, head=head)
    _login, other = colleague(boss)

    give(boss, head, HEAD)

    assert reached(boss, login, "client", words.SEE) == {head, anna, boris}
    assert other not in reached(boss, login, "client", words.EDIT)


def test_who_moves_to_another_head_is_reached_by_that_one_at_once(boss: Workspace) -> None:
    login, head = colleague(boss)
    _login, anna = colleague(boss)
    give(boss, head, HEAD)

    boss.records.update("staff", anna, {"head": head})

    assert anna in reached(boss, login, "deal", words.SEE)


def test_a_circle_of_heads_ends(boss: Workspace) -> None:
    login, one = colleague(boss)
    _login, other = colleague(boss, head=one)
    boss.records.apply([Update("staff", one, {"head": other}, rules=False)])

    give(boss, one, HEAD)

    assert reached(boss, login, "client", words.SEE) == {one, other}


def test_who_has_left_reaches_nothing(boss: Workspace) -> None:
    login, anna = colleague(boss)

    boss.records.update("staff", anna, {"gone": True})

    assert reached(boss, login, "client", words.SEE) == set()


def test_who_stands_in_reaches_what_the_absent_reach_until_the_end(boss: Workspace) -> None:
    login, anna = colleague(boss)
    _login, absent = colleague(boss)
    give(boss, anna, SELLER)
    give(boss, absent, SELLER)
    now, table = boss.clock.now(), boss.tables.system("substitution")

    assert boss.reaching is not None
    with boss.reaching.changing() as connection:
        (id_,) = boss.backend.ids(connection, 1)
        connection.execute(sa.insert(table).values(
            id=id_, absent=absent, stand_in=anna, begins_at=now, ends_at=now + timedelta(days=3)
        ))  # fmt: skip

    assert reached(boss, login, "client", words.EDIT) == {anna, absent}
    reach = boss.tables.system("right_reach")
    with boss.backend.read() as connection:
        ends = connection.execute(
            sa.select(reach.c.ends_at).where(reach.c.login == login, reach.c.owner == absent)
        )
        assert set(ends.scalars()) == {
            (now + timedelta(days=3)).replace(microsecond=now.microsecond // 1000 * 1000)
        }


def spans(boss: Workspace, login: str, owner: int) -> set[tuple[object, object]]:
    """From when until when somebody's records are reached."""
    reach = boss.tables.system("right_reach")
    with boss.backend.read() as connection:
        rows = connection.execute(
            sa.select(reach.c.begins_at, reach.c.ends_at)
            .where(reach.c.login == login, reach.c.owner == owner)
        )  # fmt: skip
        return {tuple(row) for row in rows}


def test_a_substitution_of_later_stands_there_with_its_beginning(boss: Workspace) -> None:
    (login, anna), (_login, absent) = colleague(boss), colleague(boss)
    give(boss, anna, SELLER)
    give(boss, absent, SELLER)
    now = boss.clock.now().replace(microsecond=0)
    days = [now + timedelta(days=count) for count in (2, 4, 6, 8)]

    Roles(boss).stand_in(absent, anna, days[0], days[2])
    assert spans(boss, login, absent) == {(days[0], days[2])}
    Roles(boss).stand_in(absent, anna, days[1], days[3])

    assert spans(boss, login, absent) == {(days[0], days[3])}, "both in one where they touch"


def test_two_substitutions_apart_follow_each_other(
    boss: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (login, anna), (_login, absent) = colleague(boss), colleague(boss)
    give(boss, anna, SELLER)
    give(boss, absent, SELLER)
    now = boss.clock.now().replace(microsecond=0)
    days = [now + timedelta(days=count) for count in (1, 2, 6, 8)]

    Roles(boss).stand_in(absent, anna, days[2], days[3])
    Roles(boss).stand_in(absent, anna, days[0], days[1])
    assert spans(boss, login, absent) == {(days[0], days[1])}
    clock = MovedClock(days[1] + timedelta(hours=1))
    monkeypatch.setattr(boss, "clock", clock)
    assert boss.reaching is not None and boss.reaching.turn() > 0
    assert boss.reaching.turn() == 0

    assert spans(boss, login, absent) == {(days[2], days[3])}
    monkeypatch.undo()
    boss.reaching.ready()  # the table of all tests here is that of today again


def test_an_account_of_no_colleague_has_the_role_of_all(office: Office, boss: Workspace) -> None:
    from crm_desktop.services.server import accounts
    from tests.server_office import new_login

    login = new_login()
    office.passwords[login] = accounts.let_in(boss, login, None).password

    assert reached(boss, login.upper(), "client", words.EDIT) == {words.EVERYBODY}


def test_a_new_object_is_reached_as_those_that_no_role_names(boss: Workspace) -> None:
    login, anna = colleague(boss)
    give(boss, anna, SELLER)

    made = boss.constructor.add_object({**TENDER, "children": []})

    assert reached(boss, login, made[0].key, words.EDIT) == {anna}


def test_the_table_is_right_after_all_of_this(boss: Workspace) -> None:
    assert boss.reaching is not None
    assert boss.reaching.differences() == []


def test_a_wrong_row_is_found_and_mended(boss: Workspace) -> None:
    login, _anna = colleague(boss)
    table = boss.tables.system("right_reach")
    with boss.backend.write() as connection:
        connection.execute(sa.delete(table).where(table.c.login == login))

    assert boss.reaching is not None
    assert any(login in line for line in boss.reaching.differences())
    boss.reaching.ready()

    assert boss.reaching.differences() == []


def test_the_roles_of_the_program_are_there_once(boss: Workspace) -> None:
    assert boss.reaching is not None
    boss.reaching.ready()

    table = boss.tables.system("right_role")
    with boss.backend.read() as connection:
        found = sorted(connection.execute(sa.select(table.c.built_in)).scalars())
    assert found == sorted([STAFF, SELLER, HEAD, READER])


def test_a_local_base_keeps_nothing_of_it(sqlite_url: str) -> None:
    from tests.bases import ready_base

    base = ready_base(sqlite_url)

    assert base.reaching is None and base.records.guard is None
    made = base.records.create("client", {"name": "Daisy"})
    assert base.reader.get("client", made.ids[0]) is not None
    base.close()
