"""Paths that lead to several records: to those that point here, such as the people of a company.

`employment.decision` of a client is that of its people; `client.tagging.tag` of a person that of
the tags of the company. A name that is no field of an object is sought among the objects whose
records point to it; `employment:client` says by which link, where there are several.
"""

from __future__ import annotations

from typing import NamedTuple

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.catalogue import CUSTOM_PREFIX, Catalogue, Link
from crm_desktop.models.catalogue.definitions import SYSTEM_COLUMNS, EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.traits import Member, Selecting, Selections
from crm_desktop.services.paths import LONGEST_PATH, any_field

IN_SEGMENT = "in_segment"
"""The name by which a path asks whether a record stands in a selection."""


class Hop(NamedTuple):
    """A step from a record to those that point to it, by any of `links`; `rest` leads on."""

    links: tuple[Link, ...]
    rest: str


def child_hop(catalogue: Catalogue, entity: EntityDef, path: str) -> Hop | None:
    """The step that the path begins with; None where it begins with a field."""
    head, _dot, rest = path.partition(".")
    name, _colon, via = head.strip().partition(":")
    if entity.has(head) or head in SYSTEM_COLUMNS:
        return None
    found = [
        link
        for link in catalogue.links_to(entity)
        if link.entity.key in (name, CUSTOM_PREFIX + name)
        and via in ("", link.field.key, link.field.key.removeprefix(CUSTOM_PREFIX))
    ]
    if not found:
        return None
    own = [link for link in found if link.parent]
    return Hop(tuple(own or found), rest)


class End(NamedTuple):
    """Where a path ends: `before` leads to records of `entity`; `field` None: to them themselves,
    which `last` names."""

    before: str
    entity: EntityDef
    field: Field | None
    last: str


def end_of(catalogue: Catalogue, entity: EntityDef, path: str) -> End:
    """Follows a path over links and over records that point back; `UserError` as `find_path`."""
    parts = path.split(".")
    if len(parts) > LONGEST_PATH:
        raise InvalidInput(_("The path “{path}” is too long").format(path=path[:60]))
    f: Field | None = None
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        if last and part == IN_SEGMENT and not entity.has(part):
            return End(".".join(parts[:-1]), entity, segment_field(catalogue, entity), part)
        hop = child_hop(catalogue, entity, part)
        if hop is not None:
            f, entity = None, hop.links[0].entity
            continue
        f = any_field(catalogue, entity, part.strip())
        if last:
            return End(".".join(parts[:-1]), entity, f, part)
        if not isinstance(f, LinkField):
            raise InvalidInput(
                _("“{path}”: “{field}” is not a link to one kind of record").format(
                    path=path, field=_(f.label)
                )
            )
        entity = catalogue[f.target]
    return End(path, entity, None, parts[-1])


class SegmentField(LinkField):
    """In which selections a record stands; kept nowhere, asked of the selections."""

    operators = ("in", "not_in")
    sortable = False


def segment_field(catalogue: Catalogue, entity: EntityDef) -> SegmentField | None:
    """The membership of an object's records as a field; None if they stand in no selections."""
    if entity.trait(Selections) is None:
        return None
    holder = catalogue.with_trait(Selecting)[0]
    return SegmentField(IN_SEGMENT, N_("In the segment"), target=holder.key, book=entity.key)


def member_path(catalogue: Catalogue) -> str:
    """The path from a record to the selections into which it was put."""
    member, trait = catalogue.with_trait(Member)
    return f"{member.key}.{trait.selection}"
