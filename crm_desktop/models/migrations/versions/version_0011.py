"""What counting people outside of a full office needs beside version 10.

Indexes that follow from the catalogue are made afterwards (`services/upgrading`).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_desktop.models.backend import types
from crm_desktop.models.migrations.repeatable import make_table

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Who found no seat free; of before only tries are known, believed up to as many as were in."""
    make_table(
        "seat_outside",
        sa.Column("quarter_at", types.UtcDateTime, nullable=False),
        sa.Column("login", sa.String(63), nullable=False),
        sa.PrimaryKeyConstraint("quarter_at", "login"),
    )
    use = sa.table("seat_use", sa.column("most"), sa.column("refused"))
    op.execute(use.update().where(use.c.refused > use.c.most).values(refused=use.c.most))
