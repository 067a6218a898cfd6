"""What the people of a shared base need beside version 9.

Indexes that follow from the catalogue are made afterwards (`services/upgrading`).
"""

from __future__ import annotations

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Nothing of its own yet: what the catalogue and the system tables say is made with it."""
