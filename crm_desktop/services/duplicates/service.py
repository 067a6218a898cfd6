"""Duplicates of one open base: the door to lookup, sweep and what was found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services.duplicates.features import Features
from crm_desktop.services.duplicates.kept import KeptGroup, KeptGroups, Pair
from crm_desktop.services.duplicates.lookup import Likely, Lookup
from crm_desktop.services.duplicates.reading import IdentityReader
from crm_desktop.services.duplicates.score import score
from crm_desktop.services.duplicates.sweep import FoundGroup, Progress, Swept, sweep

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

PROBABLE, CERTAIN = 0.8, 0.97
LEAST = 0.5
"""Pairs that are less likely are never kept."""
_LIMITS = "duplicate_limits"
_TOLD_EVERY = 200
_MOST_READ = 20
"""Blocks of kept groups looked through for one page of those that still hold."""


@dataclass(frozen=True)
class Limits:
    """Thresholds an administrator sets: from which likelihood a group is shown, and from which
    it may be merged without asking where no values collide."""

    shown: float = PROBABLE
    certain: float = CERTAIN


@dataclass(frozen=True)
class LastSweep:
    """When the object was swept last, how many records and groups there were."""

    moment: datetime
    records: int
    groups: int


class Duplicates:
    """Finds records of one workspace that mean the same."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.kept = KeptGroups(workspace.backend, workspace.tables)
        self._lookups: dict[str, Lookup] = {}

    # --- settings ---------------------------------------------------------------------------------

    def limits(self) -> Limits:
        """The thresholds of this base."""
        try:
            row = json.loads(self._workspace.info(_LIMITS) or "{}")
            return Limits(float(row.get("shown", PROBABLE)), float(row.get("certain", CERTAIN)))
        except (ValueError, TypeError, AttributeError):
            return Limits()

    def set_limits(self, limits: Limits) -> None:
        """Keeps other thresholds; `InvalidInput` unless 0.5 <= shown <= certain <= 1."""
        if not LEAST <= limits.shown <= limits.certain <= 1:
            raise InvalidInput(_("A likelihood is between 50 and 100 percent, the lower one first"))
        text = json.dumps({"shown": limits.shown, "certain": limits.certain})
        self._workspace.set_info(_LIMITS, text)

    def objects(self) -> list[EntityDef]:
        """The objects whose duplicates a person may look for: those with contacts or numbers
        first that tell who is who."""
        catalogue = self._workspace.catalogue
        return [e for e in catalogue if e.navigation and self._lookup(e).reader.fields.tells]

    # --- one record -------------------------------------------------------------------------------

    def like(
        self,
        entity: EntityDef,
        values: Mapping[str, Any],
        *,
        contacts: Sequence[str] = (),
        but: int | None = None,
        limit: int = 3,
    ) -> list[Likely]:
        """Which records a new one with these values may repeat; quick enough to ask while typing.

        Little is typed yet, so half likely is enough: an equal name is told by itself.
        `but`: the record itself, if it is in the base. What is known to be no duplicate is left
        out.
        """
        found = self._lookup(entity).find(
            values, LEAST, contacts=contacts, but=but, limit=limit + (5 if but else 0)
        )
        if but is not None and found:
            apart = self.kept.apart_among([but, *(one.id for one in found)])
            found = [one for one in found if (min(but, one.id), max(but, one.id)) not in apart]
        return found[:limit]

    def _lookup(self, entity: EntityDef) -> Lookup:
        known = self._lookups.get(entity.key)
        if known is None:
            space = self._workspace
            known = Lookup(space.backend, space.tables, space.search, entity)
            self._lookups[entity.key] = known
        return known

    # --- the whole base ---------------------------------------------------------------------------

    def sweep(
        self,
        entity: EntityDef,
        *,
        minimum: float | None = None,
        progress: Progress = lambda _done, _whole: None,
        check: Callable[[], None] = lambda: None,
    ) -> Swept:
        """Compares all records of the object and keeps what it finds; minutes for a million.

        `minimum`: the least likelihood; without it the threshold of the base.
        """
        least = self.limits().shown if minimum is None else max(minimum, LEAST)
        reader = IdentityReader(self._workspace.backend, self._workspace.tables, entity)
        apart = self.kept.all_apart(entity)
        found = sweep(reader, least, apart=apart, progress=progress, check=check)
        self.kept.replace(entity, found.groups)
        told = {
            "at": self._workspace.clock.now().isoformat(), "records": found.records,
            "groups": len(found.groups),
        }  # fmt: skip
        self._workspace.set_info(_told_of(entity), json.dumps(told))
        return found

    def last_sweep(self, entity: EntityDef) -> LastSweep | None:
        """When the object was swept last; None if never."""
        text = self._workspace.info(_told_of(entity))
        if not text:
            return None
        row = json.loads(text)
        return LastSweep(datetime.fromisoformat(row["at"]), row["records"], row["groups"])

    def count(self, entity: EntityDef) -> int:
        """How many groups there are to look at, at most."""
        return self.kept.count(entity, self.limits().shown)

    def groups(
        self, entity: EntityDef, *, minimum: float | None = None, limit: int = 50,
        after: KeptGroup | None = None,
    ) -> list[KeptGroup]:  # fmt: skip
        """The next groups that still hold, the likeliest first: records that are gone, changed or
        known to be none are left out."""
        least = self.limits().shown if minimum is None else minimum
        found: list[KeptGroup] = []
        place = (round(after.likelihood * 1000), after.id) if after else None
        for _block in range(_MOST_READ):
            read = self.kept.read(entity, least, max(limit, _TOLD_EVERY), place)
            found += self._holding(entity, read, least)
            if not read or len(found) >= limit:
                break
            place = (round(read[-1].likelihood * 1000), read[-1].id)
        return found[:limit]

    def keep_found(self, entity: EntityDef, groups: Sequence[FoundGroup]) -> None:
        """Keeps groups that were found on the way, such as by an import, unless they are kept."""
        ids = sorted({id_ for found in groups for id_ in found.ids})
        known = [set(group.ids) for group in self.kept.of_records(entity, ids)]
        new = [g for g in groups if not any(set(g.ids) <= others for others in known)]
        if new:
            self.kept.add(entity, new)

    def groups_of(self, entity: EntityDef, ids: Sequence[int]) -> list[KeptGroup]:
        """The groups around these records that still hold, the likeliest first."""
        return self._holding(entity, self.kept.of_records(entity, ids), self.limits().shown)

    def of_record(self, entity: EntityDef, id_: int) -> list[Likely]:
        """What a sweep has found for one record and what still holds, the likeliest first."""
        groups = self.kept.of_record(entity, id_)
        if not groups:  # the rule: a card must not wait for more than this one question
            return []
        held = self._holding(entity, groups, self.limits().shown)
        names = self._titles(entity, [i for g in held for i in g.ids])
        return [
            Likely(other, names.get(other, ""), group.likelihood, group.reasons)
            for group in held
            if id_ in group.ids
            for other in group.ids
            if other != id_
        ]

    def _titles(self, entity: EntityDef, ids: Iterable[int]) -> dict[int, str]:
        rows = self._workspace.reader.many(entity.key, ids, [entity.title_field])
        title = entity.title
        return {id_: title.format(row[title.key], "en") for id_, row in rows.items()}

    def set_apart(self, ids: Sequence[int], others: Sequence[int] | None = None) -> list[Pair]:
        """Remembers that the records are not the same as each other (or as `others`); the pairs,
        for `kept.set_together` to take it back."""
        if others is None:
            pairs = list(combinations(sorted(set(ids)), 2))
        else:
            pairs = [(min(a, b), max(a, b)) for a in ids for b in others if a != b]
        space = self._workspace
        self.kept.set_apart(pairs, space.user_id, space.clock.now())
        return pairs

    # --- does it still hold? ----------------------------------------------------------------------

    def _holding(
        self, entity: EntityDef, groups: Sequence[KeptGroup], minimum: float
    ) -> list[KeptGroup]:
        ids = {id_ for group in groups for id_ in group.ids}
        features = self._lookup(entity).reader.of(ids)
        apart = self.kept.apart_among(ids)
        return [
            KeptGroup(group.id, group.likelihood, kept, group.reasons)
            for group in groups
            if len(kept := _still_alike(group.ids, features, apart, minimum)) > 1
        ]


def _told_of(entity: EntityDef) -> str:
    return f"duplicates_{entity.number}"


def _still_alike(
    ids: Sequence[int], features: Mapping[int, Features], apart: set[Pair], minimum: float
) -> tuple[int, ...]:
    """Those of the records that are there and still like one of the others."""
    there = [id_ for id_ in ids if id_ in features]
    kept: set[int] = set()
    for one, other in combinations(there, 2):
        if (min(one, other), max(one, other)) in apart or {one, other} <= kept:
            continue
        if score(features[one], features[other]).likelihood >= minimum:
            kept |= {one, other}
    return tuple(id_ for id_ in there if id_ in kept)
