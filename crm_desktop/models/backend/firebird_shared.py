"""What programs on one base agree on by the server's clock: who does a job.

A moment leaves the server as an age in seconds: its clock is local and has no zone, and no
client's clock decides anything.
"""

from __future__ import annotations

import sqlalchemy as sa

_NOW = "CAST('NOW' AS TIMESTAMP)"

# A lease that would end later than it can have been taken for is of a clock that was set back.
_TAKE = f"""EXECUTE BLOCK (name VARCHAR(40) = ?, seat VARCHAR(80) = ?, machine VARCHAR(64) = ?,
 secs INTEGER = ?) RETURNS (taken SMALLINT) AS
 DECLARE held VARCHAR(80); DECLARE until TIMESTAMP; DECLARE moment TIMESTAMP;
BEGIN
 taken = 0; moment = {_NOW};
 SELECT seat, until_at FROM job_lease WHERE name = :name INTO held, until;
 IF (held IS NULL) THEN
 BEGIN
  INSERT INTO job_lease (name, seat, machine, until_at)
   VALUES (:name, :seat, :machine, DATEADD(:secs SECOND TO :moment));
  taken = 1;
 END
 ELSE IF (held = seat OR until < moment OR until > DATEADD(2 * secs SECOND TO moment)) THEN
 BEGIN
  UPDATE job_lease SET seat = :seat, machine = :machine,
   until_at = DATEADD(:secs SECOND TO :moment)
   WHERE name = :name AND seat = :held AND until_at = :until;
  IF (ROW_COUNT = 1) THEN taken = 1;
 END
 SUSPEND;
END"""  # noqa: S608
_DROP = "DELETE FROM job_lease WHERE name = ? AND seat = ?"
_HOLDER = (
    f"SELECT machine, DATEDIFF(SECOND FROM {_NOW} TO until_at) FROM job_lease"  # noqa: S608
    f" WHERE name = ? AND until_at >= {_NOW}"
)


def take_job(
    connection: sa.Connection, name: str, seat: str, machine: str, seconds: int
) -> bool:  # fmt: skip
    """Whether `seat` has the job for so many seconds, newly or further."""
    given = (name, seat, machine, seconds)
    return bool(connection.exec_driver_sql(_TAKE, given).scalar_one())


def drop_job(connection: sa.Connection, name: str, seat: str) -> None:
    """Whoever asks next gets the job."""
    connection.exec_driver_sql(_DROP, (name, seat))


def holder_of(connection: sa.Connection, name: str) -> str | None:
    """The machine that has the job now; None if nobody has."""
    found = connection.exec_driver_sql(_HOLDER, (name,)).first()
    return None if found is None else str(found[0])
