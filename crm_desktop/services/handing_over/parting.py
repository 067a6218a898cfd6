"""By which fields a hand-over may be parted, and which of their values somebody's records have."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from crm_desktop import i18n
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField, TextField, UserField
from crm_desktop.models.query import Condition
from crm_desktop.services.handing_over.planning import Rule, handed_objects, owned_by

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOST = 60
"""Values that are worth a line each; the rest is shared evenly."""


class Part(NamedTuple):
    """One value, as it is called, and how many records have it."""

    condition: Condition
    text: str
    records: int


def leading_object(workspace: Workspace) -> EntityDef:
    """The object by which a hand-over is parted: what stands below goes along."""
    return handed_objects(workspace)[0]


def parting_fields(workspace: Workspace) -> list[Field]:
    """Fields with few values: choices, links, and short texts that are searched by."""
    return [f for f in leading_object(workspace).fields if not f.readonly and _parts(f)]


def _parts(f: Field) -> bool:
    if isinstance(f, UserField):
        return False
    short = isinstance(f, TextField) and type(f) is TextField and f.indexed and not f.required
    return short or isinstance(f, LinkField | ChoiceField)


def parts(workspace: Workspace, leaving: int, key: str) -> list[Part]:
    """The values of the field among the records of somebody, the most frequent first."""
    entity = leading_object(workspace)
    f = entity.field(key)
    found = workspace.reader.many(entity.key, owned_by(workspace, entity, leaving), [key])
    counted = Counter(values[key] for values in found.values()).most_common(MOST)
    names = (
        workspace.titles.of([Ref(f.target, value) for value, _n in counted if value is not None])
        if isinstance(f, LinkField) else {}
    )  # fmt: skip
    told = []
    for value, count in counted:
        if value is None:
            told.append(Part(Condition(key, "empty"), "", count))
            continue
        if isinstance(f, LinkField):
            title = names.get(Ref(f.target, value))
            text = title.text if title is not None else str(value)
        else:
            text = f.format(value, i18n.language())
        op, plain = ("eq", value) if isinstance(f, TextField) else ("in", [value])
        told.append(Part(Condition(key, op, plain), text, count))
    return told


def rule_of(workspace: Workspace, part: Part, receiver: int) -> Rule:
    """Its records go to this colleague."""
    return Rule(leading_object(workspace).key, part.condition, receiver)
