"""Where 29 February is in plain years: one choice of the office, kept with the base."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.schema import Tables
from crm_desktop.models.text.annual import LEAP_DAYS, USUAL_LEAP

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

FACT = "leap_day"


def leap_day_in(connection: sa.Connection, tables: Tables) -> tuple[int, int]:
    """(month, day), as the base stands in this transaction."""
    facts = tables.system("base_info")
    wanted = sa.select(facts.c.content).where(facts.c.name == FACT)
    text = str(connection.execute(wanted).scalar() or "")
    return next((day for day in LEAP_DAYS if text == _text(day)), USUAL_LEAP)


def read_leap_day(backend: Backend, tables: Tables) -> tuple[int, int]:
    """The same in a transaction of its own."""
    with backend.read() as connection:
        return leap_day_in(connection, tables)


def keep_leap_day(workspace: Workspace, day: tuple[int, int]) -> None:
    """In force for everybody; one of `LEAP_DAYS`."""
    workspace.set_info(FACT, _text(day))
    workspace.lists.leap = None


def _text(day: tuple[int, int]) -> str:
    return f"{day[0]:02d}{day[1]:02d}"
