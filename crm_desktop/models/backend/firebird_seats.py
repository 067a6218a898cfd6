"""Seats, counted by the server itself: procedures that hold the rules, a trigger for lost lines.

Staff have no right to write the seats' tables, the procedures have it. Every procedure that writes
begins with the only row of `seat_lock`, so that each waits for the one before it: two who race for
the last seat cannot both get it, and nobody holds one row while he waits for another, which the
server would find out only after ten seconds. All moments are the server's own.
"""

# ruff: noqa: S608 - no text from outside comes into these statements
from __future__ import annotations

from collections.abc import Iterator

from crm_desktop.models.backend.firebird_dismissal import DISMISSAL
from crm_desktop.models.backend.firebird_seat_use import USE_READ, USED
from crm_desktop.models.backend.firebird_seats_read import (
    ADMIN,
    CALLED_S,
    GRACE_S,
    HELPERS,
    LEASE_S,
    MOST_OF_ONE,
    READING,
    UNLICENSED,
    WAITING_S,
)
from crm_desktop.models.backend.firebird_seats_read import ME as _ME
from crm_desktop.models.backend.firebird_seats_read import NOW as _NOW

TABLES = (
    "seat_lock", "seat_lease", "seat_window", "seat_use", "seat_outside", "seat_queue",
    "seat_request", "seat_dismissal", "seat_text", "seat_draft",
)  # fmt: skip

_REFUSED = "CREATE OR ALTER EXCEPTION seat_refused 'Only the administrator may do this'"

_TURN = "UPDATE seat_lock SET turn = turn + 1 WHERE id = 1;"

_FACT = """CREATE OR ALTER PROCEDURE seat_number (name VARCHAR(30), otherwise INTEGER)
RETURNS (number INTEGER) AS
DECLARE said VARCHAR(20);
BEGIN
  number = otherwise;
  SELECT SUBSTRING(content FROM 1 FOR 20) FROM base_info WHERE name = :name INTO said;
  IF (said SIMILAR TO '[0-9]{1,6}') THEN number = CAST(said AS INTEGER);
  SUSPEND;
END"""

_PLACE = """CREATE OR ALTER PROCEDURE seat_place (machine VARCHAR(64))
RETURNS (place VARCHAR(64)) AS
DECLARE address VARCHAR(255);
BEGIN
  address = COALESCE(RDB$GET_CONTEXT('SYSTEM', 'CLIENT_ADDRESS'), '');
  IF (POSITION('/', address) > 0) THEN
    address = SUBSTRING(address FROM 1 FOR POSITION('/', address) - 1);
  place = SUBSTRING(machine FROM 1 FOR 24) || '@' || SUBSTRING(address FROM 1 FOR 39);
  SUSPEND;
END"""

_COUNTED = f"""CREATE OR ALTER PROCEDURE seat_counted (seats INTEGER, login VARCHAR(63))
RETURNS (most INTEGER, held INTEGER, kept INTEGER, called INTEGER, is_kept SMALLINT) AS
DECLARE reserved VARCHAR(1000); DECLARE one VARCHAR(1000); DECLARE cut INTEGER;
BEGIN
  /* most: what is signed and settled; kept: seats reserved for others who are not there;
     is_kept: one is reserved for this one, who has none yet */
  SELECT MINVALUE(number, :seats) FROM seat_number('seat_count', {UNLICENSED}) INTO most;
  SELECT COUNT(*) FROM seat_lease WHERE kind <> 'read' INTO held;
  SELECT COUNT(*) FROM seat_queue WHERE called_at IS NOT NULL INTO called;
  kept = 0; is_kept = 0; reserved = '';
  SELECT LOWER(content) FROM base_info WHERE name = 'seat_reserved' INTO reserved;
  reserved = COALESCE(reserved, '');
  WHILE (reserved <> '') DO
  BEGIN
    cut = POSITION(';', reserved);
    IF (cut = 0) THEN cut = CHAR_LENGTH(reserved) + 1;
    one = TRIM(SUBSTRING(reserved FROM 1 FOR cut - 1));
    reserved = SUBSTRING(reserved FROM cut + 1);
    IF (one <> '' AND NOT EXISTS (
      SELECT 1 FROM seat_lease WHERE login = :one AND kind <> 'read')
     AND NOT EXISTS (SELECT 1 FROM seat_dismissal WHERE login = :one)) THEN
    BEGIN
      IF (one = login) THEN is_kept = 1; ELSE kept = kept + 1;
    END
  END
  SUSPEND;
END"""

_SWEEP = f"""CREATE OR ALTER PROCEDURE seat_sweep (seats INTEGER) AS
DECLARE moment TIMESTAMP; DECLARE free INTEGER; DECLARE patience INTEGER; DECLARE next_one BIGINT;
BEGIN
  /* takes the lock, clears what is over, calls those whose turn it is */
  {_TURN}
  IF (ROW_COUNT = 0) THEN INSERT INTO seat_lock (id, turn) VALUES (1, 1);
  moment = {_NOW};
  DELETE FROM seat_window WHERE beat_at < DATEADD(-{LEASE_S} SECOND TO :moment);
  UPDATE seat_lease SET kind = 'work', until_at = NULL
   WHERE kind = 'travel' AND until_at < :moment;
  DELETE FROM seat_lease l WHERE l.kind <> 'travel'
   AND NOT EXISTS (SELECT 1 FROM seat_window w WHERE w.lease = l.id);
  DELETE FROM seat_request r WHERE r.asked_at < DATEADD(-1 DAY TO :moment)
   OR (r.answer IS NULL AND NOT EXISTS (SELECT 1 FROM seat_lease l WHERE l.id = r.lease));
  SELECT number FROM seat_number('seat_called', {CALLED_S}) INTO patience;
  DELETE FROM seat_queue WHERE beat_at < DATEADD(-{WAITING_S} SECOND TO :moment)
   OR called_at < DATEADD(-:patience SECOND TO :moment);
  SELECT most - held - kept - is_kept - called FROM seat_counted(:seats, '') INTO free;
  WHILE (free > 0) DO
  BEGIN
    next_one = NULL;
    SELECT MIN(id) FROM seat_queue WHERE called_at IS NULL INTO next_one;
    IF (next_one IS NULL) THEN free = 0;
    ELSE UPDATE seat_queue SET called_at = :moment WHERE id = :next_one;
    free = free - 1;
  END
END"""

_TAKE = f"""CREATE OR ALTER PROCEDURE seat_take (
  seat VARCHAR(80), machine VARCHAR(64), who BIGINT, seats INTEGER, kind VARCHAR(10))
RETURNS (outcome VARCHAR(10), lease BIGINT, held INTEGER, most INTEGER) AS
DECLARE moment TIMESTAMP; DECLARE me VARCHAR(63); DECLARE place VARCHAR(64);
DECLARE has VARCHAR(10); DECLARE mine BIGINT; DECLARE mine_called TIMESTAMP;
DECLARE kept INTEGER; DECLARE ahead INTEGER; DECLARE is_kept SMALLINT;
DECLARE own INTEGER; DECLARE is_admin SMALLINT;
BEGIN
  EXECUTE PROCEDURE seat_sweep(seats);
  moment = {_NOW}; me = {_ME};
  SELECT place FROM seat_place(:machine) INTO place;
  SELECT most, held, kept, is_kept FROM seat_counted(:seats, :me)
   INTO most, held, kept, is_kept;
  /* a computer on a journey has another address there */
  SELECT FIRST 1 id, kind FROM seat_lease WHERE login = :me AND (machine = :place OR (
    kind = 'travel' AND machine STARTING WITH SUBSTRING(:machine FROM 1 FOR 24) || '@'))
   ORDER BY IIF(machine = :place, 0, 1) INTO lease, has;
  SELECT id, called_at FROM seat_queue WHERE seat = :seat AND login = :me INTO mine, mine_called;
  SELECT COUNT(*) FROM seat_queue WHERE seat <> :seat AND (called_at IS NOT NULL
   OR (:mine_called IS NULL AND id < COALESCE(:mine, 9223372036854775807))) INTO ahead;
  IF (has IN ('work', 'travel')) THEN outcome = has;
  ELSE IF (kind = 'read') THEN outcome = 'read';
  ELSE IF ((is_kept = 1 AND held < most) OR held + kept + ahead < most) THEN outcome = 'work';
  ELSE outcome = 'full';
  IF (outcome = 'work' AND COALESCE(has, 'read') = 'read') THEN
  BEGIN
    SELECT COUNT(*) FROM (
      SELECT id FROM seat_lease WHERE login = :me AND kind <> 'read'
      UNION ALL SELECT id FROM seat_queue WHERE login = :me AND seat <> :seat) INTO own;
    SELECT yes FROM seat_admin INTO is_admin;
    IF (own >= {MOST_OF_ONE} AND is_admin = 0) THEN outcome = 'full';
  END
  IF (outcome = 'work' AND COALESCE(has, 'read') = 'read') THEN held = held + 1;
  IF (outcome <> 'full') THEN
  BEGIN
    IF (has IS NULL) THEN
    BEGIN
      SELECT turn FROM seat_lock WHERE id = 1 INTO lease;
      INSERT INTO seat_lease (id, login, who, machine, kind, taken_at, active_at)
       VALUES (:lease, :me, :who, :place, :outcome, :moment, :moment);
    END
    ELSE IF (has <> outcome) THEN
      UPDATE seat_lease SET kind = :outcome, taken_at = :moment WHERE id = :lease;
    UPDATE seat_lease SET active_at = :moment, machine = :place WHERE id = :lease;
    UPDATE OR INSERT INTO seat_window (seat, lease, line_no, beat_at, ends)
     VALUES (:seat, :lease, CURRENT_CONNECTION, :moment, NULL) MATCHING (seat);
    DELETE FROM seat_queue WHERE seat = :seat AND login = :me;
  END
  /* whoever holds as many as one may have finds none by his own doing */
  EXECUTE PROCEDURE seat_used(
    held, IIF(outcome = 'full' AND COALESCE(own, 0) < {MOST_OF_ONE}, me, ''));
  SUSPEND;
END"""

_BEAT = f"""CREATE OR ALTER PROCEDURE seat_beat (seat VARCHAR(80), idle INTEGER, seats INTEGER)
RETURNS (outcome VARCHAR(12), held INTEGER, most INTEGER, request BIGINT, asker VARCHAR(63),
 asker_who BIGINT, why VARCHAR(200)) AS
DECLARE moment TIMESTAMP; DECLARE lease BIGINT; DECLARE taken TIMESTAMP; DECLARE used TIMESTAMP;
DECLARE minutes INTEGER; DECLARE place BIGINT;
BEGIN
  /* work, travel, read: still held; else why not: lost, freed, given, idle, over, dismissed */
  {_TURN}
  moment = {_NOW};
  SELECT COUNT(*) FROM seat_lease WHERE kind <> 'read' INTO held;
  SELECT MINVALUE(number, :seats) FROM seat_number('seat_count', {UNLICENSED}) INTO most;
  outcome = 'lost';
  SELECT w.lease, COALESCE(w.ends, l.kind), l.taken_at, w.why
   FROM seat_window w LEFT JOIN seat_lease l ON l.id = w.lease AND l.login = {_ME}
   WHERE w.seat = :seat INTO lease, outcome, taken, why;
  outcome = COALESCE(outcome, 'lost');
  IF (outcome IN ('work', 'travel', 'read')) THEN
  BEGIN
    UPDATE seat_window SET beat_at = :moment, line_no = CURRENT_CONNECTION WHERE seat = :seat;
    used = DATEADD(-MAXVALUE(idle, 0) SECOND TO moment);
    UPDATE seat_lease SET active_at = :used WHERE id = :lease AND active_at < :used;
    SELECT active_at FROM seat_lease WHERE id = :lease INTO used;
    SELECT number FROM seat_number('seat_idle', 0) INTO minutes;
    IF (outcome = 'work' AND minutes > 0
        AND DATEDIFF(SECOND FROM used TO moment) >= minutes * 60) THEN outcome = 'idle';
    ELSE IF (outcome <> 'read') THEN
    BEGIN
      SELECT COUNT(*) FROM seat_lease WHERE kind <> 'read' AND (taken_at < :taken
       OR (taken_at = :taken AND id <= :lease)) INTO place;
      IF (place > most) THEN outcome = 'over';
    END
    IF (outcome IN ('idle', 'over')) THEN
    BEGIN
      UPDATE seat_window SET ends = :outcome WHERE lease = :lease;
      DELETE FROM seat_lease WHERE id = :lease;
    END
    ELSE SELECT FIRST 1 id, asker, who FROM seat_request
      WHERE lease = :lease AND answer IS NULL ORDER BY id INTO request, asker, asker_who;
  END
  IF (outcome NOT IN ('work', 'travel', 'read', 'dismissed')) THEN
    DELETE FROM seat_window WHERE seat = :seat;
  EXECUTE PROCEDURE seat_used(held, '');
  SUSPEND;
END"""

_GIVE = f"""CREATE OR ALTER PROCEDURE seat_give (seat VARCHAR(80)) AS
DECLARE lease BIGINT;
BEGIN
  {_TURN}
  SELECT w.lease FROM seat_window w JOIN seat_lease l ON l.id = w.lease AND l.login = {_ME}
   WHERE w.seat = :seat INTO lease;
  DELETE FROM seat_queue WHERE seat = :seat AND login = {_ME};
  IF (lease IS NOT NULL) THEN
  BEGIN
    DELETE FROM seat_window WHERE seat = :seat;
    IF (NOT EXISTS (SELECT 1 FROM seat_window WHERE lease = :lease)) THEN
      DELETE FROM seat_lease WHERE id = :lease AND kind <> 'travel';
  END
END"""

_WAIT = f"""CREATE OR ALTER PROCEDURE seat_wait (
  seat VARCHAR(80), machine VARCHAR(64), who BIGINT, seats INTEGER) AS
DECLARE place VARCHAR(64); DECLARE turn BIGINT; DECLARE own INTEGER; DECLARE is_admin SMALLINT;
BEGIN
  /* whoever could not take a seat when called keeps others from it: he has no place in line */
  EXECUTE PROCEDURE seat_sweep(seats);
  SELECT COUNT(*) FROM (
    SELECT id FROM seat_lease WHERE login = {_ME} AND kind <> 'read'
    UNION ALL SELECT id FROM seat_queue WHERE login = {_ME}) INTO own;
  SELECT yes FROM seat_admin INTO is_admin;
  IF ((own < {MOST_OF_ONE} OR is_admin = 1)
      AND NOT EXISTS (SELECT 1 FROM seat_queue WHERE seat = :seat)) THEN
  BEGIN
    SELECT place FROM seat_place(:machine) INTO place;
    SELECT turn FROM seat_lock WHERE id = 1 INTO turn;
    INSERT INTO seat_queue (id, login, who, machine, seat, line_no, arrived_at, beat_at)
     VALUES (:turn, {_ME}, :who, :place, :seat, CURRENT_CONNECTION, {_NOW}, {_NOW});
  END
  EXECUTE PROCEDURE seat_sweep(seats);
END"""

_LOOK = f"""CREATE OR ALTER PROCEDURE seat_look (seat VARCHAR(80), seats INTEGER)
RETURNS (place INTEGER, left_s INTEGER, held INTEGER, most INTEGER, answer VARCHAR(10)) AS
DECLARE mine BIGINT; DECLARE called TIMESTAMP; DECLARE patience INTEGER; DECLARE kept INTEGER;
BEGIN
  /* place 0: not in line, or a turn was missed; left_s: how long the seat is kept for this one */
  {_TURN}
  UPDATE seat_queue SET beat_at = {_NOW}, line_no = CURRENT_CONNECTION
   WHERE seat = :seat AND login = {_ME};
  EXECUTE PROCEDURE seat_sweep(seats);
  SELECT most, held, kept FROM seat_counted(:seats, {_ME}) INTO most, held, kept;
  place = 0;
  SELECT id, called_at FROM seat_queue WHERE seat = :seat INTO mine, called;
  IF (mine IS NOT NULL) THEN
  BEGIN
    SELECT COUNT(*) FROM seat_queue WHERE id <= :mine INTO place;
    EXECUTE PROCEDURE seat_used(held, {_ME});
  END
  IF (called IS NOT NULL) THEN
  BEGIN
    SELECT number FROM seat_number('seat_called', {CALLED_S}) INTO patience;
    left_s = MAXVALUE(patience - DATEDIFF(SECOND FROM called TO {_NOW}), 0);
    place = 1;
  END
  SELECT FIRST 1 answer FROM seat_request WHERE asker = {_ME} ORDER BY id DESC INTO answer;
  SUSPEND;
END"""

_ASK = f"""CREATE OR ALTER PROCEDURE seat_ask (lease BIGINT, who BIGINT) AS
DECLARE turn BIGINT;
BEGIN
  {_TURN}
  SELECT turn FROM seat_lock WHERE id = 1 INTO turn;
  DELETE FROM seat_request WHERE asker = {_ME} AND (lease = :lease OR answer IS NOT NULL);
  INSERT INTO seat_request (id, lease, asker, who, asked_at)
   SELECT :turn, id, {_ME}, :who, {_NOW} FROM seat_lease WHERE id = :lease AND kind <> 'read';
END"""

_ANSWER = f"""CREATE OR ALTER PROCEDURE seat_answer (request BIGINT, accepted SMALLINT) AS
DECLARE lease BIGINT; DECLARE asker VARCHAR(63);
BEGIN
  /* whoever asked and is still in line gets the seat that is given to him */
  {_TURN}
  SELECT r.lease, r.asker FROM seat_request r JOIN seat_lease l ON l.id = r.lease
   WHERE r.id = :request AND r.answer IS NULL AND l.login = {_ME} INTO lease, asker;
  IF (lease IS NOT NULL) THEN
  BEGIN
    UPDATE seat_request SET answer = IIF(:accepted = 1, 'accepted', 'declined')
     WHERE id = :request;
    IF (accepted = 1) THEN
    BEGIN
      UPDATE seat_window SET ends = 'given' WHERE lease = :lease;
      DELETE FROM seat_lease WHERE id = :lease;
      UPDATE seat_queue SET called_at = {_NOW} WHERE id = (
        SELECT MIN(id) FROM seat_queue WHERE login = :asker AND called_at IS NULL);
    END
  END
END"""

_FREE = """CREATE OR ALTER PROCEDURE seat_free (lease BIGINT, why VARCHAR(200))
RETURNS (freed INTEGER) AS
DECLARE is_admin SMALLINT;
BEGIN
  SELECT yes FROM seat_admin INTO is_admin;
  IF (is_admin = 0) THEN EXCEPTION seat_refused;
  UPDATE seat_lock SET turn = turn + 1 WHERE id = 1;
  UPDATE seat_window SET ends = 'freed', why = :why WHERE lease = :lease;
  DELETE FROM seat_lease WHERE id = :lease;
  freed = ROW_COUNT; SUSPEND;
END"""

_TRAVEL = f"""CREATE OR ALTER PROCEDURE seat_travel (lease BIGINT, days INTEGER)
RETURNS (given INTEGER) AS
DECLARE most INTEGER; DECLARE is_admin SMALLINT;
BEGIN
  /* 0 days: back from the journey */
  SELECT number FROM seat_number('seat_travel', 14) INTO most;
  SELECT yes FROM seat_admin INTO is_admin;
  given = 0;
  {_TURN}
  UPDATE seat_lease SET kind = IIF(:days > 0, 'travel', 'work'),
   until_at = IIF(:days > 0, DATEADD(MINVALUE(:days, :most) DAY TO {_NOW}), NULL)
   WHERE id = :lease AND kind <> 'read' AND (login = {_ME} OR :is_admin = 1);
  IF (ROW_COUNT > 0) THEN given = MAXVALUE(MINVALUE(days, most), 0);
  ELSE given = -1;
  SUSPEND;
END"""

_LINE_ENDED = f"""CREATE OR ALTER TRIGGER seat_line_ended ACTIVE ON DISCONNECT POSITION 0 AS
BEGIN
  UPDATE seat_window SET beat_at = DATEADD(-{LEASE_S - GRACE_S} SECOND TO CURRENT_TIMESTAMP)
   WHERE line_no = CURRENT_CONNECTION;
  WHEN ANY DO BEGIN END
END"""

_GUARD = """CREATE OR ALTER TRIGGER seat_facts_guarded FOR base_info ACTIVE
BEFORE INSERT OR UPDATE OR DELETE POSITION 0 AS
DECLARE is_admin SMALLINT; DECLARE name VARCHAR(63);
BEGIN
  name = COALESCE(IIF(DELETING, OLD.name, NEW.name), '');
  IF (name STARTING WITH 'seat_' OR name STARTING WITH 'licence' OR name = 'guid'
      OR COALESCE(OLD.name, '') STARTING WITH 'seat_'
      OR COALESCE(OLD.name, '') STARTING WITH 'licence' OR COALESCE(OLD.name, '') = 'guid') THEN
  BEGIN
    SELECT yes FROM seat_admin INTO is_admin;
    IF (is_admin = 0) THEN EXCEPTION seat_refused;
  END
END"""

_GRANTS = f"""EXECUTE BLOCK AS DECLARE n VARCHAR(31); BEGIN
  FOR SELECT TRIM(rdb$procedure_name) FROM rdb$procedures
   WHERE rdb$procedure_name STARTING WITH 'SEAT_' INTO n DO
  BEGIN
    {"".join(f"EXECUTE STATEMENT 'GRANT ALL ON {table} TO PROCEDURE ' || n;" for table in TABLES)}
    EXECUTE STATEMENT 'GRANT SELECT ON base_info TO PROCEDURE ' || n;
    IF (EXISTS (SELECT 1 FROM rdb$user_privileges WHERE rdb$relation_name = :n
     AND rdb$object_type = 5 AND rdb$user = 'PUBLIC')) THEN
      EXECUTE STATEMENT 'REVOKE EXECUTE ON PROCEDURE ' || n || ' FROM PUBLIC';
  END
END"""

_RULES = (
    ADMIN, _FACT, _PLACE, _COUNTED, _SWEEP, USED, _TAKE, _BEAT, _GIVE, _WAIT, _LOOK, _ASK,
    _ANSWER, _FREE, _TRAVEL, *DISMISSAL, *READING, *USE_READ, _LINE_ENDED, _GUARD,
)  # fmt: skip


def _calls() -> Iterator[str]:
    """The right to call a helper, for whatever calls it; people have none."""
    for text in _RULES:
        kind, name = text.split()[3:5]
        for helper in (one.lower() for one in HELPERS):
            if helper != name and helper in text:
                yield f"GRANT EXECUTE ON PROCEDURE {helper} TO {kind} {name}"


SEATS = (
    _REFUSED, *_RULES, _GRANTS, *_calls(),
    "GRANT ALL ON seat_window TO TRIGGER seat_line_ended",
    "GRANT USAGE ON EXCEPTION seat_refused TO PUBLIC",
)  # fmt: skip
"""In this order: each may use those before it; all of them may be made anew."""
