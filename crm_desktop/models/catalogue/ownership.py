"""Whose a record is: what rights ask of the catalogue, and what the views of a server are made of.

The owners of a record are those among whose records it counts, and whoever reaches the records of
one of them reaches it:

* the colleague whom its owner field (`owner_field`) names; if it names nobody, who made it;
* the owners of the record that its parent link (`parent_link`) leads to: a call at a client of mine
  is mine to see, whoever made it;
* of a scheduled record also the colleagues who take part in it (trait `TakesPart`).

A record of an object without an owner field that has a parent link counts by that alone, and if the
link is empty by who made it. A record of which all that says nobody is everybody's. What hangs on
another record (`hangs`) has no rights of its own: it is seen as that one is, and adding, changing
or deleting it is a change of that one. Shared objects (`is_shared`), such as reference books, staff
and calendars, are seen by everybody; only who may change them within the scope "all" changes them.
"""

from __future__ import annotations

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField, UserField
from crm_desktop.models.catalogue.planner_traits import Concerns
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.models.catalogue.shared_traits import Owned, Pictured
from crm_desktop.models.catalogue.traits import Scheduled


def owner_field(entity: EntityDef) -> UserField | None:
    """The field that says whose a record is; None where records are their parent's or shared.

    Traits name it; of user-made objects it is the first field for a colleague.
    """
    for trait, key in (
        (owned := entity.trait(Owned), owned.by if owned else ""),
        (planned := entity.trait(Scheduled), planned.who if planned else ""),
        (sold := entity.trait(Funnel), sold.who if sold else ""),
    ):
        if trait is not None:
            f = entity.field(key)
            return f if isinstance(f, UserField) else None
    if not entity.custom:
        return None
    return next((f for f in entity.fields if isinstance(f, UserField) and not f.readonly), None)


def parent_link(entity: EntityDef) -> LinkField | RecordField | None:
    """The link to the record that a record hangs on: whoever reaches that one reaches this one.

    A link to a record of any object comes before one to a fixed object: a tag on a client hangs on
    the client, not on the tag. What an activity concerns beside hangs on the activity.
    """
    owned = entity.trait(Owned)
    if owned is not None and owned.along:
        f = entity.field(owned.along)
        return f if isinstance(f, LinkField) else None
    concerns = entity.trait(Concerns)
    links = [
        f for f in entity.fields
        if isinstance(f, LinkField | RecordField) and (concerns is None or f.key == concerns.event)
    ]  # fmt: skip
    anything = [f for f in links if isinstance(f, RecordField)]
    parents = [f for f in links if f.parent]
    return next((f for f in (*(f for f in anything if f.parent), *anything, *parents)), None)


def hangs(entity: EntityDef) -> bool:
    """Whether its records are parts of others and have no rights of their own."""
    return owner_field(entity) is None and parent_link(entity) is not None


def is_shared(catalogue: Catalogue, entity: EntityDef) -> bool:
    """Whether its records are everybody's to see: they are nobody's, and hang on nobody's."""
    seen = {entity.key}
    while True:
        if owner_field(entity) is not None:
            return False
        link = parent_link(entity)
        if link is None:
            return not entity.custom
        if isinstance(link, RecordField):
            return False
        entity = catalogue[link.target]
        if entity.key in seen:
            return True
        seen.add(entity.key)


def roots(catalogue: Catalogue, entity: EntityDef) -> tuple[EntityDef, ...]:
    """The objects whose rights decide about a record: its own, or those it may hang on."""
    if not hangs(entity):
        return (entity,)
    link = parent_link(entity)
    if isinstance(link, LinkField):
        return roots(catalogue, catalogue[link.target])
    return tuple(
        other
        for other in catalogue
        if link is not None and catalogue.points(link, other) and not hangs(other)
    )


def pictured(catalogue: Catalogue) -> list[tuple[EntityDef, Pictured]]:
    """The objects whose records may have a picture."""
    found = ((entity, entity.trait(Pictured)) for entity in catalogue)
    return [(entity, trait) for entity, trait in found if trait is not None]
