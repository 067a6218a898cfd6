"""Two small tables, one of every kind of column, that the tests of the back ends share."""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.types import Money, UtcDateTime, YesNo

METADATA = sa.MetaData()

CLIENT = sa.Table(
    "client",
    METADATA,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(200)),
    sa.Column("name_key", sa.String(64), nullable=False),
    sa.Column("note", sa.String(1000)),
    sa.Column("paid", Money),
    sa.Column("rate", sa.Double),
    sa.Column("born", sa.Date),
    sa.Column("seen", UtcDateTime),
    sa.Column("active", YesNo),
    sa.Column("body", sa.Text),
)

WORD = sa.Table(
    "word",
    METADATA,
    sa.Column("tok", sa.String(20), nullable=False),
    sa.Column("ent", sa.SmallInteger, nullable=False),
    sa.Column("rid", sa.BigInteger, nullable=False),
)

COLUMNS = [column.name for column in CLIENT.columns]
TOKEN = [column.name for column in WORD.columns]


def make_tables(backend: Backend) -> None:
    """Makes both with the indexes that lists and search need."""
    backend.run_ddl(
        [
            *backend.create_table(CLIENT),
            *backend.index_pair(CLIENT, ["name_key", "id"]),
            *backend.create_table(WORD),
            *backend.create_index(WORD, TOKEN, unique=True),
        ]
    )


def add_clients(backend: Backend, *names: str, first: int = 1) -> None:
    """Clients with these names, ids from `first` on."""
    rows = [(number, name, name.lower()) for number, name in enumerate(names, first)]
    with backend.write() as connection:
        backend.insert_many(connection, CLIENT, ["id", "name", "name_key"], rows)


def names(backend: Backend) -> list[str]:
    """All names in the order of ids."""
    with backend.read() as connection:
        return list(connection.execute(sa.select(CLIENT.c.name).order_by(CLIENT.c.id)).scalars())
