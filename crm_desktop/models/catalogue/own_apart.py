"""Fields whose words stand apart from all others in the search, since some role hides them.

Such a field is a row like an own field (`custom_field`): {"apart": field, "sign": number}. It is
added when a role first hides a field that is found by words, and stays: which accounts do not see
the words between its signs is said by the views of the server (`models/strict/sealed`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from crm_desktop.models.catalogue.definitions import EntityDef

APART = "apart"
"""A definition with this key is no field: it sets the words of the field it names apart."""
MOST_APART = 255
_FIRST, _LAST = 0x2801, 0x28FF
"""Signs that are in no word: dots of Braille."""


def with_words_apart(entity: EntityDef, definition: Mapping[str, Any]) -> EntityDef:
    """The object with the sign of that field; as it was if there is none."""
    key, number = str(definition[APART]), definition.get("sign")
    if not entity.has(key) or not isinstance(number, int) or not 0 < number <= MOST_APART:
        return entity
    sign = chr(_FIRST + number - 1)
    fields = tuple(dataclasses.replace(f, apart=sign) if f.key == key else f for f in entity.fields)
    return dataclasses.replace(entity, fields=fields)


def is_sign(word: str) -> bool:
    """Whether it is what words of such a field stand between."""
    return len(word) == 1 and _FIRST <= ord(word) <= _LAST
