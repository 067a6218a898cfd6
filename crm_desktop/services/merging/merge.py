"""Merging: 2..n records of any object become one, in one operation of the one writer.

The first record stays, the others are deleted in the same transaction; what they said remains in
the operation's change rows, so that an undo brings them back whenever it is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.models.schema import column_names
from crm_desktop.services.merging.absorbing import Absorbing
from crm_desktop.services.merging.annual_days import AnnualMerge
from crm_desktop.services.merging.lineage import Lineage
from crm_desktop.services.merging.plan import MergePlan, Moving, plan_fields
from crm_desktop.services.operations import Operation
from crm_desktop.services.reader import StoredRow
from crm_desktop.services.rights.words import JUDGED, MERGE
from crm_desktop.services.writing.batch import Batch, same
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.records import Outcome, Records
from crm_desktop.services.writing.staging import Delete, Update, Write

MOST_MERGED = 100
"""Records merged at once: what hangs on all of them is held in memory."""


class Merging:
    """Merges records of one workspace."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._catalogue = records.tables.catalogue
        self.lineage = Lineage(records.backend, records.tables)

    def preview(self, entity: EntityDef, ids: Sequence[int]) -> MergePlan:
        """What a merge would do; nothing is changed.

        `NotFound`: one of the records is gone. `InvalidInput`: fewer than two, or too many.
        """
        wanted = self._wanted(entity, ids)
        with self._records.backend.read() as connection:
            found = self._records.reader.load(entity.key, wanted, connection)
            _check_all_there(entity, wanted, found)
            moving = self._moving(connection, entity, wanted[1:])
        values = {id_: found[id_].values for id_ in wanted}
        title = entity.title
        return MergePlan(
            entity, wanted,
            {id_: title.format(values[id_].get(title.key), "en") for id_ in wanted},
            plan_fields(entity, wanted, values), moving,
            {id_: found[id_].version for id_ in wanted},
        )  # fmt: skip

    def merge(
        self,
        entity: EntityDef,
        ids: Sequence[int],
        *,
        keep: Mapping[str, int] | None = None,
        versions: Mapping[int, int] | None = None,
        operation: Operation | None = None,
    ) -> Outcome:
        """Merges the others into the first. `keep`: whose value of a field stays, by field key;
        of the rest the proposed one. With `operation` it is a part of a longer one.

        `Conflict`: one of the records is no longer at the version that was seen.
        """
        wanted = self._wanted(entity, ids)
        if self._records.guard is not None:
            self._records.guard.require_all(MERGE, entity, wanted)
        chosen = self._checked(entity, wanted, keep or {})

        def plan(batch: Batch) -> list[Write]:
            batch.asked[JUDGED] = True
            return self._writes(batch, entity, wanted, chosen, versions or {})

        title = None if operation else self._title(entity, wanted)
        outcome = self._records.apply(plan, title, operation=operation)
        if self._records.guard is not None:
            self._records.guard.did_many(entity, len(wanted), _("merged"))
        return outcome

    def can_merge_alone(self, plan: MergePlan) -> bool:
        """Whether no value would be lost from sight, so that nobody has to choose."""
        return not plan.collisions

    # --- inside -----------------------------------------------------------------------------------

    def _wanted(self, entity: EntityDef, ids: Sequence[int]) -> tuple[int, ...]:
        if self._has_stages(entity):
            raise InvalidInput(
                _("{objects} cannot be merged: their records would lose their places").format(
                    objects=_(entity.plural)
                )
            )
        wanted = tuple(dict.fromkeys(ids))
        if len(wanted) < 2:
            raise InvalidInput(_("Name at least two different records to merge"))
        if len(wanted) > MOST_MERGED:
            raise InvalidInput(
                _("At most {limit} records can be merged at once").format(limit=MOST_MERGED)
            )
        return wanted

    def _has_stages(self, entity: EntityDef) -> bool:
        """Whether records go through its stages, which belong to one of them each."""
        return any(
            one.field(trait.pipeline) is link.field
            for link in self._catalogue.links_to(entity)
            for one in (link.entity,)
            for trait in one.traits_of(Funnel)
        )

    def _checked(
        self, entity: EntityDef, ids: Sequence[int], keep: Mapping[str, int]
    ) -> dict[str, int]:
        chosen = {self._catalogue.field(entity, name).key: id_ for name, id_ in keep.items()}
        for key, id_ in chosen.items():
            if id_ not in ids:
                raise InvalidInput(
                    _("{field}: {id} is not one of the records to merge").format(
                        field=_(entity.field(key).label), id=id_
                    ),
                    field=key,
                )
        return chosen

    def _writes(
        self,
        batch: Batch,
        entity: EntityDef,
        ids: Sequence[int],
        keep: Mapping[str, int],
        versions: Mapping[int, int],
    ) -> list[Write]:
        batch.prefetch(entity, ids)
        before = {id_: dict(batch.row(entity, id_).after or {}) for id_ in ids}
        winner, losers = ids[0], ids[1:]
        absorbing = Absorbing(batch, frozenset(Ref(entity.key, id_) for id_ in ids))
        absorbing.absorb(entity, winner, losers)
        values = _merged_values(entity, ids, before, keep)
        self.lineage.note(batch.connection, entity.key, winner, losers)
        days = AnnualMerge(batch, entity, ids, before, {**before[winner], **values})
        annual = days.writes()
        days.note(self._records.backend)
        gone = {Ref(one.entity, one.id) for one in annual if isinstance(one, Delete)}
        return [
            *(one for one in absorbing.writes if not _writes_any(one, gone)),
            *annual,
            Update(entity.key, winner, values, versions.get(winner)),
            *(Delete(entity.key, id_, versions.get(id_)) for id_ in losers),
        ]

    def _moving(
        self, connection: sa.Connection, entity: EntityDef, losers: Sequence[int]
    ) -> tuple[Moving, ...]:
        found = []
        for link in self._catalogue.links_to(entity):
            table = self._records.tables.table_of(link.entity, link.field)
            column = table.c[column_names(link.field)[0]]
            wanted = sa.select(sa.func.count()).where(column.in_(list(losers)))
            count = int(connection.execute(wanted).scalar_one())
            if count:
                found.append(Moving(link, count))
        return tuple(found)

    def _title(self, entity: EntityDef, ids: Sequence[int]) -> Title:
        found = self._records.reader.many(entity.key, ids[:1], [entity.title_field])
        value = found.get(ids[0], {}).get(entity.title_field)
        name = entity.title.format(value, "en") if value is not None else "…"
        return Title(
            N_("{object} “{name}”: {count} record merged into it"),
            {"object": entity.label, "name": name, "count": len(ids) - 1},
            N_("{object} “{name}”: {count} records merged into it"),
        )


def _check_all_there(entity: EntityDef, ids: Sequence[int], found: Mapping[int, StoredRow]) -> None:
    for id_ in ids:
        if id_ not in found:
            raise NotFound(
                _("{object} {id} is not in the base (any more)").format(
                    object=_(entity.label), id=id_
                )
            )


def _writes_any(write: Write, refs: Collection[Ref]) -> bool:
    return isinstance(write, Update | Delete) and Ref(write.entity, write.id) in refs


def _merged_values(
    entity: EntityDef,
    ids: Sequence[int],
    before: Mapping[int, Mapping[str, Any]],
    keep: Mapping[str, int],
) -> dict[str, Any]:
    """The values that the winner gets beside those it has.

    A field that repeats a value of a child follows from the children that have moved.
    """
    mirrored = {mirror.field for mirror in entity.traits_of(Mirror)}
    plans = plan_fields(entity, ids, before)
    wanted = {p.field.key: p.proposed for p in plans if p.field.key not in mirrored}
    wanted |= {key: before[id_].get(key) for key, id_ in keep.items()}
    now = before[ids[0]]
    return {key: value for key, value in wanted.items() if not same(now.get(key), value)}
