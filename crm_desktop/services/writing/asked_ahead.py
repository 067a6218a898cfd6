"""What the save of few records reads, asked together: each question waits for the line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from crm_desktop.models.catalogue.catalogue import Catalogue, Link
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.services.writing.batch import Batch

if TYPE_CHECKING:
    from crm_desktop.services.writing.records import Records
    from crm_desktop.services.writing.staging import Update


def ask_ahead(batch: Batch, update: Update) -> None:
    """The record itself, locked; then the children that repeat what is written, and by which
    others it is found. What turns out not to be needed was asked in the same trip."""
    if (update.entity, update.id) not in batch.rows:
        batch.backend.ask_first(_works(batch, update), batch.connection)


def ask_what_holds(batch: Batch, records: Records) -> None:
    """What a save has to know of the base and asks now and then: what begins by itself, its rules,
    whether anything is private, the ties of the log's next link."""
    connection, now = batch.connection, batch.now
    works = (
        partial(records.beginnings.of, connection, now), partial(records.rules.of, connection, now),
        partial(records.private.ready, connection), partial(records.log.ready, connection),
    )  # fmt: skip
    batch.backend.ask_first(works, connection)
    for work in works:
        work()


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
    funnel = entity.trait(Funnel)
    if funnel is not None and funnel.stage in update.values:
        yield from _moving(batch, update.id)


def _moving(batch: Batch, id_: int) -> Iterator[Callable[[], object]]:
    """What rules ask where a record goes to another stage: stages, stays, the company's time."""
    from crm_desktop.services.pipelines.shape import log_of, shapes_ahead
    from crm_desktop.services.worktime.reading import calendars_ahead

    reader, connection = batch.reader, batch.connection
    entity, log = log_of(batch.catalogue)
    yield from shapes_ahead(reader, connection)
    yield partial(reader.linked, entity.key, log.owner, [id_], connection)
    yield from calendars_ahead(reader, connection)


def _searched_through(entity: EntityDef, catalogue: Catalogue) -> Sequence[Link]:
    """The links of children whose words lead to the record."""
    links = catalogue.links_to(entity)
    return [link for link in links if link.entity.search_through == link.field.key]
