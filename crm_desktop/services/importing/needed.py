"""What a record must have, as an import sees it."""

from __future__ import annotations

from typing import Any

from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.services.batch import is_empty


def required_fields(entity: EntityDef) -> tuple[Field, ...]:
    """The fields that a new record must be given."""
    return tuple(
        f for f in entity.fields if f.required and not (isinstance(f, ChoiceField) and f.default)
    )


def keep_required(entity: EntityDef, values: dict[str, Any]) -> None:
    """An empty cell wipes no required value."""
    for f in entity.fields:
        if f.required and f.key in values and is_empty(values[f.key]):
            del values[f.key]
