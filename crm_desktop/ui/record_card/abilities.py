"""What a card asks of the catalogue beyond fields: where activities and contacts are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from crm_desktop.models.catalogue.catalogue import Catalogue, Link
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Trait
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    DateTimeField,
    LongTextField,
    RecordField,
    TextField,
    UserField,
)
from crm_desktop.models.catalogue.traits import Activities, Channels, Latest, Mirror, Tags

F = TypeVar("F", bound=Field)


def first_field(entity: EntityDef, kind: type[F]) -> F | None:
    """The first field of that very type."""
    return next((f for f in entity.fields if type(f) is kind), None)


@dataclass(frozen=True)
class ActivityShape:
    """The object that holds what happened, and which of its fields say what."""

    link: Link
    kind: ChoiceField | None
    moment: DateTimeField | None
    author: UserField | None
    body: LongTextField | None

    @property
    def entity(self) -> EntityDef:
        """The object of the entries."""
        return self.link.entity

    @property
    def fields(self) -> tuple[Field, ...]:
        """Title, kind, moment, author, text: those that there are."""
        found = (self.entity.title, self.kind, self.moment, self.author, self.body)
        return tuple(f for f in found if f is not None)


@dataclass(frozen=True)
class ChannelShape:
    """The object that holds ways to reach somebody, and which of its fields say what."""

    link: Link
    value: Field
    kind: ChoiceField | None
    flag: BoolField | None
    state: ChoiceField | None
    purpose: TextField | None

    @property
    def entity(self) -> EntityDef:
        """The object of the contacts."""
        return self.link.entity


def _link_by(catalogue: Catalogue, entity: EntityDef, trait: type[Trait]) -> Link | None:
    """The link by which records that the trait allows point here."""
    if entity.trait(trait) is None:
        return None
    return next(
        (
            link
            for link in catalogue.links_to(entity)
            if isinstance(link.field, RecordField) and link.field.ability == trait.__name__
        ),
        None,
    )


def activity_shape(catalogue: Catalogue, entity: EntityDef) -> ActivityShape | None:
    """Where the record's activities are kept; None if there can be none."""
    link = _link_by(catalogue, entity, Activities)
    if link is None:
        return None
    return ActivityShape(
        link,
        first_field(link.entity, ChoiceField),
        first_field(link.entity, DateTimeField),
        first_field(link.entity, UserField),
        first_field(link.entity, LongTextField),
    )


def channel_shape(catalogue: Catalogue, entity: EntityDef) -> ChannelShape | None:
    """Where the record's contacts are kept; None if there can be none."""
    link = _link_by(catalogue, entity, Channels)
    if link is None:
        return None
    child = link.entity
    choices = [f for f in child.fields if type(f) is ChoiceField]
    kind = next((f for f in choices if f.required), None)
    state = next((f for f in choices if f is not kind), None)
    return ChannelShape(
        link, child.title, kind, first_field(child, BoolField), state,
        first_field(child, TextField),
    )  # fmt: skip


def shown_elsewhere(entity: EntityDef, shape: ChannelShape | None) -> frozenset[str]:
    """The fields that a card need not repeat: contacts have lines of their own, last contact and
    next step are figures of the head, tags are its chips."""
    kept = {f for latest in entity.traits_of(Latest)
            for f in (latest.field, *(own for own, _of in latest.copies))}  # fmt: skip
    tags = entity.trait(Tags)
    return mirrored(entity, shape) | kept | ({tags.field} if tags is not None else set())


def mirrored(entity: EntityDef, shape: ChannelShape | None) -> frozenset[str]:
    """The fields that repeat a contact: the contacts are shown instead of them."""
    if shape is None:
        return frozenset()
    mirrors = entity.traits_of(Mirror)
    return frozenset(mirror.field for mirror in mirrors if mirror.child == shape.entity.key)
