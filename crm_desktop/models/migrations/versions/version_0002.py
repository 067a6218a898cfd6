"""The client base in depth: new objects, what they need, and what others know more of.

Indexes that follow from the catalogue are made afterwards (`services/upgrading`).
"""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.models.backend import types
from crm_desktop.models.migrations.repeatable import (
    add_column,
    add_index,
    any_link,
    key_column,
    make_table,
    record_table,
    text,
    yes_no,
)

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """New tables, then new columns of old ones."""
    _dates_and_files()
    _banks()
    _legal_details()
    _addresses_and_relations()
    _segments_and_tags()
    _wishes()
    _layouts_and_what_is_gone()
    _duplicates()
    _contents_of_files()
    _what_was_decided_on_duplicates()
    _columns()


def _dates_and_files() -> None:
    record_table(
        "annual_date",
        *text("occasion", 150),
        sa.Column("yearly_day", sa.Integer),
        sa.Column("lead_days", sa.BigInteger),
        *text("note", 300),
        *any_link("owner"),
    )
    record_table(
        "attachment",
        *text("name", 200),
        sa.Column("kind", sa.String(30)),
        *text("media", 100),
        sa.Column("byte_size", sa.BigInteger),
        *text("sha_256", 64),
        *text("note", 500),
        *any_link("owner"),
    )


def _banks() -> None:
    record_table(
        "bank",
        *text("name", 250),
        *text("bik", 9),
        *text("correspondent", 20),
        *text("city", 120),
        *text("place_kind", 20),
        *text("postcode", 20),
        *text("address", 500),
        *text("region", 60),
        *text("swift", 20),
        *text("english_name", 250),
        *text("licence", 20),
        *text("parent_bik", 20),
        sa.Column("since", sa.Date),
        sa.Column("until", sa.Date),
    )
    record_table(
        "bank_account",
        *text("bik", 9),
        *text("bank_name", 250),
        *text("correspondent", 20),
        *text("account", 34),
        *text("iban", 34),
        *text("swift", 11),
        sa.Column("currency", sa.String(30)),
        yes_no("main"),
        *text("note", 500),
        sa.Column("details", sa.BigInteger),
    )


def _legal_details() -> None:
    record_table(
        "legal_details",
        sa.Column("preset", sa.String(30)),
        *text("short_name", 250),
        *text("full_name", 250),
        *text("inn", 12),
        *text("kpp", 9),
        *text("ogrn", 15),
        *text("okpo", 14),
        *text("country", 100),
        *text("tax_id", 20),
        *text("registration", 60),
        sa.Column("birthday", sa.Date),
        *text("passport", 30),
        sa.Column("passport_date", sa.Date),
        *text("passport_office", 250),
        *text("passport_code", 20),
        *text("snils", 11),
        *text("legal_address", 500),
        *text("postal_address", 500),
        *text("director", 150),
        *text("director_title", 150),
        *text("grounds", 250),
        *text("main_account", 34),
        yes_no("for_printing"),
        *text("note", 500),
        *any_link("owner"),
    )


def _addresses_and_relations() -> None:
    record_table(
        "postal_address",
        sa.Column("kind", sa.String(30)),
        *text("line", 500),
        *text("postcode", 20),
        *text("city", 120),
        *text("region", 120),
        *text("country", 100),
        yes_no("main"),
        *text("note", 500),
        *any_link("owner"),
    )
    record_table(
        "relation",
        *text("name", 200),
        *any_link("one"),
        sa.Column("kind", sa.BigInteger),
        *any_link("other"),
        sa.Column("since", sa.Date),
        sa.Column("until", sa.Date),
        *text("note", 500),
    )


def _segments_and_tags() -> None:
    record_table(
        "selection",
        *text("name", 100),
        *text("about", 60),
        yes_no("live"),
        sa.Column("tone", sa.String(30)),
        sa.Column("query", sa.String(1000)),
        *text("note", 500),
    )
    record_table(
        "selection_member",
        *text("name", 100),
        sa.Column("selection", sa.BigInteger),
        *any_link("record"),
    )
    record_table(
        "tag",
        *text("name", 60),
        sa.Column("tone", sa.String(30)),
    )
    record_table(
        "tagging",
        *text("name", 60),
        sa.Column("tag", sa.BigInteger),
        *any_link("record"),
    )


def _wishes() -> None:
    record_table(
        "wish",
        *text("wish_text", 300),
        sa.Column("kind", sa.BigInteger),
        sa.Column("severity", sa.String(30)),
        sa.Column("valid_until", sa.Date),
        yes_no("retired"),
        sa.Column("note", sa.String(1000)),
        *any_link("owner"),
        sa.Column("read_at", types.UtcDateTime),
    )


def _layouts_and_what_is_gone() -> None:
    make_table(
        "card_layout",
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("author", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("definition", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("entity", "author"),
    )
    make_table(
        "departed",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(1), nullable=False),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("rid", sa.BigInteger, nullable=False),
        sa.Column("owner", sa.BigInteger),
        sa.Column("op", sa.BigInteger, nullable=False),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
        sa.Column("author", sa.BigInteger),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("title_key", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    add_index("ix_departed_owner", "departed", ["owner"])
    add_index("ix_departed_rid", "departed", ["rid"])


def _duplicates() -> None:
    make_table(
        "duplicate_group",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("likelihood", sa.Integer, nullable=False),
        sa.Column("reasons", sa.String(1000), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    add_index("ix_duplicate_group", "duplicate_group", ["ent", "likelihood"])
    make_table(
        "duplicate_member",
        sa.Column("grp", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("rid", sa.BigInteger, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("grp", "rid"),
    )
    add_index("ix_duplicate_member", "duplicate_member", ["rid"])


def _contents_of_files() -> None:
    make_table(
        "file_content",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("byte_size", sa.BigInteger, nullable=False),
        sa.Column("parts", sa.Integer, nullable=False),
        sa.Column("added_at", types.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    add_index("ix_file_content_digest", "file_content", ["digest"], unique=True)
    make_table(
        "file_part",
        sa.Column("content", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("content", "place"),
    )


def _what_was_decided_on_duplicates() -> None:
    make_table(
        "merged_record",
        sa.Column("rid", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("winner", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("rid"),
    )
    add_index("ix_merged_record", "merged_record", ["winner"])
    make_table(
        "not_duplicate",
        sa.Column("one", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("other", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("author", sa.BigInteger),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("one", "other"),
    )
    add_index("ix_not_duplicate", "not_duplicate", ["other"])


def _columns() -> None:
    add_column("activity", sa.Column("state", sa.String(30)))
    add_column("activity", sa.Column("due", types.UtcDateTime))
    add_column("activity", sa.Column("person", sa.BigInteger))
    add_column("activity", sa.Column("result", sa.BigInteger))
    add_column("activity", sa.Column("direction", sa.String(30)))
    add_column("activity", yes_no("pinned"))
    add_column("activity", sa.Column("quotes", sa.BigInteger))
    add_column("client", sa.Column("tags", sa.String(500)))
    add_column("client", key_column("tags"))
    add_column("client", sa.Column("last_contact", types.UtcDateTime))
    add_column("client", sa.Column("next_step_at", types.UtcDateTime))
    add_column("client", sa.Column("next_step", sa.String(200)))
    add_column("client", key_column("next_step"))
    add_column("employment", sa.Column("department", sa.String(150)))
    add_column("employment", key_column("department"))
    add_column("employment", sa.Column("decision", sa.String(30)))
    add_column("employment", sa.Column("weight", sa.BigInteger))
    add_column("person", sa.Column("tags", sa.String(500)))
    add_column("person", key_column("tags"))
    add_column("person", sa.Column("birthday_md", sa.SmallInteger))
    add_column("person", sa.Column("last_contact", types.UtcDateTime))
    add_column("person", sa.Column("next_step_at", types.UtcDateTime))
    add_column("person", sa.Column("next_step", sa.String(200)))
    add_column("person", key_column("next_step"))
    add_column("reference", sa.Column("parent", sa.BigInteger))
    add_column("reference", sa.Column("inverse", sa.String(150)))
    add_column("reference", key_column("inverse"))
