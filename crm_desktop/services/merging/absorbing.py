"""Everything that points to a loser of a merge goes to the winner, equal things only once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import BoolField, LinkField, RecordField
from crm_desktop.models.catalogue.traits import Mirror, OneFlag
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.merging.plan import is_default
from crm_desktop.services.writing.batch import Batch, Staged, is_empty, same
from crm_desktop.services.writing.staging import Delete, Update, Write

DEEPEST = 5
"""Levels of what belongs to what; deeper ones are moved whole."""


@dataclass
class Absorbing:
    """Collects the writes of one merge, from what stands in the base when they are written."""

    batch: Batch
    merged: frozenset[Ref]
    writes: list[Write] = field(default_factory=list)
    _gone: set[Ref] = field(default_factory=set)
    _flagged: set[tuple[Ref, str]] = field(default_factory=set)

    def absorb(self, entity: EntityDef, winner: int, losers: Sequence[int], depth: int = 0) -> None:
        """Moves what points to the losers; records of both that say the same become one."""
        links = self.batch.catalogue.links_to(entity)
        # What belongs to a record moves before the fields that only mirror it.
        for link in sorted(links, key=lambda link: not link.parent):
            self.batch.prefetch_linked(link.entity, link.field, [winner, *losers])
            kept = list(self.batch.linked(link.entity, link.field, winner))
            for loser in losers:
                for one in self.batch.linked(link.entity, link.field, loser):
                    self._take(link, Ref(entity.key, winner), one, kept, depth)

    def _take(self, link: Link, winner: Ref, one: Staged, kept: list[Staged], depth: int) -> None:
        if one.ref in self.merged or one.ref in self._gone:
            return
        if self._leads_to_itself(link, one):
            self._drop(one)
            return
        twin = None if depth >= DEEPEST else self._twin(link, winner.entity, one, kept)
        if twin is not None:
            self._unite(link, twin, one, depth)
        else:
            self.writes.append(Update(one.entity.key, one.id, self._moved(link, winner, one, kept)))
            kept.append(one)

    def _drop(self, one: Staged) -> None:
        self._gone.add(one.ref)
        self.writes.append(Delete(one.entity.key, one.id))

    # --- moving -----------------------------------------------------------------------------------

    def _leads_to_itself(self, link: Link, one: Staged) -> bool:
        """Whether a link between two records would now lead from the winner to the winner."""
        if one.entity.navigation:
            return False
        others = (f for f in self.batch.link_fields(one.entity) if f.key != link.field.key)
        return any(self._ref(f, one) in self.merged for f in others)

    @staticmethod
    def _ref(f: Field, one: Staged) -> Ref | None:
        value = (one.after or {}).get(f.key)
        if isinstance(f, LinkField) and value is not None:
            return Ref(f.target, value)
        return value if isinstance(value, Ref) else None

    def _moved(
        self, link: Link, winner: Ref, one: Staged, kept: Sequence[Staged]
    ) -> dict[str, Any]:
        """The link to the winner; a second main child of one kind is no longer the main one."""
        target: Any = winner if isinstance(link.field, RecordField) else winner.id
        values: dict[str, Any] = {link.field.key: target}
        for mirror in self._mirrors(link, winner.entity):
            if (one.after or {}).get(mirror.flag) and self._has_main(mirror, winner, one, kept):
                values[mirror.flag] = False
        rule = one.entity.trait(OneFlag)
        if rule is not None and rule.owner == link.field.key and self._second(rule, one, kept):
            values[rule.flag] = False
        return values

    @staticmethod
    def _second(rule: OneFlag, one: Staged, kept: Sequence[Staged]) -> bool:
        """Whether the winner has one already of those of which exactly one is marked."""
        mine = one.after or {}
        return bool(mine.get(rule.flag)) and any(
            (other.before or {}).get(rule.flag)
            and (not rule.within or (other.after or {}).get(rule.within) == mine.get(rule.within))
            for other in kept
        )

    def _mirrors(self, link: Link, owner: str) -> list[Mirror]:
        found = self.batch.catalogue[owner].traits_of(Mirror)
        return [m for m in found if m.child == link.entity.key and m.owner == link.field.key]

    def _has_main(self, mirror: Mirror, winner: Ref, one: Staged, kept: Sequence[Staged]) -> bool:
        kind = mirror.kind[0] if mirror.kind else ""
        mine = (one.after or {}).get(kind)
        known = (winner, f"{mirror.child}.{mirror.flag}:{mine}")
        if known in self._flagged:
            return True
        self._flagged.add(known)
        return any(
            (other.before or {}).get(mirror.flag) and (other.after or {}).get(kind) == mine
            for other in kept
        )

    # --- saying the same --------------------------------------------------------------------------

    def _twin(self, link: Link, owner: str, one: Staged, kept: Sequence[Staged]) -> Staged | None:
        """The record of the winner that says the same or less, of objects that are only parts."""
        if one.entity.navigation or not link.parent:
            return None
        names = self._names(link, owner, one.entity)
        flags = {mirror.flag for mirror in self._mirrors(link, owner)}
        for other in kept:
            if other.ref in self._gone or other.ref == one.ref:
                continue
            if self._same_thing(names, one, other) and self._agree(link, flags, one, other):
                return other
        return None

    def _names(self, link: Link, owner: str, entity: EntityDef) -> tuple[tuple[str, ...], ...]:
        """The fields that must be equal, in alternatives."""
        mirrors = self._mirrors(link, owner)
        if mirrors:
            kinds = (m.kind[0] for m in mirrors if m.kind)
            return ((mirrors[0].value, *dict.fromkeys(kinds)),)
        others = [f.key for f in self.batch.link_fields(entity) if f.key != link.field.key]
        return tuple((key,) for key in (entity.title_field, *others))

    @staticmethod
    def _same_thing(names: Sequence[Sequence[str]], one: Staged, other: Staged) -> bool:
        mine, theirs = one.after or {}, other.after or {}
        return any(
            all(not is_empty(mine.get(key)) and _equal(mine[key], theirs.get(key)) for key in keys)
            for keys in names
        )

    @staticmethod
    def _agree(link: Link, flags: set[str], one: Staged, other: Staged) -> bool:
        mine, theirs = one.after or {}, other.after or {}
        for f in one.entity.fields:
            if f.key == link.field.key or f.key in flags or isinstance(f, BoolField):
                continue
            values = (mine.get(f.key), theirs.get(f.key))
            if any(is_empty(value) or is_default(f, value) for value in values):
                continue
            if not _equal(*values):
                return False
        return True

    def _unite(self, link: Link, twin: Staged, one: Staged, depth: int) -> None:
        mine, theirs = one.after or {}, twin.after or {}
        flags = {m.flag for e in self.batch.catalogue for m in self._mirrors(link, e.key)}
        told: dict[str, Any] = {}
        for f in one.entity.fields:
            value, known = mine.get(f.key), theirs.get(f.key)
            if f.key == link.field.key or f.key in flags or is_empty(value):
                continue
            if is_empty(known) or (is_default(f, known) and not is_default(f, value)):
                told[f.key] = value
        if told:
            self.writes.append(Update(twin.entity.key, twin.id, told))
        self.absorb(one.entity, twin.id, [one.id], depth + 1)
        self._drop(one)


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return norm(one) == norm(other)
    return same(one, other)
