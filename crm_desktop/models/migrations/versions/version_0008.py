"""What the office's rights, people and figures need beside version 7.

Indexes that follow from the catalogue are made afterwards (`services/upgrading`).
"""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.models.backend import types
from crm_desktop.models.migrations.repeatable import add_column, add_index, make_table

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """New tables and columns, all empty."""
    _shown()
    _dismissed()
    _watched()
    add_column("right_reach", sa.Column("begins_at", types.UtcDateTime))


def _shown() -> None:
    make_table(
        "right_shown",
        sa.Column("login", sa.String(63), nullable=False),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("field", sa.String(31), nullable=False),
        sa.Column("shown", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("login", "ent", "field"),
    )


def _dismissed() -> None:
    make_table(
        "seat_dismissal",
        sa.Column("login", sa.String(63), nullable=False),
        sa.Column("head", sa.String(63), nullable=False),
        sa.Column("successor", sa.String(63), nullable=False),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("login"),
    )
    make_table(
        "seat_text",
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("login", sa.String(63), nullable=False),
        sa.Column("head", sa.String(63), nullable=False),
        sa.Column("successor", sa.String(63), nullable=False),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("rid", sa.BigInteger, nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("body", sa.String(4000), nullable=False),
        sa.Column("left_at", types.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", "part"),
    )


def _watched() -> None:
    """Decoys, what a head was told, and what the audit knows more."""
    add_column("audit_entry", sa.Column("decoys", sa.Integer))
    add_index("ix_audit_entry_login", "audit_entry", ["login", "what", "made_at"])
    make_table(
        "watch_decoy",
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("rid", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("ent", "rid"),
    )
    make_table(
        "watch_told",
        sa.Column("login", sa.String(63), nullable=False),
        sa.Column("alarm", sa.String(120), nullable=False),
        sa.Column("told_at", types.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("login", "alarm"),
    )
