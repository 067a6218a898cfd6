"""Kept fields (trait `Latest`) checked against the records they are reckoned from, and renewed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.traits import Latest
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.latest import Keeper
from crm_desktop.services.writing.latest_question import LatestQuestion
from crm_desktop.services.writing.records import Records
from crm_desktop.services.writing.staging import Update

BLOCK = 2000
TITLE = Title(N_("Last contacts and next steps reckoned anew"))


def wrong_kept(records: Records) -> Iterator[tuple[EntityDef, int, str]]:
    """Every record with a kept field that says something else than its children."""
    for entity in _in_order(records):
        for block in _blocks(_concerned(records, entity)):
            with records.backend.read() as connection:
                batch = records.batch(connection, lock=False)
                batch.prefetch(entity, block)
                keeper = Keeper(batch)
                for staged in list(batch.rows.values()):
                    keeper.renew(staged)
                keeper.settle()
                for staged in list(batch.rows.values()):
                    if staged.entity.key == entity.key:
                        yield from ((entity, staged.id, key) for key in staged.changed_kept())


def renew_kept(records: Records, progress: Callable[[int, int], None] | None = None) -> int:
    """Makes all kept fields right; how many records were looked at. Can be cut off and run again.

    For a base whose fields are older than its activities, such as one just brought up to date.
    """
    done = 0
    for entity in _in_order(records):
        ids = _concerned(records, entity)
        for block in _blocks(ids):
            records.apply([Update(entity.key, id_, {}, rules=False) for id_ in block], TITLE)
            done += len(block)
            if progress is not None:
                progress(done, max(done, len(ids)))
    return done


def _in_order(records: Records) -> list[EntityDef]:
    """Objects with kept fields; those that others reckon from come first."""
    catalogue = records.tables.catalogue
    kept = [entity for entity in catalogue if any(entity.traits_of(Latest))]
    return sorted(kept, key=lambda e: any(catalogue[t.child].kept for t in e.traits_of(Latest)))


def _concerned(records: Records, entity: EntityDef) -> list[int]:
    """Records that have children that count, or something in their kept fields."""
    table = records.tables.main[entity.key]
    filled = sa.or_(*(table.c[t.field].is_not(None) for t in entity.traits_of(Latest)))
    with records.backend.read() as connection:
        found = set(connection.execute(sa.select(table.c.id).where(filled)).scalars())
        for trait in entity.traits_of(Latest):
            found.update(LatestQuestion(records.reader, entity, trait).owners(connection))
    return sorted(records.reader.exists(entity.key, sorted(found)))


def _blocks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BLOCK):
        yield ids[start : start + BLOCK]
