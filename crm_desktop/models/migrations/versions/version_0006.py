"""A base that several people share: seats, marks of editing, sign-ins, names to sign in with.

Indexes that follow from the catalogue are made afterwards (`services/upgrading`).
"""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.models.backend import types
from crm_desktop.models.migrations.repeatable import add_column, add_index, make_table, text

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """New tables with their indexes, and one new pair of columns."""
    for column in text("login", 63):
        add_column("staff", column)
    _seats()
    _waiting()
    _beside_each_other()
    _indexes()


def _seats() -> None:
    make_table(
        "seat_lock",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    make_table(
        "seat_lease",
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("login", sa.String(63), nullable=False),
        sa.Column("who", sa.BigInteger),
        sa.Column("machine", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("taken_at", types.UtcDateTime, nullable=False),
        sa.Column("active_at", types.UtcDateTime, nullable=False),
        sa.Column("until_at", types.UtcDateTime),
        sa.PrimaryKeyConstraint("id"),
    )
    make_table(
        "seat_window",
        sa.Column("seat", sa.String(80), nullable=False),
        sa.Column("lease", sa.BigInteger, nullable=False),
        sa.Column("line_no", sa.BigInteger, nullable=False),
        sa.Column("beat_at", types.UtcDateTime, nullable=False),
        sa.Column("ends", sa.String(12)),
        sa.PrimaryKeyConstraint("seat"),
    )
    make_table(
        "seat_use",
        sa.Column("quarter_at", types.UtcDateTime, nullable=False),
        sa.Column("most", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("quarter_at"),
    )


def _waiting() -> None:
    make_table(
        "seat_queue",
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("login", sa.String(63), nullable=False),
        sa.Column("who", sa.BigInteger),
        sa.Column("machine", sa.String(64), nullable=False),
        sa.Column("seat", sa.String(80), nullable=False),
        sa.Column("line_no", sa.BigInteger, nullable=False),
        sa.Column("arrived_at", types.UtcDateTime, nullable=False),
        sa.Column("beat_at", types.UtcDateTime, nullable=False),
        sa.Column("called_at", types.UtcDateTime),
        sa.PrimaryKeyConstraint("id"),
    )
    make_table(
        "seat_request",
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("lease", sa.BigInteger, nullable=False),
        sa.Column("asker", sa.String(63), nullable=False),
        sa.Column("who", sa.BigInteger),
        sa.Column("asked_at", types.UtcDateTime, nullable=False),
        sa.Column("answer", sa.String(10)),
        sa.PrimaryKeyConstraint("id"),
    )


def _beside_each_other() -> None:
    make_table(
        "edit_mark",
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("rid", sa.BigInteger, nullable=False),
        sa.Column("seat", sa.String(80), nullable=False),
        sa.Column("who", sa.BigInteger),
        sa.Column("since", types.UtcDateTime, nullable=False),
        sa.Column("beat_at", types.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("ent", "rid", "seat"),
    )
    make_table(
        "job_lease",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("seat", sa.String(80), nullable=False),
        sa.Column("machine", sa.String(64), nullable=False),
        sa.Column("until_at", types.UtcDateTime, nullable=False),
        sa.Column("done_at", types.UtcDateTime),
        sa.PrimaryKeyConstraint("name"),
    )
    make_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
        sa.Column("login", sa.String(63)),
        sa.Column("who", sa.BigInteger),
        sa.Column("machine", sa.String(64)),
        sa.Column("what", sa.String(30), nullable=False),
        sa.Column("ent", sa.SmallInteger),
        sa.Column("rid", sa.BigInteger),
        sa.Column("amount", sa.BigInteger),
        sa.Column("detail", sa.String(1000)),
        sa.PrimaryKeyConstraint("id"),
    )


def _indexes() -> None:
    add_index("ix_seat_lease_login", "seat_lease", ["login", "machine"], unique=True)
    add_index("ix_seat_window_lease", "seat_window", ["lease"])
    add_index("ix_seat_window_line", "seat_window", ["line_no"])
    add_index("ix_seat_queue_line", "seat_queue", ["line_no"])
    add_index("ix_seat_request_lease", "seat_request", ["lease"])
    add_index("ix_edit_mark_seat", "edit_mark", ["seat"])
    add_index("ix_audit_entry_made", "audit_entry", ["made_at"])
