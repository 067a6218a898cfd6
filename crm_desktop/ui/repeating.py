"""“Repeat…” of a record that can be made again by a template (`Repeating`): one form away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.sales_traits import Repeating
from crm_desktop.ui.navigation import Navigator


def template_of(catalogue: Catalogue, entity: str) -> tuple[EntityDef, Repeating] | None:
    """The object whose records make records of this one again; None if there is none."""
    for template in catalogue:
        trait = template.trait(Repeating)
        if trait is not None:
            sample = template.field(trait.sample)
            if isinstance(sample, LinkField) and sample.target == entity:
                return template, trait
    return None


def repeat(navigator: Navigator, catalogue: Catalogue, ref: Ref, title: str) -> None:
    """Opens the form of a template that makes the record again."""
    known = template_of(catalogue, ref.entity)
    if known is not None:
        template, trait = known
        navigator.new_record(template.key, {template.title_field: title, trait.sample: ref.id})


def repeating(
    navigator: Navigator, catalogue: Catalogue, ref: Ref, title: str
) -> list[tuple[str, str, Callable[[], Any]]]:
    """The line of a menu, as (icon, words, what it does); none where nothing can be repeated."""
    if template_of(catalogue, ref.entity) is None:
        return []
    return [("repeat", _("Repeat…"), lambda: repeat(navigator, catalogue, ref, title))]
