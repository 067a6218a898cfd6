"""The fixed tables of a base that several people share: seats, marks of editing, sign-ins.

They are part of every base, so that one can move to a server and back; on a local one they stay
empty. No change row repeats them and no undo touches them. All moments are the server's own.
"""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.models.backend.types import UtcDateTime

SIGN_IN = 63
"""Letters of a name to sign in with: Firebird 3 allows 31, later servers 63."""
MACHINE = 64
STAYS = ("sign_second", "sign_recovery", "sign_pass", "sign_failure", "sign_lock")
"""Tables whose rows do not move with a base: they are secrets of one server and its accounts."""


def define_shared(metadata: sa.MetaData) -> None:
    """Adds the tables to the metadata."""
    _seats(metadata)
    _waiting(metadata)
    _beside_each_other(metadata)
    _watched(metadata)
    _signing(metadata)


def _seats(metadata: sa.MetaData) -> None:
    """`services/licensing`: one lease a person and machine, one window of it a running program."""
    sa.Table(
        "seat_lock", metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("turn", sa.BigInteger, nullable=False),
    )  # fmt: skip
    sa.Table(
        "seat_lease", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("login", sa.String(SIGN_IN), nullable=False),
        sa.Column("who", sa.BigInteger),
        sa.Column("machine", sa.String(MACHINE), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),  # work, read, travel
        sa.Column("taken_at", UtcDateTime, nullable=False),
        sa.Column("active_at", UtcDateTime, nullable=False),  # the last key or click
        sa.Column("until_at", UtcDateTime),  # of a laptop that travels
        sa.Index("ix_seat_lease_login", "login", "machine", unique=True),
    )  # fmt: skip
    sa.Table(
        "seat_window", metadata,
        sa.Column("seat", sa.String(80), primary_key=True),
        sa.Column("lease", sa.BigInteger, nullable=False),
        sa.Column("line_no", sa.BigInteger, nullable=False),
        sa.Column("beat_at", UtcDateTime, nullable=False),
        sa.Column("ends", sa.String(12)),  # asked to end: freed, idle, dismissed
        sa.Column("why", sa.String(200)),  # the reason of whoever freed the seat
        sa.Index("ix_seat_window_lease", "lease"),
        sa.Index("ix_seat_window_line", "line_no"),
    )  # fmt: skip
    sa.Table(
        "seat_use", metadata,
        sa.Column("quarter_at", UtcDateTime, primary_key=True),  # its beginning
        sa.Column("most", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),  # people outside at once
    )  # fmt: skip
    sa.Table(
        "seat_outside", metadata,
        sa.Column("quarter_at", UtcDateTime, primary_key=True),
        sa.Column("login", sa.String(SIGN_IN), primary_key=True),
    )  # fmt: skip
    _dismissed(metadata)


def _dismissed(metadata: sa.MetaData) -> None:
    """Accounts that were closed, who gets what was left unsaved in their windows, and that; what
    everybody has typed and not saved."""
    sa.Table(
        "seat_dismissal", metadata,
        sa.Column("login", sa.String(SIGN_IN), primary_key=True),
        sa.Column("head", sa.String(SIGN_IN), nullable=False),  # '' for nobody
        sa.Column("successor", sa.String(SIGN_IN), nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
    )  # fmt: skip
    sa.Table(
        "seat_text", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("login", sa.String(SIGN_IN), nullable=False),
        sa.Column("head", sa.String(SIGN_IN), nullable=False),
        sa.Column("successor", sa.String(SIGN_IN), nullable=False),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("rid", sa.BigInteger, nullable=False),  # 0 for a record that was not made yet
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("body", sa.String(4000), nullable=False),
        sa.Column("left_at", UtcDateTime, nullable=False),
    )  # fmt: skip
    sa.Table(
        "seat_draft", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("login", sa.String(SIGN_IN), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),  # a computer
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("rid", sa.BigInteger, nullable=False),  # 0: not made yet, -1: of the planner
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("body", sa.String(4000), nullable=False),
        sa.Column("kept_at", UtcDateTime, nullable=False),
        sa.Index("ix_seat_draft_login", "login", "place"),
    )  # fmt: skip


def _waiting(metadata: sa.MetaData) -> None:
    """Who waits for a seat, and who was asked to leave his."""
    sa.Table(
        "seat_queue", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),  # order of arrival
        sa.Column("login", sa.String(SIGN_IN), nullable=False),
        sa.Column("who", sa.BigInteger),
        sa.Column("machine", sa.String(MACHINE), nullable=False),
        sa.Column("seat", sa.String(80), nullable=False),
        sa.Column("line_no", sa.BigInteger, nullable=False),
        sa.Column("arrived_at", UtcDateTime, nullable=False),
        sa.Column("beat_at", UtcDateTime, nullable=False),
        sa.Column("called_at", UtcDateTime),
        sa.Index("ix_seat_queue_line", "line_no"),
    )  # fmt: skip
    sa.Table(
        "seat_request", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("lease", sa.BigInteger, nullable=False),
        sa.Column("asker", sa.String(SIGN_IN), nullable=False),
        sa.Column("who", sa.BigInteger),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("answer", sa.String(10)),
        sa.Index("ix_seat_request_lease", "lease"),
    )  # fmt: skip


def _beside_each_other(metadata: sa.MetaData) -> None:
    """Who edits what, which program does what is done once for all, and what must be known."""
    sa.Table(
        "edit_mark", metadata,
        sa.Column("ent", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("rid", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seat", sa.String(80), primary_key=True),
        sa.Column("who", sa.BigInteger),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("beat_at", UtcDateTime, nullable=False),
        sa.Index("ix_edit_mark_seat", "seat"),
    )  # fmt: skip
    sa.Table(
        "job_lease", metadata,
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("seat", sa.String(80), nullable=False),
        sa.Column("machine", sa.String(MACHINE), nullable=False),
        sa.Column("until_at", UtcDateTime, nullable=False),
        sa.Column("done_at", UtcDateTime),
    )  # fmt: skip
    sa.Table(
        "audit_entry", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("login", sa.String(SIGN_IN)),
        sa.Column("who", sa.BigInteger),
        sa.Column("machine", sa.String(MACHINE)),
        sa.Column("what", sa.String(30), nullable=False),
        sa.Column("ent", sa.SmallInteger),
        sa.Column("rid", sa.BigInteger),
        sa.Column("amount", sa.BigInteger),
        sa.Column("detail", sa.String(1000)),
        sa.Column("decoys", sa.Integer),  # so many of the records taken out were decoys
        sa.Index("ix_audit_entry_made", "made_at"),
        sa.Index("ix_audit_entry_login", "login", "what", "made_at"),
    )  # fmt: skip


def _watched(metadata: sa.MetaData) -> None:
    """What staff never read: which records are decoys, and which alarms a head has seen."""
    sa.Table(
        "watch_decoy", metadata,
        sa.Column("ent", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("rid", sa.BigInteger, primary_key=True, autoincrement=False),
    )  # fmt: skip
    sa.Table(
        "watch_told", metadata,
        sa.Column("login", sa.String(SIGN_IN), primary_key=True),
        sa.Column("alarm", sa.String(120), primary_key=True),
        sa.Column("told_at", UtcDateTime, nullable=False),
    )  # fmt: skip


def _signing(metadata: sa.MetaData) -> None:
    """What staff never read: second factors, passes of programs, failures, locks. They stay with
    the server they belong to (`STAYS`)."""
    sa.Table(
        "sign_second", metadata,
        sa.Column("login", sa.String(SIGN_IN), primary_key=True),
        sa.Column("wanted", sa.SmallInteger, nullable=False),  # 1: demanded, -1: never, 0: by rule
        sa.Column("secret", sa.String(40)),  # hex
        sa.Column("last_step", sa.BigInteger),  # of the last code that was taken
        sa.Column("codes_made", sa.SmallInteger, nullable=False),
    )  # fmt: skip
    for name, *more in (
        ("sign_recovery",),
        ("sign_pass", sa.Column("until_at", UtcDateTime, nullable=False)),
    ):
        sa.Table(
            name, metadata,
            sa.Column("login", sa.String(SIGN_IN), primary_key=True),
            sa.Column("mark", sa.String(60), primary_key=True),  # a digest of a digest
            *more,
        )  # fmt: skip
    sa.Table(
        "sign_failure", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("login", sa.String(SIGN_IN), nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("address", sa.String(MACHINE), nullable=False),
        sa.Index("ix_sign_failure_login", "login", "made_at"),
    )  # fmt: skip
    sa.Table(
        "sign_lock", metadata,
        sa.Column("login", sa.String(SIGN_IN), primary_key=True),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("until_at", UtcDateTime),  # None: until an administrator unlocks it
    )  # fmt: skip
