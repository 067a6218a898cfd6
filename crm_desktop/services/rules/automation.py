"""A rule is said in full and in the words of the catalogue, whatever language it was typed in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import (
    DurationField,
    LongTextField,
    MultiChoiceField,
    TextField,
)
from crm_desktop.models.catalogue.sales_traits import Automations, Funnel
from crm_desktop.models.catalogue.traits import Activities
from crm_desktop.models.query import where_from_json
from crm_desktop.services.json_files import parse_json
from crm_desktop.services.pipelines.shape import shape_in
from crm_desktop.services.writing.batch import Batch, Staged

_NEEDED = {
    "activity": (("subject", N_("Say what is to be done: fill in the subject")),),
    "notify": (("subject", N_("Say what is to be told: fill in the subject")),),
    "set_field": (("field", N_("Say which field the rule sets")),),
    "begin_set": (("set", N_("Choose the set that begins")),),
}
_WHOM = {"job": "job", "queue": "queue", "person": "staff"}
_PLANNING = ("activity", "notify", "begin_set")


def check_automation(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Says where the rule holds, and that what it does can be done there."""
    values = staged.after
    if values is None or staged.entity.trait(Automations) is None:
        return
    entity = _about(batch, values)
    values["of"] = entity.key
    if values.get("event") == "field":
        _check_field(batch, entity, values)
    _check_where(batch, entity, values)
    _check_deed(batch, entity, values)


def _about(batch: Batch, values: dict[str, Any]) -> EntityDef:
    funnel = next((e for e in batch.catalogue if e.trait(Funnel) is not None), None)
    if values.get("event") == "stage" and funnel is not None:
        stage = shape_in(batch).stages.get(values.get("stage") or 0)
        if stage is not None:
            values["pipeline"] = stage.pipeline
        elif values.get("pipeline") is None:
            raise InvalidInput(_("Choose the stage at which the rule fires"), field="stage")
        return funnel
    if values.get("of"):
        return batch.catalogue.find(str(values["of"]))
    if values.get("pipeline") is not None and funnel is not None:
        return funnel
    raise InvalidInput(_("Say the object of the rule, such as deal or client"), field="of")


def _check_field(batch: Batch, entity: EntityDef, values: dict[str, Any]) -> None:
    from crm_desktop.services.automation.firing import plain_text
    from crm_desktop.services.automation.values import typed

    f = _field(batch, entity, str(values.get("when") or ""), "when")
    values["when"] = f.key
    if values.get("becomes"):
        try:
            values["becomes"] = plain_text(f.plain(typed(batch, f, str(values["becomes"]))))
        except InvalidInput as wrong:
            raise InvalidInput(wrong.message, field="becomes") from wrong


def _field(batch: Batch, entity: EntityDef, name: str, key: str) -> Field:
    if not name:
        raise InvalidInput(_("Say the field of the rule"), field=key)
    try:
        return batch.catalogue.field(entity, name)
    except NotFound as unknown:
        raise InvalidInput(unknown.message, field=key) from unknown


def _check_where(batch: Batch, entity: EntityDef, values: dict[str, Any]) -> None:
    if not values.get("where"):
        return
    from crm_desktop.services.automation.holding import check_where

    try:
        where = where_from_json(parse_json(str(values["where"]), _("The condition")))
        check_where(batch.catalogue, entity, where)
    except InvalidInput as wrong:
        raise InvalidInput(wrong.message, field="where") from wrong


def _check_deed(batch: Batch, entity: EntityDef, values: dict[str, Any]) -> None:
    deed = str(values.get("deed") or "activity")
    for key, sentence in _NEEDED.get(deed, ()):
        if values.get(key) in (None, ""):
            raise InvalidInput(_(sentence), field=key)
    if deed in _PLANNING and entity.trait(Activities) is None:
        said = _("{object} has no activities: a rule can only set a field there")
        raise InvalidInput(said.format(object=_(entity.label)), field="deed")
    if deed in ("activity", "notify", "assign"):
        key = _WHOM.get(str(values.get("whom")), "")
        if key and not values.get(key):
            raise InvalidInput(_("Say whom the rule means"), field=key)
    if deed == "set_field":
        _check_set(batch, entity, values)
    if deed == "activity":
        _check_paths(batch, entity, values)


def _check_set(batch: Batch, entity: EntityDef, values: dict[str, Any]) -> None:
    from crm_desktop.services.automation.firing import plain_text
    from crm_desktop.services.automation.values import typed

    f, trait = _field(batch, entity, str(values.get("field") or ""), "field"), entity.trait(Funnel)
    moved = (trait.stage, trait.pipeline) if trait is not None else ()
    if f.readonly or f.kept or f.key in moved:
        raise InvalidInput(_("A rule cannot set the field “{field}”").format(field=_(f.label)),
                           field="field")  # fmt: skip
    values["field"], text = f.key, str(values.get("value") or "")
    try:
        if "{" not in text:
            value = typed(batch, f, text)
            if not isinstance(f, TextField | LongTextField | MultiChoiceField | DurationField):
                values["value"] = plain_text(f.plain(value)) or None
    except InvalidInput as wrong:
        raise InvalidInput(wrong.message, field="value") from wrong


def _check_paths(batch: Batch, entity: EntityDef, values: dict[str, Any]) -> None:
    from crm_desktop.services.automation.values import find_path

    for key in ("at", "place"):
        if values.get(key):
            try:
                values[key] = find_path(batch.catalogue, entity, str(values[key]))
            except InvalidInput as wrong:
                raise InvalidInput(wrong.message, field=key) from wrong
