"""Whom to call about a record that has no telephone of its own: a deal is its client's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import EmailField, LinkField, PhoneField
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.models.catalogue.traits import Channels

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


class Through(NamedTuple):
    """One number or address of a linked record."""

    ref: Ref
    field: Field
    value: Any


def reached_through(
    workspace: Workspace, entity: EntityDef, values: Mapping[str, Any]
) -> tuple[Through, ...]:
    """The main numbers and addresses of whoever a record in a pipeline is linked to, each once."""
    if entity.trait(Funnel) is None:
        return ()
    found: dict[tuple[str, Any], Through] = {}
    for link in entity.fields:
        id_ = values.get(link.key)
        if not isinstance(link, LinkField) or not id_:
            continue
        target = workspace.catalogue[link.target]
        if target.trait(Channels) is None:
            continue
        ways = [f for f in target.fields if isinstance(f, (PhoneField, EmailField))]
        row = workspace.reader.many(target.key, [id_], [f.key for f in ways]).get(id_, {})
        for f in ways:
            if row.get(f.key):
                one = Through(Ref(target.key, id_), f, row[f.key])
                found.setdefault((f.type_name, one.value), one)
    return tuple(found.values())
