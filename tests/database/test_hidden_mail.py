"""E-mail addresses that roles hide or mask: every way by which an employee might get at one, with a
tool for databases and his own password. With the program: `test_hidden_mail_at_work.py`."""

from __future__ import annotations

import secrets

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.holding import MASK, is_held
from crm_desktop.models.strict.names import closed_tables, view_name
from crm_desktop.services.audit import service as audit
from crm_desktop.services.audit.service import Wanted
from crm_desktop.services.customisation.service import read_tables
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace
from tests.mail_office import Hers, Tool, anna, boss, hers, hide, office, tool
from tests.strict_office import TwoSellers

__all__ = ["anna", "boss", "hers", "office", "tool"]


def test_no_cell_of_any_view_tells_it(boss: Workspace, hers: Hers, tool: Tool) -> None:
    for name in closed_tables(read_tables(boss.backend)):
        for row in tool(f"SELECT * FROM {view_name(name)}"):
            assert not [cell for cell in row if hers.tells(cell)], (name, row)
    seen = tool("SELECT email, email_key, name FROM v_client WHERE id = ?", hers.id)
    assert seen == [(MASK, "", hers.name)]
    assert tool("SELECT COUNT(*) FROM v_client WHERE email CONTAINING ?", hers.domain) == [(0,)]
    assert tool("SELECT COUNT(*) FROM search_form WHERE word = ?", hers.last[:20]) == [(0,)]


def test_all_of_it_is_there_for_who_sees_it(boss: Workspace, hers: Hers) -> None:
    """What the test above looks for stands in the base, so that it can fail."""
    with boss.backend.read() as connection:
        for table, column in (
            ("client", "email"), ("contact_channel", "contact"), ("participation", "address"),
            ("search_doc", "body"), ("change_row", "delta"), ("search_hidden", "tok"),
        ):  # fmt: skip
            sql = f"SELECT COUNT(*) FROM {table} WHERE {column} CONTAINING '{hers.domain[:12]}'"
            assert connection.exec_driver_sql(sql).scalar(), table


def test_the_words_of_other_fields_stay_findable_for_her(
    boss: Workspace, hers: Hers, anna: Workspace, tool: Tool
) -> None:
    boss.records.update("client", hers.id, {"city": hers.last})

    assert [hit.id for hit in anna.search.find(hers.last, "client", 5)] == [hers.id]
    assert tool("SELECT tok FROM v_search_posting WHERE rid = ? AND tok STARTING WITH ?",
                hers.id, hers.last[:18]) == [(hers.last[:20],)]  # fmt: skip


@pytest.mark.parametrize("local, shown", [("post", f"p{MASK}"), ("ab", MASK)])
def test_a_mask_shows_where_it_goes_alone(
    boss: Workspace, hers: Hers, tool: Tool, local: str, shown: str
) -> None:
    hide(boss, words.MASKED)
    boss.records.update("client", hers.id, {"email": f"{local}@{hers.domain}"})

    seen = [(f"{shown}@{hers.domain}",)]
    assert tool("SELECT email FROM v_client WHERE id = ?", hers.id) == seen
    assert tool("SELECT contact FROM v_contact_channel WHERE owner_id = ? AND kind = 'email'",
                hers.id) == seen  # fmt: skip
    assert tool("SELECT address FROM v_participation WHERE activity = ?", hers.meeting) == [
        (f"g{MASK}@{hers.domain}",)
    ]
    assert is_held(seen[0][0])
    assert tool("SELECT COUNT(*) FROM v_search_doc WHERE id = ? AND body CONTAINING '@'",
                hers.id) == [(0,)]  # fmt: skip


def test_what_is_written_through_a_view_leaves_it_as_it_is(
    boss: Workspace, hers: Hers, tool: Tool
) -> None:
    tool("UPDATE v_client SET email = 'x@y.zz', email_key = 'x', city = 'Omsk' WHERE id = ?",
         hers.id)  # fmt: skip
    tool("UPDATE v_contact_channel SET kind = 'other', contact = 'x', owner_ent = 2"
         " WHERE owner_id = ?", hers.id)  # fmt: skip
    tool("UPDATE v_participation SET address = 'x@y.zz' WHERE activity = ?", hers.meeting)
    tool("UPDATE v_search_doc SET body = ' gone |' WHERE id = ?", hers.id)

    row = boss.reader.many("client", [hers.id], ["email", "city"])[hers.id]
    assert row == {"email": hers.mail, "city": "Omsk"}
    assert tool("SELECT contact, owner_ent FROM v_contact_channel WHERE owner_id = ?",
                hers.id) == [(MASK, 1), (MASK, 1)]  # fmt: skip
    with boss.backend.read() as connection:
        body = connection.exec_driver_sql(
            "SELECT body FROM search_doc WHERE id = ?", (hers.id,)
        ).scalar()
    assert body and body.startswith(" gone | @ ") and f" {hers.mail}" in body


def test_no_row_is_made_one_of_another_object_to_be_read(
    office: TwoSellers, boss: Workspace, hers: Hers
) -> None:
    """Whoever sees all records would read what is judged by no role there."""
    roles = Roles(boss)
    wide = roles.add(f"All {secrets.token_hex(3)}", like=roles.named("seller"))
    for entity in boss.catalogue:
        roles.set(wide, entity, {words.SEE: words.ALL, words.EDIT: words.ALL})
    (gone,) = boss.records.create("channel", {
        "value": f"gone@{hers.domain}", "kind": "email", "owner": Ref("client", hers.id),
    }).ids  # fmt: skip
    boss.records.delete("channel", [gone])
    roles.give(wide, office.persons[office.anna])
    line = office.tool()
    cursor = line.cursor()
    cursor.execute("UPDATE v_search_doc SET ent = 3 WHERE id = ?", (hers.id,))
    cursor.execute("UPDATE v_departed SET ent = 1 WHERE rid = ?", (gone,))
    line.commit()
    cursor.execute("SELECT ent, body FROM v_search_doc WHERE id = ?", (hers.id,))
    ((ent, body),) = cursor.fetchall()
    cursor.execute("SELECT ent, title FROM v_departed WHERE rid = ?", (gone,))
    departed = cursor.fetchall()
    cursor.close()
    line.close()
    roles.drop(wide)

    assert ent == 1 and hers.name.lower() in body and not hers.tells(body)
    assert departed == [(7, MASK)]


def test_it_is_told_for_a_letter_and_noted_even_if_taken_back(
    office: TwoSellers, boss: Workspace, hers: Hers
) -> None:
    line = office.tool()
    cursor = line.cursor()
    cursor.execute("SELECT contact FROM backend_number(1, 'email', ?, 'desk')", (hers.id,))
    told = cursor.fetchall()
    line.rollback()
    cursor.execute("SELECT contact FROM backend_number(1, 'email', ?, 'desk')", (office.his,))
    assert told == [(hers.mail,)] and not cursor.fetchall()
    cursor.close()
    line.close()

    noted = audit.last(boss, 20, Wanted(what=audit.WRITTEN_TO, record=hers.id, entity="client"))
    assert [one.login for one in noted] == [office.anna.lower()]
