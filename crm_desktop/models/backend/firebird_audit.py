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
from crm_desktop.models.backend.firebird_proof import SHOWN
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
  IF (program STARTING WITH '{SHOWN}') THEN program = 'crm-desktop'; /* a pass stands behind it */
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

# Whose head somebody is stands with the colleagues; administrators watch over everybody.
_OVER = f"""(SELECT yes FROM seat_admin) = 1 OR EXISTS (SELECT 1 FROM staff s JOIN staff h
    ON h.id = s.head WHERE s.id = a.who AND h.login_key = {_ME})"""

_ALARMS = f"""CREATE OR ALTER PROCEDURE watch_alarms (days INTEGER) RETURNS (id BIGINT,
 age BIGINT, who BIGINT, login VARCHAR(63), what VARCHAR(30), amount BIGINT, decoys INTEGER,
 detail VARCHAR(1000)) AS
BEGIN
  FOR SELECT a.id, DATEDIFF(SECOND FROM a.made_at TO {_NOW}), a.who, a.login, a.what, a.amount,
    a.decoys, a.detail FROM audit_entry a
   WHERE a.made_at > DATEADD(-:days DAY TO {_NOW}) AND a.decoys > 0 AND a.login <> {_ME}
    AND ({_OVER})
   ORDER BY a.made_at INTO id, age, who, login, what, amount, decoys, detail DO SUSPEND;
END"""

_COUNTS = f"""CREATE OR ALTER PROCEDURE watch_counts (days INTEGER) RETURNS (who BIGINT,
 login VARCHAR(63), what VARCHAR(30), ago INTEGER, amount BIGINT) AS
BEGIN
  FOR SELECT a.who, a.login, a.what, DATEDIFF(DAY FROM CAST(a.made_at AS DATE) TO CURRENT_DATE),
    SUM(COALESCE(a.amount, 1)) FROM audit_entry a
   WHERE a.made_at > DATEADD(-:days DAY TO {_NOW})
    AND a.what IN ('seen', 'export', 'copy', 'print') AND a.login <> {_ME} AND ({_OVER})
   GROUP BY 1, 2, 3, 4 INTO who, login, what, ago, amount DO SUSPEND;
END"""

_WATCHES = f"""CREATE OR ALTER PROCEDURE watch_over RETURNS (yes SMALLINT) AS
BEGIN
  SELECT yes FROM seat_admin INTO yes;
  IF (EXISTS (SELECT 1 FROM staff s JOIN staff h ON h.id = s.head WHERE h.login_key = {_ME})) THEN
    yes = 1;
  SUSPEND;
END"""

_TELL = f"""CREATE OR ALTER PROCEDURE watch_tell (alarm VARCHAR(120))
RETURNS (fresh SMALLINT) AS
BEGIN
  fresh = 0;
  IF (NOT EXISTS (SELECT 1 FROM watch_told WHERE login = {_ME} AND alarm = :alarm)) THEN
  BEGIN
    INSERT INTO watch_told (login, alarm, told_at) VALUES ({_ME}, :alarm, {_NOW});
    fresh = 1;
  END
  SUSPEND;
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
    _ALARMS,
    _COUNTS,
    _WATCHES,
    _TELL,
    *(
        f"GRANT {right} TO PROCEDURE {procedure}"
        for procedure in ("watch_alarms", "watch_counts", "watch_over")
        for right in (
            "SELECT ON audit_entry", "SELECT ON staff", "EXECUTE ON PROCEDURE seat_admin",
        )
    ),
    "GRANT SELECT, INSERT ON watch_told TO PROCEDURE watch_tell",
)  # fmt: skip
"""In this order; all of them may be made anew."""

_NOTE = f"""INSERT INTO audit_entry
 (id, made_at, login, who, machine, what, ent, rid, amount, detail)
 VALUES (?, {_NOW}, {_ME}, ?, ?, ?, ?, ?, ?, ?)"""
_NOTES = (
    f"SELECT id, DATEDIFF(SECOND FROM made_at TO {_NOW}), login, who, machine, what, ent, rid,"
    " amount, detail, decoys FROM audit_entry WHERE {where} ORDER BY made_at DESC, id DESC ROWS ?"
)
_COUNT = "SELECT COUNT(*) FROM audit_entry WHERE {where}"
_OLD = f"FROM audit_entry WHERE made_at < DATEADD(-CAST(? AS INTEGER) DAY TO {_NOW})"
_CLEAR, _HAS_OLDER = f"DELETE {_OLD}", f"SELECT FIRST 1 1 {_OLD}"


_MARK = "UPDATE OR INSERT INTO watch_decoy (ent, rid) VALUES (?, ?) MATCHING (ent, rid)"
_UNMARK = "DELETE FROM watch_decoy WHERE ent = ? AND rid = ?"
_MARKED = "SELECT ent, rid FROM watch_decoy ORDER BY ent, rid"


class Alarm(NamedTuple):
    """An act in which decoys were taken out; `age` in seconds."""

    id: int
    age: int
    who: int | None
    login: str
    what: str
    amount: int | None
    decoys: int
    detail: str | None


class Tally(NamedTuple):
    """How much somebody looked at or took out on a day, `ago` days before the server's today."""

    who: int | None
    login: str
    what: str
    ago: int
    amount: int


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


def has_older(backend: Backend, days: int) -> bool:
    """Whether there is anything older."""
    with backend.read() as connection:
        return connection.exec_driver_sql(_HAS_OLDER, (days,)).first() is not None


def clear(backend: Backend, days: int) -> int:
    """Takes away what is older; how many rows went."""
    with backend.write() as connection:
        return connection.exec_driver_sql(_CLEAR, (days,)).rowcount


def mark(backend: Backend, ent: int, rid: int, *, is_decoy: bool) -> None:
    """Makes a record a decoy, or none; for administrators."""
    with backend.write() as connection:
        connection.exec_driver_sql(_MARK if is_decoy else _UNMARK, (ent, rid))


def marked(connection: sa.Connection) -> list[tuple[int, int]]:
    """Object and number of every decoy; for administrators."""
    return [(int(ent), int(rid)) for ent, rid in connection.exec_driver_sql(_MARKED)]


def alarms(connection: sa.Connection, days: int) -> list[Alarm]:
    """The acts of those whom the account watches over, in which decoys were taken out."""
    found = connection.exec_driver_sql("SELECT * FROM watch_alarms(?)", (days,))
    return [Alarm(*row) for row in found]


def tallies(connection: sa.Connection, days: int) -> list[Tally]:
    """What those whom the account watches over looked at and took out, day by day."""
    found = connection.exec_driver_sql("SELECT * FROM watch_counts(?)", (days,))
    return [Tally(*row) for row in found]


def watches(connection: sa.Connection) -> bool:
    """Whether the account watches over anybody."""
    return bool(connection.exec_driver_sql("SELECT yes FROM watch_over").scalar_one())


def tell(backend: Backend, alarm: str) -> bool:
    """Whether the account is told this for the first time."""
    with backend.write() as connection:
        return bool(
            connection.exec_driver_sql("SELECT fresh FROM watch_tell(?)", (alarm,)).scalar_one()
        )


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
