"""Records whose making is undone, by columns: nothing of them is needed but their numbers.

Staging a deletion looks at one record after another. When an import of a hundred thousand rows is
taken back and nobody has written since, a record that it made stands as the log says, and what it
was found by goes with it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LongTextField
from crm_desktop.models.catalogue.traits import Latest
from crm_desktop.models.text.normalise import sort_key
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import CREATED, DELETED, Changes
from crm_desktop.services.writing.flush import deletion

if TYPE_CHECKING:
    from crm_desktop.services.undo.state import LoggedChange


@dataclass(frozen=True)
class GoneBlock:
    """What one transaction unmakes by columns: the ids by object, in the order of the titles, the
    rows of the change log, and which of the records the search may find."""

    ids: dict[str, list[int]]
    changes: Changes
    found: list[int]


class Unmaking:
    """Picks what of an operation's changes can be taken back by columns."""

    def __init__(self, catalogue: Catalogue) -> None:
        watched = {trait.child for one in catalogue for trait in one.traits_of(Latest)}
        free = [entity for entity in catalogue if entity.key not in watched]
        self._wholes = {entity.key for entity in free if not entity.search_through}
        self._fields = {entity.key: frozenset(f.key for f in entity.fields) for entity in free}

    def split(
        self, batch: Batch, block: Sequence[LoggedChange]
    ) -> tuple[GoneBlock | None, list[LoggedChange]]:
        """What goes by columns, and the changes that are left for the usual way. Nobody else may
        have written since the operation began."""
        counts = Counter(change.id for change in block)
        simple = [counts[change.id] == 1 and self._is_simple(change) for change in block]
        others = [change for change, one in zip(block, simple, strict=True) if not one]
        held = self._owners(batch, others)
        wholes = {change.id for change, one in zip(block, simple, strict=True)
                  if one and change.entity.key in self._wholes} - held  # fmt: skip
        gone: list[LoggedChange] = []
        left: list[LoggedChange] = []
        for change, one in zip(block, simple, strict=True):
            (gone if one and self._goes(change, wholes) else left).append(change)
        return _block(gone) if gone else None, left

    def _is_simple(self, change: LoggedChange) -> bool:
        """Whether it made a record of which nothing but its own rows has to go."""
        known = self._fields.get(change.entity.key) if change.kind == CREATED else None
        is_short = len(change.text) < LongTextField.HEAD
        return known is not None and is_short and change.delta.keys() <= known

    def _goes(self, change: LoggedChange, wholes: set[int]) -> bool:
        """A part of what another record is found by goes with that one or as usual."""
        if change.entity.key in self._wholes:
            return change.id in wholes
        owner = change.delta.get(change.entity.search_through)
        return (owner[1] if type(owner) is list else owner) in wholes

    def _owners(self, batch: Batch, changes: Sequence[LoggedChange]) -> set[int]:
        """The records that are found by the others, before and after the changes."""
        found: set[int] = set()
        ids: dict[str, list[int]] = defaultdict(list)
        for change in changes:
            if link := change.entity.search_through:
                found.update(_numbers(change.delta.get(link)))
                ids[change.entity.key].append(change.id)
        for key, some in ids.items():
            entity = batch.catalogue[key]
            batch.prefetch(entity, some)
            found.update(_standing(batch, entity, some))
        return found


def _numbers(value: Any) -> Iterator[int]:
    """The numbers of records in a logged link, or in the two of a change."""
    if isinstance(value, int):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _numbers(one)


def _standing(batch: Batch, entity: EntityDef, ids: Sequence[int]) -> Iterator[int]:
    for id_ in ids:
        staged = batch.seen(Ref(entity.key, id_))
        value = (staged.before or {}).get(entity.search_through) if staged is not None else None
        if value is not None:
            yield value.id if isinstance(value, Ref) else value


def _block(gone: Sequence[LoggedChange]) -> GoneBlock:
    some: dict[str, list[LoggedChange]] = defaultdict(list)
    for change in gone:
        some[change.entity.key].append(change)
    ids = {key: [change.id for change in _in_order(one)] for key, one in some.items()}
    changes = Changes()
    texts = [deletion(c.text, (1, c.made_at, c.author)) for c in gone]
    changes.add(DELETED, [c.entity.number for c in gone], [c.id for c in gone], texts)
    found = [c.id for c in gone if not c.entity.search_through and c.entity.search_fields()]
    return GoneBlock(ids, changes, found)


def _in_order(changes: Sequence[LoggedChange]) -> Sequence[LoggedChange]:
    """In the order of the titles, which most indexes follow."""
    title: Field = changes[0].entity.title
    if not title.keyed:
        return changes
    return sorted(changes, key=lambda change: sort_key(change.delta.get(title.key) or ""))
