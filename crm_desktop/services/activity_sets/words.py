"""What a set may begin by, in the words of the catalogue: objects, fields, values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import Field, Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField
from crm_desktop.models.catalogue.planner_traits import StepSets
from crm_desktop.services.rules.activity_set import may_begin

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOST_VALUES = 300
Choices = list[tuple[str, str]]


def objects(catalogue: Catalogue) -> Choices:
    """(name, key) of the objects whose records may begin a set."""
    return sorted((_(e.label), e.key) for e in catalogue if may_begin(e))


def fields(catalogue: Catalogue, entity: str) -> Choices:
    """(name, key) of the fields of an object by which a set may begin."""
    if not catalogue.has(entity):
        return []
    return [(_(f.label), f.key) for f in may_begin(catalogue[entity])]


def values(workspace: Workspace, entity: str, key: str) -> Choices:
    """(name, text) of the values of a field: the choices, or the records it may lead to."""
    f = _field(workspace.catalogue, entity, key)
    if isinstance(f, ChoiceField):
        return [(_(choice.label), choice.key) for choice in f.choices]
    if not isinstance(f, LinkField):
        return []
    book = getattr(f, "book", "") or None
    found = workspace.titles.suggest(f.target, "", book, MOST_VALUES)
    return [(title.text, str(ref.id)) for ref, title in found]


def _field(catalogue: Catalogue, entity: str, key: str) -> Field | None:
    if not catalogue.has(entity):
        return None
    return next((f for f in may_begin(catalogue[entity]) if f.key == key), None)


def said(workspace: Workspace, trait: StepSets, kept: Mapping[str, Any]) -> str:
    """When a set begins: “Client: Status becomes Active”; '' if it never does by itself."""
    entity, key, value = (str(kept.get(k) or "") for k in (trait.of, trait.when, trait.becomes))
    f = _field(workspace.catalogue, entity, key)
    if f is None or not value:
        return ""
    name = value
    if isinstance(f, ChoiceField):
        name = next((_(c.label) for c in f.choices if c.key == value), value)
    elif isinstance(f, LinkField) and value.isdigit():
        ref = Ref(f.target, int(value))
        title = workspace.titles.of([ref]).get(ref)
        if title is None:  # the value was deleted
            return ""
        name = title.text
    return _("{object}: “{field}” becomes “{value}”").format(
        object=_(workspace.catalogue[entity].label), field=_(f.label), value=name
    )
