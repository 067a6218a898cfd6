"""Fields of activities that no property stands for: those that the office has made, above all.

Each is a property X-CRM-... with its value as JSON has it, as the change log and exports do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from icalendar import Component

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import CUSTOM_PREFIX
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField
from crm_desktop.models.catalogue.traits import Recurring, Tags
from crm_desktop.services.ics.found import own_name, quiet
from crm_desktop.services.ics.lines import Component as Raw
from crm_desktop.services.ics.properties import put
from crm_desktop.services.ics.text import plain_text
from crm_desktop.services.writing.batch import is_empty

SAID_BY_PROPERTIES = frozenset((
    "subject", "body", "place", "reason", "kind", "state", "private", "direction", "count_from",
    "attempt", "priority", "pinned", "starts", "ends", "due", "moment", "all_day", "zone", "rule",
    "occurrence", "uid",
))  # fmt: skip
_LONGEST = 100_000
_OWN = own_name(CUSTOM_PREFIX)


def own_fields(entity: EntityDef) -> dict[str, Field]:
    """The fields that are written this way, by the name of their property."""
    recurring, tags = entity.trait(Recurring), entity.trait(Tags)
    said = {*SAID_BY_PROPERTIES, *entity.kept, tags.field if tags is not None else ""}
    said.add(recurring.until if recurring is not None else "")
    return {
        own_name(f.key): f
        for f in entity.fields
        if f.key not in said and not isinstance(f, LinkField | RecordField)
    }


def put_own_fields(made: Component, entity: EntityDef, values: Mapping[str, Any]) -> None:
    """Writes those that are filled."""
    for name, f in own_fields(entity).items():
        value = values.get(f.key)
        if not is_empty(value):
            text = json.dumps(f.plain(value), ensure_ascii=False)
            put(made, name, text, X_CRM_NAME=quiet(f.label))


def read_own_fields(raw: Raw, entity: EntityDef) -> Iterator[tuple[Field | None, Any]]:
    """The fields that an entry of ours fills, with their values; for one that this base does not
    have, or whose value does not fit it, (None, a sentence)."""
    known = own_fields(entity)
    linked = {own_name(f.key) for f in entity.fields if isinstance(f, LinkField | RecordField)}
    for line in raw.lines:
        head, _sign, text = line.partition(":")
        name = head.partition(";")[0].upper()
        f = known.get(name)
        if f is None:
            if name.startswith(_OWN) and name not in linked:
                said = name.removeprefix(_OWN).replace("-", "_").lower()
                yield None, _("The field “{name}” is not in this base: left out").format(name=said)
            continue
        try:
            yield f, f.check(f.unplain(json.loads(plain_text(_value_of(line, text))[:_LONGEST])))
        except (InvalidInput, ValueError, TypeError, AttributeError, KeyError, ArithmeticError):
            said = _("{field}: “{value}” does not fit here and was left out")
            yield None, said.format(field=_(f.label), value=text[:60])


def _value_of(line: str, text: str) -> str:
    """What stands behind the parameters, whose texts may hold a colon in quotes."""
    return line.partition('":')[2] if ';X-CRM-NAME="' in line[:300] else text
