"""What a person may choose from when a lead is converted, read for the form that asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.models.catalogue.builtin import sales_keys as keys
from crm_desktop.models.catalogue.builtin.deal import DEAL
from crm_desktop.models.catalogue.builtin.lead import LEAD
from crm_desktop.models.query import Condition, Group, Query, Sort
from crm_desktop.services.leads.becoming import likely_name
from crm_desktop.services.rules.known_owners import known_owners

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOST_DEALS = 20


@dataclass(frozen=True)
class Options:
    """`name`: what a new client would be called; `client`: the one that is known already;
    pipelines and the client's open deals as (name, id)."""

    name: str
    client: int | None
    pipelines: tuple[tuple[str, int], ...]
    deals: tuple[tuple[str, int], ...]


def options_of(workspace: Workspace, lead: int, client: int | None = None) -> Options:
    """For a lead; with `client` for another client than the known one."""
    values = workspace.reader.many(LEAD.key, [lead]).get(lead, {})
    found = client
    if found is None:
        found = values.get(keys.CLIENT)
    if found is None:
        contacts = [str(values[key]) for key in ("phone", "email") if values.get(key)]
        with workspace.backend.read() as connection:
            batch = workspace.records.batch(connection, lock=False)
            found = known_owners(batch, contacts)[0] if contacts else None
    pipelines = tuple((one.name, one.id) for one in workspace.pipelines.all())
    return Options(likely_name(values), found, pipelines, _deals(workspace, found))


def _deals(workspace: Workspace, client: int | None) -> tuple[tuple[str, int], ...]:
    if client is None:
        return ()
    where = Group("and", (Condition(keys.CLIENT, "eq", client), Condition("state", "eq", "open")))
    query = Query(DEAL.key, ("name",), where, (Sort("opened", descending=True),))
    ids = [row.id for row in workspace.lists.open(query).rows(0, MOST_DEALS)]
    rows = workspace.reader.many(DEAL.key, ids, ("name",))
    return tuple((str(rows[id_]["name"]), id_) for id_ in ids if id_ in rows)
