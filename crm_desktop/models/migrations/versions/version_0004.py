"""Who reports to whom, what is planned for an annual date, and sets that begin by themselves.

Indexes that follow from the catalogue are made afterwards (`services/upgrading`).
"""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.models.migrations.repeatable import add_column, key_column

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """New columns of old tables."""
    add_column("staff", sa.Column("head", sa.BigInteger))
    add_column("activity", sa.Column("annual_date", sa.BigInteger))
    add_column("reminder", sa.Column("told_level", sa.BigInteger))
    add_column("outgoing_message", sa.Column("body", sa.String(3000)))
    for name, length in (("of_object", 40), ("when_field", 40), ("when_value", 100)):
        add_column("activity_set", sa.Column(name, sa.String(length)))
        add_column("activity_set", key_column(name))
