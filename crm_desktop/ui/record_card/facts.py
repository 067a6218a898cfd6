"""Facts: what a card shows of a record and of its contacts, as plain values in sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.holding import is_held
from crm_desktop.services.customisation.layouts import EMPTY, CardLayout, arrangeable
from crm_desktop.ui.record_card.abilities import ChannelShape, mirrored, shown_elsewhere
from crm_desktop.ui.record_card.loading import CardContents, ChildRow
from crm_desktop.ui.record_card.values import Shown, Surroundings, called, shown

GENERAL = ""
CONTACTS = "contacts"
HIDDEN_SECTION = "-"
NEW = 0
"""The id of a record that is not made yet."""
DETAILS = N_("Details")
_MAIL = "email"  # the kind of contacts to which letters go


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: a field of a record, its value, and how it is shown.

    `record` is the card's own record or one of its contacts. `copies`: the copy button is seen
    without the pointer. `bare`: without a label, over the whole width.
    """

    record: Ref
    version: int
    field: Field
    label: str
    value: Any
    shown: Shown
    copies: bool = False
    bare: bool = False
    closed: str = ""
    """Why the person may not change it."""

    @property
    def key(self) -> tuple[int, str]:
        """Names the line on its card."""
        return (self.record.id, self.field.key)

    @property
    def editable(self) -> bool:
        """Whether the person may change it in place."""
        return not self.closed and not self.field.readonly and not is_held(self.value)


@dataclass(frozen=True, slots=True)
class FactSection:
    """Facts under a heading; `action` is the word of the link beside the heading."""

    key: str
    title: str
    facts: tuple[Fact, ...]
    action: str = ""


def fact_sections(
    contents: CardContents,
    around: Surroundings,
    *,
    editing: Callable[[Fact], bool],
    empty: bool = False,
    adding: bool = False,
    closed: str = "",
) -> list[FactSection]:
    """The sections of a card: contacts first, then the fields in the order of the catalogue.

    Empty fields are left out unless `empty`, or `editing` says that the person is at them.
    `adding`: the contacts end with a line for another one. `closed`: why nothing may be changed.
    """
    sections: list[FactSection] = []
    home = _home_section(contents)
    hidden = shown_elsewhere(contents.entity, contents.channel_shape)
    for key, fields in grouped(contents.entity, hidden, contents.layout):
        facts = [_fact(contents, f, around, bare=len(fields) == 1 and key != GENERAL)
                 for f in fields]  # fmt: skip
        kept = [
            f for f in facts
            if not f.shown.empty or editing(f) or (empty and f.field.applies(contents.values))
        ]  # fmt: skip
        if home is not None and key == home:
            kept = [*_channel_facts(contents, around, adding=adding), *kept]
            sections.append(FactSection(CONTACTS, section_title(key), tuple(kept), _("Add")))
        elif kept:
            sections.append(FactSection(key, section_title(key), tuple(kept)))
    if closed:
        sections = [_closed(section, closed) for section in sections]
    if not contents.layout.sections:
        sections.sort(key=lambda section: section.key != CONTACTS)
    return sections


def _closed(section: FactSection, why: str) -> FactSection:
    facts = tuple(replace(fact, closed=why) for fact in section.facts)
    return replace(section, facts=facts, action="")


def section_title(section: str) -> str:
    """The words of a section's heading; the general one has a name of its own."""
    return _(section) if section else _(DETAILS)


def hidden_count(contents: CardContents, around: Surroundings) -> int:
    """How many fields are empty and therefore not seen."""
    hidden = shown_elsewhere(contents.entity, contents.channel_shape)
    groups = grouped(contents.entity, hidden, contents.layout)
    fields = [f for _key, group in groups for f in group]
    return sum(
        f.applies(contents.values) and shown(f, contents.values.get(f.key), around).empty
        for f in fields
    )


def grouped(
    entity: EntityDef, without: frozenset[str] = frozenset(), layout: CardLayout = EMPTY
) -> list[tuple[str, list[Field]]]:
    """The fields of an object by section, as they are laid out; the title and hidden ones left
    out. A section that lost all of them is there, for contacts may stand in it."""
    left_out = without | {entity.title_field}
    return [
        (title, [f for f in fields if f.key not in left_out])
        for title, fields in layout.grouped(arrangeable(entity))
    ]


def _home_section(contents: CardContents) -> str | None:
    """The section in which the contacts of the record stand."""
    entity, shape = contents.entity, contents.channel_shape
    hidden = mirrored(entity, shape)
    if shape is None:
        return None
    groups = contents.layout.grouped(arrangeable(entity))
    titles = [title for title, fields in groups if any(f.key in hidden for f in fields)]
    first = groups[0][0] if groups else GENERAL
    return next((title for title in titles if title), titles[0] if titles else first)


def _fact(contents: CardContents, f: Field, around: Surroundings, *, bare: bool) -> Fact:
    value = contents.values.get(f.key)
    words = called(shown(f, value, around), contents.ref, f, value)
    return Fact(
        contents.ref, contents.version, f, _(f.label), value, words,
        bare=bare and f.type_name == "long_text",
    )  # fmt: skip


def _channel_facts(contents: CardContents, around: Surroundings, *, adding: bool) -> list[Fact]:
    shape = contents.channel_shape
    assert shape is not None
    facts = [_channel_fact(shape, row, around) for row in contents.channels]
    if adding:
        blank = Ref(shape.entity.key, NEW)
        facts.append(Fact(blank, 0, shape.value, _(shape.entity.label), None, Shown()))
    return facts


def _channel_fact(shape: ChannelShape, row: ChildRow, around: Surroundings) -> Fact:
    value, words = row.values.get(shape.value.key), channel_words(shape, row, around)
    state = bad_state(shape, row.values)
    pills = (*words.pills, state) if state else words.pills
    star = bool(shape.flag and row.values.get(shape.flag.key))
    several = Shown(words.text, pills, address=words.address, copy=words.copy, star=star)
    label = channel_label(shape, row.values)
    return Fact(row.ref, row.version, shape.value, label, value, several, copies=True)


def bad_state(shape: ChannelShape, values: Mapping[str, Any]) -> tuple[str, str] | None:
    """(word, tone) of a contact that must not be used as any other."""
    key = values.get(shape.state.key) if shape.state else None
    if shape.state is None or not key or key == shape.state.default:
        return None
    choice = shape.state.choice(str(key))
    return (_(choice.label), choice.tone) if choice else None


def channel_words(shape: ChannelShape, row: ChildRow, around: Surroundings) -> Shown:
    """The number or address of a contact, with what a click on it does."""
    value = row.values.get(shape.value.key)
    mail = shape.kind is not None and row.values.get(shape.kind.key) == _MAIL
    words = shown(shape.value, value, around)
    return called(words, row.ref, shape.value, value, mail=mail)


def channel_label(shape: ChannelShape, values: Mapping[str, Any]) -> str:
    """What the contact is for, or else of what kind it is."""
    said = str(values.get(shape.purpose.key) or "") if shape.purpose else ""
    if said:
        return said[:1].upper() + said[1:]
    choice = shape.kind.choice(str(values.get(shape.kind.key))) if shape.kind else None
    return _(choice.label) if choice else _(shape.value.label)
