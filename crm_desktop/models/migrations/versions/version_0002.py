"""The client base in depth: new objects, what they need, and what others know more of.

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
)

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """New tables, then new columns of old ones."""
    _objects()
    _fixed_tables()
    _columns()


def _objects() -> None:
    record_table(
        "annual_date",
        sa.Column("occasion", sa.String(150)),
        key_column("occasion"),
        sa.Column("yearly_day", sa.Integer),
        sa.Column("lead_days", sa.BigInteger),
        sa.Column("note", sa.String(300)),
        key_column("note"),
        sa.Column("owner_id", sa.BigInteger),
        sa.Column("owner_ent", sa.SmallInteger),
    )
    record_table(
        "attachment",
        sa.Column("name", sa.String(200)),
        key_column("name"),
        sa.Column("kind", sa.String(30)),
        sa.Column("media", sa.String(100)),
        key_column("media"),
        sa.Column("byte_size", sa.BigInteger),
        sa.Column("sha_256", sa.String(64)),
        key_column("sha_256"),
        sa.Column("note", sa.String(500)),
        key_column("note"),
        sa.Column("owner_id", sa.BigInteger),
        sa.Column("owner_ent", sa.SmallInteger),
    )
    record_table(
        "bank",
        sa.Column("name", sa.String(250)),
        key_column("name"),
        sa.Column("bik", sa.String(9)),
        key_column("bik"),
        sa.Column("correspondent", sa.String(20)),
        key_column("correspondent"),
        sa.Column("city", sa.String(120)),
        key_column("city"),
        sa.Column("place_kind", sa.String(20)),
        key_column("place_kind"),
        sa.Column("postcode", sa.String(20)),
        key_column("postcode"),
        sa.Column("address", sa.String(500)),
        key_column("address"),
        sa.Column("region", sa.String(60)),
        key_column("region"),
        sa.Column("swift", sa.String(20)),
        key_column("swift"),
        sa.Column("english_name", sa.String(250)),
        key_column("english_name"),
        sa.Column("licence", sa.String(20)),
        key_column("licence"),
        sa.Column("parent_bik", sa.String(20)),
        key_column("parent_bik"),
        sa.Column("since", sa.Date),
        sa.Column("until", sa.Date),
    )
    record_table(
        "bank_account",
        sa.Column("bik", sa.String(9)),
        key_column("bik"),
        sa.Column("bank_name", sa.String(250)),
        key_column("bank_name"),
        sa.Column("correspondent", sa.String(20)),
        key_column("correspondent"),
        sa.Column("account", sa.String(34)),
        key_column("account"),
        sa.Column("iban", sa.String(34)),
        key_column("iban"),
        sa.Column("swift", sa.String(11)),
        key_column("swift"),
        sa.Column("currency", sa.String(30)),
        sa.Column("main", types.YesNo(), server_default=sa.text("0"), nullable=False),
        sa.Column("note", sa.String(500)),
        key_column("note"),
        sa.Column("details", sa.BigInteger),
    )
    record_table(
        "legal_details",
        sa.Column("preset", sa.String(30)),
        sa.Column("short_name", sa.String(250)),
        key_column("short_name"),
        sa.Column("full_name", sa.String(250)),
        key_column("full_name"),
        sa.Column("inn", sa.String(12)),
        key_column("inn"),
        sa.Column("kpp", sa.String(9)),
        key_column("kpp"),
        sa.Column("ogrn", sa.String(15)),
        key_column("ogrn"),
        sa.Column("okpo", sa.String(14)),
        key_column("okpo"),
        sa.Column("country", sa.String(100)),
        key_column("country"),
        sa.Column("tax_id", sa.String(20)),
        key_column("tax_id"),
        sa.Column("registration", sa.String(60)),
        key_column("registration"),
        sa.Column("birthday", sa.Date),
        sa.Column("passport", sa.String(30)),
        key_column("passport"),
        sa.Column("passport_date", sa.Date),
        sa.Column("passport_office", sa.String(250)),
        key_column("passport_office"),
        sa.Column("passport_code", sa.String(20)),
        key_column("passport_code"),
        sa.Column("snils", sa.String(11)),
        key_column("snils"),
        sa.Column("legal_address", sa.String(500)),
        key_column("legal_address"),
        sa.Column("postal_address", sa.String(500)),
        key_column("postal_address"),
        sa.Column("director", sa.String(150)),
        key_column("director"),
        sa.Column("director_title", sa.String(150)),
        key_column("director_title"),
        sa.Column("grounds", sa.String(250)),
        key_column("grounds"),
        sa.Column("main_account", sa.String(34)),
        key_column("main_account"),
        sa.Column("for_printing", types.YesNo(), server_default=sa.text("0"), nullable=False),
        sa.Column("note", sa.String(500)),
        key_column("note"),
        sa.Column("owner_id", sa.BigInteger),
        sa.Column("owner_ent", sa.SmallInteger),
    )
    record_table(
        "postal_address",
        sa.Column("kind", sa.String(30)),
        sa.Column("line", sa.String(500)),
        key_column("line"),
        sa.Column("postcode", sa.String(20)),
        key_column("postcode"),
        sa.Column("city", sa.String(120)),
        key_column("city"),
        sa.Column("region", sa.String(120)),
        key_column("region"),
        sa.Column("country", sa.String(100)),
        key_column("country"),
        sa.Column("main", types.YesNo(), server_default=sa.text("0"), nullable=False),
        sa.Column("note", sa.String(500)),
        key_column("note"),
        sa.Column("owner_id", sa.BigInteger),
        sa.Column("owner_ent", sa.SmallInteger),
    )
    record_table(
        "relation",
        sa.Column("name", sa.String(200)),
        key_column("name"),
        sa.Column("one_id", sa.BigInteger),
        sa.Column("one_ent", sa.SmallInteger),
        sa.Column("kind", sa.BigInteger),
        sa.Column("other_id", sa.BigInteger),
        sa.Column("other_ent", sa.SmallInteger),
        sa.Column("since", sa.Date),
        sa.Column("until", sa.Date),
        sa.Column("note", sa.String(500)),
        key_column("note"),
    )
    record_table(
        "selection",
        sa.Column("name", sa.String(100)),
        key_column("name"),
        sa.Column("about", sa.String(60)),
        key_column("about"),
        sa.Column("live", types.YesNo(), server_default=sa.text("0"), nullable=False),
        sa.Column("tone", sa.String(30)),
        sa.Column("query", sa.String(1000)),
        sa.Column("note", sa.String(500)),
        key_column("note"),
    )
    record_table(
        "selection_member",
        sa.Column("name", sa.String(100)),
        key_column("name"),
        sa.Column("selection", sa.BigInteger),
        sa.Column("record_id", sa.BigInteger),
        sa.Column("record_ent", sa.SmallInteger),
    )
    record_table(
        "tag",
        sa.Column("name", sa.String(60)),
        key_column("name"),
        sa.Column("tone", sa.String(30)),
    )
    record_table(
        "tagging",
        sa.Column("name", sa.String(60)),
        key_column("name"),
        sa.Column("tag", sa.BigInteger),
        sa.Column("record_id", sa.BigInteger),
        sa.Column("record_ent", sa.SmallInteger),
    )
    record_table(
        "wish",
        sa.Column("wish_text", sa.String(300)),
        key_column("wish_text"),
        sa.Column("kind", sa.BigInteger),
        sa.Column("severity", sa.String(30)),
        sa.Column("valid_until", sa.Date),
        sa.Column("retired", types.YesNo(), server_default=sa.text("0"), nullable=False),
        sa.Column("note", sa.String(1000)),
        sa.Column("owner_id", sa.BigInteger),
        sa.Column("owner_ent", sa.SmallInteger),
        sa.Column("read_at", types.UtcDateTime),
    )


def _fixed_tables() -> None:
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
    add_column(
        "activity", sa.Column("pinned", types.YesNo(), server_default=sa.text("0"), nullable=False)
    )
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
