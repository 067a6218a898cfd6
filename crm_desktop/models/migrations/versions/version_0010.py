"""What the people of a shared base need beside version 9.

Indexes that follow from the catalogue are made afterwards (`services/upgrading`).
"""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.models.backend import types
from crm_desktop.models.migrations.repeatable import add_column, add_index, make_table

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """New tables and columns, all empty."""
    add_column("seat_window", sa.Column("why", sa.String(200)))
    _drafts()


def _drafts() -> None:
    """What people have typed and not saved."""
    make_table(
        "seat_draft",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("part", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("login", sa.String(63), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("rid", sa.BigInteger, nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("body", sa.String(4000), nullable=False),
        sa.Column("kept_at", types.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", "part"),
    )
    add_index("ix_seat_draft_login", "seat_draft", ["login", "place"])
