"""The second factor and the lock of accounts, as programs ask a server about them
(`firebird_gate`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from crm_desktop.errors import UserError
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.firebird_errors import at_the_door
from crm_desktop.models.backend.firebird_seats_read import NOW

_OWN = "SELECT has, wanted, codes, made FROM sign_own"
_STATES = """SELECT TRIM(s.login), IIF(s.secret IS NULL, 0, 1), s.wanted,
 (SELECT COUNT(*) FROM sign_recovery r WHERE r.login = s.login) FROM sign_second s"""
_LOCKS = f"""SELECT TRIM(login), DATEDIFF(SECOND FROM {NOW} TO until_at) FROM sign_lock
 WHERE until_at IS NULL OR until_at > {NOW}"""  # noqa: S608
_SERVER_NOW = f"SELECT {NOW} FROM rdb$database"  # noqa: S608


class Own(NamedTuple):
    """How the account that signed in stands. `codes`: recovery codes left; `made`: there were."""

    has: bool
    wanted: bool
    codes: int
    made: bool


class State(NamedTuple):
    """How an account stands; `wanted` 1: demanded of it, -1: never, 0: as the rules say."""

    has: bool
    wanted: int
    codes: int


def own(backend: Backend) -> Own:
    """How the account that signed in stands."""
    with backend.snapshot() as connection:
        has, wanted, codes, made = connection.exec_driver_sql(_OWN).one()
    return Own(bool(has), bool(wanted), int(codes), bool(made))


def join(backend: Backend, secret: str, code: str, token: str) -> None:
    """Ties a device to the account that signed in; `secret` and `token` are hex. `UserError`: the
    code is not the device's."""
    _ask(backend, "SELECT said FROM sign_join(?, ?, ?)", (secret, code, token))


def leave(backend: Backend, code: str) -> None:
    """The account that signed in needs no second factor any more."""
    _ask(backend, "SELECT said FROM sign_leave(?)", (code,))


def keep_codes(backend: Backend, code: str, digests: Sequence[str]) -> None:
    """Recovery codes, by their digests, in place of the former ones; the first ones need no
    `code`."""
    _ask(backend, "SELECT said FROM sign_codes(?, ?)", (code, "".join(digests)))


def reset(backend: Backend, login: str) -> None:
    """Takes the device, the recovery codes and the passes of an account; for administrators."""
    _do(backend, "EXECUTE PROCEDURE sign_reset(?)", (login,))


def want(backend: Backend, login: str, wanted: int) -> None:
    """What is demanded of an account, as in `State`; for administrators."""
    _do(backend, "EXECUTE PROCEDURE sign_want(?, ?)", (login, wanted))


def unlock(backend: Backend, login: str) -> None:
    """An account that was locked may sign in; for administrators."""
    _do(backend, "EXECUTE PROCEDURE sign_unlock(?)", (login,))


def refused(backend: Backend, login: str, often: int, what: str) -> None:
    """Counts refused sign-ins that the server's own trace told of; for administrators."""
    _do(backend, "EXECUTE PROCEDURE sign_refused(?, ?, ?)", (login, often, what))


def end_passes(backend: Backend, login: str) -> None:
    """Every computer of an account has to show a code again; for administrators."""
    _do(backend, "EXECUTE PROCEDURE sign_end(?, '')", (login,))


def states(backend: Backend) -> dict[str, State]:
    """How accounts stand of which anything is kept; for administrators."""
    with backend.snapshot() as connection:
        rows = connection.exec_driver_sql(_STATES).all()
    return {str(login): State(bool(has), wanted, codes) for login, has, wanted, codes in rows}


def locks(backend: Backend) -> dict[str, int]:
    """Accounts that are locked and for how many seconds more, 0: until they are unlocked; for
    administrators."""
    with backend.snapshot() as connection:
        rows = connection.exec_driver_sql(_LOCKS).all()
    return {str(login): max(int(left), 1) if left is not None else 0 for login, left in rows}


def from_utc(backend: Backend, now: datetime) -> timedelta:
    """How far the server's clock, which has no zone, is ahead of `now`, of this computer in
    UTC."""
    with backend.snapshot() as connection:
        there = connection.exec_driver_sql(_SERVER_NOW).scalar_one()
    if isinstance(there, str):
        there = datetime.fromisoformat(there)
    return there.replace(tzinfo=now.tzinfo) - now  # type: ignore[no-any-return]


def _ask(backend: Backend, sql: str, given: Sequence[object]) -> None:
    with backend.write() as connection:
        said = str(connection.exec_driver_sql(sql, tuple(given)).scalar_one() or "").strip()
    if said:
        told = at_the_door(said)
        raise UserError(told.message, field="code")


def _do(backend: Backend, sql: str, given: Sequence[object]) -> None:
    with backend.write() as connection:
        connection.exec_driver_sql(sql, tuple(given))
