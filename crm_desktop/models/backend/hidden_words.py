"""The words of fields that roles hide, where an account of a server has them by procedures alone.

The procedures are made by `models/strict/hidden_words`; see decision 021.
"""

from __future__ import annotations

import sqlalchemy as sa

ASKED, PUT, TAKEN = "crm_hidden_words", "crm_hidden_put", "crm_hidden_take"
"""Their names: reading, adding and taking away. Under the first `Table.info` says that it is so."""
_ALL = 2_000_000_000


def narrowed(table: sa.Table) -> bool:
    """Whether the account has the table by procedures alone, within what it may see."""
    return ASKED in table.info


def words_between(
    ent: sa.ColumnElement[int],
    low: sa.ColumnElement[str],
    high: sa.ColumnElement[str],
    most: int | None,
) -> sa.Select[tuple[int, str]]:
    """Record and beginning of the words of an object in that range, as many as `most` a field."""
    last = sa.literal_column(str(_ALL if most is None else int(most)), sa.Integer)
    columns = (sa.column("rid", sa.BigInteger), sa.column("tok", low.type))
    rows = getattr(sa.func, ASKED)(ent, low, high, last).table_valued(*columns)
    return sa.select(rows.c.rid, rows.c.tok)
