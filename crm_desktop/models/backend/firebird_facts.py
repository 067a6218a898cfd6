"""What a server says of itself and of one base: for whoever sets it up and looks after it."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from crm_desktop.errors import UserError
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.firebird_connect import connect, load_client, parse, services
from crm_desktop.models.backend.firebird_errors import not_opened

SWEEP = 20_000
"""Transactions between two sweeps, Firebird's own number."""

_EVENT = "crm_checked"
_FACTS = """SELECT RDB$GET_CONTEXT('SYSTEM', 'ENGINE_VERSION'),
 RDB$GET_CONTEXT('SYSTEM', 'WIRE_ENCRYPTED'), TRIM(a.mon$auth_method), d.mon$page_size,
 d.mon$forced_writes, d.mon$sweep_interval, d.mon$next_transaction - d.mon$oldest_active,
 d.mon$pages * d.mon$page_size, TRIM(d.mon$database_name),
 (SELECT TRIM(rdb$character_set_name) FROM rdb$database),
 (SELECT MAX(DATEDIFF(SECOND FROM t.mon$timestamp TO CAST('NOW' AS TIMESTAMP)))
   FROM mon$transactions t WHERE t.mon$state = 1
   AND NOT (t.mon$read_only = 1 AND t.mon$isolation_mode = 2)
   AND t.mon$transaction_id <> CURRENT_TRANSACTION)
 FROM mon$database d
 JOIN mon$attachments a ON a.mon$attachment_id = CURRENT_CONNECTION"""


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """How the line and the base are; `path`: where the base is in the server's own words."""

    version: str
    is_encrypted: bool
    signed_in_by: str
    page_size: int
    forced_writes: bool
    sweep_interval: int
    active_gap: int
    """Transactions begun since the oldest one that is still open."""
    size: int
    path: str
    charset: str
    oldest_s: int
    """Seconds since the oldest transaction that is open and holds something up began; 0: none."""


def server_facts(backend: Backend) -> ServerFacts:
    """Asks the server, which tells each transaction of its beginning only."""
    with backend.snapshot() as connection:
        row = connection.exec_driver_sql(_FACTS).one()
    return ServerFacts(
        version=row[0], is_encrypted=row[1] == "TRUE", signed_in_by=row[2] or "",
        page_size=int(row[3]), forced_writes=bool(row[4]), sweep_interval=int(row[5]),
        active_gap=int(row[6]), size=int(row[7]), path=row[8], charset=row[9],
        oldest_s=max(int(row[10] or 0), 0),
    )  # fmt: skip


def events_come(address: str, seconds: float) -> bool:
    """Whether an event that is posted comes back within so many seconds.

    Events use a connection of their own from another port of the server. Where a firewall
    swallows it the driver waits for minutes, so it is asked beside us.
    """
    came, fdb, place = threading.Event(), load_client(), parse(address)

    def ask() -> None:
        try:
            driver = connect(fdb, place)
            conduit = driver.event_conduit([_EVENT])
            conduit.begin()
            driver.execute_immediate(f"EXECUTE BLOCK AS BEGIN POST_EVENT '{_EVENT}'; END")
            driver.commit()
            if conduit.wait(seconds):
                came.set()
            conduit.close()
            driver.close()
        except (fdb.Error, UserError):  # whatever is in the way: no event came
            return

    asking = threading.Timer(0, ask)
    asking.daemon = True
    asking.start()
    return came.wait(seconds + 1)


def set_writing(address: str, path: str) -> None:
    """Every commit reaches the disk before it is told; the sweep keeps its usual distance."""
    fdb, place = load_client(), parse(address)
    try:
        service = services(fdb, place)
        try:
            service.set_write_mode(path, fdb.services.WRITE_FORCED)
            service.set_sweep_interval(path, SWEEP)
        finally:
            service.close()
    except fdb.Error as error:
        raise not_opened(error, place=place.base, user=place.user) from error
