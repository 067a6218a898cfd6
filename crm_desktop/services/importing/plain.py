"""Rows that become one new record each, from which only its own contacts follow: by columns.

The reading process picks them and works out all that can be told without the base; the writing
one leaves out those that mean records it knows (`plain_block`), and opens them as usual rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import (
    LinkField,
    LongTextField,
    PictureField,
    RecordField,
)
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.models.text.normalise import sort_key
from crm_desktop.models.text.phone_remarks import Remarked
from crm_desktop.services.importing.convert import Named
from crm_desktop.services.importing.foresight import Foresight
from crm_desktop.services.importing.mapping import CREATE, SKIP
from crm_desktop.services.importing.matching import matching_fields
from crm_desktop.services.importing.places import IDENTITY, contacts_mirror
from crm_desktop.services.importing.readers.base import Cell
from crm_desktop.services.importing.rowplan import Part, Prepared, RowPlan
from crm_desktop.services.search.document import has_documents, postings
from crm_desktop.services.writing.foreseen import Beginnings
from crm_desktop.services.writing.new_records import defaults_of, follows_nothing, made_children

_AT_ONCE = 500  # rows; their texts are not forgotten until all is made of them (`KNOWN_TEXTS`)
_NOTHING = frozenset((None, False, "", ()))


@dataclass(frozen=True)
class PlainRows:
    """Plain rows in the order of the file: `values` by field key, None where a row has none.

    `names`: what the links of a field are called; its column holds places in that list.
    `contacts`: a column for each of the plan's mirrors. `keys`: the sort keys of texts, '' for
    none; those of a mirror's field are the sort keys of the contacts. `bodies` and `tokens`, by
    the places of the rows: what the search keeps of them, empty where nothing is found.
    """

    numbers: Sequence[int]
    values: Mapping[str, Sequence[Any]]
    names: Mapping[str, Sequence[Named]]
    contacts: Sequence[Sequence[Any]]
    keys: Mapping[str, Sequence[str]]
    bodies: Sequence[str]
    tokens: Beginnings
    cells: Sequence[Sequence[Cell]]

    def row(self, at: int, mirrors: Sequence[Mirror]) -> Prepared:
        """One of them as the usual rows are."""
        values = {}
        for key, column in self.values.items():
            if (value := column[at]) is not None:
                values[key] = self.names[key][value] if key in self.names else value
        contacts = [
            (mirror, column[at])
            for mirror, column in zip(mirrors, self.contacts, strict=True)
            if column[at] is not None
        ]
        return Prepared(self.numbers[at], self.cells[at], [Part(values, contacts)], [])

    def cut(self, at: int) -> tuple[PlainRows, PlainRows]:
        """The first `at` rows, and the others."""
        return self._slice(0, at), self._slice(at, len(self.numbers))

    def _slice(self, start: int, stop: int) -> PlainRows:
        own = slice(start, stop)
        found = [
            (token, place - start)
            for token, place in zip(self.tokens.tokens, self.tokens.numbers, strict=True)
            if start <= place < stop
        ]
        return PlainRows(
            self.numbers[own], {key: column[own] for key, column in self.values.items()},
            self.names, [column[own] for column in self.contacts],
            {key: column[own] for key, column in self.keys.items()}, self.bodies[own],
            Beginnings([token for token, _at in found], [at for _token, at in found]),
            self.cells[own],
        )  # fmt: skip


class PlainPlan:
    """Which rows of a plan are plain, at both ends."""

    def __init__(self, plan: RowPlan) -> None:
        self._plan = plan
        self.entity: EntityDef = plan.entity
        self.mirrors = made_children(plan.catalogue, plan.entity) or []
        self._made = {id(mirror) for mirror in self.mirrors}
        self._defaults = defaults_of(plan.entity)
        self._required = {f.key for f in plan.entity.required} - self._defaults.keys()
        self._known: dict[tuple[tuple[str, ...], tuple[str, ...]], bool] = {}

    @staticmethod
    def of(plan: RowPlan) -> PlainPlan | None:
        """None if the plan has no plain rows."""
        return PlainPlan(plan) if _has_plain_rows(plan) else None

    def pick(self, rows: Iterable[Prepared]) -> tuple[list[Prepared], list[Prepared]]:
        """The plain ones among the rows, and the others."""
        plain: list[Prepared] = []
        others: list[Prepared] = []
        for row in rows:
            (plain if self._is_plain(row) else others).append(row)
        return plain, others

    def _is_plain(self, row: Prepared) -> bool:
        values, contacts = row.parts[0]
        if any(type(value) is Remarked for _mirror, value in contacts):
            return False
        if row.left_out or not _NOTHING.isdisjoint(values.values()):
            return False
        shape = (tuple(values), tuple([mirror.field for mirror, _value in contacts]))
        known = self._known.get(shape)
        if known is None:
            known = self._known[shape] = self._is_plain_shape(*shape)
        if not known or not self._made.issuperset([id(mirror) for mirror, _value in contacts]):
            return False
        return not any(type(v) is str and len(v) >= LongTextField.HEAD for v in values.values())

    def _is_plain_shape(self, own: tuple[str, ...], contacts: tuple[str, ...]) -> bool:
        """Each field once, none of them a link that is searched or one to records of any kind."""
        entity, given = self.entity, {*own, *contacts}
        if len(given) < len(own) + len(contacts) or not self._required <= given:
            return False
        if any(mirror.field in own for mirror in self.mirrors):
            return False
        if not follows_nothing(self._plan.catalogue, entity, given):
            return False
        fields = [entity.field(key) for key in given]
        return not any(
            isinstance(f, RecordField | PictureField) or (isinstance(f, LinkField) and f.search)
            for f in fields
        )

    # --- in the reading process -------------------------------------------------------------------

    def rows_of(self, rows: Sequence[Prepared], foresight: Foresight) -> PlainRows:
        """Plain rows by columns, with what can be told of them."""
        parts = [row.parts[0] for row in rows]
        given = [part.values for part in parts]
        values: dict[str, Sequence[Any]] = {
            key: [one.get(key) for one in given]
            for key in _merged(dict.fromkeys(map(tuple, given)))
        }
        contacts = self._contacts(parts)
        names = {key: _names(values[key]) for key in values if self._is_link(key)}
        texts = {key: column for key, column in values.items() if self._is_text(key)}
        fields = [mirror.field for mirror in self.mirrors]
        texts.update(zip(fields, contacts, strict=True))
        bodies, keys = self._bodies_and_keys(parts, texts, foresight)
        tokens = _tokens(bodies)
        for key, known in names.items():
            places = {name: place for place, name in enumerate(known)}
            values[key] = [places.get(name) for name in values[key]]
        numbers, cells = [row.number for row in rows], [list(row.cells) for row in rows]
        return PlainRows(numbers, values, names, contacts, keys, bodies, tokens, cells)

    def _contacts(self, parts: Sequence[Part]) -> list[list[Any]]:
        places = {id(mirror): place for place, mirror in enumerate(self.mirrors)}
        found: list[list[Any]] = [[None] * len(parts) for _mirror in self.mirrors]
        for at, part in enumerate(parts):
            for mirror, value in part.contacts:
                found[places[id(mirror)]][at] = value
        return found

    def _is_link(self, key: str) -> bool:
        return isinstance(self.entity.field(key), LinkField)

    def _is_text(self, key: str) -> bool:
        return self.entity.field(key).storage == "text"

    def _bodies_and_keys(
        self, parts: Sequence[Part], texts: Mapping[str, Sequence[str | None]],
        foresight: Foresight,
    ) -> tuple[list[str], dict[str, list[str]]]:  # fmt: skip
        """The texts for the search, and the sort keys of the columns; both of a few rows at a time,
        for they are made of the same texts, of which the last ones are remembered."""
        bodies: list[str] = []
        known: dict[str | None, str] = {None: ""}  # many texts are the same, those of cities most
        is_found = has_documents(self.entity)
        for start in range(0, len(parts), _AT_ONCE):
            own = slice(start, start + _AT_ONCE)
            if is_found:
                bodies += [foresight.body(part, self._defaults) for part in parts[own]]
            for column in texts.values():
                for text in column[own]:
                    if text not in known:
                        known[text] = sort_key(text or "")
        return bodies, {key: [known[text] for text in column] for key, column in texts.items()}


def _tokens(bodies: Sequence[str]) -> Beginnings:
    """What the texts are found by, in order."""
    tokens, numbers = list[str](), list[int]()
    for at, body in enumerate(bodies):
        found = postings(body)
        tokens += found
        numbers += repeat(at, len(found))
    return Beginnings.in_order(tokens, numbers)


def _merged(shapes: Iterable[tuple[str, ...]]) -> list[str]:
    """The fields of all rows, in the order that they have in each."""
    found: list[str] = []
    for shape in shapes:
        at = 0
        for key in shape:
            if key not in found:
                found.insert(at, key)
            at = found.index(key) + 1
    return found


def _names(column: Sequence[Any]) -> list[Named]:
    return [name for name in dict.fromkeys(column) if name is not None]


def _has_plain_rows(plan: RowPlan) -> bool:
    """Whether the plan is about one object whose new records stand alone, found again by its own
    fields that the base has an index for."""
    mapping, entity = plan.mapping, plan.entity
    if len(plan.groups) > 1 or mapping.empty_wipes or mapping.on_new == SKIP or plan.defaults[0]:
        return False
    links = [entity.field(key) for group, key in plan.create if entity.has(key)]
    if len(links) < len(plan.create) or any(_names_itself(entity, f) for f in links):
        return False
    if mapping.on_match != CREATE and not all(
        map(_finds, repeat(entity), matching_fields(plan)[0])
    ):
        return False
    alone = follows_nothing(plan.catalogue, entity, ())
    return alone and made_children(plan.catalogue, entity) is not None


def _names_itself(entity: EntityDef, f: Field) -> bool:
    """Whether later rows may name a record that the rows make."""
    return not isinstance(f, LinkField) or f.target == entity.key


def _finds(entity: EntityDef, f: Field) -> bool:
    is_own = f is not IDENTITY and contacts_mirror(entity, f) is None
    return is_own and (f.indexed or f.key == entity.title_field)
