"""Records that stand beside what stands beside a record: an account on its legal details."""

from __future__ import annotations

from collections.abc import Iterator

from crm_desktop.models.catalogue.catalogue import Catalogue, Link
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.file_traits import Beside


def nested_link(
    catalogue: Catalogue, entity: EntityDef, head: str
) -> tuple[Link, EntityDef] | None:
    """How records called `head` hang on something that stands beside the object's records, and
    what that is: an account on legal details."""
    for upper in catalogue.links_to(entity):
        if upper.entity.trait(Beside) is None:
            continue
        for link in catalogue.links_to(upper.entity):
            if link.entity.key == head and link.entity.trait(Beside) is not None:
                return link, upper.entity
    return None


def nested_objects(catalogue: Catalogue, entity: EntityDef) -> Iterator[EntityDef]:
    """The objects that `nested_link` finds."""
    direct = {link.entity.key for link in catalogue.links_to(entity)}
    seen: set[str] = set()
    for upper in catalogue.links_to(entity):
        for link in catalogue.links_to(upper.entity) if upper.entity.trait(Beside) else ():
            if link.entity.trait(Beside) and link.entity.key not in {*direct, *seen}:
                seen.add(link.entity.key)
                yield link.entity
