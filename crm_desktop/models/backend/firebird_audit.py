"""The audit of a base on a server: who connected by whatever tool, what was noted.

Staff add rows and read none. Which records are decoys, only procedures read: the same statement
runs whether a record is one or not, so that neither an answer nor a count of rows tells it. A
moment leaves the server as an age in seconds, for its clock is local and has no zone.
"""

# ruff: noqa: S608 - no text from outside comes into these statements
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.firebird_sql import ID_GENERATOR

CONNECTED = "connected"
ONCE_IN_HOURS = 12
"""So often a program that stays connected is noted anew; it has several lines at once."""
CHUNK = 1500
"""Numbers of records in one call: with their commas they stay below 32,000 letters."""
_NOW = "CAST('NOW' AS TIMESTAMP)"
_ME = "LOWER(TRIM(CURRENT_USER))"

# An error here would keep people out of their base: then there is no row.
_ON_CONNECT = f"""CREATE OR ALTER TRIGGER audit_connected ACTIVE ON CONNECT POSITION 0 AS
DECLARE address VARCHAR(255); DECLARE host VARCHAR(255);
DECLARE program VARCHAR(255); DECLARE said VARCHAR(1000);
BEGIN
  address = COALESCE(RDB$GET_CONTEXT('SYSTEM', 'CLIENT_ADDRESS'), '');
  IF (POSITION('/', address) > 0) THEN
    address = SUBSTRING(address FROM 1 FOR POSITION('/', address) - 1);
  host = COALESCE(RDB$GET_CONTEXT('SYSTEM', 'CLIENT_HOST'), '');
  program = COALESCE(RDB$GET_CONTEXT('SYSTEM', 'CLIENT_PROCESS'), '');
  said = program || ' (' || COALESCE(RDB$GET_CONTEXT('SYSTEM', 'CLIENT_PID'), '') || '), '
   || host || ' @ ' || address;
  IF (NOT EXISTS (SELECT 1 FROM audit_entry WHERE login = {_ME} AND what = '{CONNECTED}'
   AND made_at > DATEADD(-{ONCE_IN_HOURS} HOUR TO {_NOW}) AND detail = :said)) THEN
    INSERT INTO audit_entry (id, made_at, login, machine, what, detail)
     VALUES (GEN_ID({ID_GENERATOR}, 1), {_NOW}, {_ME}, SUBSTRING(:host FROM 1 FOR 64),
     '{CONNECTED}', :said);
  WHEN ANY DO BEGIN END
END"""

_CHECK = f"""CREATE OR ALTER PROCEDURE watch_check
 (entry BIGINT, ent SMALLINT, ids VARCHAR(32000) CHARACTER SET ASCII) AS
DECLARE found INTEGER;
BEGIN
  /* every decoy is compared, by no index: as much is read and written whatever comes of it */
  SELECT COALESCE(SUM(IIF(d.ent = :ent AND POSITION(',' || d.rid || ',' IN :ids) > 0, 1, 0)), 0)
   FROM watch_decoy d WHERE d.ent + 0 > 0 INTO found;
  UPDATE audit_entry SET decoys = COALESCE(decoys, 0) + :found
   WHERE id = :entry AND login = {_ME};
END"""

# For how long the audit is kept, staff cannot say.
_GUARD = """CREATE OR ALTER TRIGGER audit_facts_guarded FOR base_info ACTIVE
BEFORE INSERT OR UPDATE OR DELETE POSITION 1 AS
BEGIN
  IF (CURRENT_ROLE = 'CRM_STAFF' AND CURRENT_USER <> 'SYSDBA'
   AND (COALESCE(OLD.name, '') STARTING WITH 'audit_'
    OR COALESCE(NEW.name, '') STARTING WITH 'audit_')
   AND NOT EXISTS (SELECT 1 FROM rdb$relations WHERE rdb$relation_name = 'RDB$DATABASE'
    AND rdb$owner_name = CURRENT_USER)) THEN EXCEPTION seat_refused;
END"""

AUDIT = (
    _GUARD,
    _ON_CONNECT,
    "GRANT SELECT, INSERT ON audit_entry TO TRIGGER audit_connected",
    f"GRANT USAGE ON SEQUENCE {ID_GENERATOR} TO TRIGGER audit_connected",
    _CHECK,
    "GRANT SELECT ON watch_decoy TO PROCEDURE watch_check",
    "GRANT SELECT, UPDATE ON audit_entry TO PROCEDURE watch_check",
)
"""In this order; all of them may be made anew."""

_NOTE = f"""INSERT INTO audit_entry
 (id, made_at, login, who, machine, what, ent, rid, amount, detail)
 VALUES (?, {_NOW}, {_ME}, ?, ?, ?, ?, ?, ?, ?)"""
_NOTES = (
    f"SELECT id, DATEDIFF(SECOND FROM made_at TO {_NOW}), login, who, machine, what, ent, rid,"
    " amount, detail, decoys FROM audit_entry WHERE {where} ORDER BY made_at DESC, id DESC ROWS ?"
)
_COUNT = "SELECT COUNT(*) FROM audit_entry WHERE {where}"
_CLEAR = f"DELETE FROM audit_entry WHERE made_at < DATEADD(-CAST(? AS INTEGER) DAY TO {_NOW})"


class Note(NamedTuple):
    """What is to be noted about one act."""

    what: str
    ent: int | None = None
    rid: int | None = None
    amount: int | None = None
    detail: str = ""


class Noted(NamedTuple):
    """One row of what was noted; `age` in seconds."""

    id: int
    age: int
    login: str | None
    who: int | None
    machine: str | None
    what: str
    ent: int | None
    rid: int | None
    amount: int | None
    detail: str | None
    decoys: int | None


class Narrowed(NamedTuple):
    """Which rows are wanted; what is empty or None narrows nothing. Ages in seconds."""

    login: str = ""
    what: str = ""
    ent: int | None = None
    rid: int | None = None
    oldest: int | None = None
    newest: int | None = None
    decoys: bool = False


def note(
    backend: Backend, who: int | None, machine: str, notes: Sequence[Note]
) -> Sequence[int]:  # fmt: skip
    """Adds rows in a transaction of their own; the server says who and when. Their numbers."""
    with backend.write() as connection:
        ids = backend.ids(connection, len(notes))
        for id_, one in zip(ids, notes, strict=True):
            row = (id_, who, machine, one.what, one.ent, one.rid, one.amount, one.detail or None)
            connection.exec_driver_sql(_NOTE, row)
    return ids


def compare(backend: Backend, entry: int, ent: int, ids: Iterable[int]) -> None:
    """Has the server count the decoys among the records that an entry is about."""
    left = list(ids)
    with backend.write() as connection:
        for start in range(0, len(left), CHUNK):
            said = "," + ",".join(map(str, left[start : start + CHUNK])) + ","
            connection.exec_driver_sql("EXECUTE PROCEDURE watch_check(?, ?, ?)", (entry, ent, said))


def noted(connection: sa.Connection, wanted: Narrowed, count: int) -> list[Noted]:
    """The latest rows, the newest first; for administrators."""
    where, given = _where(wanted)
    found = connection.exec_driver_sql(_NOTES.format(where=where), (*given, count))
    return [Noted(*row) for row in found]


def counted(connection: sa.Connection, wanted: Narrowed) -> int:
    """How many rows there are of those."""
    where, given = _where(wanted)
    return int(connection.exec_driver_sql(_COUNT.format(where=where), given).scalar_one())


def clear(backend: Backend, days: int) -> int:
    """Takes away what is older; how many rows went."""
    with backend.write() as connection:
        return connection.exec_driver_sql(_CLEAR, (days,)).rowcount


def _where(wanted: Narrowed) -> tuple[str, tuple[object, ...]]:
    parts = [
        ("login = ?", wanted.login or None), ("what = ?", wanted.what or None),
        ("ent = ?", wanted.ent), ("rid = ?", wanted.rid),
        (f"made_at >= DATEADD(-CAST(? AS BIGINT) SECOND TO {_NOW})", wanted.oldest),
        (f"made_at < DATEADD(-CAST(? AS BIGINT) SECOND TO {_NOW})", wanted.newest),
    ]  # fmt: skip
    used = [(text, value) for text, value in parts if value is not None]
    texts = [text for text, _value in used] + (["decoys > 0"] if wanted.decoys else [])
    return " AND ".join(texts) or "1 = 1", tuple(value for _text, value in used)
