"""Accounts of a Firebird server: who may sign in, by SRP, and with which role in one base.

An account belongs to the whole server, its role to one base. All that is run here holds passwords,
so no error may carry the text of a statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import sqlalchemy as sa

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.firebird_passwords import CHOSEN
from crm_desktop.models.backend.firebird_roles import (
    ADMINISTRATOR,
    GRANTS,
    MAKE_ROLE,
    STAFF,
)

LONGEST_LOGIN = 31
"""Letters of a name that Firebird 3 keeps."""

ONCE = "CRM_ONCE"
"""The mark of a password that was made for the first time only."""

_TODAY = "SELECT CAST('NOW' AS DATE) FROM rdb$database"
_ROLES = (
    "SELECT TRIM(rdb$user), TRIM(rdb$relation_name) FROM rdb$user_privileges"
    " WHERE rdb$privilege = 'M' AND rdb$object_type = 13 AND rdb$user_type = 8"
)
_USERS = "SELECT TRIM(sec$user_name), sec$active FROM sec$users"
_MARKED = "SELECT TRIM(sec$user_name) FROM sec$user_attributes WHERE sec$key = ?"
_MARKED_SELF = f"{_MARKED} AND sec$user_name = current_user"
_AGES = (
    "SELECT login, DATEDIFF(SECOND FROM MAX(made_at) TO CAST('NOW' AS TIMESTAMP)) FROM audit_entry"
    " WHERE what = ? AND login IS NOT NULL GROUP BY login"
)
_LINES = (
    "DELETE FROM mon$attachments WHERE mon$user = ? AND mon$attachment_id <> current_connection"
)
_SPARED = " AND mon$attachment_id NOT IN (SELECT line_no FROM seat_window WHERE ends = 'dismissed')"
_OPEN = "SELECT COUNT(*) FROM mon$attachments WHERE mon$user = ?"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in to this base."""

    login: str
    """In lower case, as people type it."""
    is_active: bool
    is_administrator: bool
    is_first_password: bool
    """Was never signed in with an own password."""


def staff_logins(connection: sa.Connection) -> list[str]:
    """The accounts that were let in to the base as its staff, as the server writes them."""
    found = connection.exec_driver_sql(_ROLES).all()
    return sorted(user for user, role in found if role == STAFF)


def administrator_logins(connection: sa.Connection) -> list[str]:
    """The accounts that administer the base, as the server writes them."""
    found = connection.exec_driver_sql(_ROLES).all()
    return sorted(user for user, role in found if role == ADMINISTRATOR)


def prepare_roles(backend: Backend) -> None:
    """Makes the base ready for a staff: the role and what it may do."""
    backend.run_ddl([MAKE_ROLE])
    backend.run_ddl([GRANTS])


def accounts(backend: Backend) -> list[Account]:
    """Who has been let in to this base, by name.

    A snapshot, here and below: the server tells of accounts once a transaction, and a reader's
    lives for minutes.
    """
    with backend.snapshot() as connection:
        roles: dict[str, set[str]] = {}
        for user, role in connection.exec_driver_sql(_ROLES):
            roles.setdefault(user, set()).add(role)
        active = {user: bool(on) for user, on in connection.exec_driver_sql(_USERS)}
        once = set(connection.exec_driver_sql(_MARKED, (ONCE,)).scalars())
    return [
        Account(user.lower(), active[user], ADMINISTRATOR in roles[user], user in once)
        for user in sorted(roles)
        if user in active and roles[user] & {STAFF, ADMINISTRATOR}
    ]


def ages_of(backend: Backend, what: str) -> dict[str, int]:
    """How many seconds ago something was noted of each login the last time."""
    with backend.snapshot() as connection:
        found = connection.exec_driver_sql(_AGES, (what,)).all()
    return {str(login): max(int(age), 0) for login, age in found}


def exists(backend: Backend, login: str) -> bool:
    """Whether the server knows such an account, in this base or another one."""
    return login.lower() in names(backend)


def names(backend: Backend) -> set[str]:
    """All accounts of the server, of this base and of others, in lower case."""
    with backend.snapshot() as connection:
        return {user.lower() for user, _active in connection.exec_driver_sql(_USERS)}


def create(backend: Backend, login: str, password: str, *, administrator: bool) -> None:
    """A new account whose password is to be changed by its owner."""
    more = " GRANT ADMIN ROLE" if administrator else ""
    _run(backend, [
        f"CREATE USER {_name(login)} PASSWORD {_text(password)}{more} USING PLUGIN Srp"
        f" TAGS ({ONCE} = '1')",
    ])  # fmt: skip


def let_in(backend: Backend, login: str, *, administrator: bool) -> None:
    """Gives an account its role in this base."""
    name = _name(login)
    grants = [f"GRANT {STAFF} TO {name}"]
    if administrator:
        # The server's own services, which make copies, name no role: a mapping brings it. The
        # proof of a copy is a base of its own.
        # An account that was there before may lack the right to make others.
        grants += [
            f"ALTER USER {name} GRANT ADMIN ROLE USING PLUGIN Srp",
            f"GRANT {ADMINISTRATOR} TO {name}",
            f"CREATE OR ALTER MAPPING {_name('crm_' + login[:27])} USING PLUGIN Srp"
            f" FROM USER {name} TO ROLE {ADMINISTRATOR}",
            f"GRANT CREATE DATABASE TO USER {name}",
        ]
    _run(backend, grants)


def drop(backend: Backend, login: str) -> None:
    """Takes an account off the server."""
    _run(backend, [f"DROP USER {_name(login)} USING PLUGIN Srp"])


def set_password(backend: Backend, login: str, password: str) -> None:
    """Another password that is to be changed by its owner."""
    _run(backend, [
        f"ALTER USER {_name(login)} PASSWORD {_text(password)} USING PLUGIN Srp"
        f" TAGS ({ONCE} = '1')",
    ])  # fmt: skip


def demand_change(backend: Backend, login: str) -> None:
    """The password stays until its owner has chosen another one."""
    _run(backend, [f"ALTER USER {_name(login)} USING PLUGIN Srp TAGS ({ONCE} = '1')"])


def set_own_password(backend: Backend, password: str) -> None:
    """A password that its owner has chosen; lines made from now on sign in by it."""
    from crm_desktop.models.backend.firebird import FirebirdBackend

    with backend.snapshot() as connection:
        day = str(connection.exec_driver_sql(_TODAY).scalar_one())[:10]
    with (
        backend.another_password(password)
        if isinstance(backend, FirebirdBackend)
        else nullcontext()
    ):
        _run(backend, [
            f"ALTER CURRENT USER SET PASSWORD {_text(password)} USING PLUGIN Srp"
            f" TAGS (DROP {ONCE}, {CHOSEN} = {_text(day)})",
        ])  # fmt: skip


def has_first_password(backend: Backend) -> bool:
    """Whether whoever signed in has never chosen a password."""
    with backend.snapshot() as connection:
        return bool(connection.exec_driver_sql(_MARKED_SELF, (ONCE,)).first())


def close(backend: Backend, login: str) -> None:
    """Nobody signs in by the account any more; lines that are open stay. Nothing for an account
    that the server does not know."""
    if exists(backend, login):
        _run(backend, [f"ALTER USER {_name(login)} INACTIVE USING PLUGIN Srp"])


def end_lines(backend: Backend, login: str, *, spare_seats: bool = False) -> int:
    """Ends the lines of an account, `spare_seats`: but for those that hold seats of who was
    dismissed; how many are left."""
    with backend.write() as connection:
        ends = _LINES + (_SPARED if spare_seats else "")
        connection.exec_driver_sql(ends, (login.upper(),))
    return open_lines(backend, login)


def open_lines(backend: Backend, login: str) -> int:
    """How many lines of an account are open. A snapshot: the server tells once a transaction."""
    with backend.snapshot() as connection:
        return int(connection.exec_driver_sql(_OPEN, (login.upper(),)).scalar_one())


def set_active(backend: Backend, login: str, active: bool) -> None:
    """Lets an account sign in, or no more; who is blocked loses the lines that are open."""
    word = "ACTIVE" if active else "INACTIVE"
    _run(backend, [f"ALTER USER {_name(login)} {word} USING PLUGIN Srp"])
    if not active:
        with backend.write() as connection:
            connection.exec_driver_sql(_LINES, (login.upper(),))


@contextmanager
def above_bases(backend: Backend) -> Iterator[None]:
    """Lines to the server's services that the administrator of a base begins meanwhile may do what
    the server's own user may. `UserError` for whoever may make no accounts of the server.

    One that a killed program left is taken away by the next time.
    """
    name = _name(f"crm_above_{backend.login}"[:LONGEST_LOGIN])
    _run(backend, [
        f"CREATE OR ALTER GLOBAL MAPPING {name} USING PLUGIN Srp FROM USER {_name(backend.login)}"
        f" TO ROLE {ADMINISTRATOR}",
    ])  # fmt: skip
    try:
        yield
    finally:
        _run(backend, [f"DROP GLOBAL MAPPING {name}"])


def _run(backend: Backend, statements: Sequence[str]) -> None:
    try:
        backend.run_ddl(statements)
    except UserError:
        raise
    except sa.exc.DBAPIError as error:
        reason = str(error.orig.args[0] if error.orig else "").splitlines()[-1].lstrip("- ")
        said = _("The server refuses this: {reason}.").format(reason=reason)
        raise DatabaseUnavailable(said) from None  # the statement holds a password


def _name(login: str) -> str:
    return '"' + login.upper().replace('"', '""') + '"'


def _text(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
