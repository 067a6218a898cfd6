"""The SQL of Firebird 3 that SQLAlchemy does not write: kinds of transactions, blocks, DDL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend import statements
from crm_desktop.models.backend.firebird_bulk import Work
from crm_desktop.models.backend.hidden_words import PUT, TAKEN, narrowed

FACTS = "backend_fact"
ID_GENERATOR = "backend_id"
SEQUENCE_GENERATOR = "backend_sequence"
IDS = "backend_ids"
LOCK = "backend_lock"
"""The procedure that keeps others from a record behind a view."""
CONTENT = "backend_content"
"""The procedure that tells whoever names a file's digest, and so has the file, that it is kept."""
NUMBER = "backend_number"
"""The procedure that tells a telephone or an e-mail address which a role hides, to be called or
written to, and notes who asked."""
WRITTEN = "backend_written"
OURS = (FACTS, WRITTEN)
BASE = "crm_base_name"
"""Under this key `Table.info` keeps the name of the table behind a view (`models/strict`)."""
COUNTER = "crm_counter"
"""Under this key the name of the procedure that counts the rows of the view."""
LISTER = "crm_lister"
"""Under this key the name of the procedure that lists their numbers, by indexes."""
SYSTEM_TABLES = (
    f"CREATE TABLE {FACTS} (name VARCHAR(31) NOT NULL PRIMARY KEY, number BIGINT NOT NULL)",
    f"CREATE SEQUENCE {ID_GENERATOR}",
    f"CREATE SEQUENCE {SEQUENCE_GENERATOR}",
    # A list of ids as rows: a statement with IN and a thousand parameters takes longer to prepare
    # than to run, and is another one for every length. The first two signs tell the width.
    f"""CREATE PROCEDURE {IDS} (packed VARCHAR(8191) CHARACTER SET ASCII) RETURNS (id BIGINT) AS
    DECLARE width INTEGER; DECLARE place INTEGER = 3; DECLARE stop INTEGER;
    BEGIN
      width = CAST(SUBSTRING(packed FROM 1 FOR 2) AS INTEGER); stop = CHAR_LENGTH(packed);
      WHILE (place <= stop) DO
      BEGIN
        id = CAST(SUBSTRING(packed FROM place FOR width) AS BIGINT);
        place = place + width;
        SUSPEND;
      END
    END""",
)


class PackedIds(sa.TypeDecorator[Any]):
    """A list of ids as one parameter of the procedure that makes rows of it."""

    impl = sa.String(8191)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str:
        """Two signs for the width, then every id in that width."""
        width = len(str(max(value, default=0)))
        return f"{width:02}" + "".join(f"{number:>{width}}" for number in value)


def among(column: sa.ColumnElement[int], name: str) -> sa.ColumnElement[bool]:
    """The column is one of the ids of the bound list; the list is read first, as rows."""
    given = sa.bindparam(name, type_=PackedIds())
    rows = getattr(sa.func, IDS)(given).table_valued(sa.column("id", sa.BigInteger))
    listed: sa.ColumnElement[bool] = column == rows.c.id
    return listed


def relations(*, views: bool) -> str:
    """The names of all tables, and of the views where those stand for tables."""
    return USER_TABLES.replace(" AND rdb$view_blr IS NULL", "") if views else USER_TABLES


def content_named(digest: str) -> sa.Select[Any]:
    """Number, parts and size of the file of this digest."""
    given = sa.bindparam("digest", digest, type_=sa.String(64))
    columns = [sa.column(name, sa.BigInteger) for name in ("id", "parts", "byte_size")]
    rows = getattr(sa.func, CONTENT)(given).table_valued(*columns)
    return sa.select(rows.c.id, rows.c.parts, rows.c.byte_size)


def number_of(number: int, key: str, id_: int, machine: str) -> sa.Select[Any]:
    """The telephone or address in a field of a record, told by the procedure that notes the
    question."""
    given = (
        sa.bindparam("number", number, type_=sa.SmallInteger()),
        sa.bindparam("key", key, type_=sa.String(31)),
        sa.bindparam("asked", id_, type_=sa.BigInteger()),
        sa.bindparam("machine", machine, type_=sa.String(64)),
    )
    rows = getattr(sa.func, NUMBER)(*given).table_valued(sa.column("contact", sa.String(254)))
    return sa.select(rows.c.contact)


def whole_count(table: sa.Table) -> sa.Select[Any]:
    """How many rows of a table the account sees."""
    counter = table.info.get(COUNTER)
    if counter is None:
        return sa.select(sa.func.count()).select_from(table)
    rows = getattr(sa.func, counter)().table_valued(sa.column("n", sa.BigInteger))
    return sa.select(rows.c.n)


def reached_rows(table: sa.Table) -> sa.FromClause | None:
    """The numbers of the rows of a table that the account sees, as rows with an `id`."""
    lister = table.info.get(LISTER)
    if lister is None:
        return None
    found: sa.FromClause = getattr(sa.func, lister)().table_valued(sa.column("id", sa.BigInteger))
    return found


USER_TABLES = (
    "SELECT lower(trim(rdb$relation_name)) FROM rdb$relations"
    " WHERE coalesce(rdb$system_flag, 0) = 0 AND rdb$view_blr IS NULL ORDER BY 1"
)
COLUMNS = (
    "SELECT lower(trim(rdb$field_name)) FROM rdb$relation_fields"
    " WHERE rdb$relation_name = ? ORDER BY rdb$field_position"
)
SIZE = "SELECT mon$pages * mon$page_size FROM mon$database"
USER_INDEXES = "SELECT trim(rdb$index_name) FROM rdb$indices WHERE coalesce(rdb$system_flag, 0) = 0"

CHANGES_SHAPE = re.compile(r"\s*(CREATE|ALTER|DROP|RECREATE|COMMENT)\b", re.IGNORECASE)

_SAVE_SECONDS = 5
_DDL_SECONDS = 3


@dataclass(frozen=True, slots=True)
class TransactionModes:
    """Parameter blocks: READ COMMITTED with rec_version, so that readers never wait."""

    read: bytes
    write: bytes
    ddl: bytes
    snapshot: bytes


def transaction_modes(fdb: Any) -> TransactionModes:
    """The four kinds in the driver's words."""
    committed = (fdb.isc_tpb_read_committed, fdb.isc_tpb_rec_version)

    def block(*codes: int) -> bytes:
        return bytes((fdb.isc_tpb_version3, *codes))

    def waiting(seconds: int) -> bytes:
        limit = (fdb.isc_tpb_lock_timeout, 4, *seconds.to_bytes(4, "little"))
        return block(fdb.isc_tpb_write, *committed, fdb.isc_tpb_wait, *limit)

    return TransactionModes(
        read=block(fdb.isc_tpb_read, *committed, fdb.isc_tpb_nowait),
        write=waiting(_SAVE_SECONDS),
        ddl=waiting(_DDL_SECONDS),
        snapshot=block(fdb.isc_tpb_read, fdb.isc_tpb_concurrency, fdb.isc_tpb_nowait),
    )


def fact(connection: sa.Connection, name: str) -> int:
    """A number that the base keeps about itself; 0 if it was never set."""
    sql = f"SELECT number FROM {FACTS} WHERE name = ?"  # noqa: S608
    return int(connection.exec_driver_sql(sql, (name,)).scalar() or 0)


def set_fact(connection: sa.Connection, name: str, number: int) -> None:
    """Within the transaction of `connection`."""
    connection.exec_driver_sql(
        f"UPDATE OR INSERT INTO {FACTS} (name, number) VALUES (?, ?) MATCHING (name)",  # noqa: S608
        (name, number),
    )


# --- rows in bulk ---------------------------------------------------------------------------------


def inserting(table: sa.Table, columns: Sequence[str], dialect: sa.Dialect) -> Work:
    """Each row is a new row of the table."""
    places = ", ".join(f"{{{place}}}" for place in range(len(columns)))
    if narrowed(table):
        return Work(table, columns, f"EXECUTE PROCEDURE {PUT} ({places})")
    name, fields = statements.quoted([table.name], dialect), statements.quoted(columns, dialect)
    return Work(table, columns, f"INSERT INTO {name} ({fields}) VALUES ({places})")  # noqa: S608


def replacing(table: sa.Table, columns: Sequence[str], dialect: sa.Dialect) -> Work:
    """Each row is a new row, or takes the place of that with its primary key: one that looks for it
    first takes half as long again. Behind a view its triggers see to it, for they see all rows
    (`models/strict/spoilt`)."""
    work = inserting(table, columns, dialect)
    if BASE in table.info or narrowed(table):
        return work
    keys = statements.quoted([column.name for column in table.primary_key], dialect)
    instead = f"UPDATE OR {work.sql} MATCHING ({keys})"
    handled = f"BEGIN {work.sql}; WHEN GDSCODE unique_key_violation DO {instead}; END l = 0"
    return replace(work, sql=handled)


def updating(table: sa.Table, columns: Sequence[str], dialect: sa.Dialect) -> Work:
    """Each row is an id and the new values of `columns`."""
    settings = ", ".join(
        f"{statements.quoted([name], dialect)} = {{{place}}}"
        for place, name in enumerate(columns, 1)
    )
    name = statements.quoted([table.name], dialect)
    sql = f"UPDATE {name} SET {settings} WHERE id = {{0}}"  # noqa: S608
    return Work(table, ["id", *columns], sql)


def asking(table: sa.Table, dialect: sa.Dialect) -> Work:
    """Each row is a primary key; `r`, its number, is told if the table has no row of it."""
    work = deleting(table, [column.name for column in table.primary_key], dialect)
    there = work.sql.replace("DELETE", "SELECT 1", 1)
    return replace(work, sql=f"r = r + 1; IF (NOT EXISTS ({there})) THEN SUSPEND")


def deleting(table: sa.Table, key_columns: Sequence[str], dialect: sa.Dialect) -> Work:
    """Each row is the key of rows that go."""
    if narrowed(table):
        places = ", ".join(f"{{{place}}}" for place in range(len(key_columns)))
        return Work(table, key_columns, f"EXECUTE PROCEDURE {TAKEN} ({places})")
    terms = " AND ".join(
        f"{statements.quoted([name], dialect)} = {{{place}}}"
        for place, name in enumerate(key_columns)
    )
    name = statements.quoted([table.name], dialect)
    return Work(table, key_columns, f"DELETE FROM {name} WHERE {terms}")  # noqa: S608


def locking(table: sa.Table, dialect: sa.Dialect) -> Work:
    """Each row is an id. Only WITH LOCK locks: FOR UPDATE alone does nothing here."""
    name = statements.quoted([table.name], dialect)
    if (base := table.info.get(BASE)) is not None:  # a view takes no WITH LOCK
        return Work(table, ["id"], f"EXECUTE PROCEDURE {LOCK} ('{base}', {{0}})", locks=True)
    select = f"SELECT 1 FROM {name} WHERE id = {{0}} WITH LOCK"  # noqa: S608
    return Work(table, ["id"], f"FOR {select} INTO :l DO l = 0", locks=True)


def locked(select: sa.Select[Any]) -> sa.Select[Any] | None:
    """The select WITH LOCK; None where it reads a view or a join, which take none."""
    (source, *more) = select.get_final_froms()
    if more or not isinstance(source, sa.Table) or BASE in source.info:
        return None
    return select.with_for_update()


# --- shape ----------------------------------------------------------------------------------------


def adding_columns(
    table: sa.Table, columns: Sequence[sa.Column[Any]], dialect: sa.Dialect
) -> list[str]:
    """One ALTER for all: each uses up one of the 255 formats that a table may have."""
    parts = ", ".join(f"ADD {statements.column_text(column, dialect)}" for column in columns)
    return [f"ALTER TABLE {statements.quoted([table.name], dialect)} {parts}"] if columns else []


def making_index(
    table: sa.Table, columns: Sequence[str], dialect: sa.Dialect, *, name: str, kind: str = ""
) -> str:
    """`kind` is UNIQUE, DESCENDING or nothing."""
    target = statements.quoted([table.name], dialect)
    fields, own = statements.quoted(columns, dialect), statements.quoted([name], dialect)
    return " ".join(f"CREATE {kind} INDEX {own} ON {target} ({fields})".split())


# --- reading in order -----------------------------------------------------------------------------


def beyond(
    key: sa.ColumnElement[Any],
    id_column: sa.ColumnElement[int],
    values: tuple[object, int],
    *,
    descending: bool,
) -> sa.ColumnElement[bool]:
    """The rows after `values`. `id + 0` keeps the optimiser from reading the primary key too."""
    value, number = values
    bare_id = id_column + sa.literal_column("0")
    later = bare_id < number if descending else bare_id > number
    if value is None:
        here = sa.and_(key.is_(None), later)
        return here if descending else sa.or_(here, key.is_not(None))
    if not descending:
        return sa.and_(key >= value, sa.or_(key > value, later))
    below = sa.and_(key <= value, sa.or_(key < value, later))
    return sa.or_(below, key.is_(None)) if getattr(key, "nullable", False) else below


def beyond_parts(
    key: sa.ColumnElement[Any],
    id_column: sa.ColumnElement[int],
    values: tuple[object, int],
    *,
    descending: bool,
) -> list[sa.ColumnElement[bool]]:
    """The same in stretches of the index (key, id). As one condition it is walked from the first
    row of the same key, of which there may be thousands, and each of them is looked at."""
    value, number = values
    later = id_column < number if descending else id_column > number
    if value is None:
        return [sa.and_(key.is_(None), later), *([] if descending else [key.is_not(None)])]
    found = [sa.and_(key == value, later), key < value if descending else key > value]
    if descending and getattr(key, "nullable", False):
        found.append(key.is_(None))
    return found
