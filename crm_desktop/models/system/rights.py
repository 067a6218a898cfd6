"""The fixed tables of what each person may do in a base that several people share.

On a local base, which has one person, they stay empty. Only an administrator writes them; what is
changed there stands in the audit, and no undo touches it.
"""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.models.backend.types import UtcDateTime
from crm_desktop.models.system.shared import SIGN_IN

ROLE = 60
"""Letters of the name of a role."""
ACTION = 16
SCOPE = 12
FIELD = 31
NOTE = 300
"""Letters of what a role or a substitution is for."""


def define_rights(metadata: sa.MetaData) -> None:
    """Adds the tables to the metadata."""
    _roles(metadata)
    _held(metadata)


def _roles(metadata: sa.MetaData) -> None:
    """What a role allows: an action on an object within a scope, and how its fields are shown."""
    sa.Table(
        "right_role", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(ROLE), nullable=False),
        sa.Column("note", sa.String(NOTE)),
        sa.Column("built_in", sa.String(20)),  # the key of one that came with the program
        sa.Index("ix_right_role_name", "name", unique=True),
    )  # fmt: skip
    sa.Table(
        "right_given", metadata,
        sa.Column("role", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("ent", sa.SmallInteger, primary_key=True, autoincrement=False),  # 0: all others
        sa.Column("action", sa.String(ACTION), primary_key=True),
        sa.Column("scope", sa.String(SCOPE), nullable=False),
    )  # fmt: skip
    sa.Table(
        "right_field", metadata,
        sa.Column("role", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("ent", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("field", sa.String(FIELD), primary_key=True),
        sa.Column("shown", sa.String(10), nullable=False),  # hidden, masked, readonly
    )  # fmt: skip


def _held(metadata: sa.MetaData) -> None:
    """Who has which role, who stands in for whom, and what follows from both."""
    sa.Table(
        "right_holder", metadata,
        sa.Column("who", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("role", sa.BigInteger, primary_key=True, autoincrement=False),
    )  # fmt: skip
    sa.Table(
        "substitution", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("absent", sa.BigInteger, nullable=False),
        sa.Column("stand_in", sa.BigInteger, nullable=False),
        sa.Column("begins_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("note", sa.String(NOTE)),
    )  # fmt: skip
    sa.Table(  # worked out of the others: whose records an account reaches; 0 is everybody's
        "right_reach", metadata,
        sa.Column("login", sa.String(SIGN_IN), primary_key=True),  # as the server writes it
        sa.Column("ent", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("action", sa.String(ACTION), primary_key=True),
        sa.Column("owner", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("begins_at", UtcDateTime),  # of what is held by standing in for somebody
        sa.Column("ends_at", UtcDateTime),
    )  # fmt: skip
    sa.Table(  # worked out too: the fields that an account does not see, and in which way
        "right_shown", metadata,
        sa.Column("login", sa.String(SIGN_IN), primary_key=True),
        sa.Column("ent", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("field", sa.String(FIELD), primary_key=True),
        sa.Column("shown", sa.String(10), nullable=False),  # hidden, masked
    )  # fmt: skip
