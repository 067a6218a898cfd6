"""An employee with her own password and a tool for databases: each line of the chapter on rights in
docs/security.md is tried here."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import fdb
import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.schema import Tables
from crm_desktop.models.strict.names import SYSTEM, closed_tables, view_name
from crm_desktop.services.customisation.service import read_tables
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.sources import FileSource
from tests.firebird_server import FirebirdServer
from tests.strict_office import TwoSellers, two_sellers

Tool = Callable[..., list[Any]]
HIS = "Thistlehis"


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    with two_sellers(firebird) as made:
        yield made


@pytest.fixture(scope="module")
def tables(sellers: TwoSellers) -> Tables:
    """As the administrator has them."""
    return read_tables(sellers.office.sign_in(sellers.office.boss).backend)


@pytest.fixture(scope="module")
def line(sellers: TwoSellers) -> Iterator[Any]:
    """One plain connection by Anna's account and the role of the staff."""
    connection = sellers.tool()
    yield connection
    connection.close()


@pytest.fixture
def tool(line: Any) -> Tool:
    """Runs one statement; what it does stays."""
    return _asking(line)


def _asking(line: Any) -> Tool:
    def run(sql: str, *values: object) -> list[Any]:
        cursor = line.cursor()
        try:
            cursor.execute(sql, values)
            rows = cursor.fetchall() if cursor.description else [(cursor.rowcount,)]
            line.commit()
        except fdb.Error:
            line.rollback()
            raise
        finally:
            cursor.close()
        return rows

    return run


def refused(tool: Tool, sql: str, *values: object) -> None:
    """The server must say no: no right, or our own exception."""
    with pytest.raises(
        fdb.DatabaseError, match="(?i)no permission|CRM_REFUSED|not granted|privilege"
    ):
        tool(sql, *values)


def test_no_table_behind_a_view_can_be_read(tool: Tool, tables: Tables) -> None:
    for name in closed_tables(tables):
        refused(tool, f"SELECT COUNT(*) FROM {name}")


def test_no_view_shows_anything_of_his_client(
    tool: Tool, tables: Tables, sellers: TwoSellers
) -> None:
    """Every view is read whole: neither his client's name nor its texts stand in any cell."""
    for name in closed_tables(tables):
        rows = tool(f"SELECT * FROM {view_name(name)}")
        cells = [_text(cell) for row in rows for cell in row]
        assert not [cell for cell in cells if HIS.lower() in cell.lower()], name
    assert tool("SELECT name FROM v_client") == [("Daisyhers",)]


def _text(cell: object) -> str:
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)


def test_the_open_tables_hold_nothing_of_his_client_but_single_words(
    tool: Tool, tables: Tables
) -> None:
    """The vocabulary of the search is the exception that security.md names."""
    there = [r[0].strip().lower() for r in tool(
        "SELECT rdb$relation_name FROM rdb$relations WHERE COALESCE(rdb$system_flag, 0) = 0"
        " AND rdb$view_blr IS NULL")]  # fmt: skip
    told = []
    for name in there:
        try:
            rows = tool(f"SELECT * FROM {name}")
        except fdb.DatabaseError:
            continue
        if any(HIS.lower() in _text(cell).lower() for row in rows for cell in row):
            told.append(name)
    assert told == ["search_form"]


def test_his_client_is_not_changed_or_deleted_through_a_view(
    tool: Tool, sellers: TwoSellers
) -> None:
    assert tool("UPDATE v_client SET city = 'Mine' WHERE id = ?", sellers.his) == [(0,)]
    assert tool("DELETE FROM v_client WHERE id = ?", sellers.his) == [(0,)]
    refused(tool, "UPDATE client SET city = 'Mine' WHERE id = ?", sellers.his)
    refused(tool, "DELETE FROM client WHERE id = ?", sellers.his)


_MADE = "version, created_at, created_by, updated_at, updated_by"
_NOW = "1, CURRENT_TIMESTAMP, {who}, CURRENT_TIMESTAMP, {who}"


def test_nothing_is_made_in_another_ones_name(tool: Tool, sellers: TwoSellers) -> None:
    now = _NOW.format(who=sellers.persons[sellers.boris])

    refused(tool, f"INSERT INTO v_client (id, {_MADE}, name) VALUES (-1, {now}, 'x')")
    refused(tool, "UPDATE v_client SET updated_by = ? WHERE id = ?",
            sellers.persons[sellers.boris], sellers.hers)  # fmt: skip
    refused(tool, "UPDATE v_client SET created_by = ? WHERE id = ?",
            sellers.persons[sellers.boris], sellers.hers)  # fmt: skip


def test_nothing_is_hung_on_his_client(tool: Tool, sellers: TwoSellers) -> None:
    now = _NOW.format(who=sellers.persons[sellers.anna])

    refused(tool, f"INSERT INTO v_contact_channel (id, {_MADE}, owner_id, owner_ent)"
                  f" VALUES (-2, {now}, ?, 1)", sellers.his)  # fmt: skip


def test_books_and_colleagues_are_not_cleared(tool: Tool) -> None:
    """Who may not change all of them changes none of them."""
    for table in ("staff", "reference", "pipeline", "stage"):
        refused(tool, f"DELETE FROM {table}")


def test_his_client_is_not_merged_or_taken_over(tool: Tool, sellers: TwoSellers) -> None:
    anna = sellers.persons[sellers.anna]

    assert tool("UPDATE v_client SET responsible = ? WHERE id = ?", anna, sellers.his) == [(0,)]


def test_the_change_log_is_neither_changed_nor_cut(tool: Tool, sellers: TwoSellers) -> None:
    for table in ("change_row", "v_change_row", "chain", "v_chain"):
        refused(tool, f"DELETE FROM {table}")
        refused(tool, f"UPDATE {table} SET id = 1" if "chain" in table
                else f"UPDATE {table} SET delta = 'x'")  # fmt: skip
    refused(tool, "SELECT digest FROM chain")
    refused(tool, "INSERT INTO v_change_row (seq, op, made_at, author, ent, rid, kind, delta)"
                  " VALUES (-1, -1, CURRENT_TIMESTAMP, ?, 1, 1, 'u', '{}')",
            sellers.persons[sellers.boris])  # fmt: skip
    refused(tool, "UPDATE v_operation_log SET author = ?", sellers.persons[sellers.boris])


def test_rights_are_the_administrators(tool: Tool, sellers: TwoSellers) -> None:
    for table in ("right_role", "right_given", "right_field", "right_holder", "substitution",
                  "right_reach", "v_right_reach"):  # fmt: skip
        refused(tool, f"DELETE FROM {table}")
    refused(tool, "INSERT INTO v_right_reach (login, ent, action, owner)"
                  " VALUES (CURRENT_USER, 1, 'see', 0)")  # fmt: skip
    refused(tool, "INSERT INTO right_holder (who, role) VALUES (1, 1)")
    logins = {row[0].strip() for row in tool("SELECT login FROM v_right_reach")}
    assert logins == {sellers.anna.upper()}


def test_who_is_whose_head_is_the_administrators(tool: Tool, sellers: TwoSellers) -> None:
    refused(tool, "UPDATE staff SET head = ? WHERE id = ?",
            sellers.persons[sellers.anna], sellers.persons[sellers.boris])  # fmt: skip


def test_the_records_of_a_transaction_are_noted_by_triggers_alone(tool: Tool) -> None:
    """Whoever could write there would open any record to himself."""
    refused(tool, "INSERT INTO backend_written (rid) VALUES (1)")
    refused(tool, "SELECT * FROM backend_written")


def test_the_audit_says_by_itself_who_and_when(tool: Tool, sellers: TwoSellers) -> None:
    tool("INSERT INTO audit_entry (id, made_at, login, who, what)"
         " VALUES (-7, '1999-01-01', 'boris', 5, 'forged')")  # fmt: skip

    refused(tool, "SELECT * FROM audit_entry")
    refused(tool, "DELETE FROM audit_entry")
    boss = sellers.office.sign_in(sellers.office.boss)
    with boss.backend.read() as connection:
        (row,) = connection.exec_driver_sql(
            "SELECT login, who, made_at FROM audit_entry WHERE id = -7"
        ).all()
    assert (row[0], row[1]) == (sellers.anna, sellers.persons[sellers.anna])
    assert row[2].year > 1999


def test_who_connects_is_noted_whatever_the_tool_and_staff_cannot_stop_it(tool: Tool) -> None:
    refused(tool, "ALTER TRIGGER audit_connected INACTIVE")
    refused(tool, "DROP TRIGGER audit_connected")
    refused(tool, "UPDATE audit_entry SET detail = '' WHERE what = 'connected'")


def test_for_how_long_the_audit_is_kept_staff_cannot_say(tool: Tool) -> None:
    with pytest.raises(fdb.DatabaseError, match="SEAT_REFUSED"):
        tool("INSERT INTO base_info (name, content) VALUES ('audit_days', '1')")
    with pytest.raises(fdb.DatabaseError, match="SEAT_REFUSED"):
        tool("UPDATE base_info SET name = 'audit_days' WHERE name = 'private_records'")


def test_which_records_are_decoys_cannot_be_learned(tool: Tool, sellers: TwoSellers) -> None:
    refused(tool, "SELECT * FROM watch_decoy")
    refused(tool, "INSERT INTO watch_decoy (ent, rid) VALUES (1, ?)", sellers.hers)
    refused(tool, "DELETE FROM watch_decoy")
    refused(tool, "SELECT * FROM watch_told")
    assert tool("SELECT * FROM watch_alarms(7)") == []
    assert tool("SELECT * FROM watch_counts(30)") == []
    refused(tool, "SELECT decoys FROM audit_entry")


def test_a_content_of_a_file_is_not_got_by_naming_it(tool: Tool) -> None:
    refused(tool, "SELECT digest FROM file_content")
    refused(tool, "SELECT body FROM file_part")


@pytest.mark.parametrize("sql", [
    "CREATE VIEW peep AS SELECT * FROM client",
    "CREATE TABLE own1 (id INTEGER)",
    "CREATE PROCEDURE peep RETURNS (n VARCHAR(100)) AS BEGIN"
    " FOR SELECT name FROM client INTO :n DO SUSPEND; END",
    "EXECUTE BLOCK RETURNS (n INTEGER) AS BEGIN SELECT COUNT(*) FROM client INTO :n; SUSPEND; END",
    "CREATE OR ALTER VIEW v_client (id) AS SELECT id FROM client",
    "CREATE OR ALTER FUNCTION crm_sees (ent SMALLINT, id BIGINT) RETURNS SMALLINT AS"
    " BEGIN RETURN 1; END",
    "ALTER TRIGGER g_client INACTIVE",
    "DROP TRIGGER g_client",
    "GRANT SELECT ON client TO PUBLIC",
    "GRANT CRM_STAFF TO PUBLIC",
    "GRANT RDB$ADMIN TO CURRENT_USER",
    "DELETE FROM rdb$triggers WHERE rdb$trigger_name = 'G_CLIENT'",
    "UPDATE rdb$user_privileges SET rdb$user = CURRENT_USER WHERE rdb$privilege = 'M'",
    "CREATE USER mallory PASSWORD 'm'",
    "SET ROLE RDB$ADMIN",
    "CREATE SEQUENCE own_numbers",
    "ALTER SEQUENCE backend_id RESTART WITH 1",
    "CREATE EXCEPTION own_words 'x'",
    "CREATE DOMAIN own_kind AS INTEGER",
    "CREATE ROLE own_role",
    "CREATE PACKAGE own_package AS BEGIN PROCEDURE p; END",
    "CREATE GLOBAL TEMPORARY TABLE own2 (id INTEGER)",
    "CREATE TABLE own3 EXTERNAL FILE '/etc/passwd' (line CHAR(80))",
    "CREATE TRIGGER own_gate ON CONNECT AS BEGIN END",
    "CREATE TRIGGER own_guard BEFORE INSERT ON v_client AS BEGIN END",
    "CREATE INDEX own_index ON client (name)",
    "CREATE MAPPING own_map USING PLUGIN SRP FROM USER boris TO USER sysdba",
    "CREATE SHADOW 1 '/tmp/own.shd'",
    "ALTER DATABASE BEGIN BACKUP",
    "COMMENT ON TABLE client IS 'mine'",
    "DELETE FROM mon$attachments",
    "ALTER CURRENT USER GRANT ADMIN ROLE",
])  # fmt: skip
def test_the_shape_of_the_base_and_who_may_what_are_not_hers(tool: Tool, sql: str) -> None:
    with pytest.raises(fdb.Error):
        tool(sql)


def test_another_ones_password_is_not_changed(tool: Tool, sellers: TwoSellers) -> None:
    with pytest.raises(fdb.Error):
        tool(f"ALTER USER {sellers.boris} PASSWORD 'stolen'")


def test_a_record_is_not_kept_from_him_by_a_lock(tool: Tool, sellers: TwoSellers) -> None:
    """The procedure that locks takes what she sees only."""
    refused(tool, "SELECT 1 FROM client WHERE id = ? WITH LOCK", sellers.his)


@pytest.mark.parametrize("role", ["", "RDB$ADMIN", "NONE"])
def test_without_the_role_of_the_staff_there_is_nothing(sellers: TwoSellers, role: str) -> None:
    try:
        line = sellers.tool(role or "NONE")
    except fdb.DatabaseError:
        return
    try:
        for table in ("client", "v_client", "staff", "v_search_doc"):
            refused(_asking(line), f"SELECT COUNT(*) FROM {table}")
    finally:
        line.close()


def test_she_makes_no_copy_of_the_base(sellers: TwoSellers, tmp_path: Any) -> None:
    done = subprocess.run(
        ["gbak", "-b", "-user", sellers.anna, "-password", sellers.office.passwords[sellers.anna],
         sellers.server.dsn(sellers.name), str(tmp_path / "stolen.fbk")],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert done.returncode != 0
    assert not (tmp_path / "stolen.fbk").exists()


@pytest.mark.parametrize("command", [
    ("gfix", "-sweep"), ("gfix", "-shut", "full", "-force", "0"), ("gfix", "-mode", "read_only"),
    ("gfix", "-write", "async"), ("gfix", "-list"),
], ids=" ".join)  # fmt: skip
def test_the_file_of_the_base_is_not_hers_to_shut_or_tend(
    sellers: TwoSellers, command: tuple[str, ...]
) -> None:
    done = subprocess.run(
        [*command, "-user", sellers.anna, "-password", sellers.office.passwords[sellers.anna],
         sellers.server.dsn(sellers.name)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert done.returncode != 0 and ("SYSDBA" in done.stderr or "permission" in done.stderr)


@pytest.mark.parametrize("more", ["", " AS USER 'SYSDBA'", " AS USER 'SYSDBA' PASSWORD ''"])
def test_a_statement_sent_on_by_the_server_opens_no_more(
    tool: Tool, sellers: TwoSellers, more: str
) -> None:
    """From inside the server the file of the base is near, and so is the name of its owner."""
    path = sellers.server.path(sellers.name)
    block = (
        "EXECUTE BLOCK RETURNS (n INTEGER) AS BEGIN"
        " FOR EXECUTE STATEMENT 'SELECT COUNT(*) FROM client'"
        f" ON EXTERNAL '{path}'{more} INTO :n DO SUSPEND; END"
    )

    with pytest.raises(fdb.DatabaseError, match="(?i)no permission|user name and password"):
        tool(block)


def test_other_peoples_statements_are_not_seen(tool: Tool, sellers: TwoSellers) -> None:
    his = sellers.work(sellers.boris)
    assert his.reader.get("client", sellers.his) is not None

    found = {row[0].strip() for row in tool("SELECT mon$user FROM mon$attachments")}
    assert found == {sellers.anna.upper()}


def test_a_new_field_does_not_open_the_view(sellers: TwoSellers, tool: Tool) -> None:
    boss = sellers.office.sign_in(sellers.office.boss)
    boss.constructor.add_field(boss.catalogue["client"], {
        "key": "secret_word", "type": "text", "label": "Secret word",
    })  # fmt: skip

    refused(tool, "SELECT * FROM client_x")
    assert tool("SELECT COUNT(*) FROM v_client") == [(1,)]


def test_a_file_that_a_colleague_has_too_is_added_and_read(sellers: TwoSellers, tool: Tool) -> None:
    """The base keeps it once; whoever has it shows so by its digest, which nobody else can see."""
    his, hers = (Files(sellers.work(login)) for login in (sellers.boris, sellers.anna))
    secret, common = FileSource("secret.txt", content=b"his"), b"price list of all"
    his.add(Ref("client", sellers.his), [secret, FileSource("list.txt", content=common)])
    assert tool("SELECT digest FROM v_file_content") == []

    added = hers.add(Ref("client", sellers.hers), [FileSource("prices.txt", content=common)])

    digest = hers.get(added.refs[0].id).digest
    assert hers.contents.read(digest, len(common)) == common
    assert tool("SELECT digest FROM v_file_content") == [(digest,)]
    assert len(tool("SELECT body FROM v_file_part")) == 1


def test_what_remains_possible_names_of_fields_and_the_words_of_the_search(tool: Tool) -> None:
    """As security.md says: what stands in no record of hers, but in the shape of the base."""
    assert tool("SELECT COUNT(*) FROM rdb$relation_fields")[0][0] > 0
    assert tool("SELECT COUNT(*) FROM search_form WHERE form STARTING WITH 'thistle'")[0][0] > 0
    assert SYSTEM
