"""Legal details: a short name from what is known, and numbers that suit the kind of entity."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.holding import is_held
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.models.text.firms import short_legal_name
from crm_desktop.models.text.regions import country_code
from crm_desktop.models.validation.kinds import verdict
from crm_desktop.models.validation.verdict import Asked
from crm_desktop.services.writing.batch import Batch, Staged

_KINDS = {
    ("ru_company", "inn"): "inn10",
    ("ru_company", "ogrn"): "ogrn13",
    ("ru_sole_trader", "inn"): "inn12",
    ("ru_sole_trader", "ogrn"): "ogrnip",
    ("person", "inn"): "inn12",
    ("foreign", "tax_id"): "tax_id",
}


def complete_legal_details(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Fills in the short name, then refuses an INN or OGRN of another kind of entity."""
    values = staged.after
    if values is None:
        return
    if staged.before is None and "preset" not in given:
        values["preset"] = _likely(values)
    if not values.get("short_name"):
        values["short_name"] = _short_name(batch, staged)
    if {"preset", "inn", "ogrn", "tax_id", "country"} & set(given):
        for key in ("inn", "ogrn", "tax_id"):
            _check(staged, key)


def _short_name(batch: Batch, staged: Staged) -> str | None:
    """The full name with its legal form in short, else what the owner is called."""
    values = staged.after or {}
    if values.get("full_name") and not is_held(values["full_name"]):
        return short_legal_name(str(values["full_name"]))[:250]
    owner = values.get("owner")
    if not isinstance(owner, Ref):
        return None
    entity = batch.catalogue[owner.entity]
    stands = batch.row(entity, owner.id).after or {}
    official = next((m.field for m in entity.traits_of(Mirror) if m.value == "full_name"), "")
    name = stands.get(official)
    if not name or is_held(name):
        name = stands.get(entity.title_field) or ""
    return short_legal_name(str(name))[:250] or None


def _likely(values: Mapping[str, Any]) -> str:
    """The kind of entity that the given numbers belong to."""
    if values.get("tax_id") or values.get("registration") or values.get("country"):
        return "foreign"
    if len(values.get("inn") or "") == 12 or len(values.get("ogrn") or "") == 15:
        return "person" if values.get("passport") else "ru_sole_trader"
    return "person" if values.get("passport") or values.get("snils") else "ru_company"


def _check(staged: Staged, key: str) -> None:
    values = staged.after or {}
    kind = _KINDS.get((str(values.get("preset")), key))
    if kind is None or not values.get(key) or is_held(values[key]):
        return
    said = verdict(kind, str(values[key]), Asked(country=country_code(values.get("country"))))
    if not said.valid:
        label = _(staged.entity.field(key).label)
        sentence = _("{field}: {reason}").format(field=label, reason=said.reason)
        raise InvalidInput(sentence, field=key)
    if key != "tax_id":  # VAT numbers are printed with their country
        values[key] = said.normalised
