"""What a Firebird server does by itself in a base of ours.

`TRIGGERS` are made with a new base and made anew by an upgrade, so every one is CREATE OR ALTER.
"""

from __future__ import annotations

CHANGED = "crm_changed"
"""The event posted by every transaction that writes records, when it is committed."""

TRIGGERS = (
    # One link of the change log's chain is written by a transaction, whatever it changed.
    f"""CREATE OR ALTER TRIGGER tell_of_changes FOR chain ACTIVE AFTER INSERT AS
    BEGIN
      POST_EVENT '{CHANGED}';
    END""",
)
