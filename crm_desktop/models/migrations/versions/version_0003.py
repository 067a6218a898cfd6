"""The planner: activities with times and states, and what belongs to them.

Indexes that follow from the catalogue are made afterwards (`services/upgrading`).
"""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.models.backend import types
from crm_desktop.models.migrations.repeatable import (
    add_column,
    add_index,
    key_column,
    make_table,
    record_table,
    text,
    yes_no,
)

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """New tables, then new columns of old ones."""
    _sets_and_days()
    _what_hangs_on_activities()
    _resources_and_steps()
    _working_time()
    _messages_and_answers()
    _columns()


def _sets_and_days() -> None:
    record_table(
        "activity_set",
        *text("name", 200),
        *text("anchor", 150),
        yes_no("retired"),
        sa.Column("note", sa.String(1000)),
    )
    record_table(
        "calendar_day",
        sa.Column("on_day", sa.Date),
        *text("day_hours", 120),
        *text("name", 150),
        sa.Column("calendar", sa.BigInteger),
    )


def _what_hangs_on_activities() -> None:
    record_table(
        "checklist_item",
        yes_no("done"),
        *text("item_text", 300),
        sa.Column("place_no", sa.BigInteger),
        sa.Column("activity", sa.BigInteger),
    )
    record_table(
        "participation",
        *text("name", 250),
        sa.Column("staff", sa.BigInteger),
        sa.Column("person", sa.BigInteger),
        sa.Column("resource", sa.BigInteger),
        *text("address", 254),
        sa.Column("role", sa.String(30)),
        sa.Column("answer", sa.String(30)),
        *text("reason", 300),
        sa.Column("activity", sa.BigInteger),
    )
    record_table(
        "reminder",
        *text("name", 250),
        sa.Column("staff", sa.BigInteger),
        sa.Column("offset_minutes", sa.BigInteger),
        sa.Column("channel", sa.String(30)),
        sa.Column("due_at", types.UtcDateTime),
        sa.Column("activity", sa.BigInteger),
    )


def _resources_and_steps() -> None:
    record_table(
        "resource",
        *text("name", 200),
        sa.Column("resource_kind", sa.String(30)),
        sa.Column("capacity", sa.BigInteger),
        sa.Column("department", sa.BigInteger),
        sa.Column("colour", sa.String(30)),
        yes_no("retired"),
        sa.Column("note", sa.String(1000)),
    )
    record_table(
        "set_step",
        sa.Column("place_no", sa.BigInteger),
        *text("subject", 200),
        sa.Column("kind", sa.String(30)),
        sa.Column("days", sa.BigInteger),
        *text("day_time", 20),
        sa.Column("length_minutes", sa.BigInteger),
        sa.Column("after_step", sa.BigInteger),
        sa.Column("author", sa.BigInteger),
        sa.Column("body", sa.String(1000)),
        sa.Column("activity_set", sa.BigInteger),
    )


def _working_time() -> None:
    record_table(
        "work_calendar",
        *text("name", 200),
        sa.Column("holds_for", sa.String(30)),
        sa.Column("department", sa.BigInteger),
        sa.Column("staff", sa.BigInteger),
        sa.Column("based_on", sa.BigInteger),
        *text("hours_1", 120),
        *text("hours_2", 120),
        *text("hours_3", 120),
        *text("hours_4", 120),
        *text("hours_5", 120),
        *text("hours_6", 120),
        *text("hours_7", 120),
        *text("country", 20),
        *text("zone", 60),
    )


def _messages_and_answers() -> None:
    make_table(
        "outgoing_message",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("rid", sa.BigInteger, nullable=False),
        sa.Column("fired", types.UtcDateTime, nullable=False),
        sa.Column("sent_by", sa.String(10), nullable=False),
        sa.Column("whom", sa.BigInteger),
        sa.Column("address", sa.String(250), nullable=False),
        sa.Column("subject", sa.String(250), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
        sa.Column("changed_at", types.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    add_index("ix_outgoing_message", "outgoing_message", ["rid", "fired"], unique=True)
    make_table(
        "reminder_answer",
        sa.Column("rid", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("about", types.UtcDateTime, nullable=False),
        sa.Column("until_at", types.UtcDateTime),
        sa.Column("said_at", types.UtcDateTime, nullable=False),
        sa.Column("said_by", sa.BigInteger),
        sa.PrimaryKeyConstraint("rid"),
    )
    add_index("ix_reminder_answer", "reminder_answer", ["until_at"])
    make_table(
        "reminder_shown",
        sa.Column("rid", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("seat_place", sa.String(40), nullable=False),
        sa.Column("fired", types.UtcDateTime, nullable=False),
        sa.Column("shown_at", types.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("rid", "seat_place"),
    )


def _columns() -> None:
    add_column("activity", sa.Column("starts", types.UtcDateTime))
    add_column("activity", sa.Column("ends", types.UtcDateTime))
    add_column("activity", yes_no("all_day"))
    add_column("activity", sa.Column("zone", sa.String(60)))
    add_column("activity", key_column("zone"))
    add_column("activity", sa.Column("place", sa.String(300)))
    add_column("activity", key_column("place"))
    add_column("activity", sa.Column("priority", sa.String(30)))
    add_column("activity", sa.Column("reason", sa.String(300)))
    add_column("activity", key_column("reason"))
    add_column("activity", sa.Column("private", sa.String(30)))
    add_column("activity", sa.Column("attempt", sa.BigInteger))
    add_column("activity", sa.Column("recurrence", sa.String(1000)))
    add_column("activity", sa.Column("series", sa.BigInteger))
    add_column("activity", sa.Column("occurrence", types.UtcDateTime))
    add_column("activity", sa.Column("uid", sa.String(255)))
    add_column("activity", key_column("uid"))
    add_column("activity", sa.Column("count_from", sa.String(30)))
    add_column("activity", sa.Column("recurs_until", types.UtcDateTime))
    add_column("activity", sa.Column("set_step", sa.BigInteger))
    add_column("activity", sa.Column("anchor_day", sa.Date))
    add_column("staff", sa.Column("unit", sa.BigInteger))
