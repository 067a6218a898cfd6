"""What docs/security.md says remains possible, tried by an employee with a tool: each claim that no
test beside the refusals shows, so that the page neither hides nor invents anything."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import fdb
import pytest

from crm_desktop.errors import NotAllowed
from crm_desktop.models.backend.firebird_triggers import CHANGED
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services import watch
from crm_desktop.services.bulk import update_all
from crm_desktop.services.checks import check_base
from crm_desktop.services.live.marks import EditMarks
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace
from tests.firebird_server import FirebirdServer
from tests.strict_office import TwoSellers, two_sellers

Tool = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    with two_sellers(firebird) as made:
        yield made


@pytest.fixture
def boss(sellers: TwoSellers) -> Workspace:
    return sellers.office.sign_in(sellers.office.boss)


@pytest.fixture
def tool(sellers: TwoSellers) -> Iterator[Tool]:
    """Runs one statement by Anna's account; what it does stays."""
    line = sellers.tool()

    def run(sql: str, *values: object) -> list[Any]:
        cursor = line.cursor()
        try:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else [(cursor.rowcount,)]
        finally:
            cursor.close()
            line.commit()

    yield run
    line.close()


@pytest.fixture
def hers(sellers: TwoSellers) -> int:
    """Another client of Anna's."""
    return sellers.work().records.create("client", {
        "name": f"Daisy {secrets.token_hex(4)}", "responsible": sellers.persons[sellers.anna],
    }).ids[0]  # fmt: skip


def allow(boss: Workspace, entity: str, given: dict[str, str]) -> None:
    """From now on sellers may do that."""
    roles = Roles(boss)
    roles.set(roles.named("seller"), boss.catalogue[entity], given)


def test_shared_objects_are_everybodys_to_read(tool: Tool, sellers: TwoSellers) -> None:
    names = {row[0] for row in tool("SELECT name FROM staff")}

    assert {"Anna Seller", "Boris Seller", "Olga Boss"} <= names
    assert tool("SELECT COUNT(*) FROM reference")[0][0] > 0
    assert tool("SELECT COUNT(*) FROM stage")[0][0] > 0


def test_numbers_without_content_are_read(tool: Tool, sellers: TwoSellers) -> None:
    his = sellers.work(sellers.boris)
    EditMarks(his).take(Ref("client", sellers.his))

    assert (sellers.his,) in tool("SELECT rid FROM edit_mark")
    assert tool("SELECT COUNT(*) FROM chain")[0][0] > 0
    assert tool("SELECT COUNT(*) FROM v_client WHERE id = ?", sellers.his) == [(0,)]


def test_what_the_program_alone_keeps_a_tool_does(
    tool: Tool, boss: Workspace, sellers: TwoSellers
) -> None:
    allow(boss, "client", {words.MASS_EDIT: words.NONE, words.EXPORT: words.NONE})
    anna = sellers.work()
    more = [anna.records.create("client", {"name": f"Client {n}"}).ids[0] for n in range(3)]
    with pytest.raises(NotAllowed):
        update_all(anna.records, anna.catalogue["client"], more, {"city": "Omsk"},
                   progress=lambda *_done: None, check=lambda: None)  # fmt: skip

    whole = len(tool("SELECT name FROM v_client"))
    assert tool("UPDATE v_client SET city = 'Omsk', city_key = 'omsk'") == [(whole,)]
    assert whole > len(more)


def test_who_may_see_calendars_reads_their_texts(
    tool: Tool, boss: Workspace, sellers: TwoSellers
) -> None:
    starts = datetime.now(UTC) + timedelta(days=1)
    sellers.work(sellers.boris).records.create("activity", {
        "kind": "meeting", "subject": "Secret visit", "state": "planned", "starts": starts,
        "ends": starts + timedelta(hours=1), "author": sellers.persons[sellers.boris],
    })  # fmt: skip
    allow(boss, "activity", {words.CALENDARS: words.NONE})
    seen = "SELECT COUNT(*) FROM v_activity WHERE subject = 'Secret visit'"
    assert tool(seen) == [(0,)]

    allow(boss, "activity", {words.CALENDARS: words.ALL})

    assert tool(seen) == [(1,)]
    assert tool("SELECT COUNT(*) FROM v_activity WHERE subject CONTAINING 'thistle'") == [(0,)]


def test_who_may_merge_deletes_by_a_tool(
    tool: Tool, boss: Workspace, sellers: TwoSellers, hers: int
) -> None:
    allow(boss, "client", {words.DELETE: words.NONE, words.MERGE: words.OWN})
    with pytest.raises(NotAllowed):
        sellers.work().records.delete("client", [hers])

    assert tool("DELETE FROM v_client WHERE id = ?", hers) == [(1,)]


def test_what_one_wrote_stays_readable_to_oneself(
    tool: Tool, boss: Workspace, sellers: TwoSellers, hers: int
) -> None:
    boss.records.update("client", hers, {"responsible": sellers.persons[sellers.boris]})

    assert tool("SELECT COUNT(*) FROM v_client WHERE id = ?", hers) == [(0,)]
    rows = tool("SELECT delta FROM v_change_row WHERE rid = ? AND kind = 'c'", hers)
    assert json.loads(rows[0][0])["name"].startswith("Daisy ")


def test_untrue_lines_of_ones_own_are_found_by_check(
    tool: Tool, boss: Workspace, sellers: TwoSellers, hers: int
) -> None:
    before = set(check_base(boss).problems)

    tool("INSERT INTO v_change_row (seq, op, made_at, author, ent, rid, kind, delta)"
         " VALUES (-1, -1, '2001-01-01', ?, 1, ?, 'u', '{}')",
         sellers.persons[sellers.anna], hers)  # fmt: skip
    assert set(check_base(boss).problems) - before


def test_a_spoilt_search_entry_is_found_by_check(
    tool: Tool, boss: Workspace, sellers: TwoSellers, hers: int
) -> None:
    before = set(check_base(boss).problems)
    assert tool("UPDATE v_search_doc SET body = 'nothing' WHERE id = ?", hers) == [(1,)]

    assert set(check_base(boss).problems) - before


def test_decoys_read_by_a_tool_alarm_nobody(
    tool: Tool, boss: Workspace, sellers: TwoSellers, hers: int
) -> None:
    watch.mark(boss, Ref("client", hers), is_decoy=True)

    assert ("Daisyhers",) in tool("SELECT name FROM v_client")
    assert len(tool("SELECT name FROM v_client WHERE id = ?", hers)) == 1

    assert watch.look(boss, norms=False) == []


def test_everybody_may_wake_the_programs_of_others(tool: Tool) -> None:
    tool(f"EXECUTE BLOCK AS BEGIN POST_EVENT '{CHANGED}'; END")

    assert tool("SELECT COUNT(*) FROM v_client")[0][0] > 0


def test_the_owner_connects_past_triggers_and_staff_cannot(
    sellers: TwoSellers, boss: Workspace
) -> None:
    who = {"dsn": sellers.server.dsn(sellers.name), "charset": "UTF8", "no_db_triggers": 1}

    def noted() -> int:
        with boss.backend.read() as connection:
            asked = "SELECT COUNT(*) FROM audit_entry WHERE what = 'connected'"
            return int(connection.exec_driver_sql(asked).scalar_one())

    before = noted()
    fdb.connect(user=sellers.server.user, password=sellers.server.password, **who).close()
    assert noted() == before
    with pytest.raises(fdb.DatabaseError, match="(?i)permission|no_db_triggers|owner|SYSDBA"):
        fdb.connect(user=sellers.anna, password=sellers.office.passwords[sellers.anna],
                    role="CRM_STAFF", **who)  # fmt: skip


def test_a_hidden_telephone_stays_where_else_it_was_written(
    tool: Tool, boss: Workspace, sellers: TwoSellers, hers: int
) -> None:
    boss.records.update("client", hers, {
        "phone": "+7 495 777-41-42", "note": "call back: 777-41-42 or seven-seven-seven",
    })  # fmt: skip
    roles = Roles(boss)
    roles.show(roles.named("seller"), boss.catalogue["client"], "phone", words.HIDDEN)

    ((phone, note),) = tool("SELECT phone, note FROM v_client WHERE id = ?", hers)

    assert "41" not in phone and phone and "777-41-42" in note
