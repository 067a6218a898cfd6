"""Which entries and rows of the planner a person wants to see, and the segments of what they are
about.

Kinds and states are known of each bar. Segments and tags are those of the record that an entry is
about: they are asked for the records that are seen, never for all there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_desktop.errors import UserError
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import TagsField
from crm_desktop.models.catalogue.traits import Selections, Tags
from crm_desktop.models.query import Condition, Query, both
from crm_desktop.services.planner.bars import Bar, PlanRow
from crm_desktop.services.reader import parts_of
from crm_desktop.services.selections.service import selections
from crm_desktop.services.tags.service import tags_object

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOST = 200
"""Segments and tags that are offered."""
MOST_COLOURS = 12
"""Segments that are told apart by colour."""


@dataclass(frozen=True)
class Asked:
    """What is wanted; nothing named means everything. `rows` are `object:id`, `groups` names of
    departments, `segments` and `tags` numbers of records."""

    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    segments: tuple[int, ...] = ()
    tags: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `from_json` reads it back."""
        return {f.name: list(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name)}

    @staticmethod
    def from_json(found: Any) -> Asked:
        """What of it makes sense; a newer program may have kept more."""
        made: dict[str, Any] = {}
        for f in fields(Asked):
            given = found.get(f.name) if isinstance(found, dict) else None
            kind = int if f.name in ("segments", "tags") else str
            given = given if isinstance(given, list) else []
            made[f.name] = tuple(one for one in given if type(one) is kind)
        return Asked(**made)

    def wants_row(self, row: PlanRow) -> bool:
        """Whether somebody's or something's row is to be seen."""
        named = not self.rows or f"{row.ref.entity}:{row.ref.id}" in self.rows
        return named and (not self.groups or row.group in self.groups)


def suitable(base: Workspace, bars: Sequence[Bar], asked: Asked) -> list[Bar]:
    """Those of the bars that are asked for."""
    found = [
        bar for bar in bars
        if (not asked.kinds or bar.kind in asked.kinds)
        and (not asked.states or bar.state in asked.states)
    ]  # fmt: skip
    if not (asked.segments or asked.tags):
        return found
    suits = _suiting(base, {bar.about for bar in found if bar.about is not None}, asked)
    return [bar for bar in found if bar.about in suits]


def _suiting(base: Workspace, refs: Iterable[Ref], asked: Asked) -> set[Ref]:
    """The records in one of the segments, and with one of the tags."""
    found: set[Ref] = set()
    for key, ids in _by_object(refs).items():
        suits = set(ids)
        if asked.segments:
            here = [one.id for one in selections(base, key) if one.id in asked.segments]
            suits = set().union(*(_within(base, key, suits, one) for one in here))
        if asked.tags and suits:
            suits = _tagged(base, base.catalogue[key], suits, asked.tags)
        found |= {Ref(key, id_) for id_ in suits}
    return found


def _by_object(refs: Iterable[Ref]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for ref in refs:
        found[ref.entity].append(ref.id)
    return found


def _within(base: Workspace, key: str, ids: Iterable[int], segment: int) -> set[int]:
    """Those of the records that stand in a segment; nobody in one that cannot be read any more."""
    if base.catalogue[key].trait(Selections) is None:
        return set()
    return _holding(base, key, ids, Condition("id", "in_segment", (segment,)))


def _tagged(base: Workspace, entity: EntityDef, ids: set[int], tags: Sequence[int]) -> set[int]:
    line = next((f for f in entity.fields if isinstance(f, TagsField)), None)
    if line is None or entity.trait(Tags) is None:
        return set()
    return _holding(base, entity.key, ids, Condition(line.key, "in", tuple(tags)))


def _holding(base: Workspace, key: str, ids: Iterable[int], where: Condition) -> set[int]:
    found: set[int] = set()
    for some in parts_of(ids):
        query = Query(key, ("id",), both(Condition("id", "in", tuple(some)), where))
        try:
            found |= set(base.lists.open(query).ids())
        except UserError:  # its conditions name a field that is gone: it finds nobody
            return set()
    return found


# --- what is offered ------------------------------------------------------------------------------


class Offer(NamedTuple):
    """A segment or a tag; `about` is the object of a segment's records, '' for a tag."""

    id: int
    name: str
    about: str = ""


def offers(base: Workspace) -> tuple[list[Offer], list[Offer]]:
    """(segments, tags) that entries can be narrowed by."""
    segments = [Offer(one.id, one.name, one.about) for one in selections(base)[:MOST]]
    tags = tags_object(base)
    rows = base.lists.open(Query(tags.key, (tags.title_field,))).first(MOST)
    return segments, [Offer(row.id, str(row.cells[0] or "")) for row in rows]


def segments_of(base: Workspace, refs: Iterable[Ref]) -> tuple[dict[Ref, int], list[str]]:
    """The place of the first segment that each record stands in, and the names by place."""
    found: dict[Ref, int] = {}
    names: list[str] = []
    for key, ids in _by_object(set(refs)).items():
        for one in selections(base, key):
            if len(names) == MOST_COLOURS:
                return found, names
            rest = [id_ for id_ in ids if Ref(key, id_) not in found]
            inside = _within(base, key, rest, one.id) if rest else set()
            if inside:
                found |= {Ref(key, id_): len(names) for id_ in inside}
                names.append(one.name)
    return found, names
