"""No role hides by what an amount is read: it would be shown with the sign of another currency."""

from __future__ import annotations

from crm_desktop.models.catalogue.builtin import BUILTIN
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.holding import can_hide


def test_a_currency_is_closed_to_changes_at_most() -> None:
    catalogue = Catalogue(tuple(BUILTIN))
    named = [
        (entity, *entity.currencies[key].partition(".")[::2])
        for entity in catalogue
        for key in entity.currencies
    ]
    owners = [
        (catalogue[entity.field(own).target], theirs) if theirs else (entity, own)
        for entity, own, theirs in named
    ]
    assert owners
    assert not any(can_hide(catalogue, entity, entity.field(key)) for entity, key in owners)
