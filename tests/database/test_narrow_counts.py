"""What is counted and listed for an account that reaches little is what its views show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

import fdb
import pytest
import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.models.strict.names import (
    counter_name,
    is_listed,
    lister_name,
    view_name,
    wholes,
)
from crm_desktop.services.lists.service import everybody
from crm_desktop.services.workspace import Workspace
from tests.firebird_server import FirebirdServer
from tests.strict_office import TwoSellers, narrow, two_sellers

NOON = datetime(2031, 5, 5, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    with two_sellers(firebird) as made:
        boss = made.office.sign_in(made.office.boss)
        nobodys = boss.records.create("client", {"name": "Nobody's"}).ids[0]
        with boss.backend.write() as connection:
            for name in ("responsible", "created_by"):
                table = boss.tables.main["client"]
                emptied = sa.update(table).where(table.c.id == nobodys).values({name: None})
                connection.execute(emptied)
        boss.records.create("person", {"name": "Known to his", "client": made.his})
        boss.records.create("person", {"name": "Known to hers", "client": made.hers})
        boss.records.create("person", {"name": "Known to nobody's", "client": nobodys})
        boss.records.create("person", {"name": "Known to none"})
        anna = made.persons[made.anna]
        for client in (made.his, made.hers, nobodys):
            boss.records.create("person", {"name": "Hers", "client": client, "responsible": anna})
        _calls(boss, made, nobodys)
        yield made


def _calls(boss: Workspace, made: TwoSellers, nobodys: int) -> None:
    """Activities of either, of the boss and of nobody, about all there is, with participants."""
    anna, boris = made.persons[made.anna], made.persons[made.boris]
    person = boss.titles.find("person", "Known to hers")[0]
    deal = boss.records.create("deal", {"name": "His deal", "client": made.his,
                                        "responsible": boris}).ids[0]  # fmt: skip
    staff = boss.catalogue.staff().key
    abouts = [("client", made.his), ("client", made.hers), ("client", nobodys), ("person", person),
              ("deal", deal), (staff, anna)]  # fmt: skip
    ids = []
    for author in (anna, boris, boss.user_id):
        for about in (*abouts, None):
            values = {"author": author, "about": Ref(*about) if about else None}
            ids += boss.records.create("activity", {"subject": f"Call {about}", **values}).ids
    part = {"kind": "meeting", "author": boss.user_id, "about": Ref("client", made.his)}
    met = boss.records.create("activity", {"subject": "Met", **part}).ids[0]
    boss.records.create("participation", {"activity": met, "staff": anna})
    boss.records.create("activity", {"subject": "Planned", "starts": NOON, "ends": NOON,
                                     "state": "planned", **part})  # fmt: skip
    table = boss.tables.main["activity"]
    with boss.backend.write() as connection:
        none = {"author": None, "created_by": None}
        connection.execute(sa.update(table).where(table.c.id.in_(ids[:7])).values(none))
        connection.execute(sa.update(table).where(table.c.id.in_(ids[10:12])).values(author=None))


@pytest.fixture
def anna(sellers: TwoSellers) -> Workspace:
    return sellers.work()


def test_the_counter_of_every_object_counts_what_its_view_shows(
    sellers: TwoSellers, anna: Workspace
) -> None:
    for login in (sellers.anna, sellers.boris, sellers.office.let_in("Wide Reach")):
        base = sellers.work(login)
        line = sellers.tool(login=login)
        try:
            for entity in wholes(base.catalogue):
                cursor = line.cursor()
                name = entity.table_name
                (counted,) = cursor.execute(f"SELECT n FROM {counter_name(name)}").fetchone()
                (shown,) = cursor.execute(f"SELECT COUNT(*) FROM {view_name(name)}").fetchone()
                assert counted == shown == base.lists.count(Query(entity.key, ("id",))), name
        finally:
            line.close()


@pytest.mark.parametrize("calendars", [True, False])
def test_what_is_listed_is_what_the_view_shows(sellers: TwoSellers, calendars: bool) -> None:
    boss = sellers.office.sign_in(sellers.office.boss)
    login = sellers.office.let_in("Own Reach")
    narrow(sellers.office.sign_in(sellers.office.boss), [login])
    if not calendars:
        reach = boss.tables.system("right_reach")
        with boss.backend.write() as connection:
            of_calendars = (reach.c.login == login.upper(), reach.c.action == "see_calendars")
            connection.execute(sa.delete(reach).where(*of_calendars))
    for who in (sellers.anna, sellers.boris, login):
        with sellers.running(who) as run:
            for entity in filter(partial(is_listed, boss.catalogue), boss.catalogue):
                listed = run(f"SELECT id FROM {lister_name(entity.table_name)}")
                shown = run(f"SELECT id FROM {view_name(entity.table_name)}")
                assert sorted(listed) == sorted(shown), entity.key
                assert who == login or shown, entity.key


@pytest.mark.parametrize("query", [
    Query("person", ("name",), sort=(Sort("job_title"), Sort("name"))),
    Query("person", ("name",), sort=(Sort("client.name", True),)),
    Query("person", ("name",), Condition("client.responsible", "me")),
    Query("person", ("name",), Condition("client.name", "eq", "Thistlehis")),
    Query("person", ("name",), Condition("name", "contains", "nown")),
    Query("activity", ("subject",), sort=(Sort("created_at"),)),
    Query("activity", ("subject",), Condition("author", "me")),
    Query("activity", ("subject",), Condition("subject", "starts", "Call"), sort=(Sort("kind"),)),
    Query("activity", ("subject",), Condition("place", "empty"), sort=(Sort("moment"),)),
])  # fmt: skip
def test_a_list_is_the_same_by_what_is_listed_and_by_the_view(
    anna: Workspace, query: Query
) -> None:
    grouped = query.replace(groups=("created_at:year",))
    listed = [anna.lists.open(query).ids(), anna.lists.count(query), anna.lists.groups(grouped)]
    pages = [row.id for row in anna.lists.open(query).rows(1, 3)]
    by_rows, anna.lists.listed = anna.lists.listed, everybody

    shown = [anna.lists.open(query).ids(), anna.lists.count(query), anna.lists.groups(grouped)]

    assert listed == shown and pages == list(listed[0])[1:4]
    assert by_rows(anna.catalogue[query.entity])


def test_what_is_listed_goes_by_what_was_written_in_the_same_transaction(
    sellers: TwoSellers,
) -> None:
    line = sellers.tool()
    try:
        cursor = line.cursor()
        boris = sellers.persons[sellers.boris]
        view = view_name("client")
        cursor.execute(f"UPDATE {view} SET responsible = {boris} WHERE id = {sellers.hers}")
        listed = cursor.execute(f"SELECT id FROM {lister_name('person')}").fetchall()
        shown = cursor.execute(f"SELECT id FROM {view_name('person')}").fetchall()
    finally:
        line.rollback()
        line.close()

    assert sorted(listed) == sorted(shown)


def test_a_counter_counts_what_was_written_in_the_same_transaction(sellers: TwoSellers) -> None:
    line = sellers.tool()
    try:
        cursor = line.cursor()
        view, counter = view_name("client"), counter_name("client")
        cursor.execute(
            f"UPDATE {view} SET responsible = {sellers.persons[sellers.boris]}"
            f" WHERE id = {sellers.hers}"
        )
        (counted,) = cursor.execute(f"SELECT n FROM {counter}").fetchone()
        (shown,) = cursor.execute(f"SELECT COUNT(*) FROM {view}").fetchone()
    finally:
        line.rollback()
        line.close()

    assert counted == shown


def test_nobody_counts_without_the_role(sellers: TwoSellers) -> None:
    line = sellers.tool(role="")
    try:
        with pytest.raises(fdb.DatabaseError, match="(?i)no permission"):
            line.cursor().execute(f"SELECT n FROM {counter_name('client')}")
        with pytest.raises(fdb.DatabaseError, match="(?i)no permission"):
            line.cursor().execute(f"SELECT id FROM {lister_name('person')}")
    finally:
        line.close()


def test_a_list_shows_what_is_hers_and_nobodys(anna: Workspace) -> None:
    found = anna.lists.open(Query("client", ("name",), sort=(Sort("name"),)))

    names = [row.cells[0] for row in found.rows(0, 10)]
    assert {"Daisyhers", "Nobody's"} <= set(names) and "Thistlehis" not in names
    assert found.prepare() and found.total == len(names)


def test_an_order_by_owners_walks_along_those_who_are_reached(
    sellers: TwoSellers, anna: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(anna.backend), "ids_at_once", 20)  # so that one record is many
    query = Query("client", ("name", "responsible"), sort=(Sort("responsible"),))

    rows = anna.lists.open(query).rows(0, 50)

    owners = [row.cells[1] and row.cells[1].ref.id for row in rows]
    assert len(rows) == anna.lists.count(query)
    assert owners[0] is None and set(owners) == {None, sellers.persons[sellers.anna]}


def test_a_condition_on_a_narrow_list_narrows_it_further(anna: Workspace) -> None:
    where = Condition("name", "starts", "dai")

    assert anna.lists.count(Query("client", ("name",), where)) == 1


def test_a_person_is_seen_by_the_client_too(anna: Workspace) -> None:
    found = anna.lists.open(Query("person", ("name",), sort=(Sort("name"),)))

    names = [row.cells[0] for row in found.rows(0, 10)]
    assert "Known to hers" in names and "Known to his" not in names


def test_search_finds_people_by_the_reach_of_their_client(anna: Workspace) -> None:
    found = {hit.title for hit in anna.search.find("known", "person", 20)}

    assert "Known to hers" in found and "Known to his" not in found


def test_what_she_is_let_reach_is_listed_within_seconds(
    sellers: TwoSellers, anna: Workspace
) -> None:
    assert anna.rights is not None
    anna.rights.look_every_s = 0.0
    boss = sellers.office.sign_in(sellers.office.boss)
    boris = sellers.persons[sellers.boris]
    before = anna.lists.count(Query("client", ("name",)))

    made = boss.records.create("client", {"name": "Moved", "responsible": boris}).ids[0]
    boss.records.update("client", made, {"responsible": sellers.persons[sellers.anna]})

    assert anna.lists.count(Query("client", ("name",))) == before + 1
    assert anna.reader.get("client", made) is not None
    assert Ref("client", made) in anna.titles.of([Ref("client", made)])
