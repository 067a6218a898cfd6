"""What may be asked about seats: who holds one, who waits, how many were in use; times of leases.

Procedures, for staff have no right to read the tables. Moments are told as ages in seconds, so that
nobody's clock has to agree with the server's.
"""

# ruff: noqa: S608 - no text from outside comes into these statements
from __future__ import annotations

LEASE_S = 90
"""A window that has not been heard of for so long holds nothing any more."""
GRACE_S = 20
"""So long a seat is kept after the server saw that the line is gone: it may have been a hiccup."""
WAITING_S = 20
"""Who waits in line and is not heard of for so long has gone."""
CALLED_S = 60
"""How long a free seat is kept for the one whose turn it is, if the office settles nothing."""
UNLICENSED = 2
"""Seats of a base without a licence."""
MOST_OF_ONE = 3
"""Seats and places in line of one account, the administrator's apart: nobody works at more
computers, and whoever called the procedures with made-up names would shut the others out."""
HELPERS = (
    "SEAT_ADMIN", "SEAT_NUMBER", "SEAT_PLACE", "SEAT_COUNTED", "SEAT_SWEEP", "SEAT_USED",
)  # fmt: skip
"""Procedures that only the others call: they believe what they are told."""

ME = "LOWER(TRIM(CURRENT_USER))"
NOW = "CAST('NOW' AS TIMESTAMP)"
"""The moment of the statement itself: CURRENT_TIMESTAMP would be when the waiting began."""

ADMIN = """CREATE OR ALTER PROCEDURE seat_admin RETURNS (yes SMALLINT) AS
BEGIN
  yes = 0;
  IF (CURRENT_USER = 'SYSDBA' OR CURRENT_ROLE = 'RDB$ADMIN' OR EXISTS (
    SELECT 1 FROM rdb$relations WHERE rdb$relation_name = 'RDB$DATABASE'
     AND rdb$owner_name = CURRENT_USER)) THEN yes = 1;
  SUSPEND;
END"""

_HOLDERS = f"""CREATE OR ALTER PROCEDURE seat_holders RETURNS (
 lease BIGINT, login VARCHAR(63), machine VARCHAR(64), kind VARCHAR(10), since_s BIGINT,
 idle_s BIGINT, left_s BIGINT, windows INTEGER, mine SMALLINT) AS
BEGIN
  FOR SELECT l.id, l.login, l.machine, l.kind,
    DATEDIFF(SECOND FROM l.taken_at TO {NOW}), DATEDIFF(SECOND FROM l.active_at TO {NOW}),
    DATEDIFF(SECOND FROM {NOW} TO l.until_at),
    (SELECT COUNT(*) FROM seat_window w WHERE w.lease = l.id
      AND w.beat_at >= DATEADD(-{LEASE_S} SECOND TO {NOW})),
    IIF(l.login = {ME}, 1, 0)
   FROM seat_lease l ORDER BY l.taken_at, l.id
   INTO lease, login, machine, kind, since_s, idle_s, left_s, windows, mine DO
   IF (windows > 0 OR (kind = 'travel' AND left_s >= 0)) THEN SUSPEND;
END"""

_LINE = f"""CREATE OR ALTER PROCEDURE seat_line RETURNS (
 login VARCHAR(63), machine VARCHAR(64), waits_s BIGINT, called SMALLINT) AS
BEGIN
  FOR SELECT login, machine, DATEDIFF(SECOND FROM arrived_at TO {NOW}),
    IIF(called_at IS NULL, 0, 1) FROM seat_queue
   WHERE beat_at >= DATEADD(-{WAITING_S} SECOND TO {NOW})
   ORDER BY id INTO login, machine, waits_s, called DO SUSPEND;
END"""

_DAY = f"""CREATE OR ALTER PROCEDURE seat_day RETURNS (
 today DATE, login VARCHAR(63), is_admin SMALLINT) AS
DECLARE seen TIMESTAMP;
BEGIN
  /* a server's clock that was set back does not bring back a time that is over */
  SELECT MAX(quarter_at) FROM seat_use INTO seen;
  today = CAST(MAXVALUE({NOW}, COALESCE(seen, {NOW})) AS DATE);
  login = {ME};
  SELECT yes FROM seat_admin INTO is_admin;
  SUSPEND;
END"""

READING = (_HOLDERS, _LINE, _DAY)
