"""What a merge would make of the fields: every value with its sources, and the proposed one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    LinkField,
    LongTextField,
    MultiChoiceField,
    TagsField,
)
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.writing.batch import is_empty, same


@dataclass(frozen=True)
class Source:
    """One value of a field and the records that have it."""

    value: Any
    ids: tuple[int, ...]


@dataclass(frozen=True)
class FieldPlan:
    """One field of the merged record.

    `sources`: the different values that are given, those of the first record first. `joined`: all
    of them are kept together in one value. `collides`: one of them has to be chosen, and the
    others remain only in the history.
    """

    field: Field
    sources: tuple[Source, ...]
    proposed: Any
    joined: bool = False
    collides: bool = False

    @property
    def differs(self) -> bool:
        """Whether the records do not say the same, a missing value counting as nothing said."""
        return len(self.sources) > 1


@dataclass(frozen=True)
class Moving:
    """How many records that point to the losers by this link will point to the winner."""

    link: Link
    count: int


@dataclass(frozen=True)
class MergePlan:
    """What a merge of `ids` (the first one stays) would do; `versions` are those that were seen."""

    entity: EntityDef
    ids: tuple[int, ...]
    titles: Mapping[int, str]
    fields: tuple[FieldPlan, ...]
    moving: tuple[Moving, ...]
    versions: Mapping[int, int]

    @property
    def winner(self) -> int:
        """The record that stays."""
        return self.ids[0]

    @property
    def collisions(self) -> tuple[FieldPlan, ...]:
        """The fields of which a value has to be chosen."""
        return tuple(plan for plan in self.fields if plan.collides)


def plan_fields(
    entity: EntityDef, ids: Sequence[int], values: Mapping[int, Mapping[str, Any]]
) -> tuple[FieldPlan, ...]:
    """Every field that at least one of the records fills in; `ids` say whose value goes first."""
    mirrored = {mirror.field for mirror in entity.traits_of(Mirror)}
    plans = []
    for f in entity.fields:
        if f.key in entity.kept:  # it follows from what belongs to the record
            continue
        sources = _sources(entity, f, ids, values)
        if sources:
            governs = any(other.only_if[:1] == (f.key,) for other in entity.fields)
            plans.append(_plan(f, sources, kept_apart=f.key in mirrored, governs=governs))
        elif not is_empty(values[ids[0]].get(f.key)):  # it pointed to one that is merged into it
            plans.append(FieldPlan(f, (), None))
    return tuple(plans)


def _sources(
    entity: EntityDef, f: Field, ids: Sequence[int], values: Mapping[int, Mapping[str, Any]]
) -> tuple[Source, ...]:
    found: list[tuple[Any, list[int]]] = []
    for id_ in ids:
        value = values[id_].get(f.key)
        if is_empty(value) or _is_one_of_them(entity, f, value, ids):
            continue
        known = next((owners for other, owners in found if _alike(value, other)), None)
        if known is None:
            found.append((value, [id_]))
        else:
            known.append(id_)
    return tuple(Source(value, tuple(owners)) for value, owners in found)


def _is_one_of_them(entity: EntityDef, f: Field, value: Any, ids: Sequence[int]) -> bool:
    if isinstance(value, Ref):
        return value.entity == entity.key and value.id in ids
    return isinstance(f, LinkField) and f.target == entity.key and value in ids


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return norm(one) == norm(other)
    return same(one, other)


def _plan(f: Field, sources: tuple[Source, ...], *, kept_apart: bool, governs: bool) -> FieldPlan:
    """`governs`: the value says which other fields count, so it goes with theirs."""
    first = sources[0].value
    if len(sources) == 1:
        return FieldPlan(f, sources, first)
    if isinstance(f, LongTextField) and f.joined:
        return FieldPlan(f, sources, _joined_text(sources), joined=True)
    if isinstance(f, TagsField):
        return FieldPlan(f, sources, f.check([s.value for s in sources]), joined=True)
    if isinstance(f, MultiChoiceField):
        union = dict.fromkeys(key for source in sources for key in source.value)
        return FieldPlan(f, sources, tuple(union), joined=True)
    if isinstance(f, BoolField):
        return FieldPlan(f, sources, True)
    told = [s for s in sources if not is_default(f, s.value)]
    if isinstance(f, ChoiceField) and len(told) == 1 and not governs:
        return FieldPlan(f, sources, told[0].value)
    return FieldPlan(f, sources, first, collides=not kept_apart and not f.readonly)


def _joined_text(sources: Sequence[Source]) -> str:
    whole = str(sources[0].value)
    for source in sources[1:]:
        if str(source.value) not in whole:
            whole = f"{whole}\n\n{source.value}"
    return whole[: LongTextField.LIMIT]


def is_default(f: Field, value: Any) -> bool:
    """Whether nobody may have chosen the value: it is what a new record gets by itself."""
    return isinstance(f, ChoiceField) and bool(f.default) and value == f.default
