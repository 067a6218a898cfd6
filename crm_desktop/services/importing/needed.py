"""What a record must have, as an import sees it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.services.rules import RULES
from crm_desktop.services.writing.batch import Batch, Staged, is_empty


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


class Needs:
    """Whether new records of one block have what they must have."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._trial: Batch | None = None
        self._required: dict[str, tuple[Field, ...]] = {}

    def check(self, entity: EntityDef, values: dict[str, Any], also: Collection[str]) -> None:
        """`InvalidInput` names the first field that is empty, has no value by the rules of the
        object either, and is not among `also`."""
        lacking = self._lacking(entity, values, also)
        if lacking and entity.key in RULES:
            lacking = self._lacking(entity, self.completed(entity, values), also)
        if lacking:
            label = _(lacking[0].label)
            raise InvalidInput(_("Fill in the field “{field}”").format(field=label),
                               field=lacking[0].key)  # fmt: skip

    def _lacking(
        self, entity: EntityDef, values: dict[str, Any], also: Collection[str]
    ) -> list[Field]:
        required = self._required.get(entity.key)
        if required is None:
            required = self._required[entity.key] = required_fields(entity)
        return [f for f in required if is_empty(values.get(f.key)) and f.key not in also]

    def completed(self, entity: EntityDef, values: dict[str, Any]) -> dict[str, Any]:
        """What the rules of the object make of the values; what they make beside is not kept."""
        batch = self._batch
        if self._trial is None:
            self._trial = Batch(
                batch.connection, batch.reader, now=batch.now, author=batch.author, lock=False
            )
        staged = Staged(entity, -1 - len(self._trial.rows), None, dict(values))
        for rule in RULES.get(entity.key, ()):
            rule(self._trial, staged, list(values))
        return staged.after or {}
