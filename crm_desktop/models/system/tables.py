"""The fixed tables of a base, the same on both back ends.

Names are Latin, at most 31 letters and no reserved words of Firebird 3.
"""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.models.backend.types import UtcDateTime, YesNo
from crm_desktop.models.system.rights import define_rights
from crm_desktop.models.system.shared import define_shared

TOKEN = 20  # letters of a search token; longer words are cut
DOCUMENT = 1000  # letters of the normalised text of a record
GROUP = 120  # letters of the values by which a tally counts
DELTA = 3000  # letters of a change kept in the row; longer ones go to `overflow`


def define_system(metadata: sa.MetaData) -> None:
    """Adds every fixed table to the metadata."""
    _changes(metadata)
    _search(metadata)
    _customisation(metadata)
    _personal(metadata)
    _departures(metadata)
    _file_contents(metadata)
    _duplicates(metadata)
    _reminders(metadata)
    _tallies(metadata)
    define_shared(metadata)
    define_rights(metadata)


def _changes(metadata: sa.MetaData) -> None:
    """`services/writing/changes` and `services/undo`: the change log is append-only."""
    sa.Table(
        "operation_log", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("finished_at", UtcDateTime),
        sa.Column("author", sa.BigInteger),
        sa.Column("seat", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("undoes", sa.BigInteger),
        sa.Column("undone_by", sa.BigInteger),
    )  # fmt: skip
    sa.Table(
        "change_row", metadata,
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("op", sa.BigInteger, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("author", sa.BigInteger),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("rid", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(1), nullable=False),
        sa.Column("delta", sa.String(DELTA), nullable=False),
        sa.Column("overflow", sa.Text),
        sa.Index("ix_change_rid", "rid", "seq"),
        sa.Index("ix_change_op", "op", "seq"),
    )  # fmt: skip
    sa.Table(
        "chain", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seat", sa.String(80), nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("first_seq", sa.BigInteger, nullable=False),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("ties", sa.String(1000)),
        sa.Index("ix_chain_seat", "seat", "place", unique=True),
    )  # fmt: skip


def _search(metadata: sa.MetaData) -> None:
    """`services/search`: see decision 004."""
    sa.Table(
        "search_doc", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("body", sa.String(DOCUMENT), nullable=False),
    )  # fmt: skip
    sa.Table(
        "search_posting", metadata,
        sa.Column("ent", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("tok", sa.String(TOKEN), primary_key=True),
        sa.Column("rid", sa.BigInteger, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )  # fmt: skip
    hidden = (
        ("ent", sa.SmallInteger), ("sign", sa.String(1)), ("tok", sa.String(TOKEN)),
        ("rid", sa.BigInteger),
    )  # fmt: skip
    sa.Table(  # decision 021; the sign says of which fields
        "search_hidden", metadata,
        *(sa.Column(name, kind, primary_key=True, autoincrement=False) for name, kind in hidden),
        sqlite_with_rowid=False,
    )  # fmt: skip
    sa.Table(  # by whoever does not see whether it is there
        "search_hidden_added", metadata,
        sa.Column("nr", sa.BigInteger, primary_key=True, autoincrement=False),
        *(sa.Column(name, kind, nullable=False) for name, kind in hidden),
        sa.Index("ix_search_hidden_added", "ent", "sign", "tok", "rid"),
    )  # fmt: skip
    sa.Table(
        "search_form", metadata,
        sa.Column("kind", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("form", sa.String(TOKEN), primary_key=True),
        sa.Column("word", sa.String(TOKEN), primary_key=True),
        sqlite_with_rowid=False,
    )  # fmt: skip
    sa.Table(
        "long_text", metadata,
        sa.Column("rid", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("field", sa.String(31), primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
    )  # fmt: skip


def _customisation(metadata: sa.MetaData) -> None:
    """`services/customisation/constructor`: user-made objects and fields as JSON."""
    sa.Table(
        "base_info", metadata,
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("content", sa.String(1000), nullable=False),
    )  # fmt: skip
    sa.Table(
        "custom_object", metadata,
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("definition", sa.Text, nullable=False),
    )  # fmt: skip
    sa.Table(
        "custom_field", metadata,
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("definition", sa.Text, nullable=False),
    )  # fmt: skip


def _personal(metadata: sa.MetaData) -> None:
    """`services/views`, `layouts` and `importing`: what people saved for next time."""
    sa.Table(
        "saved_view", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("author", sa.BigInteger),
        sa.Column("shared", YesNo, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("definition", sa.Text, nullable=False),
    )  # fmt: skip
    sa.Table(
        "card_layout", metadata,
        sa.Column("entity", sa.String(40), primary_key=True),
        sa.Column("author", sa.BigInteger, primary_key=True, autoincrement=False),  # 0: the office
        sa.Column("definition", sa.Text, nullable=False),
    )  # fmt: skip
    sa.Table(
        "import_mapping", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("signature", sa.String(64), nullable=False),
        sa.Column("definition", sa.Text, nullable=False),
        sa.Index("ix_import_mapping", "entity", "signature"),
    )  # fmt: skip


def _duplicates(metadata: sa.MetaData) -> None:
    """`services/duplicates` and `services/merging`: who may be the same, who is not, who became
    whom. Rows about records that are gone stay: they count again when an undo brings them back."""
    sa.Table(
        "duplicate_group", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("likelihood", sa.Integer, nullable=False),  # thousandths
        sa.Column("reasons", sa.String(1000), nullable=False),
        sa.Index("ix_duplicate_group", "ent", "likelihood"),
    )  # fmt: skip
    sa.Table(
        "duplicate_member", metadata,
        sa.Column("grp", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("rid", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Index("ix_duplicate_member", "rid"),
    )  # fmt: skip
    sa.Table(
        "not_duplicate", metadata,
        sa.Column("one", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("other", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("author", sa.BigInteger),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Index("ix_not_duplicate", "other"),
    )  # fmt: skip
    sa.Table(
        "merged_record", metadata,
        sa.Column("rid", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("winner", sa.BigInteger, nullable=False),
        sa.Index("ix_merged_record", "winner"),
    )  # fmt: skip


def _file_contents(metadata: sa.MetaData) -> None:
    """`services/files`: every content once, cut in parts; see decision 010."""
    sa.Table(
        "file_content", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("byte_size", sa.BigInteger, nullable=False),
        sa.Column("parts", sa.Integer, nullable=False),
        sa.Column("added_at", UtcDateTime, nullable=False),
        sa.Index("ix_file_content_digest", "digest", unique=True),
    )  # fmt: skip
    sa.Table(
        "file_part", metadata,
        sa.Column("content", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )  # fmt: skip


def _departures(metadata: sa.MetaData) -> None:
    """`writing/departures`: what was deleted (kind d, p with its owner) or left its owner (m), so
    that the recycle bin and a card of a former day find it without reading the change log."""
    sa.Table(
        "departed", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(1), nullable=False),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("rid", sa.BigInteger, nullable=False),
        sa.Column("owner", sa.BigInteger),
        sa.Column("op", sa.BigInteger, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("author", sa.BigInteger),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("title_key", sa.String(200), nullable=False),
        sa.Index("ix_departed_rid", "rid"),
        sa.Index("ix_departed_owner", "owner"),
    )  # fmt: skip


def _reminders(metadata: sa.MetaData) -> None:
    """`services/reminders`: what was said to a reminder, and where it was shown. Rows about
    records that are gone stay: they count again when an undo brings them back."""
    sa.Table(
        "reminder_answer", metadata,
        sa.Column("rid", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("about", UtcDateTime, nullable=False),  # the moment it was due at
        sa.Column("until_at", UtcDateTime),  # put off until then; else answered for good
        sa.Column("said_at", UtcDateTime, nullable=False),
        sa.Column("said_by", sa.BigInteger),
        sa.Index("ix_reminder_answer", "until_at"),
    )  # fmt: skip
    sa.Table(
        "reminder_shown", metadata,
        sa.Column("rid", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seat_place", sa.String(40), primary_key=True),
        sa.Column("fired", UtcDateTime, nullable=False),  # the moment it came up for
        sa.Column("shown_at", UtcDateTime, nullable=False),
    )  # fmt: skip
    sa.Table(
        "outgoing_message", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("rid", sa.BigInteger, nullable=False),  # the reminder
        sa.Column("fired", UtcDateTime, nullable=False),
        sa.Column("sent_by", sa.String(10), nullable=False),
        sa.Column("whom", sa.BigInteger),
        sa.Column("address", sa.String(250), nullable=False),
        sa.Column("subject", sa.String(250), nullable=False),
        sa.Column("body", sa.String(3000)),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Index("ix_outgoing_message", "rid", "fired", unique=True),
    )  # fmt: skip


def _tallies(metadata: sa.MetaData) -> None:
    """`services/tally`: kept by triggers of the base (decision 014)."""
    sa.Table(
        "tally", metadata,
        sa.Column("ent", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("field", sa.String(31), primary_key=True),  # the moment that is counted by
        sa.Column("period", sa.Integer, primary_key=True, autoincrement=False),  # months since 0
        sa.Column("grp", sa.String(GROUP), primary_key=True),  # values with | between them
        sa.Column("slot", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("amount", sa.Integer, nullable=False),
    )  # fmt: skip
    sa.Table(
        "changed_hands", metadata,
        sa.Column("rid", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("who", sa.BigInteger, primary_key=True, autoincrement=False),  # 0: nobody
        sa.Column("step", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("way", sa.BigInteger),  # where it is now
        sa.Column("reached", sa.BigInteger),
        sa.Column("state", sa.String(30)),
        sa.Column("owner", sa.BigInteger),  # whose it is now
        sa.Column("opened", UtcDateTime),
        sa.Column("closed", UtcDateTime),
    )  # fmt: skip
