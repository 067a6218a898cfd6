"""Several telephones and e-mail addresses of one record: the first is the main one.

What a record has already is never replaced by a file: a new first number becomes the main one and
the former one stays beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import RecordField
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.models.text.phone_remarks import Remarked
from crm_desktop.services.importing.rowplan import Contact
from crm_desktop.services.writing.batch import Batch, is_empty
from crm_desktop.services.writing.staging import Create, Update, Write


class ContactBook:
    """The numbers and addresses of the records of one block, those to be written included."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._known: dict[tuple[str, int], dict[Any, int | None]] = {}

    def prefetch(self, entity: EntityDef, ids: Sequence[int]) -> None:
        """Reads the contacts of several records at once."""
        for mirror in entity.traits_of(Mirror):
            if mirror.kind or not mirror.makes:
                child = self._batch.catalogue[mirror.child]
                self._batch.prefetch_linked(child, child.field(mirror.owner), ids)

    def of_new(
        self, entity: EntityDef, id_: int, values: dict[str, Any], contacts: Sequence[Contact]
    ) -> list[Write]:
        """A record that is only being made: the first goes into its field, the others beside."""
        known = self._known.setdefault((entity.key, id_), {})
        writes: list[Write] = []
        for mirror, value in contacts:
            if is_empty(values.get(mirror.field)):
                values[mirror.field] = value
            if value != values[mirror.field] and value not in known:
                writes.append(self._child(entity, mirror, id_, value, main=False))
            known[value] = None
        return writes

    def of_known(
        self, entity: EntityDef, id_: int, values: dict[str, Any], contacts: Sequence[Contact]
    ) -> list[Write]:
        """A record of the base: what it does not have yet is added."""
        if not contacts:
            return []
        writes: list[Write] = []
        known = self._of(entity, id_)
        first: dict[str, bool] = defaultdict(lambda: True)
        for mirror, value in contacts:
            main, first[mirror.field] = first[mirror.field], False
            if values.get(mirror.field) == value:
                continue
            if value not in known:
                writes.append(self._child(entity, mirror, id_, value, main=main))
                known[value] = None
            elif main and known[value] is not None:
                writes.append(Update(mirror.child, known[value] or 0, {mirror.flag: True}))
            if main:
                values[mirror.field] = str(value) if isinstance(value, Remarked) else value
        return writes

    def _of(self, entity: EntityDef, id_: int) -> dict[Any, int | None]:
        """Value to the id of the contact; None for one that is only being made."""
        known = self._known.get((entity.key, id_))
        if known is None:
            known = self._known[entity.key, id_] = {}
            for mirror in entity.traits_of(Mirror):
                if mirror.kind:
                    child = self._batch.catalogue[mirror.child]
                    for staged in self._batch.linked(child, child.field(mirror.owner), id_):
                        known[(staged.after or {}).get(mirror.value)] = staged.id
        return known

    def _child(
        self, entity: EntityDef, mirror: Mirror, owner: int, value: Any, *, main: bool
    ) -> Create:
        child = self._batch.catalogue[mirror.child]
        is_record = isinstance(child.field(mirror.owner), RecordField)
        values = {
            mirror.owner: Ref(entity.key, owner) if is_record else owner,
            mirror.value: value,
            mirror.flag: main,
        }
        if isinstance(value, Remarked) and mirror.remark:
            values |= {mirror.value: str(value), mirror.remark: value.remark}
        if mirror.kind:
            values[mirror.kind[0]] = mirror.kind[1]
        return Create(mirror.child, values, checked=True)
