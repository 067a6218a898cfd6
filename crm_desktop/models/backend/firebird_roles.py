"""Who signed in to a base on a server, and what staff may do there: one role for all of them.

A role is in force only if the connection names it. Whoever is known as an administrator connects
as one; everybody else as a member of the staff. What may be done is generated from the tables that
stand in the base, so that nothing is forgotten when tables are added. Tables behind a view
(`models/strict`) are left out: their views are granted where they are made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.firebird_one_time import SIGN_HELPERS
from crm_desktop.models.backend.firebird_seats_read import HELPERS

STAFF = "CRM_STAFF"
ADMINISTRATOR = "RDB$ADMIN"
"""Firebird's own role: whoever has it may do in this base what its owner may."""

SYSTEM_USER = "SYSDBA"

_WHO = """SELECT TRIM(current_user), TRIM(current_role),
 (SELECT TRIM(rdb$owner_name) FROM rdb$relations WHERE rdb$relation_name = 'RDB$DATABASE'),
 (SELECT COUNT(*) FROM rdb$user_privileges WHERE rdb$user = current_user
   AND rdb$privilege = 'M' AND rdb$relation_name = 'RDB$ADMIN'),
 (SELECT COUNT(*) FROM rdb$roles WHERE rdb$role_name = 'CRM_STAFF')
 FROM rdb$database"""
_LOOK = _WHO.replace(
    " FROM rdb$database",
    ", (SELECT number FROM backend_fact WHERE name = 'version'), CAST('NOW' AS TIMESTAMP)"
    " FROM rdb$database",
)

ADDED_TO = ("CHANGE_ROW", "CHAIN")
"""What staff read and add to, and never change: the history of all changes."""
ONLY_ADDED = ("AUDIT_ENTRY",)
"""What staff add to and do not read."""
ONLY_READ = (
    "BACKEND_FACT", "CUSTOM_OBJECT", "RIGHT_ROLE", "RIGHT_GIVEN", "RIGHT_FIELD", "RIGHT_HOLDER",
    "SUBSTITUTION", "RIGHT_SHOWN",
)  # fmt: skip
"""What the administrator alone writes: the shape of the base, and who may do what."""
WRITTEN = "BACKEND_WRITTEN"
"""What triggers alone write (`models/strict`)."""
CLOSED = "SEAT_"
"""How the names of tables begin that only procedures of the server write (`firebird_seats`)."""
WATCHED = "WATCH_"
"""The same of what the watch over leaks keeps (`firebird_audit`)."""
SIGN_IN = "SIGN_"
"""The same of what is kept about second factors and failed sign-ins (`firebird_gate`)."""
OURS = "BACKEND_"
"""How the names of procedures and sequences begin that every program calls itself."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who the server says that a connection belongs to."""

    user: str
    role: str
    owns: bool
    """The base is theirs, or the whole server is."""
    is_trusted: bool
    """Was made an administrator of the base."""
    has_roles: bool
    """Whether the base was made ready for a staff; before that only its owner is let in."""

    @property
    def is_administrator(self) -> bool:
        """May change the shape of the base and let others in."""
        return self.owns or self.is_trusted

    @property
    def wanted_role(self) -> str:
        """The role that this person should connect with."""
        return ADMINISTRATOR if self.is_trusted and not self.owns else STAFF

    @property
    def is_stranger(self) -> bool:
        """Has an account on the server, but nothing to do with this base."""
        return self.has_roles and not self.is_administrator and self.role != STAFF


def who_signed_in(connection: sa.Connection) -> SignedIn:
    """Asks the server."""
    return _signed_in(connection.exec_driver_sql(_WHO).one())


def _signed_in(row: Sequence[Any]) -> SignedIn:
    user, role, owner, granted, roles = row
    return SignedIn(
        user=user, role=role, owns=user in (owner, SYSTEM_USER), is_trusted=bool(granted),
        has_roles=bool(roles),
    )  # fmt: skip


class FirstLook(NamedTuple):
    """What is asked of every base that is opened, in one question."""

    who: SignedIn
    version: int
    """Of the schema."""
    now: datetime
    """By the server's clock, which has no zone."""


def first_look(connection: sa.Connection) -> FirstLook | None:
    """None where the answer is that this account, or anybody, finds no facts of a base here."""
    try:
        row = connection.exec_driver_sql(_LOOK).one()
    except sa.exc.DBAPIError as error:
        if error.connection_invalidated:
            raise
        return None
    return FirstLook(_signed_in(row[:5]), int(row[5] or 0), row[6])


MAKE_ROLE = f"""EXECUTE BLOCK AS BEGIN
 IF (NOT EXISTS (SELECT 1 FROM rdb$roles WHERE rdb$role_name = '{STAFF}')) THEN
  EXECUTE STATEMENT 'CREATE ROLE {STAFF}';
END"""  # noqa: S608
"""Makes the role of the staff; does nothing if it is there."""


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


GRANTS = f"""EXECUTE BLOCK AS
 DECLARE n VARCHAR(31); DECLARE what VARCHAR(60);
BEGIN
 IF (NOT EXISTS (SELECT 1 FROM rdb$roles WHERE rdb$role_name = '{STAFF}')) THEN EXIT;
 FOR SELECT TRIM(r.rdb$relation_name) FROM rdb$relations r
  WHERE COALESCE(r.rdb$system_flag, 0) = 0 AND r.rdb$relation_name NOT STARTING WITH '{CLOSED}'
  AND r.rdb$relation_name NOT STARTING WITH '{WATCHED}'
  AND r.rdb$relation_name NOT STARTING WITH '{SIGN_IN}'
  AND r.rdb$view_blr IS NULL AND r.rdb$relation_name <> '{WRITTEN}'
  AND NOT EXISTS (
   SELECT 1 FROM rdb$relations v WHERE v.rdb$view_blr IS NOT NULL AND (
    v.rdb$relation_name = 'V_' || TRIM(r.rdb$relation_name)
    OR CHAR_LENGTH(TRIM(r.rdb$relation_name)) > 29
    AND v.rdb$relation_name STARTING WITH 'V_' || SUBSTRING(r.rdb$relation_name FROM 1 FOR 20)))
  AND NOT EXISTS (
   SELECT 1 FROM rdb$user_privileges p WHERE p.rdb$relation_name = r.rdb$relation_name
    AND p.rdb$user = '{STAFF}' AND p.rdb$object_type = 0)
  INTO n DO
 BEGIN
  what = CASE
   WHEN n IN ({_listed(ADDED_TO)}) THEN 'SELECT, INSERT'
   WHEN n IN ({_listed(ONLY_ADDED)}) THEN 'INSERT'
   WHEN n IN ({_listed(ONLY_READ)}) THEN 'SELECT'
   ELSE 'SELECT, INSERT, UPDATE, DELETE' END;
  EXECUTE STATEMENT 'GRANT ' || what || ' ON "' || n || '" TO ROLE {STAFF}';
 END
 FOR SELECT TRIM(s.rdb$generator_name) FROM rdb$generators s
  WHERE s.rdb$generator_name STARTING WITH '{OURS}' AND NOT EXISTS (
   SELECT 1 FROM rdb$user_privileges p WHERE p.rdb$relation_name = s.rdb$generator_name
    AND p.rdb$user = '{STAFF}' AND p.rdb$object_type = 14)
  INTO n DO
   EXECUTE STATEMENT 'GRANT USAGE ON SEQUENCE "' || n || '" TO ROLE {STAFF}';
 FOR SELECT TRIM(s.rdb$procedure_name) FROM rdb$procedures s
  WHERE (s.rdb$procedure_name STARTING WITH '{OURS}'
   OR s.rdb$procedure_name STARTING WITH '{WATCHED}'
   OR s.rdb$procedure_name STARTING WITH '{SIGN_IN}'
   AND s.rdb$procedure_name NOT IN ({_listed(SIGN_HELPERS)})
   OR s.rdb$procedure_name STARTING WITH '{CLOSED}'
   AND s.rdb$procedure_name NOT IN ({_listed(HELPERS)})) AND NOT EXISTS (
   SELECT 1 FROM rdb$user_privileges p WHERE p.rdb$relation_name = s.rdb$procedure_name
    AND p.rdb$user = '{STAFF}' AND p.rdb$object_type = 5)
  INTO n DO
   EXECUTE STATEMENT 'GRANT EXECUTE ON PROCEDURE "' || n || '" TO ROLE {STAFF}';
END"""  # noqa: S608
"""Gives the staff what it lacks; does nothing in a base that was not made ready for one."""
