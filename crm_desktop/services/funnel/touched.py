"""Which deals have to be read again after writing: a stay in a stage speaks of its deal."""

from __future__ import annotations

from collections.abc import Mapping

from crm_desktop.services.funnel.objects import SalesObjects
from crm_desktop.services.workspace import Workspace


def touched_deals(
    workspace: Workspace, objects: SalesObjects, touched: Mapping[str, set[int]] | None
) -> list[int] | None:
    """The touched deals and those of touched stays: who loses a colleague has other stays than
    deals touched. None: all of them, also where a stay is gone and nobody can say whose it was."""
    if touched is None:
        return None
    deals, stays = (touched.get(entity.key, set()) for entity in (objects.deal, objects.log))
    if not stays:
        return sorted(deals)
    owner = objects.stays.owner
    found = workspace.reader.many(objects.log.key, sorted(stays), [owner])
    if len(found) < len(stays):
        return None
    return sorted(deals.union(row[owner] for row in found.values() if row[owner] is not None))
