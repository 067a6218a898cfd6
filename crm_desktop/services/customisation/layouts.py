"""How the card of an object is laid out: tabs and sections, by person or for the whole office.

A layout names tabs and fields by their keys and survives any change of the program or the base:
what it names and is no longer there is passed over, what is new stands at the end. Only what a
person has arranged is kept; everything else follows the catalogue.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any, TypeVar

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.schema import Tables
from crm_desktop.services.customisation.short_texts import short

OFFICE = 0
"""Stands for nobody: the default of the office."""
LONGEST_TITLE = 60
MOST_SECTIONS = 40
_FRESH_S = 20.0
"""So long another person's new default may stay unseen; a card is opened far more often."""
T = TypeVar("T")


@dataclass(frozen=True)
class LayoutSection:
    """A section of the details and of the form. `title` is the person's own, or that of the
    catalogue in English; '' is the general one."""

    title: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class CardLayout:
    """What was arranged: tabs in their order, tabs and fields that are not seen, sections.

    No sections: those of the catalogue. An empty layout changes nothing.
    """

    tabs: tuple[str, ...] = ()
    hidden_tabs: frozenset[str] = frozenset()
    sections: tuple[LayoutSection, ...] = ()
    hidden_fields: frozenset[str] = frozenset()

    def order(self, tabs: Sequence[str]) -> list[str]:
        """The keys of those tabs that are seen, in the arranged order; new ones at the end."""
        return [key for key in in_order(tabs, self.tabs) if key not in self.hidden_tabs]

    def grouped(self, fields: Iterable[Field]) -> list[tuple[str, list[Field]]]:
        """The fields by section: arranged ones where they were put, new ones in the section that
        the catalogue names, or in a new one at the end. Hidden ones are left out."""
        left = {f.key: f for f in fields if f.key not in self.hidden_fields}
        groups: dict[str, list[Field]] = {}
        for section in self.sections:
            members = groups.setdefault(section.title, [])
            members += [left.pop(key) for key in section.fields if key in left]
        for f in left.values():
            groups.setdefault(f.section, []).append(f)
        return [(title, members) for title, members in groups.items() if members]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `from_json` reads it back."""
        return {
            "tabs": list(self.tabs),
            "hidden_tabs": sorted(self.hidden_tabs),
            "sections": [[section.title, list(section.fields)] for section in self.sections],
            "hidden_fields": sorted(self.hidden_fields),
        }

    @staticmethod
    def from_json(row: Any) -> CardLayout:
        """The layout of its JSON form; what does not fit is left out."""
        if not isinstance(row, Mapping):
            return CardLayout()
        sections = row.get("sections")
        found = [
            LayoutSection(str(one[0]), _texts(one[1]))
            for one in (sections if isinstance(sections, list) else [])
            if isinstance(one, list) and len(one) == 2
        ]
        return CardLayout(
            _texts(row.get("tabs")), frozenset(_texts(row.get("hidden_tabs"))),
            tuple(found), frozenset(_texts(row.get("hidden_fields"))),
        )  # fmt: skip


EMPTY = CardLayout()


def in_order(items: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The items as they were arranged. A new one stands behind the one it follows by nature."""
    order = [key for key in dict.fromkeys(wanted) if key in items]
    for place, key in enumerate(items):
        if key not in order:
            before = next((k for k in reversed(items[:place]) if k in order), None)
            order.insert(0 if before is None else order.index(before) + 1, key)
    return order


def with_section(
    layout: CardLayout, entity: EntityDef, title: str, fields: Sequence[str]
) -> CardLayout:
    """The layout with a new section that takes these fields from wherever they are.

    `InvalidInput` for no title, one that is there, or too many sections.
    """
    name = " ".join(title.split())
    sections = full_sections(layout, entity)
    if not name or len(name) > LONGEST_TITLE:
        raise InvalidInput(
            _("A section needs a name of at most {most} letters").format(most=LONGEST_TITLE)
        )
    taken = {s.title.casefold() for s in sections} | {_(s.title).casefold() for s in sections}
    if name.casefold() in taken:
        raise InvalidInput(_("There is a section “{name}” already").format(name=name))
    if len(sections) >= MOST_SECTIONS:
        raise InvalidInput(_("A card has {most} sections at most").format(most=MOST_SECTIONS))
    moved = set(fields)
    rest = [LayoutSection(s.title, tuple(k for k in s.fields if k not in moved)) for s in sections]
    return replace(
        layout, sections=(*rest, LayoutSection(name, tuple(fields))),
        hidden_fields=layout.hidden_fields - moved,
    )  # fmt: skip


def full_sections(layout: CardLayout, entity: EntityDef) -> list[LayoutSection]:
    """The sections as they are seen now with all their fields, for whoever arranges them."""
    every = replace(layout, hidden_fields=frozenset()).grouped(arrangeable(entity))
    found = [LayoutSection(title, tuple(f.key for f in fields)) for title, fields in every]
    there = {section.title for section in found}
    return found + [LayoutSection(s.title) for s in layout.sections if s.title not in there]


def arrangeable(entity: EntityDef) -> list[Field]:
    """The fields that stand in sections; those that nobody is to see have the section “-”."""
    return [f for f in entity.fields if f.section != "-"]


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


@dataclass
class Layouts:
    """Keeps the layouts of a base."""

    backend: Backend
    tables: Tables
    _known: dict[tuple[str, int], tuple[float, CardLayout | None]] = field(default_factory=dict)

    def of(self, entity: str, person: int | None = None) -> CardLayout:
        """The person's own layout, else that of the office, else an empty one."""
        own = self.kept(entity, person or OFFICE)
        if own is None and person:
            own = self.kept(entity, OFFICE)
        return own or EMPTY

    def kept(self, entity: str, person: int = OFFICE) -> CardLayout | None:
        """The layout that is kept for exactly that person or for the office; None for none."""
        known = self._known.get((entity, person))
        if known is None or monotonic() - known[0] > _FRESH_S:
            known = self._known[entity, person] = monotonic(), self._read(entity, person)
        return known[1]

    def save(self, entity: str, layout: CardLayout, person: int | None = None) -> None:
        """Keeps a layout for the person, or for the office."""
        self._write(entity, person or OFFICE, layout)

    def reset(self, entity: str, person: int | None = None) -> None:
        """Forgets the layout of the person, or of the office."""
        self._write(entity, person or OFFICE, None)

    def _read(self, entity: str, person: int) -> CardLayout | None:
        table = self.tables.system("card_layout")
        this = table.c.entity == entity, table.c.author == person
        with self.backend.read() as connection:
            row = connection.execute(sa.select(short(table.c.definition)).where(*this)).first()
            found = row[0] if row else ""
            if found is None:  # it is long
                found = connection.execute(sa.select(table.c.definition).where(*this)).scalar()
        if not found:
            return None
        try:
            return CardLayout.from_json(json.loads(found))
        except ValueError:
            return None

    def _write(self, entity: str, person: int, layout: CardLayout | None) -> None:
        table = self.tables.system("card_layout")
        with self.backend.write() as connection:
            self.backend.delete_keys(connection, table, ("entity", "author"), [(entity, person)])
            if layout is not None:
                text = json.dumps(layout.to_json(), ensure_ascii=False)
                self.backend.insert_many(
                    connection, table, ("entity", "author", "definition"), [(entity, person, text)]
                )
        self._known.pop((entity, person), None)
