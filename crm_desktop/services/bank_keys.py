"""Account numbers that do not suit the bank beside them: asked by the writer and by forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.holding import is_held
from crm_desktop.models.catalogue.traits import SuitsBank
from crm_desktop.models.validation.kinds import verdict
from crm_desktop.models.validation.verdict import Asked


def partners(entity: EntityDef, key: str) -> frozenset[str]:
    """The fields that are judged together with this one; none for most fields."""
    shape = entity.trait(SuitsBank)
    if shape is None:
        return frozenset()
    accounts = frozenset(account for account, _kind in shape.accounts)
    if key in (shape.bik, shape.iban):
        return accounts
    return frozenset((key,)) & accounts


def unsuited(entity: EntityDef, values: Mapping[str, Any]) -> dict[str, str]:
    """Why an account does not suit the bank, by field as sentences; an empty one is no mistake."""
    shape = entity.trait(SuitsBank)
    bank = str(values.get(shape.bik) or "") if shape is not None else ""
    if shape is None or not bank:
        return {}
    found: dict[str, str] = {}
    for key, kind in shape.accounts:
        number = str(values.get(key) or "")
        if number and not is_held(number) and number != values.get(shape.iban):
            said = verdict(kind, number, Asked(bik=bank))
            if not said.valid:
                label = _(entity.field(key).label)
                found[key] = _("{field}: {reason}").format(field=label, reason=said.reason)
    return found
