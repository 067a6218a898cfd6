"""What a Firebird server does by itself in a base of ours.

`TRIGGERS` are made with a new base and made anew by an upgrade, so every one is CREATE OR ALTER.
"""

from __future__ import annotations

from crm_desktop.models.backend.firebird_audit import AUDIT
from crm_desktop.models.backend.firebird_gate import GATE
from crm_desktop.models.backend.firebird_passwords import PASSWORDS
from crm_desktop.models.backend.firebird_seats import SEATS

CHANGED = "crm_changed"
"""The event posted by every transaction that writes records, when it is committed."""
MARKED = "crm_marked"
"""Somebody has begun or ended editing a record."""
SEATS_TOLD = "crm_seats"
"""Somebody asks for a seat, was answered, or a seat was taken from its program."""
RIGHTS_TOLD = "crm_rights"
"""Roles are others now, or who has them."""

TRIGGERS = (
    # One link of the change log's chain is written by a transaction, whatever it changed.
    f"""CREATE OR ALTER TRIGGER tell_of_changes FOR chain ACTIVE AFTER INSERT AS
    BEGIN
      POST_EVENT '{CHANGED}';
    END""",
    f"""CREATE OR ALTER TRIGGER tell_of_marks FOR edit_mark ACTIVE AFTER INSERT OR DELETE AS
    BEGIN
      POST_EVENT '{MARKED}';
    END""",
    f"""CREATE OR ALTER TRIGGER tell_of_requests FOR seat_request ACTIVE AFTER INSERT OR UPDATE AS
    BEGIN
      POST_EVENT '{SEATS_TOLD}';
    END""",
    f"""CREATE OR ALTER TRIGGER tell_of_ends FOR seat_window ACTIVE AFTER UPDATE AS
    BEGIN
      IF (NEW.ends IS DISTINCT FROM OLD.ends) THEN POST_EVENT '{SEATS_TOLD}';
    END""",
    f"""CREATE OR ALTER TRIGGER tell_of_rights FOR base_info ACTIVE AFTER INSERT OR UPDATE AS
    BEGIN
      IF (NEW.name = 'rights_stamp') THEN POST_EVENT '{RIGHTS_TOLD}';
    END""",
    # Whose account it is, staff cannot write: who could, would work in another one's name.
    """CREATE OR ALTER TRIGGER guard_accounts FOR staff ACTIVE BEFORE INSERT OR UPDATE AS
    BEGIN
      IF (CURRENT_ROLE = 'CRM_STAFF' AND CURRENT_USER <> 'SYSDBA' AND NOT EXISTS (
        SELECT 1 FROM rdb$relations WHERE rdb$relation_name = 'RDB$DATABASE'
         AND rdb$owner_name = CURRENT_USER)) THEN
      BEGIN
        NEW.login = IIF(INSERTING, NULL, OLD.login);
        NEW.login_key = IIF(INSERTING, '', OLD.login_key);
      END
    END""",
    *SEATS,
    *PASSWORDS,
    *GATE,
    *AUDIT,
)
