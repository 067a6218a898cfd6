"""Rights: roles, what they allow, who has them, who stands in for whom.

Beside them: further records that activities are linked to, and who took a lead on and answered it.

Indexes that follow from the catalogue are made afterwards (`services/upgrading`).
"""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.models.backend import types
from crm_desktop.models.migrations.repeatable import (
    add_column,
    add_index,
    any_link,
    make_table,
    record_table,
    text,
)

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """New tables and columns, all empty."""
    _roles()
    _held()
    _linked_records()
    for column in ("taken_by", "responded_by"):
        add_column("sales_lead", sa.Column(column, sa.BigInteger))
    add_index("ix_right_role_name", "right_role", ["name"], unique=True)


def _roles() -> None:
    make_table(
        "right_role",
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("note", sa.String(300)),
        sa.Column("built_in", sa.String(20)),
        sa.PrimaryKeyConstraint("id"),
    )
    make_table(
        "right_given",
        sa.Column("role", sa.BigInteger, nullable=False),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("scope", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("role", "ent", "action"),
    )
    make_table(
        "right_field",
        sa.Column("role", sa.BigInteger, nullable=False),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("field", sa.String(31), nullable=False),
        sa.Column("shown", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("role", "ent", "field"),
    )


def _held() -> None:
    make_table(
        "right_holder",
        sa.Column("who", sa.BigInteger, nullable=False),
        sa.Column("role", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("who", "role"),
    )
    make_table(
        "substitution",
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("absent", sa.BigInteger, nullable=False),
        sa.Column("stand_in", sa.BigInteger, nullable=False),
        sa.Column("begins_at", types.UtcDateTime, nullable=False),
        sa.Column("ends_at", types.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    make_table(
        "right_reach",
        sa.Column("login", sa.String(63), nullable=False),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("owner", sa.BigInteger, nullable=False),
        sa.Column("ends_at", types.UtcDateTime),
        sa.PrimaryKeyConstraint("login", "ent", "action", "owner"),
    )


def _linked_records() -> None:
    record_table(
        "activity_link",
        *text("name", 250),
        sa.Column("activity", sa.BigInteger),
        *any_link("record"),
    )
