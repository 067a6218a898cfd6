"""What figures at the first question and the people of an office need beside version 8.

Indexes that follow from the catalogue are made afterwards (`services/upgrading`).
"""

from __future__ import annotations

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """New tables and columns, all empty."""
