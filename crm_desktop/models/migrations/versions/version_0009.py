"""What figures at the first question and the people of an office need beside version 8.

Indexes that follow from the catalogue are made afterwards (`services/upgrading`).
"""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.models.backend import types
from crm_desktop.models.migrations.repeatable import add_column, add_index, make_table

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """New tables and columns, all empty."""
    _signing()
    _tallies()
    add_column("substitution", sa.Column("note", sa.String(300)))
    add_column("staff", sa.Column("photo", sa.String(64)))
    add_column("staff", sa.Column("photo_key", sa.String(64), nullable=False, server_default=""))


def _signing() -> None:
    """Second factors, passes of programs, failed sign-ins and locks."""
    make_table(
        "sign_second",
        sa.Column("login", sa.String(63), nullable=False),
        sa.Column("wanted", sa.SmallInteger, nullable=False),
        sa.Column("secret", sa.String(40)),
        sa.Column("last_step", sa.BigInteger),
        sa.Column("codes_made", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("login"),
    )
    make_table(
        "sign_recovery",
        sa.Column("login", sa.String(63), nullable=False),
        sa.Column("mark", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("login", "mark"),
    )
    make_table(
        "sign_pass",
        sa.Column("login", sa.String(63), nullable=False),
        sa.Column("mark", sa.String(60), nullable=False),
        sa.Column("until_at", types.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("login", "mark"),
    )
    make_table(
        "sign_failure",
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("login", sa.String(63), nullable=False),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    add_index("ix_sign_failure_login", "sign_failure", ["login", "made_at"])
    make_table(
        "sign_lock",
        sa.Column("login", sa.String(63), nullable=False),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
        sa.Column("until_at", types.UtcDateTime),
        sa.PrimaryKeyConstraint("login"),
    )


def _tallies() -> None:
    """What the base counts by itself for the figures of sales."""
    make_table(
        "tally",
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("field", sa.String(31), nullable=False),
        sa.Column("period", sa.Integer, nullable=False),
        sa.Column("grp", sa.String(120), nullable=False),
        sa.Column("slot", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("ent", "field", "period", "grp", "slot"),
    )
    make_table(
        "changed_hands",
        sa.Column("rid", sa.BigInteger, nullable=False),
        sa.Column("who", sa.BigInteger, nullable=False),
        sa.Column("step", sa.BigInteger, nullable=False),
        sa.Column("way", sa.BigInteger),
        sa.Column("reached", sa.BigInteger),
        sa.Column("state", sa.String(30)),
        sa.Column("owner", sa.BigInteger),
        sa.Column("opened", types.UtcDateTime),
        sa.Column("closed", types.UtcDateTime),
        sa.PrimaryKeyConstraint("rid", "who", "step"),
    )
