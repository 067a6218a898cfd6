"""How many seats were in use and who found none free, by quarters of an hour, as a server keeps it.

Beginnings of quarters are moments of the server's clock.
"""

# ruff: noqa: S608 - no text from outside comes into these statements
from __future__ import annotations

from crm_desktop.models.backend.firebird_seats_read import NOW

OUTSIDE_DAYS = 40
"""So long it is kept who found no seat free."""

USED = f"""CREATE OR ALTER PROCEDURE seat_used (held INTEGER, outside VARCHAR(63)) AS
DECLARE quarter TIMESTAMP; DECLARE refused INTEGER;
BEGIN
  /* outside: who finds no seat; '' for nobody. refused: the most who were outside at once, those
     who went away in that quarter of an hour among them */
  quarter = {NOW};
  quarter = DATEADD(-MOD(EXTRACT(MINUTE FROM quarter), 15) MINUTE TO quarter);
  quarter = DATEADD(-CAST(EXTRACT(SECOND FROM quarter) * 1000 AS INTEGER) MILLISECOND TO quarter);
  refused = 0;
  IF (outside <> '') THEN
  BEGIN
    IF (NOT EXISTS (SELECT 1 FROM seat_outside WHERE quarter_at = :quarter AND login = :outside))
    THEN BEGIN
      DELETE FROM seat_outside WHERE quarter_at < DATEADD(-{OUTSIDE_DAYS} DAY TO :quarter);
      INSERT INTO seat_outside (quarter_at, login) VALUES (:quarter, :outside);
    END
    SELECT COUNT(*) + 1 FROM seat_outside o WHERE o.quarter_at = :quarter
     AND o.login <> :outside AND NOT EXISTS (
      SELECT 1 FROM seat_lease l WHERE l.login = o.login AND l.kind <> 'read') INTO refused;
  END
  IF (NOT EXISTS (SELECT 1 FROM seat_use
    WHERE quarter_at = :quarter AND most >= :held AND refused >= :refused)) THEN
  BEGIN
    UPDATE seat_use SET most = MAXVALUE(most, :held), refused = MAXVALUE(refused, :refused)
     WHERE quarter_at = :quarter;
    IF (ROW_COUNT = 0) THEN
      INSERT INTO seat_use (quarter_at, most, refused) VALUES (:quarter, :held, :refused);
  END
END"""

_CURVE = f"""CREATE OR ALTER PROCEDURE seat_curve (days INTEGER) RETURNS (
 age_s BIGINT, most INTEGER, refused INTEGER) AS
BEGIN
  FOR SELECT DATEDIFF(SECOND FROM quarter_at TO {NOW}), most, refused FROM seat_use
   WHERE quarter_at >= DATEADD(-:days DAY TO {NOW}) ORDER BY quarter_at
   INTO age_s, most, refused DO SUSPEND;
END"""

_TURNED = f"""CREATE OR ALTER PROCEDURE seat_turned_away (days INTEGER) RETURNS (people INTEGER) AS
BEGIN
  /* each once a day */
  SELECT COUNT(*) FROM (
    SELECT DISTINCT login, CAST(quarter_at AS DATE) AS of_day FROM seat_outside
     WHERE quarter_at >= DATEADD(-:days DAY TO {NOW})) INTO people;
  SUSPEND;
END"""

USE_READ = (_CURVE, _TURNED)
