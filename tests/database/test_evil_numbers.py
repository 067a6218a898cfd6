"""What an employee with a tool might reach by numbers, kept rows and accounts that are not hers:
each was possible once."""

from __future__ import annotations

import json
import secrets
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

import fdb
import pytest
import sqlalchemy as sa

from crm_desktop.errors import NotAllowed
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.rights import words
from crm_desktop.services.rights.enforcement import FACT, MAKING
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace, open_base
from tests.seller_fixtures import Tool, boss, office, tool
from tests.strict_office import TwoSellers

__all__ = ["boss", "office", "tool"]

REFUSED = "CRM_REFUSED"
SIGNED = "id, version, created_at, updated_at, created_by, updated_by"
NOW = "1, current_timestamp, current_timestamp"


class Line(NamedTuple):
    """A connection whose transaction is taken back at the end."""

    cursor: Any

    def rows(self, sql: str, *values: object) -> list[Any]:
        self.cursor.execute(sql, values)
        return self.cursor.fetchall() if self.cursor.description else []


@contextmanager
def one_transaction(office: TwoSellers) -> Iterator[Line]:
    """Several statements of Anna's together."""
    line = office.tool()
    cursor = line.cursor()
    yield Line(cursor)
    cursor.close()
    line.rollback()
    line.close()


@pytest.fixture
def anna(office: TwoSellers) -> int:
    """The number of Anna as a colleague."""
    return office.persons[office.anna]


def new_id(boss: Workspace) -> int:
    """A number that nothing has."""
    with boss.backend.write() as connection:
        return boss.backend.ids(connection, 1)[0]


@pytest.mark.parametrize("table, column", [
    ("person", "name"), ("activity", "subject"), ("deal", "name"), ("sales_lead", "name"),
])  # fmt: skip
def test_a_record_under_the_number_of_a_colleagues_client_opens_nothing(
    office: TwoSellers, anna: int, table: str, column: str
) -> None:
    insert = f"INSERT INTO v_{table} ({SIGNED}, {column}) VALUES (?, {NOW}, ?, ?, 'x')"
    with one_transaction(office) as line:
        with pytest.raises(fdb.DatabaseError, match=REFUSED):
            line.rows(insert, office.his, anna, anna)
        assert line.rows("SELECT name FROM v_client WHERE id = ?", office.his) == []


def test_a_number_taken_before_its_record_is_made_opens_nothing(
    office: TwoSellers, boss: Workspace, anna: int
) -> None:
    """Who guesses the number that a colleague's program will give next has her record there."""
    number = new_id(boss)
    with one_transaction(office) as line:
        insert = f"INSERT INTO v_person ({SIGNED}, name) VALUES (?, {NOW}, ?, ?, 'x')"
        line.rows(insert, number, anna, anna)
        with boss.backend.write() as connection:
            client = boss.tables.main["client"]
            row = connection.execute(sa.select(client).where(client.c.id == office.his)).one()
            copy = dict(row._mapping) | {"id": number, "name": "Thistletwin"}
            connection.execute(client.insert().values(copy))
        line.cursor.connection.commit()
        line.rows("UPDATE v_person SET client = ? WHERE id = ?", office.hers, number)
        assert line.rows("SELECT name FROM v_client WHERE id = ?", number) == []
        assert line.rows("SELECT rid FROM v_long_text WHERE rid = ?", number) == []
        line.rows("DELETE FROM v_person WHERE id = ?", number)
        assert line.rows("SELECT name FROM v_client WHERE id = ?", number) == []
    with boss.backend.write() as connection:
        connection.execute(client.delete().where(client.c.id == number))


@pytest.mark.parametrize("number", [-5, 0, 1 << 60])
def test_no_record_has_a_number_that_breaks_the_questions_of_others(
    office: TwoSellers, anna: int, number: int
) -> None:
    insert = f"INSERT INTO v_client ({SIGNED}, name, responsible) VALUES (?, {NOW}, ?, ?, 'x', ?)"
    with one_transaction(office) as line, pytest.raises(fdb.DatabaseError, match=REFUSED):
        line.rows(insert, number, anna, anna, anna)


def test_an_invented_deletion_makes_nobody_else_the_author(
    office: TwoSellers, boss: Workspace, anna: int
) -> None:
    number, his = new_id(boss), office.persons[office.boris]
    with one_transaction(office) as line:
        line.rows(
            "INSERT INTO v_change_row (seq, op, made_at, author, ent, rid, kind, delta)"
            " VALUES (-7, -7, current_timestamp, ?, 1, ?, 'd', '{}')", anna, number,
        )  # fmt: skip
        insert = (
            f"INSERT INTO v_client ({SIGNED}, name, responsible) VALUES (?, {NOW}, ?, ?, 'x', ?)"
        )
        with pytest.raises(fdb.DatabaseError, match=f"{REFUSED}[^$]*author"):
            line.rows(insert, number, his, anna, anna)


def test_what_a_colleague_made_comes_back_as_his(office: TwoSellers, boss: Workspace) -> None:
    """The other side of it: her undo of her deletion keeps who made the record."""
    his, name = office.work(office.boris), f"Thistle {secrets.token_hex(3)}"
    (given,) = his.records.create("client", {"name": name}).ids
    boss.records.update("client", given, {"responsible": office.persons[office.anna]})
    roles = Roles(boss)
    roles.set(roles.named("seller"), boss.catalogue["client"], {words.DELETE: words.OWN})
    anna = office.work()
    gone = anna.records.delete("client", [given])
    anna.undo.undo(gone.operation)

    with boss.backend.read() as connection:
        client = boss.tables.main["client"]
        made = connection.scalar(sa.select(client.c.created_by).where(client.c.id == given))
    assert made == office.persons[office.boris]


def test_an_invented_row_of_the_bin_shows_no_deleted_record(
    office: TwoSellers, boss: Workspace, anna: int
) -> None:
    word = f"thistle{secrets.token_hex(4)}"
    (gone,) = boss.records.create(
        "client", {"name": word, "responsible": office.persons[office.boris]}
    ).ids
    boss.records.delete("client", [gone])
    insert = (
        "INSERT INTO v_departed (id, kind, ent, rid, owner, op, made_at, author, title, title_key)"
        " VALUES (?, 'd', 1, ?, ?, -1, current_timestamp, ?, 'x', 'x')"
    )
    for owner in (None, office.hers):
        with one_transaction(office) as line:
            with pytest.raises(fdb.DatabaseError, match=REFUSED):
                line.rows(insert, new_id(boss), gone, owner, anna)
            assert line.rows("SELECT delta FROM v_change_row WHERE rid = ?", gone) == []


def test_a_row_of_the_bin_of_her_own_is_not_moved_to_another_record(
    office: TwoSellers, boss: Workspace
) -> None:
    seller = office.work()
    roles = Roles(boss)
    roles.set(roles.named("seller"), boss.catalogue["client"], {words.DELETE: words.OWN})
    (mine,) = seller.records.create("client", {"name": f"Daisy {secrets.token_hex(3)}"}).ids
    seller.records.delete("client", [mine])
    with one_transaction(office) as line:
        for column, value in (("rid", office.his), ("ent", 2), ("owner", office.hers)):
            with pytest.raises(fdb.DatabaseError, match=REFUSED):
                line.rows(f"UPDATE v_departed SET {column} = ? WHERE rid = ?", value, mine)


def test_no_account_becomes_a_colleagues(office: TwoSellers, tool: Tool, anna: int) -> None:
    boris = office.persons[office.boris]
    for who in (boris, anna):
        for column in ("login", "login_key"):
            with pytest.raises(fdb.DatabaseError, match=f"{REFUSED}[^$]*posts"):
                tool(f"UPDATE staff SET {column} = 'somebody' WHERE id = ?", who)
    with pytest.raises(fdb.DatabaseError, match=REFUSED):
        tool("UPDATE staff SET photo = 'x' WHERE id = ?", boris)
    assert tool("UPDATE staff SET photo = photo WHERE id = ?", anna) == [(1,)]


def test_the_text_of_a_colleagues_note_is_not_written(
    office: TwoSellers, boss: Workspace, tool: Tool
) -> None:
    roles = Roles(boss)
    client, seller = boss.catalogue["client"], roles.named("seller")
    insert = "INSERT INTO v_long_text (rid, field, body) VALUES (?, 'other', 'x')"
    update = "UPDATE v_long_text SET body = 'x' WHERE rid = ?"
    with pytest.raises(fdb.DatabaseError, match=REFUSED):
        tool(insert, office.his)
    roles.set(seller, client, {words.SEE: words.ALL, words.EDIT: words.OWN})
    try:
        for sql in (insert, update, "DELETE FROM v_long_text WHERE rid = ?"):
            with pytest.raises(fdb.DatabaseError, match=REFUSED):
                tool(sql, office.his)
        with pytest.raises(fdb.DatabaseError, match=REFUSED):
            tool("UPDATE v_long_text SET rid = ? WHERE rid = ?", office.his, office.hers)
        assert tool(update, office.hers) == [(1,)]
    finally:
        roles.set(seller, client, {words.SEE: words.OWN})


def test_own_fields_of_a_colleagues_record_are_not_cleared_or_moved(
    office: TwoSellers, boss: Workspace, tool: Tool
) -> None:
    key = f"f{secrets.token_hex(3)}"
    boss.constructor.add_field(
        boss.catalogue["client"], {"key": key, "label": "Own", "type": "text"}
    )
    boss.records.update("client", office.his, {f"x_{key}": "kept"})
    roles = Roles(boss)
    client, seller = boss.catalogue["client"], roles.named("seller")
    side = f"v_{boss.tables.side['client'].name}"
    roles.set(seller, client, {words.SEE: words.ALL, words.EDIT: words.OWN})
    try:
        for sql in (f"DELETE FROM {side} WHERE id = ?",
                    f"UPDATE {side} SET id = {office.hers} WHERE id = ?",
                    f"UPDATE {side} SET {boss.catalogue['client'].field(f'x_{key}').name} = 'x'"
                    " WHERE id = ?"):  # fmt: skip
            with pytest.raises(fdb.DatabaseError, match=REFUSED):
                tool(sql, office.his)
    finally:
        roles.set(seller, client, {words.SEE: words.OWN})
    office.work().records.update("client", office.hers, {f"x_{key}": "hers"})
    row = boss.reader.many("client", [office.his, office.hers], [f"x_{key}"])
    assert [row[one][f"x_{key}"] for one in (office.his, office.hers)] == ["kept", "hers"]


def test_no_number_is_said_to_be_merged_but_by_who_may(office: TwoSellers, tool: Tool) -> None:
    with pytest.raises(fdb.DatabaseError, match=REFUSED):
        tool("INSERT INTO merged_record (rid, ent, winner) VALUES (?, 1, ?)",
             office.his, office.hers)  # fmt: skip


def test_the_fields_of_the_base_are_the_administrators(
    office: TwoSellers, boss: Workspace, tool: Tool
) -> None:
    boss.constructor.add_field(boss.catalogue["client"], {
        "key": f"f{secrets.token_hex(3)}", "label": "Own", "type": "text", "search": True,
    })  # fmt: skip
    before = boss.catalogue.version
    insert = "INSERT INTO custom_field (number, entity, definition) VALUES (9999, 'client', ?)"
    link = {"key": "whole", "type": "record", "label": "Whole", "parent": True}
    for text in (json.dumps(link), "garbage", '{"apart": "city", "sign": 9}',
                 ' {"adds_to": "kind"}'):  # fmt: skip
        with pytest.raises(fdb.DatabaseError, match=REFUSED):
            tool(insert, text)
    for sql in ("DELETE FROM custom_field", "UPDATE custom_field SET definition = 'x'",
                "UPDATE custom_field SET entity = 'deal'"):  # fmt: skip
        with pytest.raises(fdb.DatabaseError, match=REFUSED):
            tool(sql)
    assert not boss.catalogue_is_old() and boss.catalogue.version == before


def test_a_broken_value_of_a_list_keeps_nobody_from_the_base(
    office: TwoSellers, boss: Workspace, tool: Tool
) -> None:
    """Values of lists everybody may add, so what cannot be read is passed over."""
    kept = f"Kept {secrets.token_hex(3)}"
    boss.constructor.add_choice(boss.catalogue["activity"], "kind", kept)
    insert = "INSERT INTO custom_field (number, entity, definition) VALUES (?, 'activity', ?)"
    texts = ('{"adds_to": ', '{"adds_to": "kind", "choices": 5}', '{"changes": "kind", ]',
             '{"adds_to": "kind", "choices": [{"key": "A B", "label": 7}]}')  # fmt: skip
    for place, text in enumerate(texts):
        tool(insert, 9000 + place, text)

    opened = office.office.sign_in(office.office.boss)

    assert kept in {c.label for c in opened.catalogue["activity"].field("kind").choices}
    assert not opened.catalogue_is_old()
    with boss.backend.write() as connection:
        connection.exec_driver_sql("DELETE FROM custom_field WHERE number >= 9000")


def test_what_every_program_goes_by_is_the_administrators(tool: Tool) -> None:
    for name in ("currency", "finished", "walls", "rights_stamp", "language", "company"):
        with pytest.raises(fdb.DatabaseError, match=REFUSED):
            tool("UPDATE OR INSERT INTO base_info (name, content) VALUES (?, 'x') MATCHING (name)",
                 name)  # fmt: skip
        with pytest.raises(fdb.DatabaseError, match=f"{REFUSED}|seat"):
            tool("UPDATE base_info SET name = ? WHERE name = 'guid'", name)


def test_a_base_with_older_views_gets_them_anew_when_the_administrator_comes(
    office: TwoSellers, boss: Workspace, tool: Tool, anna: int
) -> None:
    boss.set_info(FACT, "1")
    boss.backend.run_ddl(["ALTER TRIGGER g_staff INACTIVE"])
    assert tool("UPDATE staff SET photo = NULL WHERE id = ?", office.persons[office.boris])

    open_base(office.office.of(office.office.boss)).close()

    assert boss.info(FACT) == str(MAKING)
    with pytest.raises(fdb.DatabaseError, match=REFUSED):
        tool("UPDATE staff SET login = 'x' WHERE id = ?", office.persons[office.boris])


def test_an_invented_undo_that_seems_cut_off_is_not_finished_by_the_administrator(
    office: TwoSellers, boss: Workspace, tool: Tool, anna: int
) -> None:
    his = office.work(office.boris)
    made = his.records.create("client", {"name": f"Thistle {secrets.token_hex(3)}"})
    dead = f"{socket.gethostname()[:30]}:999999:somebody:0"
    number = new_id(boss)
    tool("INSERT INTO v_operation_log (id, started_at, author, seat, kind, title, state, total,"
         " undoes) VALUES (?, current_timestamp, ?, ?, 'undo', 'x', 'running', 0, ?)",
         number, anna, dead, made.operation)  # fmt: skip
    assert [one.title.text() for one in boss.operations.running() if boss.is_dead(one)] == ["x"]

    open_base(office.office.of(office.office.boss)).close()

    assert boss.reader.get("client", made.ids[0]) is not None
    assert boss.operations.get(number).state == "running"
    for text in ("[1, 2, 3]", '["{a}", {}, ""]', '["{0}", {}, ""]', '["{a.b}", {"a": 1}, ""]'):
        tool("UPDATE v_operation_log SET seat = 'x', state = 'done' WHERE id = ?", number)
        tool("DELETE FROM v_operation_log WHERE id = ?", number)
        tool("INSERT INTO v_operation_log (id, started_at, author, seat, kind, title, state, total)"
             " VALUES (?, current_timestamp, ?, 'x', 'save', ?, 'running', 0)",
             number, anna, text)  # fmt: skip
        open_base(office.office.of(office.office.boss)).close()
        assert boss.operations.get(number).title.text() == text
    tool("DELETE FROM v_operation_log WHERE id = ?", number)


def test_an_undo_that_is_refused_shuts_nobody_out(office: TwoSellers, boss: Workspace) -> None:
    roles, channel = Roles(boss), boss.catalogue["channel"]
    written = boss.records.create("channel", {
        "value": "+7 495 222-33-44", "kind": "phone", "owner": Ref("client", office.hers),
    })  # fmt: skip
    roles.show(roles.named("seller"), channel, "value", words.HIDDEN)
    try:
        with closing(open_base(office.office.of(office.anna))) as base, pytest.raises(NotAllowed):
            base.undo.undo(written.operation)

        assert not boss.operations.running()
        open_base(office.office.of(office.anna)).close()
    finally:
        roles.show(roles.named("seller"), channel, "value", "")
