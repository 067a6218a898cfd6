"""What the pages show, read in the worker as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.services.cells import format_cell
from crm_desktop.services.rights.many import why_not_merged
from crm_desktop.services.titles import Linked

if TYPE_CHECKING:
    from datetime import datetime

    from crm_desktop.services.duplicates.kept import KeptGroup
    from crm_desktop.services.merging.plan import FieldPlan
    from crm_desktop.services.workspace import Workspace

MOST_GROUPS = 300
_CERTAIN, _PROBABLE = 0.97, 0.9
JOINED = 0
"""Instead of a record: all values are kept together."""


def percent_of(likelihood: float) -> str:
    """A likelihood in words; nothing is quite certain."""
    return f"{min(99, round(likelihood * 100))} %"


def tone_of(likelihood: float) -> str:
    """The colour of a likelihood."""
    return "warn" if likelihood >= _CERTAIN else "info" if likelihood >= _PROBABLE else "neutral"


@dataclass(frozen=True)
class SheetRow:
    """One field of the records side by side, `texts` in the order of the records. `chosen`: whose
    value is proposed, or `JOINED`. `collides`: a person should look at it."""

    key: str
    label: str
    texts: tuple[str, ...]
    chosen: int
    differs: bool
    collides: bool


@dataclass(frozen=True)
class Sheet:
    """Records to be merged: the first one stays. `moving`: what goes along, in words; `refused`:
    why the person may not, '' if he may."""

    entity: EntityDef
    ids: tuple[int, ...]
    titles: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    moving: tuple[str, ...]
    versions: Mapping[int, int]
    made: tuple[datetime | None, ...] = ()
    refused: str = ""


@dataclass(frozen=True)
class Groups:
    """The groups of one object, their names, how many there are, and when they were looked for."""

    groups: tuple[KeptGroup, ...]
    titles: Mapping[int, str]
    total: int
    swept: Any = None


def load_groups(base: Workspace, key: str, only: Sequence[int] = ()) -> Groups:
    """The first groups that still hold; only those around the records `only` if there are any."""
    entity = base.catalogue[key]
    if only:
        found = base.duplicates.groups_of(entity, only)[:MOST_GROUPS]
    else:
        found = base.duplicates.groups(entity, limit=MOST_GROUPS)
    ids = [id_ for group in found for id_ in group.ids]
    titles = base.titles.of([Ref(key, id_) for id_ in ids])
    whole = len(found) < MOST_GROUPS or bool(only)
    total = len(found) if whole else base.duplicates.count(entity)
    return Groups(
        tuple(found), {ref.id: title.text for ref, title in titles.items()}, total,
        base.duplicates.last_sweep(entity),
    )  # fmt: skip


def load_sheet(base: Workspace, key: str, ids: Sequence[int]) -> Sheet:
    """The records side by side without those that are gone; a `UserError` if too few are left."""
    entity = base.catalogue[key]
    there = base.reader.exists(key, ids)
    plan = base.merging.preview(entity, [id_ for id_ in ids if id_ in there])
    values = base.reader.many(key, plan.ids, [*(p.field.key for p in plan.fields), "created_at"])
    titles = base.titles.of(_refs(plan.fields, values))
    moving = tuple(f"{_(m.link.label)}: {m.count}" for m in plan.moving)
    return Sheet(
        entity, plan.ids, tuple(plan.titles[id_] or str(id_) for id_ in plan.ids),
        tuple(_row(p, plan.ids, values, titles) for p in plan.fields if p.sources),
        moving, plan.versions, tuple(values[id_].get("created_at") for id_ in plan.ids),
        why_not_merged(base, entity, plan.ids),
    )  # fmt: skip


def _row(
    plan: FieldPlan, ids: Sequence[int], values: Mapping[int, Mapping[str, Any]], titles: Any
) -> SheetRow:
    f = plan.field
    chosen = JOINED if plan.joined and plan.differs else _source_of(plan)
    texts = tuple(_text(f, values[id_].get(f.key), titles) for id_ in ids)
    return SheetRow(f.key, _(f.label), texts, chosen, plan.differs, plan.collides)


def _source_of(plan: FieldPlan) -> int:
    for source in plan.sources:
        if source.value == plan.proposed:
            return source.ids[0]
    return plan.sources[0].ids[0]


def _ref(f: Field, value: Any) -> Ref | None:
    if isinstance(value, Ref):
        return value
    return Ref(f.target, value) if isinstance(f, LinkField) and value is not None else None


def _refs(plans: Sequence[FieldPlan], values: Mapping[int, Mapping[str, Any]]) -> list[Ref]:
    found = (_ref(p.field, row.get(p.field.key)) for p in plans for row in values.values())
    return [ref for ref in found if ref is not None]


def _text(f: Field, value: Any, titles: Mapping[Ref, Any]) -> str:
    if value is None:
        return ""
    ref = _ref(f, value)
    if ref is not None:
        title = titles.get(ref)
        value = Linked(ref, title.text if title else str(ref.id))
    return format_cell(f, value, language=i18n.language()).text
