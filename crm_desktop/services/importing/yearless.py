"""A day of birth without its year: no whole date, but a day that comes round every year. It is kept
among the annual dates of the record (traits `AnnualDates`, `AnnualDay`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field, ParseContext, Ref
from crm_desktop.models.catalogue.fieldtypes import DateField
from crm_desktop.models.catalogue.traits import AnnualDates, AnnualDay
from crm_desktop.models.text import annual
from crm_desktop.services.writing.batch import Batch, is_empty
from crm_desktop.services.writing.staging import Create

_DIGITS = range(1, 5)
_MARK = "@~"  # before the key of the field, among the values of a row


class Yearless(int):
    """The number of such a day, as `models/text/annual` has it."""


def keeps_days(catalogue: Catalogue, entity: EntityDef, f: Field) -> bool:
    """Whether a day without its year is kept where the field wants a whole date."""
    is_yearly = isinstance(f, DateField) and f.yearly and entity.trait(AnnualDates) is not None
    return is_yearly and _days_object(catalogue) is not None


def yearless(text: str, context: ParseContext) -> Yearless | None:
    """The day, if that is what the text says: `15.05`, `15 May`, `--05-15`."""
    if sum(map(str.isdecimal, text)) not in _DIGITS:  # `today` is a day only today
        return None
    try:
        found = annual.parse_yearly(text, today=context.now.date(), order=context.date_order)
    except ValueError:
        return None
    return Yearless(found) if not annual.parts(found)[2] else None


def put(values: dict[str, Any], key: str, value: Any) -> None:
    """Puts what was read of a field among the values of a row."""
    if type(value) is Yearless:
        values[_MARK + key] = int(value)
    else:
        values[key] = value


def _days_object(catalogue: Catalogue) -> tuple[EntityDef, AnnualDay] | None:
    found = ((entity, entity.trait(AnnualDay)) for entity in catalogue)
    return next(((entity, trait) for entity, trait in found if trait is not None), None)


class DayBook:
    """The annual dates that the rows of one block bring."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._object = _days_object(batch.catalogue)

    def of_new(self, entity: EntityDef, id_: int, said: Mapping[str, Any]) -> list[Create]:
        """Those of a record that is being made."""
        return [self._made(entity, id_, f, day) for f, day in _days(entity, said)]

    def of_known(
        self, entity: EntityDef, id_: int, stands: Mapping[str, Any], said: Mapping[str, Any]
    ) -> list[Create]:
        """Those of a record of the base that it does not have yet."""
        return [
            self._made(entity, id_, f, day)
            for f, day in _days(entity, said)
            if is_empty(stands.get(f.key)) and not self._is_known(entity, id_, day)
        ]

    def _is_known(self, entity: EntityDef, id_: int, day: int) -> bool:
        assert self._object is not None
        other, trait = self._object
        kept = self._batch.linked(other, other.field(trait.owner), id_)
        days = [(one.after or {}).get(trait.day) for one in kept]
        return any(known and annual.parts(known)[:2] == annual.parts(day)[:2] for known in days)

    def _made(self, entity: EntityDef, id_: int, f: Field, day: int) -> Create:
        assert self._object is not None
        other, trait = self._object
        named = {trait.owner: Ref(entity.key, id_), trait.day: day, other.title_field: _(f.label)}
        return Create(other.key, named)


def _days(entity: EntityDef, said: Mapping[str, Any]) -> Iterator[tuple[Field, int]]:
    for key, value in said.items():
        if key.startswith(_MARK):
            yield entity.field(key.removeprefix(_MARK)), value
