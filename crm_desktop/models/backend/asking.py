"""SELECTs compiled once and asked many times through `Backend.rows`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.binding import returned


class Compiled(NamedTuple):
    """A statement as the driver takes it, and the values that stood in it, in their order."""

    text: str
    values: tuple[Any, ...]


def compiled(statement: Any, connection: sa.Connection) -> Compiled:
    """The statement in the words of the base that `connection` belongs to."""
    made = statement.compile(
        dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
    )
    values = made.params  # made anew each time it is asked for
    return Compiled(str(made), tuple(values[name] for name in made.positiontup or ()))


def typed(
    rows: Iterable[Sequence[Any]],
    types: Sequence[sa.types.TypeEngine[Any]],
    connection: sa.Connection,
) -> list[tuple[Any, ...]]:
    """Rows as the driver gave them, with Python values of the column types."""
    return returned(rows, types, connection.dialect)
