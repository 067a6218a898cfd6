"""What a row will look like in the search and in lists, if it becomes new records.

Made by the process that reads the file; see `services/writing/foreseen`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from typing import Any, NamedTuple

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.models.text.normalise import sort_key
from crm_desktop.services.importing.rowplan import Part, Prepared, RowPlan
from crm_desktop.services.search.document import (
    body_of,
    field_terms,
    has_documents,
    own_terms,
    postings,
)
from crm_desktop.services.writing.foreseen import (
    Beginnings,
    Foreseen,
    ReadyDocument,
    Said,
    document_key,
    nothing_foreseen,
)


class _Found(NamedTuple):
    """The beginnings of one object as they are found; see `Beginnings`."""

    tokens: list[str]
    numbers: list[int]


class Foresight:
    """Looks ahead for the rows of one plan."""

    def __init__(self, catalogue: Catalogue, plan: RowPlan) -> None:
        self._entities = [group.entity for group in plan.groups]
        self._children = [tuple(_mirrored(catalogue, entity)) for entity in self._entities]
        self._found = [has_documents(entity) for entity in self._entities]
        keys = [entity.key for entity in self._entities]
        self._same = [keys.index(key) for key in keys]  # the first group of the same object

    def of(self, rows: Iterable[Prepared]) -> Foreseen:
        """What follows from the values of the rows."""
        foreseen = nothing_foreseen()
        found = [_Found([], []) for _entity in self._entities]
        for row in rows:
            for group, part in enumerate(row.parts):
                values = _new_values(part)
                for value in values.values():
                    if type(value) is str and value not in foreseen.keys:
                        foreseen.keys[value] = sort_key(value)
                if self._found[group]:
                    self._add(foreseen, found[self._same[group]], group, part, values)
        for group, one in enumerate(found):
            if one.tokens:
                number = self._entities[group].number
                foreseen.tokens[number] = Beginnings.in_order(*one)
        return foreseen

    def body(self, part: Part, defaults: Mapping[str, Any]) -> str:
        """The text kept of a new record of the first group that has these defaults."""
        values = {**defaults, **_new_values(part)}
        terms = own_terms(self._entities[0], values)
        for _said, more in self._below(0, values, part):
            terms += more
        return body_of(terms)

    def _add(
        self, foreseen: Foreseen, found: _Found, group: int, part: Part, values: dict[str, Any]
    ) -> None:
        entity = self._entities[group]
        below = self._below(group, values, part)
        key = document_key(entity, values, (said for said, _terms in below))
        if key in foreseen.documents:
            return
        terms = own_terms(entity, values)
        for _said, more in below:
            terms += more
        body, number = body_of(terms), len(foreseen.documents)
        foreseen.documents[key] = ReadyDocument(body, number)
        tokens = postings(body)
        found.tokens.extend(tokens)
        found.numbers.extend(repeat(number, len(tokens)))

    def _below(
        self, group: int, values: dict[str, Any], part: Part
    ) -> list[tuple[Said, list[str]]]:
        """What the record's own contacts will say of it."""
        found: dict[Said, list[str]] = {}
        for mirror, child, f in self._children[group]:
            own = values.get(mirror.field)
            if own is not None:
                found[child.number, f.key, own] = field_terms(f, own)
            for other, value in part.contacts:
                if other is mirror and value != own:
                    found[child.number, f.key, value] = field_terms(f, value)
        return list(found.items())


def _mirrored(catalogue: Catalogue, entity: EntityDef) -> Iterator[tuple[Mirror, EntityDef, Field]]:
    """The mirrors whose children a new record gets and is found by, with the field that says it."""
    for mirror in entity.traits_of(Mirror):
        child = catalogue[mirror.child]
        searched = any(f.key == mirror.value for f in child.search_fields())
        if mirror.makes and searched and child.search_through == mirror.owner:
            yield mirror, child, child.field(mirror.value)


def _new_values(part: Part) -> dict[str, Any]:
    """The values of a new record, the first of its contacts included."""
    values = dict(part.values)
    for key in [key for key in values if key[0] == "@"]:
        del values[key]
    for mirror, value in part.contacts:
        if values.get(mirror.field) is None:
            values[mirror.field] = value
    return values
