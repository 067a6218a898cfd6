"""The history of a record together with that of what belongs to it, and the way back of a value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import NotFound
from crm_desktop.i18n import N_, _
from crm_desktop.models.backend.base import IN_LIST
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import RecordField
from crm_desktop.models.catalogue.traits import Activities
from crm_desktop.models.schema import column_names
from crm_desktop.services.history.service import History, HistoryEntry, TitledEntry
from crm_desktop.services.writing.changes import UPDATED, Title
from crm_desktop.services.writing.records import Outcome, Records
from crm_desktop.services.writing.staging import Update

MOST_CHILDREN = 200  # of one kind: the newest


@dataclass(frozen=True)
class PastChange:
    """One change of the record, or of one that belongs or belonged to it.

    `title` names the other record, '' for the record itself.
    """

    ref: Ref
    title: str
    entry: HistoryEntry


class RecordHistory:
    """Reads the history of records of one open base with their children's."""

    def __init__(self, records: Records, history: History) -> None:
        self._records, self._history = records, history
        self._tables, self._backend = records.tables, records.backend
        self._log = records.tables.system("change_row")

    def of(
        self,
        entity: EntityDef,
        id_: int,
        *,
        field: str = "",
        limit: int = 60,
        before: int = 0,
        language: str = "en",
    ) -> list[PastChange]:
        """Changes, newest first; with `field` only those of this field of the record itself."""
        log = self._log
        with self._backend.read() as connection:
            ids = [id_] if field else self._family(connection, entity, id_)
            wanted = sa.select(log.c.seq, log.c.ent, log.c.rid).where(log.c.rid.in_(ids))
            if field:
                named = f'%"{entity.field(field).key}":%'
                long = log.c.overflow.is_not(None)
                wanted = wanted.where(sa.or_(log.c.delta.like(named), long))
            if before:
                wanted = wanted.where(log.c.seq < before)
            newest = self._backend.limit(wanted.order_by(log.c.seq.desc()), limit)
            rows = connection.execute(newest).all()
        found = self._described(rows, Ref(entity.key, id_), language)
        if field:
            found = [one for one in found if any(c.field.key == field for c in one.entry.fields)]
        return found

    def _described(self, rows: Sequence[Any], own: Ref, language: str) -> list[PastChange]:
        by_number = {entity.number: entity for entity in self._tables.catalogue}
        names = {} if not rows else {
            one.seq: one for one in self._history.entries([row.seq for row in rows], language)
        }  # fmt: skip
        found = []
        for row in rows:
            one = names.get(row.seq)
            if row.ent in by_number and one is not None:
                ref = Ref(by_number[row.ent].key, row.rid)
                found.append(self._of_family(ref, one) if ref != own else
                             PastChange(ref, "", one.entry))  # fmt: skip
        return found

    def _of_family(self, ref: Ref, one: TitledEntry) -> PastChange:
        """The change of a child; of one that was added its name says enough."""
        entry = one.entry if one.entry.kind != "c" else replace(one.entry, fields=())
        label = _(self._tables.catalogue[ref.entity].label)
        return PastChange(ref, _("{object}: {name}").format(object=label, name=one.title), entry)

    def _family(self, connection: sa.Connection, entity: EntityDef, id_: int) -> list[int]:
        """The record, what belongs to it now, and what belonged to it once; not its activities,
        which stand in the timeline."""
        found = [id_]
        for link in self._tables.catalogue.children(entity):
            if getattr(link.field, "ability", "") == Activities.__name__:
                continue
            table = self._tables.main[link.entity.key]
            columns = [table.c[name] for name in column_names(link.field)]
            wanted = sa.select(table.c.id).where(columns[0] == id_)
            if isinstance(link.field, RecordField):
                wanted = wanted.where(columns[1] == entity.number)
            newest = self._backend.limit(wanted.order_by(table.c.id.desc()), MOST_CHILDREN)
            found += connection.execute(newest).scalars()
        gone = self._tables.system("departed")
        left = sa.select(gone.c.rid).where(gone.c.owner == id_).order_by(gone.c.id.desc())
        found += connection.execute(self._backend.limit(left, MOST_CHILDREN)).scalars()
        return list(dict.fromkeys(found))[:IN_LIST]

    # --- the way back -----------------------------------------------------------------------------

    def bring_back(self, seq: int, keys: Iterable[str]) -> Outcome:
        """Gives fields the value they had before a change; an operation that can be undone."""
        log = self._log
        with self._backend.read() as connection:
            row = connection.execute(sa.select(log).where(log.c.seq == seq)).first()
        if row is None or row.kind != UPDATED:
            raise NotFound(_("This change is not on record"))
        entity = self._tables.catalogue.numbered(row.ent)
        delta = json.loads(row.overflow or row.delta)
        values = {}
        for key in keys:
            if key in delta and entity.has(key):
                old = delta[key][0]
                values[key] = None if old is None else entity.field(key).unplain(old)
        labels = ", ".join(entity.field(key).label for key in values)
        title = Title(N_("Former value brought back: {field}"), {"field": labels})
        return self._records.apply([Update(entity.key, row.rid, values)], title)
