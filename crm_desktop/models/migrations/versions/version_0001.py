"""The first version: a new base is made from the tables themselves, so there is nothing to do."""

from __future__ import annotations

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Nothing is older than this."""
