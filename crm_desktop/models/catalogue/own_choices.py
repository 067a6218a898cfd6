"""Values of choice fields as one base has them: named, coloured or retired otherwise than built in.

A change is a row like a field (`custom_field`): {"changes": field, "choice": {"key", ...}}, later
rows over earlier ones; what a row does not say stays.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from crm_desktop.models.catalogue.definitions import TONES, Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import ChoiceField

CHANGES = "changes"
"""A definition with this key is no field: it changes one value of the choice field it names."""
LONGEST_LABEL = 80
_ICON = re.compile(r"[a-z][a-z0-9-]{0,40}")


def with_changed_choice(entity: EntityDef, definition: Mapping[str, Any]) -> EntityDef:
    """The object with that value changed; as it was if there is no such value."""
    key, said = str(definition[CHANGES]), definition.get("choice")
    f = entity.field(key) if entity.has(key) else None
    if not isinstance(f, ChoiceField) or not isinstance(said, Mapping):
        return entity
    old = f.choice(str(said.get("key")))
    if old is None:
        return entity
    new = _changed(old, said)
    choices = tuple(new if choice is old else choice for choice in f.choices)
    wider = dataclasses.replace(f, choices=choices)
    fields = tuple(wider if one is f else one for one in entity.fields)
    return dataclasses.replace(entity, fields=fields)


def _changed(old: Choice, said: Mapping[str, Any]) -> Choice:
    label, tone, icon = said.get("label"), said.get("tone"), said.get("icon")
    return dataclasses.replace(
        old,
        label=str(label) if is_label(label) else old.label,
        tone=tone if tone in TONES else old.tone,
        icon=icon if isinstance(icon, str) and _ICON.fullmatch(icon) else old.icon,
        retired=bool(said.get("retired", old.retired)),
    )


def is_label(text: object) -> bool:
    """Whether a value may be called so."""
    fits = isinstance(text, str) and bool(text.strip()) and len(text) <= LONGEST_LABEL
    return fits and str(text).isprintable()
