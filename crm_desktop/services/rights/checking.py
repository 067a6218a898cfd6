"""The rights of a transaction: each write that a person asked for, before anything is written.

What follows from a write by rules is not asked about: it belongs to the write. Nor is what the
program does by itself, and what takes back one's own work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import NotAllowed
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.ownership import owner_field, roots
from crm_desktop.models.catalogue.traits import Staff
from crm_desktop.services.operations import BY_ITSELF, Operation
from crm_desktop.services.rights import words
from crm_desktop.services.rights.colleagues import decisive
from crm_desktop.services.rights.masks import Masks
from crm_desktop.services.rights.owners import Known
from crm_desktop.services.writing.batch import Batch, same
from crm_desktop.services.writing.staging import Create, Delete, Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.rights.allowed import Rights
    from crm_desktop.services.workspace import Workspace


class Checking:
    """Looks at one transaction."""

    def __init__(self, rights: Rights, workspace: Workspace, batch: Batch) -> None:
        self._rights, self._base, self._batch = rights, workspace, batch

    def check(self, asked: Sequence[Write], running: Operation) -> None:
        """`NotAllowed` with the reason for the first write that is not allowed."""
        judged = words.JUDGED in self._batch.asked
        if running.kind != BY_ITSELF:
            gone = (key for block in self._batch.unmade for key in block.ids)
            Masks(self._rights, self._base, self._batch).check(asked, gone)
        if judged or running.kind == BY_ITSELF or self._is_taken_back(running):
            return
        for key in dict.fromkeys(self._by_columns()):
            self._need_all(words.CREATE, self._base.catalogue[key])
        for write in asked:
            self.check_one(self._base.catalogue[write.entity], write)

    def check_one(self, entity: EntityDef, write: Write) -> None:
        """`NotAllowed` where this write is not allowed, whatever else is written with it."""
        if isinstance(write, Create):
            self._need(words.CREATE, self._made(entity, write))
        else:
            self._stored(entity, write)

    def _is_taken_back(self, running: Operation) -> bool:
        """Whether it undoes what the same person did."""
        if running.undoes is None:
            return False
        return self._base.operations.get(running.undoes).author == self._batch.author

    def _by_columns(self) -> list[str]:
        new = [one.entity.key for block in self._batch.new for one in block.records]
        return new + [key for block in self._batch.unmade for key in block.ids]

    def _need_all(self, action: str, entity: EntityDef) -> None:
        """What comes by columns is not looked at one by one."""
        for root in roots(self._base.catalogue, entity):
            if words.EVERYBODY not in self._rights.reached(action, root):
                raise NotAllowed(self._rights.may(action, root).why or self._all(action, root))

    def _all(self, action: str, entity: EntityDef) -> str:
        mine = self._rights.mine().roles
        return self._rights.reasons.refusal(mine, action, entity, None)[0]

    def _made(self, entity: EntityDef, write: Create) -> Known:
        return Known(entity, write.id, write.values, self._batch.author, is_new=True)

    def _stored(self, entity: EntityDef, write: Update | Delete) -> None:
        staged = self._batch.seen(Ref(write.entity, write.id))
        if staged is None or staged.before is None:
            return
        made_by = staged.stored.created_by if staged.stored else None
        one = Known(entity, write.id, staged.before, made_by)
        if isinstance(write, Delete):
            self._need(words.DELETE, one)
            return
        self._fields(entity, write.values, staged.before)
        self._need(words.EDIT, one)
        f = owner_field(entity)
        if f is not None and f.key in write.values:
            now, before = write.values[f.key], staged.before.get(f.key)
            if not same(now, before) and before is not None:
                self._need(words.REASSIGN, one)

    def _need(self, action: str, one: Known) -> None:
        verdict = self._rights.judged(action, one, self._batch)
        if not verdict.yes:
            raise NotAllowed(verdict.why)

    def _fields(
        self, entity: EntityDef, values: Mapping[str, Any], before: Mapping[str, Any]
    ) -> None:  # fmt: skip
        closed = set(self._rights.shown(entity.key))
        if entity.trait(Staff) is not None:
            closed |= decisive(self._base.tables)
        for key in closed & values.keys():
            if not same(values[key], before.get(key)):
                raise NotAllowed(self._rights.reasons.field(entity, key), field=key)
