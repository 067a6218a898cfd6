"""What docs/security.md says remains possible, tried by an employee with a tool: each claim that no
test beside the refusals shows, so that the page neither hides nor invents anything."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fdb
import pytest

from crm_desktop.errors import NotAllowed, UserError
from crm_desktop.models.backend.firebird_triggers import CHANGED
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.holding import MASK
from crm_desktop.models.catalogue.telling import SAME_PHONE
from crm_desktop.services.audit import leak_detection
from crm_desktop.services.audit import service as audit
from crm_desktop.services.audit.service import Wanted
from crm_desktop.services.bulk.service import update_all
from crm_desktop.services.live.marks import EditMarks
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.search.renew import repair_search
from crm_desktop.services.workspace import Workspace, open_base
from tests.seller_fixtures import Tool, boss, office, tool
from tests.strict_office import TwoSellers

__all__ = ["boss", "office", "tool"]


@pytest.fixture
def hers(office: TwoSellers) -> int:
    """Another client of Anna's."""
    return office.work().records.create("client", {
        "name": f"Daisy {secrets.token_hex(4)}", "responsible": office.persons[office.anna],
    }).ids[0]  # fmt: skip


def allow(boss: Workspace, entity: str, given: dict[str, str]) -> None:
    """From now on sellers may do that."""
    roles = Roles(boss)
    roles.set(roles.named("seller"), boss.catalogue[entity], given)


def hide(boss: Workspace, field: str, how: str) -> None:
    """From now on sellers see that field of clients so."""
    roles = Roles(boss)
    roles.show(roles.named("seller"), boss.catalogue["client"], field, how)


def test_shared_objects_are_everybodys_to_read(tool: Tool, office: TwoSellers) -> None:
    names = {row[0] for row in tool("SELECT name FROM staff")}

    assert {"Anna Seller", "Boris Seller", "Olga Boss"} <= names
    assert tool("SELECT COUNT(*) FROM reference")[0][0] > 0
    assert tool("SELECT COUNT(*) FROM stage")[0][0] > 0


def test_numbers_without_content_are_read(tool: Tool, office: TwoSellers) -> None:
    his = office.work(office.boris)
    EditMarks(his).take(Ref("client", office.his))

    assert (office.his,) in tool("SELECT rid FROM edit_mark")
    assert tool("SELECT COUNT(*) FROM v_chain")[0][0] > 0
    assert tool("SELECT COUNT(*) FROM v_client WHERE id = ?", office.his) == [(0,)]


def test_what_the_program_alone_keeps_a_tool_does(
    tool: Tool, boss: Workspace, office: TwoSellers
) -> None:
    allow(boss, "client", {words.MASS_EDIT: words.NONE, words.EXPORT: words.NONE})
    anna = office.work()
    more = [anna.records.create("client", {"name": f"Client {n}"}).ids[0] for n in range(3)]
    with pytest.raises(NotAllowed):
        update_all(anna.records, anna.catalogue["client"], more, {"city": "Omsk"},
                   progress=lambda *_done: None, check=lambda: None)  # fmt: skip

    whole = len(tool("SELECT name FROM v_client"))
    assert tool("UPDATE v_client SET city = 'Omsk', city_key = 'omsk'") == [(whole,)]
    assert whole > len(more)


def test_who_may_see_calendars_reads_their_texts(
    tool: Tool, boss: Workspace, office: TwoSellers
) -> None:
    starts = datetime.now(UTC) + timedelta(days=1)
    office.work(office.boris).records.create("activity", {
        "kind": "meeting", "subject": "Secret visit", "state": "planned", "starts": starts,
        "ends": starts + timedelta(hours=1), "author": office.persons[office.boris],
    })  # fmt: skip
    allow(boss, "activity", {words.CALENDARS: words.NONE})
    seen = "SELECT COUNT(*) FROM v_activity WHERE subject = 'Secret visit'"
    assert tool(seen) == [(0,)]

    allow(boss, "activity", {words.CALENDARS: words.ALL})

    assert tool(seen) == [(1,)]
    assert tool("SELECT COUNT(*) FROM v_activity WHERE subject CONTAINING 'thistle'") == [(0,)]


def test_who_may_merge_deletes_by_a_tool(
    tool: Tool, boss: Workspace, office: TwoSellers, hers: int
) -> None:
    allow(boss, "client", {words.DELETE: words.NONE, words.MERGE: words.OWN})
    with pytest.raises(NotAllowed):
        office.work().records.delete("client", [hers])

    assert tool("DELETE FROM v_client WHERE id = ?", hers) == [(1,)]


def test_what_one_wrote_stays_readable_to_oneself(
    tool: Tool, boss: Workspace, office: TwoSellers, hers: int
) -> None:
    boss.records.update("client", hers, {"responsible": office.persons[office.boris]})

    assert tool("SELECT COUNT(*) FROM v_client WHERE id = ?", hers) == [(0,)]
    rows = tool("SELECT delta FROM v_change_row WHERE rid = ? AND kind = 'c'", hers)
    assert json.loads(rows[0][0])["name"].startswith("Daisy ")


def test_untrue_lines_of_ones_own_are_found_by_check(
    tool: Tool, boss: Workspace, office: TwoSellers, hers: int
) -> None:
    before = set(check_base(boss).problems)

    tool("INSERT INTO v_change_row (seq, op, made_at, author, ent, rid, kind, delta)"
         " VALUES (-1, -1, '2001-01-01', ?, 1, ?, 'u', '{}')",
         office.persons[office.anna], hers)  # fmt: skip
    assert set(check_base(boss).problems) - before


def test_who_undoes_an_invented_operation_writes_what_it_says(
    tool: Tool, boss: Workspace, office: TwoSellers
) -> None:
    anna, his = office.persons[office.anna], office.his
    town = boss.reader.many("client", [his], ["city"])[his]["city"]
    with boss.backend.write() as connection:
        (number,) = boss.backend.ids(connection, 1)
    tool("INSERT INTO v_operation_log (id, started_at, author, seat, kind, title, state, total)"
         " VALUES (?, current_timestamp, ?, 'x', 'save', 'x', 'done', 1)",
         number, anna)  # fmt: skip
    tool("INSERT INTO v_change_row (seq, op, made_at, author, ent, rid, kind, delta)"
         " VALUES (-2, ?, current_timestamp, ?, 1, ?, 'u', ?)",
         number, anna, his, json.dumps({"city": ["Invented", town]}))  # fmt: skip

    boss.undo.undo(number, skip_blocked=True)

    assert boss.reader.many("client", [his], ["city"])[his]["city"] == "Invented"
    boss.records.update("client", his, {"city": town})


def test_a_spoilt_search_entry_is_found_by_check(
    tool: Tool, boss: Workspace, office: TwoSellers, hers: int
) -> None:
    repair_search(boss.backend, boss.tables, boss.index)
    before = set(check_base(boss).problems)
    assert tool("UPDATE v_search_doc SET body = 'nothing' WHERE id = ?", hers) == [(1,)]

    (found,) = set(check_base(boss).problems) - before
    assert str(hers) in found


def test_decoys_read_by_a_tool_alarm_nobody(
    tool: Tool, boss: Workspace, office: TwoSellers, hers: int
) -> None:
    leak_detection.mark(boss, Ref("client", hers), is_decoy=True)

    assert ("Daisyhers",) in tool("SELECT name FROM v_client")
    assert len(tool("SELECT name FROM v_client WHERE id = ?", hers)) == 1

    assert leak_detection.look(boss, norms=False) == []


def test_everybody_may_wake_the_programs_of_others(tool: Tool) -> None:
    tool(f"EXECUTE BLOCK AS BEGIN POST_EVENT '{CHANGED}'; END")

    assert tool("SELECT COUNT(*) FROM v_client")[0][0] > 0


def test_the_owner_connects_past_triggers_and_staff_cannot(
    office: TwoSellers, boss: Workspace
) -> None:
    who = {"dsn": office.server.dsn(office.name), "charset": "UTF8", "no_db_triggers": 1}

    def noted() -> int:
        with boss.backend.read() as connection:
            asked = "SELECT COUNT(*) FROM audit_entry WHERE what = 'connected'"
            return int(connection.exec_driver_sql(asked).scalar_one())

    before = noted()
    fdb.connect(user=office.server.user, password=office.server.password, **who).close()
    assert noted() == before
    with pytest.raises(fdb.DatabaseError, match="(?i)permission|no_db_triggers|owner|SYSDBA"):
        fdb.connect(user=office.anna, password=office.office.passwords[office.anna],
                    role="CRM_STAFF", **who)  # fmt: skip


def test_a_hidden_telephone_stays_where_else_it_was_written(
    tool: Tool, boss: Workspace, office: TwoSellers, hers: int
) -> None:
    boss.records.update("client", hers, {
        "phone": "+7 495 777-41-42", "note": "call back: 777-41-42 or seven-seven-seven",
    })  # fmt: skip
    hide(boss, "phone", words.HIDDEN)

    ((phone, note),) = tool("SELECT phone, note FROM v_client WHERE id = ?", hers)

    assert "41" not in phone and phone and "777-41-42" in note


def test_beginnings_of_values_are_guessed_by_what_the_server_counts(
    tool: Tool, boss: Workspace, office: TwoSellers
) -> None:
    """An index is looked at before the view leaves a record out, and that is counted."""
    word = f"q{secrets.token_hex(6)}"
    boss.records.create("client", {"name": word, "responsible": office.persons[office.boris]})
    asked = "SELECT COUNT(*) FROM v_client WHERE name_key STARTING WITH ?"

    reads(tool, asked, word)  # what a first question reads of the server's own tables is not again
    assert reads(tool, asked, word[:5]) > reads(tool, asked, "q?") == reads(tool, asked, "q!")


def counted(tool: Tool, what: str) -> int:
    """What the server says of the statements of this connection so far."""
    return int(tool(
        f"SELECT SUM(r.mon$record_{what}) FROM mon$attachments a JOIN mon$record_stats r"
        " ON r.mon$stat_id = a.mon$stat_id WHERE a.mon$attachment_id = CURRENT_CONNECTION"
    )[0][0])  # fmt: skip


def reads(tool: Tool, asked: str, *values: object) -> int:
    """How many entries the server says it has looked at for a question that finds nothing."""
    before = counted(tool, "idx_reads")
    assert tool(asked, *values) == [(0,)]
    return counted(tool, "idx_reads") - before


def test_hidden_columns_are_in_no_index_of_a_question(
    tool: Tool, boss: Workspace, hers: int
) -> None:
    """Nor are the words that a hidden value is found by: `test_evil_hidden_words.py`."""
    town = f"q{secrets.token_hex(6)}"
    boss.records.update("client", hers, {"city": town})
    hide(boss, "city", words.HIDDEN)
    asked = "SELECT COUNT(*) FROM v_client WHERE id = ? AND city_key STARTING WITH ?"

    reads(tool, asked, hers, "x")
    assert reads(tool, asked, hers, town) == reads(tool, asked, hers, "q?")


def test_about_how_many_records_there_are_is_told_by_indexes(tool: Tool) -> None:
    rows = tool("SELECT rdb$statistics FROM rdb$indices WHERE rdb$relation_name = 'CLIENT'")

    assert len(rows) > 5 and tool("SELECT MAX(mon$pages) FROM mon$database")[0][0] > 100


def test_what_programs_keep_for_each_other_a_tool_can_spoil(
    tool: Tool, boss: Workspace, office: TwoSellers
) -> None:
    EditMarks(office.work(office.boris)).take(Ref("client", office.his))

    assert tool("DELETE FROM edit_mark WHERE rid = ?", office.his)[0][0] >= 1
    for name in ("job_lease", "reminder_answer", "reminder_shown", "import_mapping",
                 "card_layout", "not_duplicate", "search_form"):  # fmt: skip
        assert tool(f"DELETE FROM {name} WHERE 1 = 0") == [(0,)]
    with boss.backend.read() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM chain").scalar_one()


def test_the_counter_of_numbers_can_be_turned_back_and_only_stops_saves(
    tool: Tool, boss: Workspace
) -> None:
    with boss.backend.read() as connection:
        asked = "SELECT COUNT(*) FROM client"
        before = connection.exec_driver_sql(asked).scalar_one()
    tool("SELECT GEN_ID(backend_id, -100000) FROM rdb$database")
    try:
        with boss.backend.read() as connection:
            assert connection.exec_driver_sql(asked).scalar_one() == before
    finally:
        tool("SELECT GEN_ID(backend_id, 100000) FROM rdb$database")
    assert boss.records.create("client", {"name": f"Rose {secrets.token_hex(3)}"}).ids


def test_a_statement_kept_prepared_follows_rights_at_once(
    boss: Workspace, office: TwoSellers, hers: int
) -> None:
    roles, client = Roles(boss), boss.catalogue["client"]
    seller = roles.named("seller")
    line = office.tool()
    cursor = line.cursor()
    kept = cursor.prep("SELECT COUNT(*) FROM v_client WHERE id = ?")

    def seen() -> int:
        cursor.execute(kept, (hers,))
        ((count,),) = cursor.fetchall()
        line.commit()
        return int(count)

    assert seen() == 1
    roles.set(seller, client, {words.SEE: words.NONE})
    assert seen() == 0
    roles.set(seller, client, {words.SEE: words.OWN})
    assert seen() == 1
    kept.close()
    cursor.close()
    line.close()


def test_a_statement_kept_prepared_may_show_a_field_until_its_connection_ends(
    boss: Workspace, office: TwoSellers, hers: int, tool: Tool
) -> None:
    boss.records.update("client", hers, {"web": "https://daisy.example"})
    hide(boss, "web", "")
    line = office.tool()
    cursor = line.cursor()
    asked = "SELECT web FROM v_client WHERE id = ?"
    kept = cursor.prep(asked)
    cursor.execute(kept, (hers,))
    assert cursor.fetchall() == [("https://daisy.example",)]
    line.commit()

    hide(boss, "web", words.HIDDEN)

    cursor.execute(kept, (hers,))
    assert cursor.fetchall() == [("https://daisy.example",)]
    kept.close()
    cursor.close()
    line.close()
    with office.running() as later:
        assert later(asked, hers) == [(MASK,)]


def test_duplicates_by_a_hidden_telephone_are_not_found_by_who_does_not_see_it(
    boss: Workspace, office: TwoSellers
) -> None:
    """An equal name is told anyway; that the telephone is the same, too, only to who sees it."""
    hide(boss, "phone", words.HIDDEN)
    number, name = f"+7812{secrets.randbelow(10**7):07}", f"Daisy {secrets.token_hex(4)}"
    (there,) = boss.records.create("client", {
        "name": name, "phone": number, "responsible": office.persons[office.anna],
    }).ids  # fmt: skip
    told = {}
    for base in (boss, office.work()):
        (like,) = base.duplicates.like(base.catalogue["client"], {"name": name, "phone": number})
        assert like.id == there
        told[base is boss] = set(like.reasons)

    assert told[True] - told[False] == {SAME_PHONE}


def test_who_deletes_the_file_of_refused_sign_ins_is_not_seen(
    boss: Workspace, office: TwoSellers, own_home: Path
) -> None:
    wanted = Wanted(what=audit.FAILED)
    before = audit.counted(boss, wanted)
    wrong = office.office.of(office.anna, "not her password 9")
    for deletes, seen in ((True, before), (False, before + 1)):
        with pytest.raises(UserError):
            open_base(wrong)
        (file,) = own_home.rglob("refused-sign-ins.json")
        if deletes:
            file.unlink()
        open_base(office.office.of(office.anna)).close()
        assert audit.counted(boss, wanted) == seen
