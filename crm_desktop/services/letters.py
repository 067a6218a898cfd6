"""What a pasted letter would add to a record: the entry itself, new contacts, a new person.

Everything is proposed and nothing is done before a person has seen it; what is known already is
found by its normal form, whoever it belongs to, and is proposed to nobody twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.catalogue import Catalogue, Link
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField
from crm_desktop.models.catalogue.traits import Activities, Channels
from crm_desktop.models.letters.reading import Letter, read_letter
from crm_desktop.models.query import Condition, Query
from crm_desktop.models.text.normalise import norm
from crm_desktop.models.text.phones import format_phone
from crm_desktop.services.lists.service import Lists
from crm_desktop.services.reader import Reader
from crm_desktop.services.titles import Titles
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.records import Outcome, Records
from crm_desktop.services.writing.staging import Create, Write

PERSON, CONTACT = "person to add", "contact to add"


@dataclass(frozen=True)
class Proposal:
    """One thing that the letter would add.

    `kind`: PERSON or CONTACT; `value`: a name, a telephone, an address; `owner`: whose it becomes,
    None for the person that is proposed as well; `known`: the record that has it already, `name`
    what that is called. `ticked`: sensible without a second thought.
    """

    kind: str
    value: str
    owner: Ref | None = None
    known: Ref | None = None
    name: str = ""
    ticked: bool = True


@dataclass(frozen=True)
class Reading:
    """A letter about a record and what it would add. `partner`: who wrote it, if known."""

    letter: Letter
    about: Ref
    proposals: tuple[Proposal, ...]
    partner: Ref | None = None
    partner_name: str = ""


class Letters:
    """Reads pasted letters for one open base and takes them in."""

    def __init__(self, records: Records, reader: Reader, titles: Titles, lists: Lists) -> None:
        self._records, self._reader = records, reader
        self._titles, self._lists = titles, lists
        self._catalogue: Catalogue = records.tables.catalogue

    # --- reading ----------------------------------------------------------------------------------

    def read(self, text: str, about: Ref, *, region: str = "RU", order: str = "dmy") -> Reading:
        """What a text says and would add to the record it is pasted to."""
        letter = read_letter(text, now=self._records.clock.local(), region=region, order=order)
        entity = self._catalogue[about.entity]
        partner, name = self._partner(letter, entity, about)
        link = self._people(entity)
        proposals: list[Proposal] = []
        if partner is None and link is not None and letter.name:
            namesake = self._namesake(link, letter.name)
            proposals.append(Proposal(
                PERSON, letter.name, about, namesake,
                self._name(namesake) if namesake else "", ticked=namesake is None,
            ))  # fmt: skip
        family = {about, *self._family(link, about)}
        home = partner or (None if proposals else about)
        for value in (*letter.phones, *letter.emails):
            proposals += self._contact(value, home, family)
        return Reading(letter, about, tuple(proposals), partner, name)

    def _people(self, entity: EntityDef) -> Link | None:
        """By which link those point here who have activities and contacts of their own."""
        for link in self._catalogue.links_to(entity):
            able = link.entity.trait(Activities) and link.entity.trait(Channels)
            if able and isinstance(link.field, LinkField) and link.entity != entity:
                return link
        return None

    def _family(self, link: Link | None, about: Ref) -> list[Ref]:
        if link is None:
            return []
        ids = self._reader.pointing(link.entity.key, link.field.key, [about.id])
        return [Ref(link.entity.key, id_) for id_ in ids]

    def _partner(self, letter: Letter, entity: EntityDef, about: Ref) -> tuple[Ref | None, str]:
        """Who of those that belong to the record wrote it: by address, by number, by name."""
        family = self._family(self._people(entity), about)
        for value in (*letter.emails, *letter.phones):
            owner = self._owner_of(value)
            if owner in family and owner is not None:
                return owner, self._name(owner)
        wanted = set(norm(letter.name).split())
        for ref, title in self._titles.of(family).items():
            if len(wanted) >= 2 and wanted <= set(norm(title.text).split()):
                return ref, title.text
        return None, ""

    def _namesake(self, link: Link, name: str) -> Ref | None:
        found = self._titles.find(link.entity.key, name)
        return Ref(link.entity.key, found[0]) if found else None

    def _contact(self, value: str, home: Ref | None, family: set[Ref]) -> Iterator[Proposal]:
        owner = self._owner_of(value)
        if owner is None:
            yield Proposal(CONTACT, value, home)
        elif owner not in family:
            yield Proposal(CONTACT, value, home, owner, self._name(owner), ticked=False)

    def _owner_of(self, value: str) -> Ref | None:
        """Whose contact it is, asked by its normal form."""
        for child, key in self._channels():
            cursor = self._lists.open(
                Query(child.key, ("id",), Condition(child.title_field, "eq", value))
            )
            for row in cursor.rows(0, 1):
                stored = self._reader.many(child.key, [row.id], [key]).get(row.id, {})
                owner = stored.get(key)
                return owner if isinstance(owner, Ref) else None
        return None

    def _channels(self) -> Iterator[tuple[EntityDef, str]]:
        """The objects that hold contacts, and their link to whose they are."""
        for entity in self._catalogue:
            for f in entity.fields:
                if isinstance(f, RecordField) and f.ability == Channels.__name__:
                    yield entity, f.key

    def _name(self, ref: Ref) -> str:
        found = self._titles.of([ref]).get(ref)
        return found.text if found is not None else ""

    # --- taking in --------------------------------------------------------------------------------

    def take(
        self, reading: Reading, chosen: Sequence[Proposal], values: dict[str, Any], entry: EntityDef
    ) -> Outcome:
        """The entry with `values` and everything chosen, as one operation."""
        title = Title(N_("Letter taken in: {name}"), {"name": reading.letter.subject or "…"})
        return self._records.apply(self._plan(reading, chosen, values, entry), title)

    def _plan(
        self, reading: Reading, chosen: Sequence[Proposal], values: dict[str, Any], entry: EntityDef
    ) -> Callable[[Batch], list[Write]]:
        def plan(batch: Batch) -> list[Write]:
            writes: list[Write] = []
            partner = reading.partner
            link = self._people(self._catalogue[reading.about.entity])
            added = next((one for one in chosen if one.kind == PERSON), None)
            if added is not None and link is not None:
                partner = Ref(link.entity.key, batch.new_id())
                writes.append(Create(
                    link.entity.key, self._person(link, reading, added), id=partner.id
                ))  # fmt: skip
            child, key = next(self._channels())
            for one in chosen:
                if one.kind == CONTACT:
                    owner = one.owner or partner or reading.about
                    writes.append(Create(child.key, {child.title_field: one.value, key: owner}))
            given = dict(values)
            for f in entry.fields:
                mine = type(f) is LinkField and partner is not None and f.target == partner.entity
                if mine and partner is not None:
                    given[f.key] = partner.id
            return [*writes, Create(entry.key, given)]

        return plan

    def _person(self, link: Link, reading: Reading, added: Proposal) -> dict[str, Any]:
        made: dict[str, Any] = {
            link.entity.title_field: added.value, link.field.key: reading.about.id
        }  # fmt: skip
        if reading.letter.job_title and link.entity.has("job_title"):
            made["job_title"] = reading.letter.job_title
        return made


def said(one: Proposal) -> str:
    """A proposal in words."""
    if one.kind == PERSON:
        new = _("New person: {name}").format(name=one.value)
        return _("{what} (there is a person of this name already)").format(
            what=new
        ) if one.known else new  # fmt: skip
    value = format_phone(one.value) if one.value.startswith("+") else one.value
    what = _("New contact: {value}").format(value=value)
    if one.known is None:
        return what
    return _("{what} (known: {name})").format(what=what, name=one.name)
