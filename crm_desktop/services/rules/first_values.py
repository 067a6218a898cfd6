"""What a new record that belongs to another one may begin with, from what is known of the other.

A form shows these values before anything is saved; nobody has to take them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.holding import is_held
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.models.text.firms import short_legal_name

_PRESETS = {"sole_trader": "ru_sole_trader", "person": "person"}


def first_values(link: Link, owner: EntityDef, known: Mapping[str, Any]) -> dict[str, Any]:
    """Values by field key of `link.entity`, from the owner's values."""
    child = link.entity
    known = {key: value for key, value in known.items() if not is_held(value)}
    found = {
        mirror.value: _suits(child, mirror.value, known.get(mirror.field))
        for mirror in owner.traits_of(Mirror)
        if mirror.child == child.key and not mirror.makes
    }
    if child.key == "legal_details":
        name = known.get("legal_name") or known.get(owner.title_field) or ""
        found["short_name"] = short_legal_name(str(name)) or None
        found["preset"] = _PRESETS.get(str(known.get("kind")))
        found["legal_address"] = known.get("address")
    return {key: value for key, value in found.items() if value is not None}


def _suits(child: EntityDef, key: str, value: Any) -> Any:
    try:
        return None if value is None else child.field(key).check(value)
    except InvalidInput:
        return None
