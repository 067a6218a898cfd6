"""Long texts that are short as a rule, read with the other columns of their row.

A column without a limit of its length is a question of its own for each row on a server, and is
never asked ahead (`Backend.ask_first`). Here its first letters are read as a column with a limit,
and only where there are more is the whole asked for.
"""

from __future__ import annotations

import sqlalchemy as sa

SHORT = 7000
"""Letters."""


def short(text: sa.ColumnElement[str]) -> sa.ColumnElement[str | None]:
    """The text where it is short; None where it is longer, or not there."""
    cut = sa.cast(text, sa.String(SHORT))
    return sa.case((sa.func.char_length(text) <= SHORT, cut), else_=sa.null())
