"""Words of hidden fields in tables of their own, beside version 11.

Where a base hides something, its words are moved afterwards (`services/upgrading`).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm_desktop.models.migrations.repeatable import add_index, make_table
from crm_desktop.models.system.tables import TOKEN

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Two tables, empty."""
    key = sa.PrimaryKeyConstraint("ent", "sign", "tok", "rid")
    make_table("search_hidden", *_word(), key, sqlite_with_rowid=False)
    number = sa.Column("nr", sa.BigInteger, autoincrement=False, nullable=False)
    make_table("search_hidden_added", number, *_word(), sa.PrimaryKeyConstraint("nr"))
    add_index("ix_search_hidden_added", "search_hidden_added", ["ent", "sign", "tok", "rid"])


def _word() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("ent", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("sign", sa.String(1), nullable=False),
        sa.Column("tok", sa.String(TOKEN), nullable=False),
        sa.Column("rid", sa.BigInteger, autoincrement=False, nullable=False),
    )
