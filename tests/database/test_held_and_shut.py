"""What docs/security.md says an account may do to the server itself: hold a table, shut its door,
ask its services."""

from __future__ import annotations

import subprocess
from contextlib import suppress

import fdb
import pytest

from crm_desktop.services.workspace import Workspace
from tests.firebird_server import firebird_server
from tests.seller_fixtures import boss, office
from tests.strict_office import TwoSellers

__all__ = ["boss", "office"]


def test_a_transaction_of_a_tool_holds_up_what_others_save_until_its_line_ends(
    office: TwoSellers, boss: Workspace
) -> None:
    """The server asks for no right before it keeps a whole table for somebody."""
    reserved, at_once = fdb.TPB(), fdb.TPB()
    for wanted in (reserved, at_once):
        wanted.isolation_level, wanted.access_mode = fdb.isc_tpb_concurrency, fdb.isc_tpb_write
        wanted.lock_resolution = fdb.isc_tpb_nowait
    reserved.table_reservation["CLIENT"] = (fdb.isc_tpb_protected, fdb.isc_tpb_lock_write)
    line, owner = office.tool(), fdb.connect(
        dsn=office.server.dsn(office.name), user=office.server.user,
        password=office.server.password,
    )  # fmt: skip
    line.begin(reserved)

    def save() -> None:
        owner.begin(at_once)
        try:
            owner.cursor().execute("UPDATE client SET city = city WHERE id = ?", (office.hers,))
        finally:
            owner.rollback()

    with pytest.raises(fdb.DatabaseError, match="(?i)lock conflict"):
        save()
    with boss.backend.write() as connection:
        ended = "DELETE FROM mon$attachments WHERE mon$user = ?"
        connection.exec_driver_sql(ended, (office.anna.upper(),))
    save()
    owner.close()
    with suppress(fdb.DatabaseError):
        line.close()


def test_an_account_stops_the_door_of_a_server_that_may_give_up_its_first_file() -> None:
    """A defect of Firebird 3.0.11: the copy that it refuses closes the first file of the process,
    which is the door unless the server was started as docs/server.md says."""
    with firebird_server(pages=256) as own:
        own.empty_base("any")
        whole = {"dsn": own.dsn("any"), "user": own.user, "password": own.password}
        line = fdb.connect(**whole)
        line.cursor().execute("CREATE USER anna PASSWORD 'any1'")
        line.commit()
        asked = ["fbsvcmgr", f"{own.host}/{own.port}:service_mgr", "user", "anna",
                 "password", "any1", "action_nbak", "nbk_level", "0", "nbk_file", "/tmp/no.nbk",
                 "dbname", str(own.path("any"))]  # fmt: skip
        done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=60)

        assert "no permission" in done.stderr
        with pytest.raises(fdb.DatabaseError, match="Failed to establish a connection"):
            fdb.connect(**whole)
        assert line.cursor().execute("SELECT 1 FROM rdb$database").fetchall() == [(1,)]


def test_the_services_tell_every_account_how_large_tables_are(office: TwoSellers) -> None:
    server = office.server
    done = subprocess.run(
        ["fbsvcmgr", f"{server.host}/{server.port}:service_mgr", "user", office.anna,
         "password", office.office.passwords[office.anna], "action_validate",
         "dbname", str(server.path(office.name)), "val_tab_incl", "CLIENT"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert done.returncode == 0 and "(CLIENT)" in done.stdout
