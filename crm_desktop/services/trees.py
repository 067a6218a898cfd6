"""Records that stand below others of their object (trait `Tree`): what is below, and above."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.traits import Tree
from crm_desktop.models.schema import Tables

DEEPEST = 30


class Trees:
    """The trees of one open base, remembered until a record of the object changes.

    `age` gives another number whenever that happens. Safe to use from several threads.
    """

    def __init__(self, backend: Backend, tables: Tables, age: Callable[[str], int]) -> None:
        self._backend = backend
        self._tables = tables
        self._age = age
        self._lock = threading.Lock()
        self._known: dict[str, tuple[int, Mapping[int, int]]] = {}

    def parents(self, entity: EntityDef) -> Mapping[int, int]:
        """The record above, of every record that has one."""
        trait = entity.trait(Tree)
        if trait is None:
            return {}
        age = self._age(entity.key)
        with self._lock:
            known = self._known.get(entity.key)
        if known is not None and known[0] == age:
            return known[1]
        above = self._tables.column(entity, entity.field(trait.parent))
        wanted = sa.select(above.table.c.id, above).where(above.is_not(None))
        with self._backend.read() as connection:
            found = {row[0]: row[1] for row in connection.execute(wanted)}
        with self._lock:
            self._known[entity.key] = (age, found)
        return found

    def below(self, entity: EntityDef, ids: Iterable[int]) -> list[int]:
        """The records and everything below them, each once."""
        children: dict[int, list[int]] = defaultdict(list)
        for child, parent in self.parents(entity).items():
            children[parent].append(child)
        found = dict.fromkeys(ids)
        waiting = list(found)
        while waiting:
            for child in children.get(waiting.pop(), ()):
                if child not in found:
                    found[child] = None
                    waiting.append(child)
        return list(found)

    def path(self, entity: EntityDef, id_: int) -> list[int]:
        """The records above, the topmost first; without the record itself."""
        parents = self.parents(entity)
        found: list[int] = []
        while (above := parents.get(id_)) is not None and len(found) < DEEPEST:
            if above in found:
                break
            found.append(above)
            id_ = above
        return found[::-1]


def in_tree_order(ids: Sequence[int], parents: Mapping[int, int]) -> list[tuple[int, int]]:
    """(id, depth) with children behind their parents, otherwise in the order given."""
    known = set(ids)
    children: dict[int | None, list[int]] = defaultdict(list)
    for id_ in ids:
        above = parents.get(id_)
        children[above if above in known else None].append(id_)
    found: list[tuple[int, int]] = []
    waiting = [(id_, 0) for id_ in reversed(children[None])]
    while waiting:
        id_, depth = waiting.pop()
        found.append((id_, depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(id_, ()))]
    return found
