"""What the program has made in a server of the catalogue and what names a column: views, triggers,
functions, procedures and indexes by an expression. A server drops no column that they name, so they
go before it; the end of every upgrade makes all of them anew (`services/upgrading`). Until then
staff reach nothing."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import sqlalchemy as sa

from crm_desktop.errors import BaseBusy
from crm_desktop.i18n import _
from crm_desktop.models.backend.firebird_errors import understood

OURS = ("V_", "G_", "W_", "N_", "R_", "O_", "CRM_", "BACKEND_", "TALLY_", "HANDS_")
"""How the names begin of what is made of the catalogue."""
_KINDS = {1: "VIEW", 2: "TRIGGER", 5: "PROCEDURE", 6: "INDEX", 15: "FUNCTION"}
_LAST = {"TRIGGER": 0, "VIEW": 1, "PROCEDURE": 2, "FUNCTION": 3, "INDEX": 4}
_ASKED = """SELECT TRIM(rdb$dependent_name), rdb$dependent_type, TRIM(rdb$depended_on_name),
 TRIM(rdb$field_name) FROM rdb$dependencies
UNION SELECT TRIM(f.rdb$relation_name), 1, TRIM(d.rdb$depended_on_name), TRIM(d.rdb$field_name)
 FROM rdb$dependencies d JOIN rdb$relation_fields f ON f.rdb$field_source = d.rdb$dependent_name
 WHERE d.rdb$dependent_type = 3"""
"""A column of a view that is an expression stands there as a domain without the view's name."""
_FIREBIRD = "firebird"


class _Made(NamedTuple):
    """One of them, by its name in capitals."""

    kind: str
    name: str


def drop_dependants(connection: sa.Connection, table: str, column: str) -> list[str]:
    """Drops what names the column, and what names that; the names of what went. A file has none.

    `BaseBusy` where colleagues have the base open.
    """
    if connection.dialect.name != _FIREBIRD:
        return []
    users = _users(connection)
    wanted = set(users[table.upper(), column.upper()])
    by_name: dict[str, set[_Made]] = defaultdict(set)
    for (name, _field), found in users.items():
        by_name[name] |= {one for one in found if one.name != name}
    left = set(wanted)
    while wanted:
        wanted = {one for known in wanted for one in by_name[known.name]} - left
        left |= wanted
    gone = []
    while left:
        free = [one for one in left if not by_name[one.name] & left] or list(left)
        first = min(free, key=lambda one: (_LAST[one.kind], one.name))
        _drop(connection, first)
        left.discard(first)
        gone.append(first.name)
    return gone


def _drop(connection: sa.Connection, made: _Made) -> None:
    try:
        connection.exec_driver_sql(f"DROP {made.kind} {made.name}")
    except sa.exc.DBAPIError as error:
        if isinstance(understood(error), BaseBusy):
            raise BaseBusy(
                _("Colleagues have the base open, so this upgrade cannot be made now. Ask them to "
                  "close it and open it once more yourself; nothing is lost meanwhile.")
            ) from error  # fmt: skip
        raise


def _users(connection: sa.Connection) -> dict[tuple[str, str], set[_Made]]:
    """Who names what, by (name, column)."""
    found: dict[tuple[str, str], set[_Made]] = defaultdict(set)
    for name, kind, named, field in connection.exec_driver_sql(_ASKED).all():
        if kind in _KINDS and name.startswith(OURS):
            found[named, field or ""].add(_Made(_KINDS[kind], name))
    return found
