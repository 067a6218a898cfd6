"""A field that roles hide or mask: what an employee reads with a tool and with the program."""

from __future__ import annotations

import json
import secrets
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import fdb
import pytest

from crm_desktop.errors import NotAllowed, UserError
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.holding import MASK
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.models.strict.names import closed_tables, view_name
from crm_desktop.services.customisation.service import read_tables
from crm_desktop.services.importing.command import run_import_command
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.rights import words
from crm_desktop.services.rights.hidden_fields import number_to_call
from crm_desktop.services.rights.refusals import refusals
from crm_desktop.services.rights.roles import Role, Roles
from crm_desktop.services.workspace import Workspace
from tests.seller_fixtures import Tool, office, tool
from tests.strict_office import TwoSellers

__all__ = ["office", "tool"]


@pytest.fixture
def sellers(office: TwoSellers) -> TwoSellers:
    """The role of sellers hides the telephone of clients."""
    hide(office.office.sign_in(office.office.boss), "phone", words.HIDDEN)
    return office


class Hers(NamedTuple):
    """A client of Anna's, with a telephone of its own that the boss wrote down."""

    id: int
    name: str
    digits: str


@pytest.fixture
def hers(sellers: TwoSellers) -> Hers:
    boss = sellers.office.sign_in(sellers.office.boss)
    name, digits = f"Daisy{secrets.token_hex(4)}", f"495{secrets.randbelow(90_000) + 10_000}67"
    (client,) = boss.records.create("client", {
        "name": name, "phone": f"+7{digits}",
        "responsible": sellers.persons[sellers.anna],
    }).ids  # fmt: skip
    return Hers(client, name, digits)


def digits_of(value: object) -> str:
    """The digits alone."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return "".join(filter(str.isdigit, text))


def hide(boss: Workspace, field: str, how: str) -> Role:
    """From now on sellers see the field of clients in that way."""
    roles = Roles(boss)
    role = roles.named("seller")
    roles.show(role, boss.catalogue["client"], field, how)
    return role


def test_no_cell_of_any_view_holds_the_number(sellers: TwoSellers, hers: Hers, tool: Tool) -> None:
    tables = read_tables(sellers.office.sign_in(sellers.office.boss).backend)

    for name in closed_tables(tables):
        for row in tool(f"SELECT * FROM {view_name(name)}"):
            assert not [cell for cell in row if hers.digits in digits_of(cell)], (name, row)
    seen = tool("SELECT phone, phone_key, name FROM v_client WHERE id = ?", hers.id)
    assert seen == [(MASK, "", hers.name)]
    assert tool("SELECT COUNT(*) FROM v_client WHERE phone CONTAINING '495'") == [(0,)]


def test_the_other_values_of_the_log_are_still_there(hers: Hers, tool: Tool) -> None:
    rows = tool("SELECT delta FROM v_change_row WHERE rid = ? AND kind = 'c'", hers.id)
    made = json.loads(rows[0][0])

    assert made["name"] == hers.name and "phone" not in made


def test_a_mask_shows_the_end_alone(sellers: TwoSellers, hers: Hers, tool: Tool) -> None:
    hide(sellers.office.sign_in(sellers.office.boss), "phone", words.MASKED)

    seen = [(f"{MASK} •• 67",)]
    assert tool("SELECT phone FROM v_client WHERE id = ?", hers.id) == seen
    assert tool("SELECT contact FROM v_contact_channel WHERE owner_id = ?", hers.id) == seen


def test_what_is_written_through_a_view_leaves_it_as_it_is(
    sellers: TwoSellers, hers: Hers, tool: Tool
) -> None:
    tool("UPDATE v_client SET phone = '+70000000000', phone_key = 'x', city = 'Omsk'"
         " WHERE id = ?", hers.id)  # fmt: skip
    tool("UPDATE v_client SET note = phone WHERE id = ?", hers.id)
    tool("UPDATE v_contact_channel SET kind = 'other', contact = 'x', owner_ent = 2"
         " WHERE owner_id = ?", hers.id)  # fmt: skip

    boss = sellers.office.sign_in(sellers.office.boss)
    card = boss.reader.get("client", hers.id)
    assert card is not None and card.values["city"] == "Omsk"
    assert hers.digits in digits_of(card.values["phone"]) and card.values["note"] == MASK
    assert tool("SELECT contact, kind, owner_ent FROM v_contact_channel WHERE owner_id = ?",
                hers.id) == [(MASK, "phone", 1)]  # fmt: skip


def test_the_number_is_told_for_a_call_and_noted_even_if_taken_back(
    sellers: TwoSellers, hers: Hers
) -> None:
    line = sellers.tool()
    cursor = line.cursor()
    cursor.execute("SELECT contact FROM backend_number(1, 'phone', ?, 'desk')", (hers.id,))
    told = cursor.fetchall()
    line.rollback()
    cursor.execute("SELECT contact FROM backend_number(1, 'phone', ?, 'desk')", (sellers.his,))
    assert hers.digits in digits_of(told[0][0]) and not cursor.fetchall()
    cursor.close()
    line.close()

    boss = sellers.office.sign_in(sellers.office.boss)
    with boss.backend.read() as connection:
        noted = connection.exec_driver_sql(
            "SELECT login FROM audit_entry WHERE what = 'call' AND ent = 1 AND rid = ?", (hers.id,)
        ).all()
    assert [row.login for row in noted] == [sellers.anna.lower()]


def test_nothing_of_it_can_be_changed_by_the_employee(sellers: TwoSellers) -> None:
    for sql in (
        "DELETE FROM right_shown", "UPDATE right_shown SET shown = 'x'",
        "INSERT INTO right_shown (login, ent, field, shown) VALUES ('A', 1, 'x', 'hidden')",
        "SELECT phone FROM client", "DROP TRIGGER w_client",
    ):  # fmt: skip
        line = sellers.tool()
        with pytest.raises(fdb.DatabaseError, match="(?i)permission|privilege"):
            line.execute_immediate(sql) if sql.startswith("DROP") else line.cursor().execute(sql)
        line.close()


# --- by the program -------------------------------------------------------------------------------


def test_her_day(sellers: TwoSellers, hers: Hers) -> None:
    anna = sellers.work()
    other = f"{hers.name} Ltd"
    anna.records.update("client", hers.id, {"city": "Omsk", "name": other})
    (mine,) = anna.records.create("client", {
        "name": "Rose", "phone": "+7 495 999-88-77", "responsible": anna.user_id,
    }).ids  # fmt: skip

    for typed in (hers.digits, hers.digits[-5:]):
        assert hers.id not in {hit.id for hit in anna.search.find(typed, None, 20)}
    assert [hit.id for hit in anna.search.find(other, "client", 5)] == [hers.id]
    boss = sellers.office.sign_in(sellers.office.boss)
    assert [hit.id for hit in boss.search.find(hers.digits, "client", 5)] == [hers.id]
    card, rose = (boss.reader.get("client", one) for one in (hers.id, mine))
    assert card is not None and hers.digits in digits_of(card.values["phone"])
    assert rose is not None and "9998877" in digits_of(rose.values["phone"])
    past = anna.record_history.of(anna.catalogue["client"], hers.id)
    assert len(past) >= 2 and hers.digits not in digits_of(past)


def test_the_program_asks_for_the_number_to_dial(sellers: TwoSellers, hers: Hers) -> None:
    anna = sellers.work()
    client, channel = anna.catalogue["client"], anna.catalogue["channel"]
    only = Condition("owner", "eq", ["client", hers.id])
    (one,) = anna.lists.open(Query("channel", ("value",), only)).ids()

    for entity, key, id_ in ((client, "phone", hers.id), (channel, "value", one)):
        assert hers.digits in digits_of(number_to_call(anna, entity, key, id_))
    assert number_to_call(anna, client, "phone", sellers.his) == ""


def test_a_second_number_of_her_own_is_added_beside_it(sellers: TwoSellers, hers: Hers) -> None:
    anna, own = sellers.work(), f"812765{hers.digits[-4:]}"
    anna.records.create("channel", {
        "value": f"+7{own}", "kind": "phone", "owner": Ref("client", hers.id),
    })  # fmt: skip

    boss = sellers.office.sign_in(sellers.office.boss)
    for number in (hers.digits, own):
        assert [hit.id for hit in boss.search.find(number, "client", 5)] == [hers.id]


def test_a_window_is_told_once_more_when_the_server_keeps_it(sellers: TwoSellers) -> None:
    """The role hides it, then the views are made anew: who read between them reads again."""
    anna, boss = sellers.work(), sellers.office.sign_in(sellers.office.boss)
    assert anna.rights is not None and boss.reaching is not None
    between = refusals(anna)

    with boss.reaching.changing():
        pass
    anna.rights.doubt()

    assert refusals(anna) != between


def test_no_filter_or_order_goes_by_it(sellers: TwoSellers) -> None:
    anna = sellers.work()
    for query in (
        Query("client", ("name",), Condition("phone", "filled")),
        Query("client", ("name",), sort=(Sort("phone"),)),
        Query("person", ("name",), Condition("client.phone", "filled")),
    ):
        with pytest.raises(NotAllowed, match="Telephone"):
            anna.lists.open(query)
    assert anna.lists.open(Query("client", ("name", "phone"))).count()


def test_what_would_lose_the_number_is_refused(sellers: TwoSellers, hers: Hers) -> None:
    anna = sellers.work()
    only = Condition("owner", "eq", ["client", hers.id])
    (channel,) = anna.lists.open(Query("channel", ("value",), only)).ids()
    writes: list[Callable[[], object]] = [
        lambda: anna.records.delete("channel", [channel]),
        lambda: anna.records.update("channel", channel, {"value": "+74950000000"}),
        lambda: anna.records.update("channel", channel, {"kind": "other"}),
        lambda: anna.records.update("client", hers.id, {"phone": None}),
        lambda: anna.records.create("client", {"name": "Copy", "city": MASK + " x"}),
        lambda: anna.records.delete("client", [hers.id]),
        lambda: anna.records.create("channel", {
            "value": "+78120000000", "main": True, "owner": Ref("client", hers.id)}),
    ]  # fmt: skip
    for write in writes:
        with pytest.raises(NotAllowed):
            write()


def test_she_brings_in_a_file_of_many(sellers: TwoSellers, tmp_path: Path) -> None:
    """Its columns are written at once, and those that nothing stands in are left to the server."""
    anna, word = sellers.work(), f"batch{secrets.token_hex(3)}"
    boss = sellers.office.sign_in(sellers.office.boss)
    before = check_base(boss).problems  # what tools of other tests have left behind
    file = tmp_path / "clients.csv"
    rows = [f"{word} {number},+7812{number:07},Omsk" for number in range(300)]
    file.write_text("\n".join(["name,phone,city", *rows]), encoding="utf-8")
    wanted = dict.fromkeys(
        ("sheet", "header_row", "map", "match", "on_match", "encoding", "delimiter", "rejects")
    )

    value = run_import_command(
        anna, Namespace(file=str(file), into="client", test=False, progress=False, **wanted)
    )

    assert value["created"] == 300
    only = Condition("name", "starts", word)
    ids = boss.lists.open(Query("client", ("name",), only)).ids()
    found = boss.reader.many("client", ids, ["phone", "city"])
    assert sorted(digits_of(one["phone"]) for one in found.values()) == [
        f"7812{number:07}" for number in range(300)
    ]
    assert {one["phone"] for one in anna.reader.many("client", ids, ["phone"]).values()} == {MASK}
    assert check_base(boss).problems == before


def test_two_of_hers_are_not_merged(sellers: TwoSellers, hers: Hers) -> None:
    anna = sellers.work()
    (other,) = anna.records.create(
        "client", {"name": hers.name, "responsible": anna.user_id}
    ).ids  # fmt: skip

    with pytest.raises(NotAllowed, match="Telephone"):
        anna.merging.merge(anna.catalogue["client"], [hers.id, other])


def test_roles_add_up_and_what_is_shown_again_is_shown(
    sellers: TwoSellers, hers: Hers, tool: Tool
) -> None:
    boss = sellers.office.sign_in(sellers.office.boss)
    roles, anna = Roles(boss), sellers.persons[sellers.anna]
    wider = roles.add(f"Second {secrets.token_hex(3)}", like=roles.named("seller"))
    roles.show(wider, boss.catalogue["client"], "phone", words.MASKED)
    roles.give(wider, anna)
    seen = "SELECT phone FROM v_client WHERE id = ?"
    assert tool(seen, hers.id) == [(f"{MASK} •• 67",)]

    roles.show(wider, boss.catalogue["client"], "phone", "")

    assert hers.digits in digits_of(tool(seen, hers.id)[0][0])
    roles.drop(wider)
    hide(boss, "phone", "")
    tool("UPDATE v_client SET city = 'Tver', phone = '+74951112233' WHERE id = ?", hers.id)
    assert tool(seen, hers.id) == [("+74951112233",)]


def test_who_is_at_work_stops_seeing_it_at_the_next_look(sellers: TwoSellers, hers: Hers) -> None:
    boss, anna = sellers.office.sign_in(sellers.office.boss), sellers.work()
    hide(boss, "phone", "")
    assert anna.rights is not None
    anna.rights.look_every_s = 0
    anna.rights.mine()
    before = anna.reader.get("client", hers.id)
    assert before is not None and hers.digits in digits_of(before.values["phone"])

    hide(boss, "phone", words.HIDDEN)
    anna.rights.mine()

    after = anna.reader.get("client", hers.id)
    assert after is not None and after.values["phone"] == MASK


def test_only_what_nothing_goes_by_can_be_hidden(sellers: TwoSellers) -> None:
    boss = sellers.office.sign_in(sellers.office.boss)
    for field in ("name", "status", "responsible"):
        with pytest.raises(UserError, match="closed to changes"):
            hide(boss, field, words.HIDDEN)
    with pytest.raises(UserError, match="closed to changes"):
        hide(boss, "revenue", words.MASKED)
