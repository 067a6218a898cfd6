"""Who gets past the door of a base: a trigger of the server asks for the second factor and keeps
locked accounts out, whatever program connects.

A program says what it has to show in place of its own name (`firebird_proof`). What failed is noted
outside of the transaction that is refused. Staff have no right on the tables. Moments are those of
the server's clock, which has no zone in Firebird 3: how far it is from UTC, administrators'
programs find out (`sign_zone`).
"""

# ruff: noqa: S608 - no text from outside comes into these statements
from __future__ import annotations

import re
from collections.abc import Iterator

from crm_desktop.models.backend.firebird_one_time import ONE_TIME, SIGN_HELPERS, STEP_S
from crm_desktop.models.backend.firebird_proof import CODE, JOIN, ONCE, PASS, SHOWN
from crm_desktop.models.backend.firebird_seats_read import ME, NOW
from crm_desktop.models.backend.firebird_sql import ID_GENERATOR

FACTS = "sign_"
"""How the names of the facts begin that hold the rules."""
TRIES, WITHIN, LOCK = f"{FACTS}tries", f"{FACTS}within", f"{FACTS}lock"
WANTED, ZONE = f"{FACTS}wanted", f"{FACTS}zone"
USUAL = {TRIES: 10, WITHIN: 15, LOCK: 15}
PASS_DAYS = 7
"""So long a program that showed a code makes further connections by its pass."""
MOST_CODES_KEPT = 20
TABLES = ("sign_second", "sign_recovery", "sign_pass", "sign_failure", "sign_lock")
LOCKED, FAILED, RECOVERED, JOINED, LEFT = (
    "locked", "wrong_code", "recovery_code", "second_on", "second_off",
)  # fmt: skip
"""What the server itself writes into the audit."""

_NUMBER = """CREATE OR ALTER PROCEDURE sign_number (name VARCHAR(63), usual INTEGER)
 RETURNS (number INTEGER) AS DECLARE said VARCHAR(2000);
BEGIN
 SELECT content FROM base_info WHERE name = :name INTO said;
 number = usual;
 IF (said SIMILAR TO '[0-9]{1,6}' OR said SIMILAR TO '#-[0-9]{1,6}' ESCAPE '#') THEN
  number = CAST(said AS INTEGER);
 SUSPEND;
END"""

_STEP = f"""CREATE OR ALTER PROCEDURE sign_step RETURNS (step BIGINT) AS DECLARE zone INTEGER;
BEGIN
 SELECT number FROM sign_number('{ZONE}', 0) INTO zone;
 step = (DATEDIFF(SECOND FROM TIMESTAMP '1970-01-01 00:00:00' TO {NOW}) - zone * 60) / {STEP_S};
 SUSPEND;
END"""

# Whoever has no role has that of the staff (`services/rights/roles`).
_WANTED = f"""CREATE OR ALTER PROCEDURE sign_wanted (login VARCHAR(63)) RETURNS (yes SMALLINT) AS
 DECLARE said VARCHAR(2000); DECLARE own SMALLINT;
BEGIN
 yes = 0;
 SELECT wanted FROM sign_second WHERE login = :login INTO own;
 SELECT content FROM base_info WHERE name = '{WANTED}' INTO said;
 IF (own = 1 OR (COALESCE(own, 0) = 0 AND (said = 'all' OR EXISTS (
   SELECT 1 FROM right_role r WHERE POSITION(',' || r.id || ',' IN :said) > 0 AND (EXISTS (
     SELECT 1 FROM right_holder h JOIN staff s ON s.id = h.who
      WHERE h.role = r.id AND s.login_key = :login)
    OR (r.built_in = 'usual' AND NOT EXISTS (
     SELECT 1 FROM right_holder h JOIN staff s ON s.id = h.who
      WHERE s.login_key = :login))))))) THEN yes = 1;
 SUSPEND;
END"""

# An administrator is locked for a time only: somebody must be able to unlock the others.
_FAILED = f"""CREATE OR ALTER PROCEDURE sign_failed
 (login VARCHAR(63), address VARCHAR(64), what VARCHAR(30), often INTEGER) AS
 DECLARE tries INTEGER; DECLARE within INTEGER; DECLARE minutes INTEGER; DECLARE failed INTEGER;
 DECLARE is_admin SMALLINT;
BEGIN
 SELECT number FROM sign_number('{TRIES}', {USUAL[TRIES]}) INTO tries;
 SELECT number FROM sign_number('{WITHIN}', {USUAL[WITHIN]}) INTO within;
 SELECT number FROM sign_number('{LOCK}', {USUAL[LOCK]}) INTO minutes;
 IF (tries = 0 AND what = '{FAILED}') THEN tries = {USUAL[TRIES]}; /* codes have six digits */
 DELETE FROM sign_failure WHERE made_at < DATEADD(-1 DAY TO {NOW});
 INSERT INTO audit_entry (id, made_at, login, machine, what, amount, detail)
  VALUES (GEN_ID({ID_GENERATOR}, 1), {NOW}, :login, :address, :what, :often, :login);
 WHILE (often > 0) DO BEGIN
  INSERT INTO sign_failure (id, login, made_at, address)
   VALUES (GEN_ID({ID_GENERATOR}, 1), :login, {NOW}, :address);
  often = often - 1;
 END
 SELECT COUNT(*) FROM sign_failure WHERE login = :login
  AND made_at > DATEADD(-:within MINUTE TO {NOW}) INTO failed;
 IF (tries > 0 AND failed >= tries) THEN BEGIN
  SELECT COUNT(*) FROM rdb$user_privileges WHERE rdb$user = UPPER(:login)
   AND rdb$privilege = 'M' AND rdb$relation_name = 'RDB$ADMIN' INTO is_admin;
  IF (is_admin > 0 AND minutes = 0) THEN minutes = {USUAL[LOCK]};
  DELETE FROM sign_failure WHERE login = :login;
  UPDATE OR INSERT INTO sign_lock (login, made_at, until_at) VALUES (:login, {NOW},
   IIF(:minutes = 0, NULL, DATEADD(:minutes MINUTE TO {NOW}))) MATCHING (login);
  INSERT INTO audit_entry (id, made_at, login, machine, what, amount, detail)
   VALUES (GEN_ID({ID_GENERATOR}, 1), {NOW}, :login, :address, '{LOCKED}', :failed, :login);
 END
END"""

_PASSED = f"""CREATE OR ALTER PROCEDURE sign_passed (login VARCHAR(63), token VARCHAR(40)) AS
 DECLARE mark VARCHAR(60);
BEGIN
 DELETE FROM sign_pass WHERE until_at < {NOW};
 IF (token SIMILAR TO '[0-9a-f]{{40}}') THEN BEGIN
  SELECT mark FROM sign_mark(:token) INTO mark;
  INSERT INTO sign_pass (login, mark, until_at)
   VALUES (:login, :mark, DATEADD({PASS_DAYS} DAY TO {NOW}));
 END
 DELETE FROM sign_failure WHERE login = :login;
END"""

_KEEP_CODES = f"""CREATE OR ALTER PROCEDURE sign_keep_codes
 (login VARCHAR(63), digests VARCHAR({40 * MOST_CODES_KEPT})) AS DECLARE mark VARCHAR(60);
BEGIN
 DELETE FROM sign_recovery WHERE login = :login;
 WHILE (CHAR_LENGTH(digests) >= 40) DO BEGIN
  SELECT mark FROM sign_mark(SUBSTRING(:digests FROM 1 FOR 40)) INTO mark;
  INSERT INTO sign_recovery (login, mark) VALUES (:login, :mark);
  digests = SUBSTRING(digests FROM 41);
 END
 UPDATE sign_second SET codes_made = 1 WHERE login = :login;
END"""

# The step of a code that was taken is kept: neither it nor an earlier one is taken again.
_TRIED = """CREATE OR ALTER PROCEDURE sign_tried (login VARCHAR(63), code VARCHAR(6))
 RETURNS (said VARCHAR(10)) AS
 DECLARE secret VARCHAR(40); DECLARE last_one BIGINT; DECLARE step BIGINT; DECLARE now BIGINT;
BEGIN
 said = 'wrong';
 SELECT secret, last_step FROM sign_second WHERE login = :login INTO secret, last_one;
 SELECT step FROM sign_step INTO now;
 SELECT step FROM sign_code(:secret, :code, :now) INTO step;
 IF (step IS NOT NULL) THEN BEGIN
  said = 'used';
  UPDATE sign_second SET last_step = :step WHERE login = :login AND last_step < :step;
  IF (ROW_COUNT = 1) THEN said = '';
 END
 SUSPEND;
END"""

_AT = len(SHOWN) + 1
_JUDGE = f"""CREATE OR ALTER PROCEDURE sign_judge
 (login VARCHAR(63), shown VARCHAR(255), address VARCHAR(64)) RETURNS (said VARCHAR(30)) AS
 DECLARE kind VARCHAR(5); DECLARE given VARCHAR(255); DECLARE mark VARCHAR(60);
 DECLARE secret VARCHAR(40); DECLARE until TIMESTAMP; DECLARE since TIMESTAMP;
 DECLARE yes SMALLINT; DECLARE step BIGINT;
BEGIN
 /* '': may come in; else why not */
 said = ''; kind = ''; given = '';
 IF (shown STARTING WITH '{SHOWN}') THEN BEGIN
  kind = SUBSTRING(shown FROM {_AT} FOR 5); given = SUBSTRING(shown FROM {_AT + 5});
 END
 IF (kind = '{PASS}' AND given SIMILAR TO '[0-9a-f]{{40}}') THEN BEGIN
  SELECT mark FROM sign_mark(:given) INTO mark;
  IF (EXISTS (SELECT 1 FROM sign_pass WHERE login = :login AND mark = :mark
    AND until_at > {NOW})) THEN BEGIN SUSPEND; EXIT; END
 END
 SELECT secret FROM sign_second WHERE login = :login INTO secret;
 SELECT made_at, until_at FROM sign_lock WHERE login = :login INTO since, until;
 IF (since IS NOT NULL AND (until IS NULL OR until > {NOW})) THEN BEGIN
  /* who works already at that computer goes on: a stranger's guesses do not end his day */
  IF (secret IS NOT NULL OR NOT EXISTS (SELECT 1 FROM mon$attachments
    WHERE mon$user = CURRENT_USER AND mon$attachment_id <> CURRENT_CONNECTION
    AND mon$timestamp < :since AND mon$remote_address STARTING WITH :address)) THEN BEGIN
   said = 'locked ' || COALESCE(MAXVALUE(DATEDIFF(SECOND FROM {NOW} TO until), 1), 0);
   SUSPEND; EXIT;
  END
 END
 IF (secret IS NOT NULL) THEN BEGIN
  IF (kind = '{CODE}') THEN BEGIN
   SELECT said FROM sign_tried(:login, SUBSTRING(:given FROM 1 FOR 6)) INTO said;
   IF (said = '') THEN EXECUTE PROCEDURE sign_passed(login, SUBSTRING(given FROM 7));
  END
  ELSE IF (kind = '{ONCE}' AND given SIMILAR TO '[0-9a-f]{{80}}') THEN BEGIN
   SELECT mark FROM sign_mark(SUBSTRING(:given FROM 1 FOR 40)) INTO mark;
   DELETE FROM sign_recovery WHERE login = :login AND mark = :mark;
   IF (ROW_COUNT = 0) THEN said = 'wrong';
   ELSE BEGIN
    EXECUTE PROCEDURE sign_passed(login, SUBSTRING(given FROM 41));
    INSERT INTO audit_entry (id, made_at, login, machine, what, amount)
     SELECT GEN_ID({ID_GENERATOR}, 1), {NOW}, :login, :address, '{RECOVERED}', COUNT(*)
      FROM sign_recovery WHERE login = :login;
   END
  END
  ELSE said = 'code';
 END
 ELSE BEGIN
  SELECT yes FROM sign_wanted(:login) INTO yes;
  IF (yes = 1 AND kind = '{JOIN}') THEN BEGIN
   SELECT step FROM sign_step INTO step;
   SELECT step FROM sign_code(SUBSTRING(:given FROM 1 FOR 40),
    SUBSTRING(:given FROM 41 FOR 6), :step) INTO step;
   IF (ROW_COUNT = 0) THEN said = 'wrong';
   ELSE BEGIN
    UPDATE OR INSERT INTO sign_second (login, wanted, secret, last_step, codes_made)
     VALUES (:login, COALESCE((SELECT wanted FROM sign_second WHERE login = :login), 0),
     SUBSTRING(:given FROM 1 FOR 40), :step, 0) MATCHING (login);
    EXECUTE PROCEDURE sign_passed(login, SUBSTRING(given FROM 47));
    INSERT INTO audit_entry (id, made_at, login, machine, what)
     VALUES (GEN_ID({ID_GENERATOR}, 1), {NOW}, :login, :address, '{JOINED}');
   END
  END
  ELSE IF (yes = 1) THEN said = 'join';
 END
 SUSPEND;
END"""

_GATE = f"""CREATE OR ALTER TRIGGER sign_gate ACTIVE ON CONNECT POSITION 10 AS
 DECLARE said VARCHAR(30); DECLARE address VARCHAR(255); DECLARE shown VARCHAR(255);
BEGIN
 /* the server's own services, which make copies for administrators, are no program on a line */
 IF (CURRENT_USER = 'SYSDBA' OR (CURRENT_ROLE = 'RDB$ADMIN'
  AND RDB$GET_CONTEXT('SYSTEM', 'CLIENT_PROCESS') IS NULL
  AND RDB$GET_CONTEXT('SYSTEM', 'CLIENT_PID') IS NULL)) THEN EXIT;
 address = COALESCE(RDB$GET_CONTEXT('SYSTEM', 'CLIENT_ADDRESS'), '');
 IF (POSITION('/', address) > 0) THEN
  address = SUBSTRING(address FROM 1 FOR POSITION('/', address) - 1);
 shown = SUBSTRING(COALESCE(RDB$GET_CONTEXT('SYSTEM', 'CLIENT_PROCESS'), '') FROM 1 FOR 255);
 address = SUBSTRING(address FROM 1 FOR 64);
 SELECT said FROM sign_judge({ME}, :shown, :address) INTO said;
 IF (said = 'wrong') THEN
  IN AUTONOMOUS TRANSACTION DO EXECUTE PROCEDURE sign_failed({ME}, address, '{FAILED}', 1);
 IF (said <> '') THEN EXCEPTION crm_sign_in said;
END"""

# By whatever program: of a change in another base of the server, or by its services, only `serve`
# hears (`firebird_trace`). Who chooses a password himself goes on with the pass of that very line.
_PASS_AT = len(SHOWN) + len(PASS) + 1
_END = """CREATE OR ALTER PROCEDURE sign_end (login VARCHAR(63), own VARCHAR(60)) AS
BEGIN
 DELETE FROM sign_pass WHERE login = :login AND mark <> :own;
END"""
_ACCOUNT = f"""CREATE OR ALTER TRIGGER sign_account
 ACTIVE AFTER CREATE USER OR ALTER USER OR DROP USER AS
 DECLARE who VARCHAR(63); DECLARE shown VARCHAR(255); DECLARE own VARCHAR(60);
BEGIN
 IF (RDB$GET_CONTEXT('DDL_TRIGGER', 'EVENT_TYPE') <> 'DROP'
  AND RDB$GET_CONTEXT('DDL_TRIGGER', 'SQL_TEXT') NOT CONTAINING 'PASSWORD'
  AND RDB$GET_CONTEXT('DDL_TRIGGER', 'SQL_TEXT') NOT CONTAINING 'ACTIVE') THEN EXIT;
 who = LOWER(TRIM(RDB$GET_CONTEXT('DDL_TRIGGER', 'OBJECT_NAME'))); own = '';
 shown = SUBSTRING(COALESCE(RDB$GET_CONTEXT('SYSTEM', 'CLIENT_PROCESS'), '') FROM 1 FOR 255);
 IF (shown STARTING WITH '{SHOWN}{PASS}') THEN shown = SUBSTRING(shown FROM {_PASS_AT});
 IF (who = {ME} AND shown SIMILAR TO '[0-9a-f]{{40}}') THEN
  SELECT mark FROM sign_mark(:shown) INTO own;
 EXECUTE PROCEDURE sign_end(who, own);
END"""

# What people call themselves: about their own account, but for the last two.
_OWN = f"""CREATE OR ALTER PROCEDURE sign_own
 RETURNS (has SMALLINT, wanted SMALLINT, codes INTEGER, made SMALLINT) AS
BEGIN
 has = 0; made = 0;
 SELECT IIF(secret IS NULL, 0, 1), codes_made FROM sign_second WHERE login = {ME} INTO has, made;
 SELECT yes FROM sign_wanted({ME}) INTO wanted;
 SELECT COUNT(*) FROM sign_recovery WHERE login = {ME} INTO codes;
 SUSPEND;
END"""

_JOIN = f"""CREATE OR ALTER PROCEDURE sign_join
 (secret VARCHAR(40), code VARCHAR(6), token VARCHAR(40)) RETURNS (said VARCHAR(10)) AS
 DECLARE step BIGINT; DECLARE known VARCHAR(40);
BEGIN
 said = 'wrong';
 SELECT s.secret FROM sign_second s WHERE s.login = {ME} INTO known;
 IF (known IS NOT NULL) THEN EXCEPTION seat_refused;
 SELECT step FROM sign_step INTO step;
 SELECT step FROM sign_code(:secret, :code, :step) INTO step;
 IF (ROW_COUNT = 1) THEN BEGIN
  said = '';
  UPDATE OR INSERT INTO sign_second (login, wanted, secret, last_step, codes_made) VALUES ({ME},
   COALESCE((SELECT s.wanted FROM sign_second s WHERE s.login = {ME}), 0), :secret, :step, 0)
   MATCHING (login);
  EXECUTE PROCEDURE sign_passed({ME}, token);
  INSERT INTO audit_entry (id, made_at, login, what)
   VALUES (GEN_ID({ID_GENERATOR}, 1), {NOW}, {ME}, '{JOINED}');
 END
 SUSPEND;
END"""

# The first ones need no code: whoever is in has just shown one.
_CODES = f"""CREATE OR ALTER PROCEDURE sign_codes
 (code VARCHAR(6), digests VARCHAR({40 * MOST_CODES_KEPT})) RETURNS (said VARCHAR(10)) AS
 DECLARE made SMALLINT;
BEGIN
 said = '';
 SELECT codes_made FROM sign_second WHERE login = {ME} AND secret IS NOT NULL INTO made;
 IF (made IS NULL) THEN EXCEPTION seat_refused;
 IF (made = 1) THEN SELECT said FROM sign_tried({ME}, :code) INTO said;
 IF (said = '') THEN EXECUTE PROCEDURE sign_keep_codes({ME}, digests);
 ELSE IF (said = 'wrong') THEN IN AUTONOMOUS TRANSACTION DO
  EXECUTE PROCEDURE sign_failed({ME}, '', '{FAILED}', 1);
 SUSPEND;
END"""

_CLEAR = """DELETE FROM sign_recovery WHERE login = {login};
 DELETE FROM sign_pass WHERE login = {login};
 UPDATE sign_second SET secret = NULL, last_step = NULL, codes_made = 0 WHERE login = {login};"""

_LEAVE = f"""CREATE OR ALTER PROCEDURE sign_leave (code VARCHAR(6)) RETURNS (said VARCHAR(10)) AS
 DECLARE yes SMALLINT;
BEGIN
 SELECT yes FROM sign_wanted({ME}) INTO yes;
 IF (yes = 1) THEN EXCEPTION seat_refused;
 SELECT said FROM sign_tried({ME}, :code) INTO said;
 IF (said = '') THEN BEGIN
  {_CLEAR.format(login=ME)}
  INSERT INTO audit_entry (id, made_at, login, what)
   VALUES (GEN_ID({ID_GENERATOR}, 1), {NOW}, {ME}, '{LEFT}');
 END
 ELSE IF (said = 'wrong') THEN IN AUTONOMOUS TRANSACTION DO
  EXECUTE PROCEDURE sign_failed({ME}, '', '{FAILED}', 1);
 SUSPEND;
END"""

_ADMIN = """DECLARE yes SMALLINT;
BEGIN
 SELECT yes FROM seat_admin INTO yes;
 IF (yes = 0) THEN EXCEPTION seat_refused;"""

_RESET = f"""CREATE OR ALTER PROCEDURE sign_reset (login VARCHAR(63)) AS {_ADMIN}
 {_CLEAR.format(login=":login")}
END"""

_WANT = f"""CREATE OR ALTER PROCEDURE sign_want (login VARCHAR(63), wanted SMALLINT) AS {_ADMIN}
 UPDATE sign_second SET wanted = :wanted WHERE login = :login;
 IF (ROW_COUNT = 0) THEN INSERT INTO sign_second (login, wanted, codes_made)
  VALUES (:login, :wanted, 0);
END"""

_UNLOCK = f"""CREATE OR ALTER PROCEDURE sign_unlock (login VARCHAR(63)) AS {_ADMIN}
 DELETE FROM sign_lock WHERE login = :login;
 DELETE FROM sign_failure WHERE login = :login;
END"""

_REFUSED = f"""CREATE OR ALTER PROCEDURE sign_refused
 (login VARCHAR(63), often INTEGER, what VARCHAR(30)) AS {_ADMIN}
 EXECUTE PROCEDURE sign_failed(login, '', what, MINVALUE(often, 100));
END"""

_GUARD = f"""CREATE OR ALTER TRIGGER sign_facts_guarded FOR base_info ACTIVE
BEFORE INSERT OR UPDATE OR DELETE POSITION 2 AS
DECLARE is_admin SMALLINT;
BEGIN
  IF (COALESCE(NEW.name, '') STARTING WITH '{FACTS}'
      OR COALESCE(OLD.name, '') STARTING WITH '{FACTS}') THEN
  BEGIN
    SELECT yes FROM seat_admin INTO is_admin;
    IF (is_admin = 0) THEN EXCEPTION seat_refused;
  END
END"""

_RULES = (
    _NUMBER, _STEP, _WANTED, _FAILED, _PASSED, _KEEP_CODES, _TRIED, _JUDGE,
    _OWN, _JOIN, _CODES, _LEAVE, _RESET, _WANT, _UNLOCK, _REFUSED, _GATE, _GUARD,
    _END, _ACCOUNT,
)  # fmt: skip
_RIGHTS = (
    *(f"ALL ON {name}" for name in TABLES),
    *(f"SELECT ON {name}" for name in ("base_info", "right_role", "right_holder")),
    "SELECT ON staff", "INSERT ON audit_entry", f"USAGE ON SEQUENCE {ID_GENERATOR}",
    "EXECUTE ON PROCEDURE seat_admin",
)  # fmt: skip
_GRANTS = f"""EXECUTE BLOCK AS DECLARE n VARCHAR(31); BEGIN
  FOR SELECT TRIM(rdb$procedure_name) FROM rdb$procedures
   WHERE rdb$procedure_name STARTING WITH 'SIGN_' INTO n DO
  BEGIN
    {" ".join(f"EXECUTE STATEMENT 'GRANT {one} TO PROCEDURE ' || n;" for one in _RIGHTS)}
  END
END"""


def _calls() -> Iterator[str]:
    """The right to call a helper, for whatever calls it; people have none."""
    for text in (*ONE_TIME, *_RULES):
        kind, name = text.split()[3:5]
        for helper in (one.lower() for one in SIGN_HELPERS):
            if helper != name and re.search(rf"\b{helper}\b", text):
                yield f"GRANT EXECUTE ON PROCEDURE {helper} TO {kind} {name}"


GATE = (
    "CREATE OR ALTER EXCEPTION crm_sign_in 'refused'", *ONE_TIME, *_RULES, _GRANTS, *_calls(),
    "GRANT EXECUTE ON PROCEDURE seat_admin TO TRIGGER sign_facts_guarded",
    "GRANT USAGE ON EXCEPTION crm_sign_in TO PUBLIC",
)  # fmt: skip
"""After the procedures of seats, in this order; all of them may be made anew."""
