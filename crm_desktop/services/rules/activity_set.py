"""When an activity set begins by itself is said in full and in the words of the catalogue."""

from __future__ import annotations

from collections.abc import Collection

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField
from crm_desktop.models.catalogue.planner_traits import StepSets
from crm_desktop.models.catalogue.traits import Activities
from crm_desktop.services.writing.batch import Batch, Staged


def may_begin(entity: EntityDef) -> list[ChoiceField | LinkField]:
    """The fields of an object whose value may begin a set; none where it has no activities."""
    if entity.trait(Activities) is None:
        return []
    return [
        f for f in entity.fields
        if isinstance(f, ChoiceField | LinkField) and not f.kept and not f.readonly
    ]  # fmt: skip


def check_beginning(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """All three of object, field and value, or none; the object may be named as people do."""
    trait, values = staged.entity.trait(StepSets), staged.after
    if trait is None or values is None or not {trait.of, trait.when, trait.becomes} & set(given):
        return
    of, when, becomes = (str(values.get(k) or "") for k in (trait.of, trait.when, trait.becomes))
    if not (of or when or becomes):
        return
    if not (of and when and becomes):
        missing = trait.of if not of else trait.when if not when else trait.becomes
        raise InvalidInput(
            _("Say the object, the field and the value at which the set begins, or none of them"),
            field=missing,
        )
    entity = batch.catalogue.find(of)
    f = next((one for one in may_begin(entity) if when in (one.key, _(one.label))), None)
    if f is None:
        raise InvalidInput(
            _("A set cannot begin by the field “{field}” of {object}").format(
                field=when, object=_(entity.label)
            ),
            field=trait.when,
        )
    values[trait.of], values[trait.when] = entity.key, f.key
    values[trait.becomes] = _value(f, becomes, trait.becomes)


def _value(f: ChoiceField | LinkField, text: str, key: str) -> str:
    if isinstance(f, ChoiceField):
        found = next((c.key for c in f.choices if text in (c.key, _(c.label))), None)
        if found is not None:
            return found
    elif text.isascii() and text.isdigit():
        return text
    raise InvalidInput(
        _("“{value}” is no value of “{field}”").format(value=text, field=_(f.label)), field=key
    )
