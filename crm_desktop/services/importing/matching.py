"""Which record a row means: by the chosen fields, in the base and in the file itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.services.importing.convert import Named
from crm_desktop.services.importing.lookup import Found, Lookup, match_key
from crm_desktop.services.importing.mapping import UPDATE
from crm_desktop.services.importing.places import IDENTITY, contacts_mirror
from crm_desktop.services.importing.rowplan import Part, Prepared, RowPlan
from crm_desktop.services.writing.batch import Batch, is_empty

MatchKey = tuple[int, str, Any]
"""Group, field, key of the value; with the owner's id for records that belong to one."""


class Matches:
    """What the rows of one block mean; `read` first. `seen`: what earlier blocks of a test run
    would have made."""

    def __init__(
        self, plan: RowPlan, lookup: Lookup, batch: Batch, seen: dict[MatchKey, int]
    ) -> None:
        self._plan = plan
        self._lookup = lookup
        self._batch = batch
        self._seen = seen
        self._fields = matching_fields(plan)
        self._found: dict[tuple[int, str], Found] = {}
        self._said: dict[int, list[tuple[Field, Any]]] = {}
        self._fresh: dict[MatchKey, int] = {}

    def read(self, rows: Sequence[Prepared]) -> None:
        """Asks the base for all values of the rows at once."""
        for group, fields in enumerate(self._fields):
            if self._is_backward(group) or not fields:
                continue
            wanted: dict[str, set[Any]] = {f.key: set() for f in fields}
            for row in rows:
                for f, key in self._keys(group, row.parts[group]):
                    wanted[f.key].add(key)
            for f in fields:
                if wanted[f.key]:
                    self._found[group, f.key] = self._look_up(group, f, wanted[f.key])

    def said(self, rows: Iterable[Prepared], f: Field) -> Iterator[Any]:
        """The keys by which the main records of the rows are found through one field."""
        for row in rows:
            for other, key in self._keys(0, row.parts[0]):
                if other == f:
                    yield key

    def ids(self, group: int) -> set[int]:
        """Every record that was found for a group."""
        found = (found for (one, _key), found in self._found.items() if one == group)
        return {ids[0] for values in found for ids in values.values()}

    def find(self, group: int, part: Part, *, owner: int | None = None) -> int | None:
        """The record that a row means, among those of `owner` if given; None for a new one.

        `InvalidInput` if it may mean several and would change one of them.
        """
        for f, key in self._keys(group, part):
            found = self._known(group, f, key, owner)
            if found is not None:
                return found
        return None

    def remember(self, group: int, part: Part, id_: int, owner: int | None) -> None:
        """Later rows of the file find the record by what this one says of it."""
        for f, key in self._keys(group, part):
            name = (group, f.key, key if owner is None else (owner, key))
            self._fresh.setdefault(name, id_)

    def land(self, landed: Mapping[int, int]) -> None:
        """Records that went into others are found as these."""
        self._fresh = {name: landed.get(id_, id_) for name, id_ in self._fresh.items()}

    def keep(self, *, for_good: bool) -> None:
        """The block is written. `for_good`: the base will not find its records: it is a test."""
        if for_good:
            self._seen.update(self._fresh)
            return
        for (group, key, value), id_ in self._fresh.items():
            entity = self._plan.groups[group].entity
            if entity.has(key) and not self._is_backward(group):
                self._lookup.learn(entity, entity.field(key), value, id_)

    # --- how --------------------------------------------------------------------------------------

    def _is_backward(self, group: int) -> bool:
        one = self._plan.groups[group]
        return one.link is not None and not one.forward

    def _look_up(self, group: int, f: Field, keys: set[Any]) -> Found:
        entity, connection = self._plan.groups[group].entity, self._batch.connection
        if f is IDENTITY:
            there = self._batch.reader.exists(entity.key, keys, connection=connection)
            return {id_: [id_] for id_ in there}
        mirror = contacts_mirror(entity, f)
        if mirror is not None:
            return self._lookup.by_contact(connection, entity, mirror, keys)
        return self._lookup.by_field(connection, entity, f, keys)

    def _keys(self, group: int, part: Part) -> list[tuple[Field, Any]]:
        """What the part says by which its record can be found; links are no such thing."""
        said = self._said.get(id(part))
        if said is None:
            said = [(f, key) for f in self._fields[group] for key in _keys_of(f, part, group)]
            self._said[id(part)] = said
        return said

    def _known(self, group: int, f: Field, key: Any, owner: int | None) -> int | None:
        name = (group, f.key, key if owner is None else (owner, key))
        for known in (self._fresh, self._seen):
            if name in known:
                return known[name]
        if owner is not None:
            return self._child(group, f, key, owner)
        ids = self._found.get((group, f.key), {}).get(key, ())
        if len(ids) > 1 and self._plan.mapping.on_match == UPDATE:
            sentence = _(
                "{field}: “{value}” stands in {count} records: it is not clear which one is meant"
            )
            told = sentence.format(count=len(ids), field=_(f.label), value=key)
            raise InvalidInput(told, field=f.key)
        return ids[0] if ids else None

    def _child(self, group: int, f: Field, key: Any, owner: int) -> int | None:
        one = self._plan.groups[group]
        if one.link is None or owner < 0:
            return None
        for staged in self._batch.linked(one.entity, one.link, owner):
            value = (staged.after or {}).get(f.key)
            if not is_empty(value) and match_key(f, value) == key:
                return staged.id
        return None


def _keys_of(f: Field, part: Part, group: int) -> Iterator[Any]:
    if f is IDENTITY:
        if not group and part.values.get("@") is not None:
            yield part.values["@"]
        return
    value = part.values.get(f.key)
    if not is_empty(value) and not isinstance(value, Named):
        yield match_key(f, value)
    for mirror, contact in part.contacts:
        if mirror.field == f.key:
            yield match_key(f, contact)


def matching_fields(plan: RowPlan) -> list[list[Field]]:
    """By group the fields that find its record. What stands beside the main record is found by
    its name unless something better was chosen; then so is the main record."""
    found: list[list[Field]] = [[] for _group in plan.groups]
    for index, place in plan.match:
        found[index].append(place.field)
    for index, group in enumerate(plan.groups[1:], start=1):
        if not group.is_beside:  # these are found by their numbers
            found[index] = found[index] or [group.entity.title]
    if not found[0] and any(not (one.forward or one.is_beside) for one in plan.groups[1:]):
        found[0] = [plan.entity.title]
    return found
