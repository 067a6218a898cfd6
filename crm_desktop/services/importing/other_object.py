"""Rows that name a record of another object and none of their own: organisations among people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.services.importing.convert import Named
from crm_desktop.services.importing.rowplan import Prepared, RowPlan


def named_alone(plan: RowPlan, row: Prepared) -> str:
    """The key of the object that all of the row fits, which it was not read for; '' for none."""
    own = row.parts[0]
    said = {key: value for key, value in own.values.items() if value is not None}
    if plan.entity.title_field in said:
        return ""
    for group, part in zip(plan.groups[1:], row.parts[1:], strict=True):
        if group.forward and part.values.get(group.entity.title_field) is not None:
            return group.entity.key if _fits(plan.entity, group.entity, said) else ""
    for key, value in said.items():
        f = plan.entity.field(key) if plan.entity.has(key) else None
        if isinstance(f, LinkField) and isinstance(value, Named) and value.text and not f.book:
            other = plan.catalogue[f.target]
            rest = {name: one for name, one in said.items() if name != key}
            if other is not plan.catalogue.staff() and _fits(plan.entity, other, rest):
                return other.key
    return ""


def _fits(own: EntityDef, other: EntityDef, said: Mapping[str, Any]) -> bool:
    """Whether a record of the other object can say the same."""
    return other.key != own.key and all(
        own.has(key) and other.has(key) and type(own.field(key)) is type(other.field(key))
        for key in said
    )


def said_of_others(catalogue: Catalogue, counts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """A sentence for each object that refused rows fit, and the object's key."""
    for key, count in counts.items():
        said = ngettext(
            "{count} refused row names one of “{objects}” alone. Bring it in there",
            "{count} refused rows name one of “{objects}” alone. Bring them in there",
            count,
        )  # fmt: skip
        yield said.format(count=count, objects=_(catalogue[key].plural)), key
