"""The end of an account as the server does it: seats freed, windows told, unsaved texts taken in.

Staff have no right on the tables. Whoever was dismissed may leave what his windows held, by the
line that kept his seat; his head, his successor and the administrator read it.
"""

# ruff: noqa: S608 - no text from outside comes into these statements
from __future__ import annotations

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.firebird_drafts import DONE, DRAFTS, LEFT, PART, PLACE
from crm_desktop.models.backend.firebird_seats_read import ME, NOW

MOST_PARTS = 2000
"""Parts of texts that one account leaves: some megabytes."""

_DISMISS = f"""CREATE OR ALTER PROCEDURE seat_dismiss (
  login VARCHAR(63), head VARCHAR(63), successor VARCHAR(63)) RETURNS (freed INTEGER) AS
DECLARE is_admin SMALLINT;
BEGIN
  SELECT yes FROM seat_admin INTO is_admin;
  IF (is_admin = 0) THEN EXCEPTION seat_refused;
  UPDATE seat_lock SET turn = turn + 1 WHERE id = 1;
  SELECT COUNT(*) FROM seat_lease WHERE login = :login AND kind <> 'read' INTO freed;
  UPDATE seat_window SET ends = 'dismissed'
   WHERE lease IN (SELECT id FROM seat_lease WHERE login = :login);
  DELETE FROM seat_lease WHERE login = :login;
  DELETE FROM seat_queue WHERE login = :login;
  UPDATE OR INSERT INTO seat_dismissal (login, head, successor, made_at)
   VALUES (:login, :head, :successor, {NOW}) MATCHING (login);
  SUSPEND;
END"""

_FORGIVE = """CREATE OR ALTER PROCEDURE seat_forgive (login VARCHAR(63)) AS
DECLARE is_admin SMALLINT;
BEGIN
  SELECT yes FROM seat_admin INTO is_admin;
  IF (is_admin = 0) THEN EXCEPTION seat_refused;
  DELETE FROM seat_dismissal WHERE login = :login;
END"""

_LEAVE = f"""CREATE OR ALTER PROCEDURE seat_leave (
  text_id BIGINT, part INTEGER, ent SMALLINT, rid BIGINT, title VARCHAR(300), body VARCHAR({PART}))
RETURNS (id BIGINT) AS
DECLARE head VARCHAR(63); DECLARE successor VARCHAR(63); DECLARE parts INTEGER;
BEGIN
  /* only who was dismissed leaves anything, and only to his own texts he adds */
  SELECT head, successor FROM seat_dismissal WHERE login = {ME} INTO head, successor;
  IF (head IS NULL) THEN EXCEPTION seat_refused;
  SELECT COUNT(*) FROM seat_text WHERE login = {ME} INTO parts;
  IF (parts >= {MOST_PARTS}) THEN EXCEPTION seat_refused;
  UPDATE seat_lock SET turn = turn + 1 WHERE id = 1;
  id = text_id;
  IF (id IS NULL) THEN SELECT turn FROM seat_lock WHERE id = 1 INTO id;
  ELSE IF (NOT EXISTS (SELECT 1 FROM seat_text t WHERE t.id = :id AND t.login = {ME})) THEN
    EXCEPTION seat_refused;
  INSERT INTO seat_text (id, part, login, head, successor, ent, rid, title, body, left_at)
   VALUES (:id, :part, {ME}, :head, :successor, :ent, :rid, :title, :body, {NOW});
  SUSPEND;
END"""

_TEXTS = f"""CREATE OR ALTER PROCEDURE seat_texts (here VARCHAR({PLACE})) RETURNS (
  id BIGINT, login VARCHAR(63), ent SMALLINT, rid BIGINT, title VARCHAR(300),
  body VARCHAR({PART}), age_s BIGINT) AS
DECLARE is_admin SMALLINT; DECLARE part INTEGER;
BEGIN
  SELECT yes FROM seat_admin INTO is_admin;
  FOR SELECT id, part, login, ent, rid, title, body, DATEDIFF(SECOND FROM left_at TO {NOW})
   FROM seat_text WHERE :is_admin = 1 OR head = {ME} OR successor = {ME}
   UNION ALL {LEFT} ORDER BY 1, 2
   INTO id, part, login, ent, rid, title, body, age_s DO SUSPEND;
END"""

_DONE = f"""CREATE OR ALTER PROCEDURE seat_text_done (text_id BIGINT) AS
DECLARE is_admin SMALLINT;
BEGIN
  SELECT yes FROM seat_admin INTO is_admin;
  DELETE FROM seat_text WHERE id = :text_id
   AND (:is_admin = 1 OR head = {ME} OR successor = {ME});
  {DONE}
END"""

DISMISSAL = (_DISMISS, _FORGIVE, _LEAVE, *DRAFTS, _TEXTS, _DONE)

_OVERDUE = f"""SELECT TRIM(login) FROM seat_dismissal
 WHERE made_at < DATEADD(-CAST(? AS INTEGER) SECOND TO {NOW})"""


def dismiss(backend: Backend, login: str, head: str, successor: str) -> int:
    """Frees the seats of an account and tells its windows; how many it held."""
    with backend.write() as connection:
        asked = "SELECT freed FROM seat_dismiss(?, ?, ?)"
        return int(connection.exec_driver_sql(asked, (login, head, successor)).scalar_one())


def forgive(backend: Backend, login: str) -> None:
    """The account is like any other again; what it left stays with whom it was left to."""
    with backend.write() as connection:
        connection.exec_driver_sql("EXECUTE PROCEDURE seat_forgive(?)", (login,))


def overdue(backend: Backend, seconds: int) -> list[str]:
    """The accounts that were dismissed so long ago."""
    with backend.read() as connection:
        return list(connection.exec_driver_sql(_OVERDUE, (seconds,)).scalars())


def texts(backend: Backend, here: str) -> list[tuple[int, str, int, int, str, str, int]]:
    """The parts of texts that were left to who asks, and of his own drafts on other computers than
    `here`: number, account, object, record, title, text, age in seconds."""
    with backend.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT id, login, ent, rid, title, body, age_s FROM seat_texts(?)", (here,)
        )
        return [(r[0], r[1].strip(), r[2], r[3], r[4], r[5], max(int(r[6]), 0)) for r in rows]


def text_done(backend: Backend, id_: int) -> None:
    """Takes one away."""
    with backend.write() as connection:
        connection.exec_driver_sql("EXECUTE PROCEDURE seat_text_done(?)", (id_,))
