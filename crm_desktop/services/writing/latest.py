"""Keeps fields that repeat the latest or the earliest child of a record (trait `Latest`).

"Last contact" is the moment of the newest call, letter or meeting, "next step" the planned
activity that is due first. A child that only comes in front is compared with what is kept; the
base is asked anew only where the child that was in front is moved back or goes. The fields belong
to no version of the record and to no change row: whoever writes a child writes them as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.traits import Latest
from crm_desktop.services.writing.batch import Batch, Staged, same
from crm_desktop.services.writing.latest_question import LatestQuestion, Standing

DEEPEST = 4  # a person's call is also the company's; longer chains would be a mistake


class Group(NamedTuple):
    """The traits of one object that keep one field together."""

    entity: EntityDef
    traits: tuple[Latest, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The kept fields, the deciding one first."""
        first = self.traits[0]
        return (first.field, *(own for own, _key in first.copies))


def groups_of(entity: EntityDef) -> list[Group]:
    """The kept fields of an object with the traits that fill them."""
    found: dict[str, list[Latest]] = {}
    for trait in entity.traits_of(Latest):
        found.setdefault(trait.field, []).append(trait)
    return [Group(entity, tuple(traits)) for traits in found.values()]


@dataclass
class Keeper:
    """The kept fields of one batch; `settle` once all other writes are staged."""

    batch: Batch
    _watching: dict[str, list[tuple[Group, Latest]]] = field(default_factory=dict)
    _touched: dict[tuple[Ref, str], dict[Ref, Staged]] = field(default_factory=dict)
    _anew: dict[tuple[Ref, str], Group] = field(default_factory=dict)
    _groups: dict[tuple[Ref, str], Group] = field(default_factory=dict)

    def renew(self, staged: Staged) -> None:
        """The record's kept fields are reckoned from all its children."""
        for group in groups_of(staged.entity):
            key = (staged.ref, group.traits[0].field)
            self._anew[key] = self._groups[key] = group

    def _look_at(self, staged: Staged) -> None:
        """Remembers whose fields a written child may change, before and after."""
        before, after = staged.before or {}, staged.after or {}
        for group, trait in self._watchers(staged.entity.key):
            if before.get(trait.owner) is None and after.get(trait.owner) is None:
                continue
            sides = [_side(group, trait, staged, v) for v in (staged.before, staged.after)]
            if sides[0] != sides[1]:
                for owner in {side[0] for side in sides if side is not None}:
                    key = (owner, trait.field)
                    self._groups[key] = group
                    self._touched.setdefault(key, {})[staged.ref] = staged

    def _watchers(self, key: str) -> list[tuple[Group, Latest]]:
        found = self._watching.get(key)
        if found is None:
            found = self._watching[key] = [
                (group, trait)
                for entity in self.batch.catalogue
                if entity.kept
                for group in groups_of(entity)
                for trait in group.traits
                if trait.child == key
            ]
        return found

    # --- settling ---------------------------------------------------------------------------------

    def settle(self) -> None:
        """Makes the kept fields of all touched owners right, and of those above them."""
        for staged in list(self.batch.rows.values()):
            if self._watchers(staged.entity.key):
                self._look_at(staged)
        for _round in range(DEEPEST):
            touched, anew = self._touched, self._anew
            if not touched and not anew:
                return
            self._touched, self._anew = {}, {}
            self._prefetch([*touched, *anew])
            self._advance(touched, anew)
            self._ask_anew(anew)

    def _prefetch(self, keys: Iterable[tuple[Ref, str]]) -> None:
        wanted: dict[str, list[int]] = {}
        for ref, _field in keys:
            wanted.setdefault(ref.entity, []).append(ref.id)
        for entity, ids in wanted.items():
            self.batch.prefetch(self.batch.catalogue[entity], ids)

    def _advance(
        self,
        touched: Mapping[tuple[Ref, str], Mapping[Ref, Staged]],
        anew: dict[tuple[Ref, str], Group],
    ) -> None:
        """Compares what was written with what is kept; what cannot be told so goes to `anew`."""
        for key, children in touched.items():
            owner = self._alive(key[0])
            if owner is None or key in anew:
                continue
            group = self._groups[key]
            kept = kept_standing(group, owner.after or {})
            if any(self._was_in_front(group, c, owner, kept) for c in children.values()):
                anew[key] = group
                continue
            found = [s for child in children.values() for s in self._standings(group, child, owner)]
            best = front(group, [*found, kept] if kept else found)
            if best is not None and best is not kept:
                self._put(owner, group, best)

    def _was_in_front(
        self, group: Group, child: Staged, owner: Staged, kept: Standing | None
    ) -> bool:
        """Whether the kept value may be this child's, and the child says something else now."""
        for trait in group.traits:
            if trait.child != child.entity.key:
                continue
            before = standing_of(trait, child.before, child.id)
            after = standing_of(trait, child.after, child.id)
            own_before = owner_of(trait, child.before, group.entity) == owner.ref
            own_after = owner_of(trait, child.after, group.entity) == owner.ref
            if before and own_before and (kept is None or not ahead(group, kept, before)):
                moved = not (own_after and after and after.by == before.by)
                if moved or trait.copies:
                    return True
            if after and own_after and trait.copies and kept and after.by == kept.by:
                return True
        return False

    def _standings(self, group: Group, child: Staged, owner: Staged) -> Iterator[Standing]:
        for trait in group.traits:
            if trait.child == child.entity.key:
                found = standing_of(trait, child.after, child.id)
                if found and owner_of(trait, child.after, group.entity) == owner.ref:
                    yield found

    def _ask_anew(self, anew: Mapping[tuple[Ref, str], Group]) -> None:
        together: dict[tuple[str, str], list[Staged]] = {}
        groups: dict[tuple[str, str], Group] = {}
        for (ref, name), group in anew.items():
            owner = self._alive(ref)
            if owner is not None:
                together.setdefault((ref.entity, name), []).append(owner)
                groups[ref.entity, name] = group
        for key, owners in together.items():
            found = self._all_standings(groups[key], owners)
            for owner in owners:
                self._put(owner, groups[key], front(groups[key], found.get(owner.id, [])))

    def _all_standings(self, group: Group, owners: list[Staged]) -> dict[int, list[Standing]]:
        """What the base says of all children but those that this batch has in hand, and they."""
        found: dict[int, list[Standing]] = {}
        ids = [owner.id for owner in owners]
        for trait in group.traits:
            child = self.batch.catalogue[trait.child]
            in_hand = {s.id for s in self.batch.rows.values() if s.entity.key == trait.child}
            question = LatestQuestion(self.batch.reader, group.entity, trait)
            for owner_id, standing in question.ask(self.batch.connection, ids, in_hand):
                found.setdefault(owner_id, []).append(standing)
            for id_ in in_hand:
                values = self.batch.rows[child.key, id_].after
                of, standing_now = owner_of(trait, values, group.entity), None
                if of is not None:
                    standing_now = standing_of(trait, values, id_)
                if of is not None and standing_now is not None:
                    found.setdefault(of.id, []).append(standing_now)
        return found

    def _alive(self, ref: Ref) -> Staged | None:
        owner = self.batch.rows.get(ref)
        return owner if owner is not None and owner.after is not None else None

    def _put(self, owner: Staged, group: Group, best: Standing | None) -> None:
        values = (best.by, *best.copies) if best else (None,) * len(group.fields)
        changed = False
        for key, value in zip(group.fields, values, strict=True):
            if not same((owner.after or {}).get(key), value):
                self.batch.put(owner, key, value)
                changed = True
        if changed:
            self._look_at(owner)


def _side(
    group: Group, trait: Latest, staged: Staged, values: Mapping[str, Any] | None
) -> tuple[Ref, Standing] | None:
    """Whom a child counts for, and how it stands; None if it takes no part."""
    standing = None if values is None else standing_of(trait, values, staged.id)
    owner = owner_of(trait, values, group.entity) if standing else None
    return (owner, standing) if owner is not None and standing is not None else None


def owner_of(trait: Latest, values: Mapping[str, Any] | None, entity: EntityDef) -> Ref | None:
    """The record of `entity` that a child's values point to."""
    link = (values or {}).get(trait.owner)
    if isinstance(link, Ref):
        return link if link.entity == entity.key else None
    return Ref(entity.key, link) if link is not None else None


def standing_of(trait: Latest, values: Mapping[str, Any] | None, id_: int) -> Standing | None:
    """How a child stands in the race; None if it takes no part."""
    if values is None or values.get(trait.by) is None:
        return None
    if any((values.get(key) or "") not in keys for key, keys in trait.where):
        return None
    return Standing(values[trait.by], id_, tuple(values.get(key) for _own, key in trait.copies))


def kept_standing(group: Group, values: Mapping[str, Any]) -> Standing | None:
    """What the owner's fields say now."""
    first, *copies = group.fields
    if values.get(first) is None:
        return None
    return Standing(values[first], 0, tuple(values.get(key) for key in copies))


def ahead(group: Group, one: Standing, other: Standing) -> bool:
    """Whether one stands truly before the other."""
    first: bool = one.by < other.by if group.traits[0].earliest else one.by > other.by
    return first


def front(group: Group, standings: Sequence[Standing]) -> Standing | None:
    """The one in front; of equals the first made where the earliest counts, else the last."""
    found = [(standing.by, standing.id) for standing in standings]
    if not found:
        return None
    best = min(found) if group.traits[0].earliest else max(found)
    return next(standing for standing in standings if (standing.by, standing.id) == best)
