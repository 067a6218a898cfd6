"""The rows of the planner: everybody who works here and everything that can be booked."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm_desktop import i18n
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.planner_traits import PlannerRows
from crm_desktop.models.schema import Tables, link_target, sort_column
from crm_desktop.services.planner.bars import PlanRow
from crm_desktop.services.titles import Titles

MOST = 500


def read_rows(
    connection: sa.Connection, backend: Backend, tables: Tables, titles: Titles
) -> list[PlanRow]:
    """People first, then resources, each by their names."""
    found: list[PlanRow] = []
    catalogue = tables.catalogue
    staff = catalogue.staff()
    others = [e for e in catalogue if e.trait(PlannerRows) is not None and e != staff]
    for entity in (staff, *others):
        found += _rows_of(connection, backend, tables, entity, titles)
    return found


def _rows_of(
    connection: sa.Connection, backend: Backend, tables: Tables, entity: EntityDef, titles: Titles
) -> list[PlanRow]:
    trait = entity.trait(PlannerRows)
    if trait is None:
        return []
    table, title = tables.main[entity.key], entity.title
    detail, group = entity.field(trait.detail), entity.field(trait.group)
    hidden = tables.column(entity, entity.field(trait.hidden))
    wanted = sa.select(
        table.c.id, tables.column(entity, title), tables.column(entity, detail),
        tables.column(entity, group),
    ).where(sa.or_(hidden.is_(None), hidden == sa.literal(False, hidden.type)))  # fmt: skip
    wanted = wanted.order_by(table.c[sort_column(title)], table.c.id)
    rows = connection.execute(backend.limit(wanted, MOST)).all()
    book = link_target(group)
    named = titles.of([Ref(book, row[3]) for row in rows if row[3]], connection=connection)

    def department(id_: Any) -> str:
        known = named.get(Ref(book, id_)) if id_ else None
        return known.text if known else ""

    language = i18n.language()
    return [
        PlanRow(Ref(entity.key, id_), name or "", detail.format(said, language), department(unit))
        for id_, name, said, unit in rows
    ]
