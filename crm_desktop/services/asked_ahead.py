"""What the save of a single record reads, asked together: each question waits for the line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from crm_desktop.models.catalogue.catalogue import Catalogue, Link
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.services.batch import Batch

if TYPE_CHECKING:
    from crm_desktop.services.staging import Update


def ask_ahead(batch: Batch, update: Update) -> None:
    """The record itself, locked; then the children that repeat what is written, and by which
    others it is found. What turns out not to be needed was asked in the same trip."""
    batch.backend.ask_first(_works(batch, update), batch.connection)


def _works(batch: Batch, update: Update) -> Iterator[Callable[[], object]]:
    entity, reader = batch.catalogue[update.entity], batch.reader
    yield lambda: batch.prefetch(entity, [update.id])
    repeated = [
        (mirror.child, mirror.owner)
        for mirror in entity.traits_of(Mirror)
        if mirror.field in update.values
    ]
    for child, owner in dict.fromkeys(repeated):
        yield partial(reader.linked, child, owner, [update.id], batch.connection)
    links = _searched_through(entity, batch.catalogue)
    others = [link for link in links if (link.entity.key, link.field.key) not in repeated]
    searched = update.values.keys() & {f.key for f in entity.search_fields()}
    if len(others) > 1 and (searched or len(others) < len(links)):
        yield lambda: reader.pointed_to(others, [update.id], batch.connection)


def _searched_through(entity: EntityDef, catalogue: Catalogue) -> Sequence[Link]:
    """The links of children whose words lead to the record."""
    links = catalogue.links_to(entity)
    return [link for link in links if link.entity.search_through == link.field.key]
