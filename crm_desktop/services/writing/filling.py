"""Fields that follow from another one by a directory: the bank from its BIK (trait `FilledFrom`).

The writer fills in what was left empty; a form asks `suggested` while it is typed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.traits import FilledFrom
from crm_desktop.services.reader import Reader
from crm_desktop.services.writing.batch import Batch, Staged, is_empty


@dataclass
class Filler:
    """Fills in the records of one batch; each value is looked up once."""

    batch: Batch
    _known: dict[tuple[str, Any], Mapping[str, Any]] = field(default_factory=dict)

    def fill(self, staged: Staged, given: Collection[str]) -> None:
        """Fills in fields that were not given and are empty or came from the former value."""
        for rule in staged.entity.traits_of(FilledFrom):
            if rule.by in given and staged.after is not None:
                self._fill(rule, staged, given)

    def _fill(self, rule: FilledFrom, staged: Staged, given: Collection[str]) -> None:
        values = staged.after or {}
        found = self._found(rule, values.get(rule.by))
        former = self._found(rule, (staged.before or {}).get(rule.by))
        for own, there in rule.copies:
            if own in given and not is_empty(values.get(own)):
                continue
            stale = bool(former) and values.get(own) == former.get(there)
            if (found or stale) and (is_empty(values.get(own)) or stale):
                self.batch.put(staged, own, _kept(staged.entity, own, found.get(there)))

    def _found(self, rule: FilledFrom, value: Any) -> Mapping[str, Any]:
        if is_empty(value):
            return {}
        known = self._known.get((rule.source, value))
        if known is None:
            known = self._known[rule.source, value] = look_up(
                self.batch.reader, rule, value, self.batch.connection
            )
        return known


def look_up(
    reader: Reader, rule: FilledFrom, value: Any, connection: sa.Connection | None = None
) -> Mapping[str, Any]:
    """The record of the directory, by field key; empty if it holds none."""
    found = reader.found_by(rule.source, rule.match, value, connection)
    return {} if found is None else found.values


def suggested(reader: Reader, entity: EntityDef, key: str, value: Any) -> dict[str, Any]:
    """What follows from the value of a field, by the keys of the fields it fills."""
    found: dict[str, Any] = {}
    for rule in entity.traits_of(FilledFrom):
        if rule.by == key and not is_empty(value):
            there = look_up(reader, rule, value)
            found.update((own, _kept(entity, own, there.get(its))) for own, its in rule.copies)
    return {own: given for own, given in found.items() if not is_empty(given)}


def _kept(entity: EntityDef, key: str, value: Any) -> Any:
    """The value if it is a right one for the field: a directory may hold others."""
    try:
        return entity.field(key).check(value)
    except InvalidInput:
        return None
