"""What a server keeps about passwords: when one was chosen, and that staff do not change the rules.

The server judges no password: whoever changes his own with another tool is asked nothing. The marks
are attributes of the account, which its owner may change, too.
"""

from __future__ import annotations

from datetime import date

from crm_desktop.models.backend.base import Backend

FACTS = "password_"
"""How the names of the facts begin that hold the rules."""
CHOSEN = "CRM_CHOSEN"
"""The mark that holds the day on which the owner chose the password, by the server's clock."""

_GUARD = f"""CREATE OR ALTER TRIGGER password_facts_guarded FOR base_info ACTIVE
BEFORE INSERT OR UPDATE OR DELETE POSITION 1 AS
DECLARE is_admin SMALLINT;
BEGIN
  IF (COALESCE(NEW.name, '') STARTING WITH '{FACTS}'
      OR COALESCE(OLD.name, '') STARTING WITH '{FACTS}') THEN
  BEGIN
    SELECT yes FROM seat_admin INTO is_admin;
    IF (is_admin = 0) THEN EXCEPTION seat_refused;
  END
END"""  # noqa: S608

PASSWORDS = (_GUARD, "GRANT EXECUTE ON PROCEDURE seat_admin TO TRIGGER password_facts_guarded")
"""After the procedures of seats; may be made anew."""

_TODAY = "SELECT CAST('NOW' AS DATE) FROM rdb$database"
_CHOSEN = (
    "SELECT sec$value FROM sec$user_attributes WHERE sec$key = ? AND sec$user_name = current_user"
)


def chosen_days_ago(backend: Backend) -> int | None:
    """How long whoever signed in has had his password; None if nobody noted it."""
    with backend.snapshot() as connection:
        said = connection.exec_driver_sql(_CHOSEN, (CHOSEN,)).scalar()
        now = connection.exec_driver_sql(_TODAY).scalar_one()
    try:
        chosen = date.fromisoformat(str(said).strip())
    except ValueError:
        return None
    return (date.fromisoformat(str(now)[:10]) - chosen).days
