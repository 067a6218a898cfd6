"""Changes of tables that pass a second time too: a step may be cut off on a server.

Each asks first whether it was made already.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from crm_desktop.models.backend import types
from crm_desktop.models.backend.dependants import drop_dependants
from crm_desktop.models.migrations.steps import has_column, has_index, has_table


def key_column(field: str) -> sa.Column[Any]:
    """The twin by which a text is compared and sorted."""
    return sa.Column(f"{field}_key", sa.String(64), server_default="", nullable=False)


def text(field: str, length: int) -> tuple[sa.Column[Any], sa.Column[Any]]:
    """A text of at most so many letters, and the twin by which it is compared and sorted."""
    return sa.Column(field, sa.String(length)), key_column(field)


def any_link(field: str) -> tuple[sa.Column[Any], sa.Column[Any]]:
    """A link to a record of any object: its number, and which object it is."""
    return sa.Column(f"{field}_id", sa.BigInteger), sa.Column(f"{field}_ent", sa.SmallInteger)


def yes_no(field: str) -> sa.Column[Any]:
    """A column of yes or no; no where nothing was said."""
    return sa.Column(field, types.YesNo(), server_default=sa.text("0"), nullable=False)


def record_table(name: str, *columns: sa.Column[Any]) -> None:
    """The table of an object, with what every record has."""
    make_table(
        name,
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", types.UtcDateTime, nullable=False),
        sa.Column("created_by", sa.BigInteger),
        sa.Column("updated_at", types.UtcDateTime, nullable=False),
        sa.Column("updated_by", sa.BigInteger),
        *columns,
        sa.PrimaryKeyConstraint("id"),
    )


def make_table(name: str, *parts: Any, **more: Any) -> None:
    """A table, if it is not there; `more` for one of the back ends."""
    if not has_table(op.get_bind(), name):
        op.create_table(name, *parts, **more)


def add_column(table: str, column: sa.Column[Any]) -> None:
    """A column, if it is not there."""
    if not has_column(op.get_bind(), table, column.name):
        op.add_column(table, column)


def add_index(name: str, table: str, columns: list[str], *, unique: bool = False) -> None:
    """An index, if it is not there."""
    if not has_index(op.get_bind(), table, name):
        op.create_index(name, table, columns, unique=unique)


def drop_column(table: str, column: str) -> None:
    """Takes a column away, if it is there. Indexes, and what the server keeps rights by, that name
    it go first; what is still wanted is made anew at the end of the upgrade."""
    bind = op.get_bind()
    if not has_column(bind, table, column):
        return
    drop_dependants(bind, table, column)
    for index in sa.inspect(bind).get_indexes(table):
        if column in index["column_names"]:
            op.drop_index(str(index["name"]), table)
    op.drop_column(table, column)
