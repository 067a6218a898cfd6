"""The SQLAlchemy dialect for the driver fdb, which sqlalchemy-firebird 2 no longer has.

Repairs what of its base class does not suit fdb, and gives it cursors of our own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from math import modf
from typing import Any

import sqlalchemy as sa
import sqlalchemy_firebird.base as fb_base
import sqlalchemy_firebird.types as fb_types
from sqlalchemy.dialects import registry

from crm_desktop.models.backend.firebird_cancel import ABORT, send_cancel
from crm_desktop.models.backend.firebird_cursor import ask_line, shelf_of

LOST = frozenset(
    {
        335544324,  # no handle
        335544304,
        335544648,
        335544721,  # network error
        335544726,  # read error
        335544727,  # write error
        335544741,
        335544856,  # connection shut down
        335545130,
        336330835,
    }
)
"""Codes after which the connection is of no use."""

_SHORTEST_TEXT = 255
_RANKING = ("row_number", "rank", "dense_rank")


class Blob(fb_types.FBBLOB):  # type: ignore[misc]
    """sqlalchemy-firebird 2.2 calls bytes(None) on NULL."""

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Any], bytes | None]:
        return lambda value: None if value is None else bytes(value)


class Big(fb_types._FBInteger, sa.BigInteger):  # type: ignore[misc]
    """sqlalchemy-firebird's own forgets that it is BIGINT once a decorator has adapted it."""

    __visit_name__ = "BIGINT"


class Small(fb_types._FBInteger, sa.SmallInteger):  # type: ignore[misc]
    """The same for SMALLINT."""

    __visit_name__ = "SMALLINT"


class FdbTypeCompiler(fb_base.FBTypeCompiler):  # type: ignore[misc]
    """Every fraction has 64 bits: FLOAT has 32 here, and the word DOUBLE alone is no type."""

    def visit_DOUBLE(self, type_: Any, **kw: Any) -> str:  # noqa: N802 - SQLAlchemy's names
        return "DOUBLE PRECISION"

    visit_FLOAT = visit_DOUBLE  # noqa: N815


class FdbCompiler(fb_base.FBCompiler):  # type: ignore[misc]
    """A text that is compared may be longer than the column: that is no match, not an error."""

    _comparing = False

    def visit_bindparam(self, bindparam: sa.BindParameter[Any], **kw: Any) -> str:
        self._comparing = not (self.isinsert or bindparam.expanding)
        try:
            return str(super().visit_bindparam(bindparam, **kw))
        finally:
            self._comparing = False

    def function_argspec(self, fn: Any, **kw: Any) -> str:
        """sqlalchemy-firebird 2.2 writes `row_number OVER`, without the brackets."""
        text = str(super().function_argspec(fn, **kw))
        return text or ("()" if fn.name.lower() in _RANKING else "")

    def for_update_clause(self, select: Any, **kw: Any) -> str:
        """Only WITH LOCK locks; FOR UPDATE would make a trip of every row."""
        return " WITH LOCK"

    def render_bind_cast(self, type_: Any, dbapi_type: Any, sqltext: str) -> str:
        if self._comparing and type(dbapi_type) is fb_types._FBString:
            length = dbapi_type.length
            if length is not None and length < _SHORTEST_TEXT:
                dbapi_type = fb_types._FBString(length=_SHORTEST_TEXT)
        return str(super().render_bind_cast(type_, dbapi_type, sqltext))


class FdbExecution(fb_base.FBExecutionContext):  # type: ignore[misc]
    """Statements are prepared once for each connection."""

    def create_default_cursor(self) -> Any:
        return shelf_of(self._dbapi_connection).cursor()


class FdbDialect(fb_base.FBDialect):  # type: ignore[misc]
    """Firebird 3 and later through fdb."""

    name = "firebird"
    driver = "fdb"
    has_terminate = True
    supports_statement_cache = True
    statement_compiler = FdbCompiler
    execution_ctx_cls = FdbExecution
    type_compiler = FdbTypeCompiler
    max_identifier_length = 31
    colspecs = {
        **fb_base.FBDialect.colspecs,
        sa.LargeBinary: Blob,
        sa.BigInteger: Big,
        sa.SmallInteger: Small,
    }

    @classmethod
    def import_dbapi(cls) -> Any:
        import fdb

        return fdb

    def _get_server_version_info(self, connection: sa.Connection) -> tuple[int, int]:
        driver: Any = connection.connection.driver_connection
        minor, major = modf(driver.engine_version)
        return int(major), int(round(minor * 10))

    def do_execute(
        self, cursor: Any, statement: str, parameters: Any, context: Any | None = None
    ) -> None:
        """The cursor is told what is known of the statement: it may have to be asked ahead."""
        cursor.compiled = getattr(context, "compiled", None)
        cursor.execute(statement, parameters)

    def do_ping(self, dbapi_connection: Any) -> bool:
        ask_line(dbapi_connection)
        return True

    def do_close(self, dbapi_connection: Any) -> None:
        """What is kept open for readers cannot be ended on a line that is gone."""
        with suppress(self.dbapi.Error):
            dbapi_connection.close()

    def do_terminate(self, dbapi_connection: Any) -> None:
        """Closing would say good-bye to a server that may not listen any more, and wait for it."""
        send_cancel(dbapi_connection, ABORT)
        with suppress(self.dbapi.Error):
            dbapi_connection.close()

    def is_disconnect(self, e: Any, connection: Any, cursor: Any) -> bool:
        return is_lost(e)


def is_lost(error: BaseException) -> bool:
    """Whether the connection is of no use after this error of fdb (text, sqlcode, gdscode)."""
    if len(error.args) > 2:
        return error.args[2] in LOST
    return type(error).__module__.startswith("fdb") and "closed" in str(error).lower()


def register() -> None:
    """Makes `firebird+fdb://` known to SQLAlchemy."""
    registry.register("firebird.fdb", __name__, "FdbDialect")
