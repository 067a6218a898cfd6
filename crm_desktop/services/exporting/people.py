"""Records as business cards: which field is which line of a card is what the import makes of it.

A card knows no more than vCard does; what it has no line for stays in the base.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import DateField, EmailField, LinkField, PhoneField
from crm_desktop.models.catalogue.holding import is_held
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.services.exporting.columns import Names, ref_of
from crm_desktop.services.importing.readers.card import (
    EMAIL,
    MESSENGER,
    PHONE,
    URL,
    Card,
    CardAddress,
    CardValue,
)
from crm_desktop.services.importing.suggest import suggest
from crm_desktop.services.workspace import Workspace

_TEXTS = ("full_name", "last_name", "first_name", "middle_name", "organisation", "department",
          "job_title", "birthday", "note")  # fmt: skip
_ADDRESS = ("street", "city", "region", "postcode", "country")
_KINDS = {"phone": PHONE, "email": EMAIL, "messenger": MESSENGER}  # kinds of contacts


class CardMaker:
    """Turns the records of one object into cards."""

    def __init__(self, workspace: Workspace, entity: EntityDef) -> None:
        self._workspace = workspace
        self._entity = entity
        meanings = (*_TEXTS, *_ADDRESS, PHONE, EMAIL, URL)
        mapping = suggest(workspace.catalogue, entity, meanings, meanings=meanings)
        self._lines: dict[str, Field] = {
            column: entity.field(target.field)
            for target in mapping.targets
            for column in target.columns
            if entity.has(target.field)
        }
        title = entity.title
        of_title = [name for name, f in self._lines.items() if f is title]
        self._called = "organisation" if "organisation" in of_title else "full_name"

    def cards(self, rows: dict[int, dict[str, Any]], names: Names) -> Iterator[Card]:
        """The cards of records by id, in their order."""
        contacts = self._contacts(list(rows))
        for id_, values in rows.items():
            yield self._card(values, names, contacts.get(id_, ()))

    def _card(
        self, values: dict[str, Any], names: Names, contacts: Sequence[tuple[str, str]]
    ) -> Card:
        lines: dict[str, Any] = {
            line: self._text(f, values.get(f.key), names)
            for line, f in self._lines.items()
            if line in _TEXTS and f is not self._entity.title
        }
        title = self._text(self._entity.title, values.get(self._entity.title_field), names)
        card = replace(Card(full_name=str(title)), **{k: v for k, v in lines.items() if v})
        if self._called == "organisation":
            card = replace(card, organisation=str(title))
        return replace(
            card,
            values=tuple(self._values(values, contacts)),
            addresses=self._address(values, names),
        )

    def _text(self, f: Field, value: Any, names: Names) -> str | date:
        if value is None:
            return ""
        if isinstance(f, DateField):
            day: date = value
            return day
        if isinstance(f, LinkField):
            ref = ref_of(f, value)
            title = names.get(ref) if ref is not None else None
            return title.text if title is not None else ""
        return str(value)

    def _values(
        self, values: dict[str, Any], contacts: Sequence[tuple[str, str]]
    ) -> Iterator[CardValue]:
        """The main number first, then the others; addresses and sites of the record itself."""
        given: dict[tuple[str, str], None] = {}
        for line in (PHONE, EMAIL, URL):
            f = self._lines.get(line)
            if f is not None and values.get(f.key) and (f is not self._entity.title):
                given[line, str(values[f.key])] = None
        given.update(dict.fromkeys(contacts))
        given = {one: None for one in given if not is_held(one[1])}
        seen: set[str] = set()
        for kind, value in given:
            types = ("pref",) if kind in (PHONE, EMAIL) and kind not in seen else ()
            seen.add(kind)
            yield CardValue(kind, types, value)

    def _address(self, values: dict[str, Any], names: Names) -> tuple[CardAddress, ...]:
        parts = {}
        for line in _ADDRESS:
            f = self._lines.get(line)
            text = self._text(f, values.get(f.key), names) if f is not None else ""
            if text:
                parts[line] = str(text)
        return (CardAddress((), **parts),) if parts else ()

    def _contacts(self, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
        """All numbers and addresses of the records: (kind, value) by owner."""
        found: dict[int, list[tuple[str, str]]] = {}
        done: set[str] = set()
        for mirror in self._entity.traits_of(Mirror):
            field = self._entity.field(mirror.field)
            if mirror.child in done or not isinstance(field, PhoneField | EmailField):
                continue
            done.add(mirror.child)
            self._add_children(mirror, ids, found)
        return found

    def _add_children(
        self, mirror: Mirror, ids: Sequence[int], found: dict[int, list[tuple[str, str]]]
    ) -> None:
        reader = self._workspace.reader
        for _id, row in sorted(reader.linked(mirror.child, mirror.owner, ids).items()):
            owner = row.values[mirror.owner]
            kind = row.values.get(mirror.kind[0]) if mirror.kind else ""
            number = owner if isinstance(owner, int) else owner.id
            if kind in _KINDS:
                found.setdefault(number, []).append((_KINDS[kind], str(row.values[mirror.value])))
