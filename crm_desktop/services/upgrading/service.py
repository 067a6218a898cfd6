"""What a base needs besides its tables once it was brought up to this program's version.

The steps of `models/migrations` make tables and columns. Indexes follow from the catalogue, new
reference books get their first values, and what the program reckons from others is reckoned anew.
All that can be cut off at any moment and is repeated at the next opening, since the base says only
at the end that it is done.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.schema import SCHEMA_VERSION, day_column, is_yearly
from crm_desktop.models.text.annual import month_day
from crm_desktop.services.base_tables import (
    FINISHED,
    counting_statements,
    index_plans,
    index_statements,
)
from crm_desktop.services.maintenance.kept_fields import renew_kept
from crm_desktop.services.pipelines.seeds import seed_pipeline
from crm_desktop.services.rights.enforcement import enforce
from crm_desktop.services.rights.hidden_fields import part_hidden
from crm_desktop.services.search.renew import renew_addresses, renew_through
from crm_desktop.services.seeds import seed_calendar, seed_new_books
from crm_desktop.services.tally import renew_tallies
from crm_desktop.services.upgrading.departures_fill import fill_departures
from crm_desktop.services.upgrading.progress import say
from crm_desktop.services.upgrading.units_fill import fill_units
from crm_desktop.services.workspace import Workspace

_BLOCK = 5000
_RECKONED_SINCE = 7
"""Bases finished by this version or a later one keep by themselves what is reckoned from others."""


def finish(workspace: Workspace) -> None:
    """Makes what is still missing after an upgrade."""
    backend = workspace.backend
    say(_("Indexes and figures are renewed."))
    statements = [*_indexes(workspace), *backend.triggers()]
    backend.run_ddl([*statements, *counting_statements(backend, workspace.tables)])
    enforce(backend, workspace.tables)
    renew_tallies(workspace)
    for entity in workspace.catalogue:
        for f in entity.fields:
            if is_yearly(f):
                _days(workspace, entity, f)
    seed_new_books(workspace.records, workspace.catalogue, workspace.info("language"))
    seed_calendar(workspace.records, workspace.catalogue, workspace.info("language"))
    seed_pipeline(workspace.records, workspace.info("language"))
    fill_units(workspace)
    if int(workspace.info(FINISHED) or 0) < _RECKONED_SINCE:
        renew_kept(workspace.records)
        fill_departures(workspace.records)
    workspace.privacy.mark.settle()
    renew_through(workspace.backend, workspace.tables, workspace.index)
    renew_addresses(
        workspace.backend, workspace.tables, workspace.index,
        lambda done, whole: say(_("The search is renewed."), done, whole),
    )  # fmt: skip
    part_hidden(workspace)
    if workspace.reaching is not None:
        workspace.reaching.ready()
    workspace.backend.analyze()
    workspace.set_info(FINISHED, str(SCHEMA_VERSION))


def _indexes(workspace: Workspace) -> Iterator[str]:
    """The statements for indexes that are not there, or not as they should be."""
    backend, tables = workspace.backend, workspace.tables
    there: dict[str, dict[str, tuple[str, ...]]] = {}
    for plan in index_plans(tables):
        if plan.table not in there:
            there[plan.table] = backend.index_columns(plan.table)
        kept = there[plan.table]
        names = [name for name in (plan.name, f"{plan.name}_d") if name in kept]
        if kept.get(plan.name) != plan.columns or (names[1:] and not plan.both_ways):
            yield from (f"DROP INDEX {name}" for name in names)
            yield from index_statements(backend, tables, plan)


def _days(workspace: Workspace, entity: EntityDef, f: Field) -> None:
    """Fills the twin of a date that is found by its day of the year."""
    backend, table = workspace.backend, workspace.tables.table_of(entity, f)
    value, day = table.c[f.name], table.c[day_column(f)]
    wanted = backend.limit(
        sa.select(table.c.id, value).where(value.is_not(None), day.is_(None)), _BLOCK
    )
    while True:
        with backend.write() as connection:
            rows = [(id_, month_day(on)) for id_, on in connection.execute(wanted)]
            backend.update_many(connection, table, (day.name,), rows)
        if len(rows) < _BLOCK:
            return
