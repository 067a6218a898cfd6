"""Places: what the paths of a mapping mean in a catalogue, and all the paths there are.

A row of a file may carry a record, the records it links to and the records that point to it. Each
of those is a group; the record itself is the group ''.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from crm_desktop.errors import NotFound
from crm_desktop.i18n import LANGUAGES, N_, _, said_in
from crm_desktop.models.catalogue.catalogue import CUSTOM_PREFIX, Catalogue, Link
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import (
    EmailField,
    IntegerField,
    LinkField,
    PhoneField,
    PictureField,
    RecordField,
)
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.services.importing.nesting import nested_link, nested_objects

IDENTITY = IntegerField("id", N_("Record number"), synonyms=("record id", "id"))
"""The record's own number: not a field of any object, but a column of every export."""

_HEAD = re.compile(r"([^.\[\]]+?)(?:\[(\d{1,2})\])?\.(.+)")


@dataclass(frozen=True)
class Place:
    """A field of one of the records that a row carries.

    `group`: '' for the record itself, else its name as written: `client`, `person[2]`. `link`: the
    field that ties the group to the record; `forward`: it is a field of the record itself.
    """

    path: str
    group: str
    entity: EntityDef
    field: Field
    link: Link | None = None
    forward: bool = False
    through: str = ""
    """The group that the record hangs on, where that is not the record itself."""

    @property
    def is_identity(self) -> bool:
        """Whether it is the record's number and no field."""
        return self.field is IDENTITY

    @property
    def kept_as(self) -> str:
        """Under which name a part keeps the value; numbers of linked records beside the link."""
        return "@" + self.group if self.is_identity else self.field.key

    @property
    def tie(self) -> Field:
        """The field that ties a further record to the record of the row."""
        assert self.link is not None
        return self.link.field

    def label(self, say: Callable[[str], str] = _) -> str:
        """For people: `Telephone`, or `Person: Telephone`. `say`: what translates it."""
        if not self.group or self.link is None:
            return say(self.field.label)
        of = say(self.link.field.label) if self.forward else say(self.entity.label)
        number = _HEAD.match(self.path)
        if number and number[2]:
            of = f"{of} {number[2]}"
        return say(N_("{group}: {field}")).format(group=of, field=say(self.field.label))

    def labels(self) -> set[str]:
        """What exports call it, one for each language."""
        return {self.label(partial(said_in, code)) for code in LANGUAGES}


def place(catalogue: Catalogue, entity: EntityDef, path: str) -> Place:
    """What the path means; `NotFound` names what there is."""
    if path == IDENTITY.key and not entity.has(path):
        return Place(path, "", entity, IDENTITY)
    match = None if entity.has(path) else _HEAD.fullmatch(path.strip())
    if match is None:
        f = catalogue.field(entity, path)
        return Place(f.key, "", entity, f)
    head, number, rest = match[1].strip(), match[2], match[3].strip()
    own = entity.field(head) if entity.has(head) else None
    is_object = catalogue.has(head) and not isinstance(own, LinkField | RecordField)
    if own is not None and not is_object:  # a plain field may be called as an object is
        return _forward(catalogue, entity, head, rest)
    return _backward(catalogue, entity, head, number, rest)


def _backward(
    catalogue: Catalogue, entity: EntityDef, head: str, number: str | None, rest: str
) -> Place:
    nested = nested_link(catalogue, entity, head)
    link = nested[0] if nested is not None else _backward_link(catalogue, entity, head)
    through = nested[1].key if nested is not None else ""
    group = link.entity.key + (f"[{int(number)}]" if number and int(number) > 1 else "")
    f = catalogue.field(link.entity, rest)
    return Place(f"{group}.{f.key}", group, link.entity, f, link, through=through)


def _forward(catalogue: Catalogue, entity: EntityDef, head: str, rest: str) -> Place:
    link = entity.field(head)
    if rest == IDENTITY.key and isinstance(link, RecordField):
        return Place(f"{head}.{rest}", head, entity, IDENTITY, Link(entity, link), forward=True)
    if not isinstance(link, LinkField):
        raise NotFound(
            _("“{path}”: “{field}” is not a link to one kind of record").format(
                path=f"{head}.{rest}", field=_(link.label)
            )
        )
    target = catalogue[link.target]
    if rest == IDENTITY.key and not target.has(rest):
        return Place(f"{head}.{rest}", head, target, IDENTITY, Link(entity, link), forward=True)
    f = catalogue.field(target, rest)
    return Place(f"{head}.{f.key}", head, target, f, Link(entity, link), forward=True)


def _backward_link(catalogue: Catalogue, entity: EntityDef, head: str) -> Link:
    wanted = (head, CUSTOM_PREFIX + head)
    links = [link for link in catalogue.links_to(entity) if link.entity.key in wanted]
    if not links:
        known = ", ".join(dict.fromkeys(link.entity.key for link in catalogue.links_to(entity)))
        raise NotFound(
            _("{object} has no field and no linked records “{name}”. Linked are: {known}").format(
                object=_(entity.label), name=head, known=known
            )
        )
    own = [link for link in links if not link.field.required]
    return next((link for link in links if link.parent), (own or links)[0])


def numbers(catalogue: Catalogue, entity: EntityDef) -> Iterator[Place]:
    """The places of the record's own number and of those of the records it links to: they are in
    every export and tell records of the same name apart."""
    yield Place(IDENTITY.key, "", entity, IDENTITY)
    for f in entity.fields:
        if isinstance(f, LinkField | RecordField):
            yield place(catalogue, entity, f"{f.key}.{IDENTITY.key}")


def places(catalogue: Catalogue, entity: EntityDef, *, pictures: bool = False) -> Iterator[Place]:
    """Every place that a column can go into but numbers, the record's own fields first.
    `pictures`: the file has some."""
    for f in entity.fields:
        if not f.readonly or (pictures and isinstance(f, PictureField)):
            yield Place(f.key, "", entity, f)
    for f in entity.fields:
        if isinstance(f, LinkField) and catalogue[f.target].navigation and not f.book:
            yield from _of_forward(catalogue, entity, f)
    seen: set[str] = set()
    for link in catalogue.links_to(entity):
        if link.entity.key in seen or link.entity.key == entity.key:
            continue
        seen.add(link.entity.key)
        yield from _of_backward(catalogue, entity, link.entity)
    for other in nested_objects(catalogue, entity):
        yield from _of_nested(catalogue, entity, other)


def _of_forward(catalogue: Catalogue, entity: EntityDef, link: LinkField) -> Iterator[Place]:
    target = catalogue[link.target]
    for f in target.fields:
        if not f.readonly and f.key != target.title_field:
            path = f"{link.key}.{f.key}"
            yield Place(path, link.key, target, f, Link(entity, link), forward=True)


def _of_backward(catalogue: Catalogue, entity: EntityDef, other: EntityDef) -> Iterator[Place]:
    link = _backward_link(catalogue, entity, other.key)
    for f in other.fields:
        if not f.readonly and f.key != link.field.key:
            yield Place(f"{other.key}.{f.key}", other.key, other, f, link)


def _of_nested(catalogue: Catalogue, entity: EntityDef, other: EntityDef) -> Iterator[Place]:
    for f in other.fields:
        spot = place(catalogue, entity, f"{other.key}.{f.key}")
        if not f.readonly and spot.link is not None and f.key != spot.link.field.key:
            yield spot


def contacts_mirror(entity: EntityDef, f: Field) -> Mirror | None:
    """The mirror through which a telephone or e-mail field may have several values."""
    if not isinstance(f, PhoneField | EmailField):
        return None
    return next((m for m in entity.traits_of(Mirror) if m.field == f.key and m.kind), None)
