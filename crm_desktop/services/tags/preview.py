"""What giving tags to many records and taking them away would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes.tags import split_tags
from crm_desktop.models.catalogue.traits import Tags
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.bulk.preview import ChangePreview, Check, preview_change
from crm_desktop.services.tags.service import TagChange
from crm_desktop.services.workspace import Workspace


def preview_tags(
    workspace: Workspace, entity: EntityDef, ids: Sequence[int], change: TagChange, check: Check
) -> ChangePreview:
    """What `change_tags` would do."""
    trait = entity.trait(Tags)
    if trait is None:
        return ChangePreview(0, ())
    field = entity.field(trait.field)
    less = {norm(name) for name in change.remove}

    def becomes(row: Mapping[str, Any]) -> Any:
        present = split_tags(row.get(field.key))
        wanted = [n for n in split_tags([*present, *change.add]) if norm(n) not in less]
        unchanged = {*map(norm, wanted)} == {*map(norm, present)}
        return row.get(field.key) if unchanged else wanted

    return preview_change(workspace, entity, field, ids, becomes, check)
