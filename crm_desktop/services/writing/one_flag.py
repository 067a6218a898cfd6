"""Keeps exactly one of several records flagged: the main account, the set that is printed
(trait `OneFlag`)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from crm_desktop.models.catalogue.definitions import Field, Ref
from crm_desktop.models.catalogue.traits import OneFlag
from crm_desktop.services.writing.batch import Batch, Staged

Group = tuple[str, int, Any]
"""Object, owner, value of the field `within`."""


@dataclass
class OneFlags:
    """The rule over one batch: `written` for each record, `settle` once at the end."""

    batch: Batch
    _raised: dict[Group, Staged | None] = field(default_factory=dict)

    def written(self, staged: Staged) -> None:
        """Remembers the groups that a written or deleted record was in or is in."""
        rule = staged.entity.trait(OneFlag)
        if rule is None:
            return
        before, after = _group(rule, staged, staged.before), _group(rule, staged, staged.after)
        for group in (before, after):
            if group is not None:
                self._raised.setdefault(group, None)
        if after is not None and _has(staged.after, rule):
            stayed = before == after and _has(staged.before, rule)
            if not stayed and not (before and before != after and self._other(rule, staged, after)):
                self._raised[after] = staged

    def _other(self, rule: OneFlag, staged: Staged, group: Group) -> bool:
        """Whether the group that a record moves into has a flagged one already."""
        found = self._members(rule, group)
        return any(_has(s.after, rule) for s in found if s is not staged)

    def settle(self) -> None:
        """Sets the flag of one record in each touched group and takes it from the others."""
        owners: dict[str, set[int]] = defaultdict(set)
        for key, owner, _value in self._raised:
            owners[key].add(owner)
        for key, ids in owners.items():
            entity = self.batch.catalogue[key]
            rule = entity.trait(OneFlag)
            if rule is not None:
                self.batch.prefetch_linked(entity, entity.field(rule.owner), ids)
        for group, raised in self._raised.items():
            self._settle_one(group, raised)

    def _settle_one(self, group: Group, raised: Staged | None) -> None:
        rule = self.batch.catalogue[group[0]].trait(OneFlag)
        assert rule is not None
        found = self._members(rule, group)
        if not found:
            return
        flagged = [s for s in found if _has(s.after, rule)]
        chosen = raised if raised in found else (flagged or found)[0]
        for staged in found:
            if _has(staged.after, rule) != (staged is chosen):
                self.batch.put(staged, rule.flag, staged is chosen)

    def _members(self, rule: OneFlag, group: Group) -> list[Staged]:
        entity = self.batch.catalogue[group[0]]
        link: Field = entity.field(rule.owner)
        found = self.batch.linked(entity, link, group[1])
        return sorted((s for s in found if _group(rule, s, s.after) == group), key=lambda s: s.id)


def _has(values: Any, rule: OneFlag) -> bool:
    return bool((values or {}).get(rule.flag))


def _group(rule: OneFlag, staged: Staged, values: Any) -> Group | None:
    owner = (values or {}).get(rule.owner)
    if owner is None:
        return None
    id_ = owner.id if isinstance(owner, Ref) else owner
    return staged.entity.key, id_, values.get(rule.within) if rule.within else None
