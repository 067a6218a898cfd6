"""What the office's rights, people and figures need beside version 7.

Indexes that follow from the catalogue are made afterwards (`services/upgrading`).
"""

from __future__ import annotations

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """New tables and columns, all empty."""
