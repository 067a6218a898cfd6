"""The client base in depth: new objects, what they need, and what others know more of.

Each change is asked for first, so that a step that was cut off on a server can be repeated. Indexes
that follow from the catalogue are made afterwards (`services/upgrading`).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from crm_desktop.models.backend import types
from crm_desktop.models.migrations.steps import has_column, has_index, has_table

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """New tables, then new columns of old ones."""
    _objects()
    _fixed_tables()
    _columns()


def _objects() -> None:
    _record(
        "annual_date",
        sa.Column("occasion", sa.String(150)),
        _key("occasion"),
        sa.Column("yearly_day", sa.Integer),
        sa.Column("lead_days", sa.BigInteger),
        sa.Column("note", sa.String(300)),
        _key("note"),
        sa.Column("owner_id", sa.BigInteger),
        sa.Column("owner_ent", sa.SmallInteger),
    )
    _record(
        "attachment",
        sa.Column("name", sa.String(200)),
        _key("name"),
        sa.Column("kind", sa.String(30)),
        sa.Column("media", sa.String(100)),
        _key("media"),
        sa.Column("byte_size", sa.BigInteger),
        sa.Column("sha_256", sa.String(64)),
        _key("sha_256"),
        sa.Column("note", sa.String(500)),
        _key("note"),
        sa.Column("owner_id", sa.BigInteger),
        sa.Column("owner_ent", sa.SmallInteger),
    )
    _record(
        "bank",
        sa.Column("name", sa.String(250)),
        _key("name"),
        sa.Column("bik", sa.String(9)),
        _key("bik"),
        sa.Column("correspondent", sa.String(20)),
        _key("correspondent"),
        sa.Column("city", sa.String(120)),
        _key("city"),
        sa.Column("place_kind", sa.String(20)),
        _key("place_kind"),
        sa.Column("postcode", sa.String(20)),
        _key("postcode"),
        sa.Column("address", sa.String(500)),
        _key("address"),
        sa.Column("region", sa.String(60)),
        _key("region"),
        sa.Column("swift", sa.String(20)),
        _key("swift"),
        sa.Column("english_name", sa.String(250)),
        _key("english_name"),
        sa.Column("licence", sa.String(20)),
        _key("licence"),
        sa.Column("parent_bik", sa.String(20)),
        _key("parent_bik"),
        sa.Column("since", sa.Date),
        sa.Column("until", sa.Date),
    )
    _record(
        "bank_account",
        sa.Column("bik", sa.String(9)),
        _key("bik"),
        sa.Column("bank_name", sa.String(250)),
        _key("bank_name"),
        sa.Column("correspondent", sa.String(20)),
        _key("correspondent"),
        sa.Column("account", sa.String(34)),
        _key("account"),
        sa.Column("iban", sa.String(34)),
        _key("iban"),
        sa.Column("swift", sa.String(11)),
        _key("swift"),
        sa.Column("currency", sa.String(30)),
        sa.Column("main", types.YesNo(), server_default=sa.text("0"), nullable=False),
        sa.Column("note", sa.String(500)),
        _key("note"),
        sa.Column("details", sa.BigInteger),
    )
    _record(
        "legal_details",
        sa.Column("preset", sa.String(30)),
        sa.Column("short_name", sa.String(250)),
        _key("short_name"),
        sa.Column("full_name", sa.String(250)),
        _key("full_name"),
        sa.Column("inn", sa.String(12)),
        _key("inn"),
        sa.Column("kpp", sa.String(9)),
        _key("kpp"),
        sa.Column("ogrn", sa.String(15)),
        _key("ogrn"),
        sa.Column("okpo", sa.String(14)),
        _key("okpo"),
        sa.Column("country", sa.String(100)),
        _key("country"),
        sa.Column("tax_id", sa.String(20)),
        _key("tax_id"),
        sa.Column("registration", sa.String(60)),
        _key("registration"),
        sa.Column("birthday", sa.Date),
        sa.Column("passport", sa.String(30)),
        _key("passport"),
        sa.Column("passport_date", sa.Date),
        sa.Column("passport_office", sa.String(250)),
        _key("passport_office"),
        sa.Column("passport_code", sa.String(20)),
        _key("passport_code"),
        sa.Column("snils", sa.String(11)),
        _key("snils"),
        sa.Column("legal_address", sa.String(500)),
        _key("legal_address"),
        sa.Column("postal_address", sa.String(500)),
        _key("postal_address"),
        sa.Column("director", sa.String(150)),
        _key("director"),
        sa.Column("director_title", sa.String(150)),
        _key("director_title"),
        sa.Column("grounds", sa.String(250)),
        _key("grounds"),
        sa.Column("main_account", sa.String(34)),
        _key("main_account"),
        sa.Column("for_printing", types.YesNo(), server_default=sa.text("0"), nullable=False),
        sa.Column("note", sa.String(500)),
        _key("note"),
        sa.Column("owner_id", sa.BigInteger),
        sa.Column("owner_ent", sa.SmallInteger),
    )
    _record(
        "postal_address",
        sa.Column("kind", sa.String(30)),
        sa.Column("line", sa.String(500)),
        _key("line"),
        sa.Column("postcode", sa.String(20)),
        _key("postcode"),
        sa.Column("city", sa.String(120)),
        _key("city"),
        sa.Column("region", sa.String(120)),
        _key("region"),
        sa.Column("country", sa.String(100)),
        _key("country"),
        sa.Column("main", types.YesNo(), server_default=sa.text("0"), nullable=False),
        sa.Column("note", sa.String(500)),
        _key("note"),
        sa.Column("owner_id", sa.BigInteger),
        sa.Column("owner_ent", sa.SmallInteger),
    )
    _record(
        "relation",
        sa.Column("name", sa.String(200)),
        _key("name"),
        sa.Column("one_id", sa.BigInteger),
        sa.Column("one_ent", sa.SmallInteger),
        sa.Column("kind", sa.BigInteger),
        sa.Column("other_id", sa.BigInteger),
        sa.Column("other_ent", sa.SmallInteger),
        sa.Column("since", sa.Date),
        sa.Column("until", sa.Date),
        sa.Column("note", sa.String(500)),
        _key("note"),
    )
    _record(
        "selection",
        sa.Column("name", sa.String(100)),
        _key("name"),
        sa.Column("about", sa.String(60)),
        _key("about"),
        sa.Column("live", types.YesNo(), server_default=sa.text("0"), nullable=False),
        sa.Column("tone", sa.String(30)),
        sa.Column("query", sa.String(1000)),
        sa.Column("note", sa.String(500)),
        _key("note"),
    )
    _record(
        "selection_member",
        sa.Column("name", sa.String(100)),
        _key("name"),
        sa.Column("selection", sa.BigInteger),
        sa.Column("record_id", sa.BigInteger),
        sa.Column("record_ent", sa.SmallInteger),
    )
    _record("tag", sa.Column("name", sa.String(60)), _key("name"), sa.Column("tone", sa.String(30)))
    _record(
        "tagging",
        sa.Column("name", sa.String(60)),
        _key("name"),
        sa.Column("tag", sa.BigInteger),
        sa.Column("record_id", sa.BigInteger),
        sa.Column("record_ent", sa.SmallInteger),
    )
    _record(
        "wish",
        sa.Column("wish_text", sa.String(300)),
        _key("wish_text"),
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
    _make(
        "card_layout",
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("author", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("definition", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("entity", "author"),
    )
    _make(
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
    _index("ix_departed_owner", "departed", ["owner"])
    _index("ix_departed_rid", "departed", ["rid"])
    _make(
        "duplicate_group",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("likelihood", sa.Integer, nullable=False),
        sa.Column("reasons", sa.String(1000), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("ix_duplicate_group", "duplicate_group", ["ent", "likelihood"])
    _make(
        "duplicate_member",
        sa.Column("grp", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("rid", sa.BigInteger, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("grp", "rid"),
    )
    _index("ix_duplicate_member", "duplicate_member", ["rid"])
    _make(
        "file_content",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("byte_size", sa.BigInteger, nullable=False),
        sa.Column("parts", sa.Integer, nullable=False),
        sa.Column("added_at", types.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("ix_file_content_digest", "file_content", ["digest"], unique=True)
    _make(
        "file_part",
        sa.Column("content", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("content", "place"),
    )
    _make(
        "merged_record",
        sa.Column("rid", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("ent", sa.SmallInteger, nullable=False),
        sa.Column("winner", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("rid"),
    )
    _index("ix_merged_record", "merged_record", ["winner"])
    _make(
        "not_duplicate",
        sa.Column("one", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("other", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("author", sa.BigInteger),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("one", "other"),
    )
    _index("ix_not_duplicate", "not_duplicate", ["other"])


def _columns() -> None:
    _add("activity", sa.Column("state", sa.String(30)))
    _add("activity", sa.Column("due", types.UtcDateTime))
    _add("activity", sa.Column("person", sa.BigInteger))
    _add("activity", sa.Column("result", sa.BigInteger))
    _add("activity", sa.Column("direction", sa.String(30)))
    _add(
        "activity", sa.Column("pinned", types.YesNo(), server_default=sa.text("0"), nullable=False)
    )
    _add("activity", sa.Column("quotes", sa.BigInteger))
    _add("client", sa.Column("tags", sa.String(500)))
    _add("client", _key("tags"))
    _add("client", sa.Column("last_contact", types.UtcDateTime))
    _add("client", sa.Column("next_step_at", types.UtcDateTime))
    _add("client", sa.Column("next_step", sa.String(200)))
    _add("client", _key("next_step"))
    _add("employment", sa.Column("department", sa.String(150)))
    _add("employment", _key("department"))
    _add("employment", sa.Column("decision", sa.String(30)))
    _add("employment", sa.Column("weight", sa.BigInteger))
    _add("person", sa.Column("tags", sa.String(500)))
    _add("person", _key("tags"))
    _add("person", sa.Column("birthday_md", sa.SmallInteger))
    _add("person", sa.Column("last_contact", types.UtcDateTime))
    _add("person", sa.Column("next_step_at", types.UtcDateTime))
    _add("person", sa.Column("next_step", sa.String(200)))
    _add("person", _key("next_step"))
    _add("reference", sa.Column("parent", sa.BigInteger))
    _add("reference", sa.Column("inverse", sa.String(150)))
    _add("reference", _key("inverse"))


def _key(field: str) -> sa.Column[Any]:
    return sa.Column(f"{field}_key", sa.String(64), server_default="", nullable=False)


def _record(name: str, *columns: sa.Column[Any]) -> None:
    """The table of an object, with what every record has."""
    _make(
        name,
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", types.UtcDateTime, nullable=False),
        sa.Column("created_by", sa.BigInteger),
        sa.Column("updated_at", types.UtcDateTime, nullable=False),
        sa.Column("updated_by", sa.BigInteger),
        *columns,
        sa.PrimaryKeyConstraint("id"),
    )


def _make(name: str, *parts: Any) -> None:
    if not has_table(op.get_bind(), name):
        op.create_table(name, *parts)


def _add(table: str, column: sa.Column[Any]) -> None:
    if not has_column(op.get_bind(), table, column.name):
        op.add_column(table, column)


def _index(name: str, table: str, columns: list[str], *, unique: bool = False) -> None:
    if not has_index(op.get_bind(), table, name):
        op.create_index(name, table, columns, unique=unique)
