"""What whoever sees a mask instead of a value may not write, for the value would be lost by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import NotAllowed
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.holding import is_held, repeated
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.services.rights import words
from crm_desktop.services.writing.batch import Batch, same
from crm_desktop.services.writing.flush import SYSTEM_KEY
from crm_desktop.services.writing.staging import Create, Delete, Write

if TYPE_CHECKING:
    from crm_desktop.services.rights.allowed import Rights
    from crm_desktop.services.workspace import Workspace


class Masks:
    """Looks at the writes of one transaction before rights do."""

    def __init__(self, rights: Rights, workspace: Workspace, batch: Batch) -> None:
        self._rights, self._base, self._batch = rights, workspace, batch

    def check(self, asked: Iterable[Write], gone: Iterable[str]) -> None:
        """`NotAllowed` for what would write a mask, or keep one in the change log. `gone`: the
        objects whose records are deleted by columns."""
        for key in dict.fromkeys(gone):
            self._whole(self._base.catalogue[key])
        for write in asked:
            entity = self._base.catalogue[write.entity]
            if isinstance(write, Create):
                self._made(entity, write.values)
            else:
                staged = self._batch.seen(Ref(write.entity, write.id))
                before = (staged.before if staged else None) or {}
                if isinstance(write, Delete):
                    self._whole(entity)
                    self._kept(entity, before, before)
                else:
                    self._kept(entity, write.values, before)
        self._gone_along()
        self._followed()

    def _gone_along(self) -> None:
        """What goes with a deleted record would be kept as a mask, too."""
        for staged in self._batch.rows.values():
            before = staged.before or {}
            if staged.after is None and any(map(is_held, before.values())):
                self._kept(staged.entity, before, before)

    def _followed(self) -> None:
        """What rules would write into a field that is not seen is no value for it."""
        for staged in self._batch.rows.values():
            before, after = staged.before or {}, staged.after or {}
            for mirror in staged.entity.traits_of(Mirror) if before and after else ():
                old = before.get(mirror.field)
                if is_held(old) and not same(after.get(mirror.field), old):
                    self._refuse(staged.entity, mirror.field)

    def _made(self, entity: EntityDef, values: Mapping[str, Any]) -> None:
        if SYSTEM_KEY in values:  # it was deleted, and comes back with what the log tells
            self._whole(entity)
        for key, value in values.items():
            if is_held(value):
                self._refuse(entity, key)
        for owner, mirror in self._mirrors(entity):
            link = values.get(mirror.owner)
            id_ = link.id if isinstance(link, Ref) else link
            is_its = not isinstance(link, Ref) or link.entity == owner.key
            if id_ and is_its and values.get(mirror.flag) and self._unseen(owner, mirror.field):
                row = self._base.reader.many(owner.key, [id_], [mirror.field]).get(id_, {})
                if is_held(row.get(mirror.field)):
                    self._refuse(owner, mirror.field)

    def _kept(
        self, entity: EntityDef, values: Mapping[str, Any], before: Mapping[str, Any]
    ) -> None:  # fmt: skip
        """A value that is not seen stays, and so does what says that it is one."""
        for key, value in values.items():
            if is_held(value) and (values is before or not same(value, before.get(key))):
                self._refuse(entity, key)
        for owner, mirror in self._mirrors(entity):
            link = before.get(mirror.owner)
            if isinstance(link, Ref) and link.entity != owner.key:
                continue
            places = repeated(self._base.catalogue, owner, owner.field(mirror.field))
            keys = {one.field.key for one in places if one.mirror is mirror}
            held = any(is_held(before.get(key)) for key in keys)
            if not held and not self._unseen(owner, mirror.field):
                continue
            closed = {mirror.flag} | (
                {mirror.owner, *keys, *(mirror.kind or ())[:1]} if held else set()
            )  # fmt: skip
            for key in closed & values.keys():
                if not same(values[key], before.get(key)):
                    self._refuse(owner, mirror.field)
        self._repeated(entity, values, before)

    def _repeated(
        self, entity: EntityDef, values: Mapping[str, Any], before: Mapping[str, Any]
    ) -> None:  # fmt: skip
        """What stands in a child as well stays while that is not seen."""
        for mirror in entity.traits_of(Mirror):
            old, child = before.get(mirror.field), self._base.catalogue[mirror.child]
            written = mirror.field in values and not same(values[mirror.field], old)
            if written and old and self._unseen(child, mirror.value):
                self._refuse(child, mirror.value)

    def _whole(self, entity: EntityDef) -> None:
        key = next(
            (key for key, how in self._rights.shown(entity.key).items() if how in words.UNSEEN), ""
        )
        if key:
            raise NotAllowed(self._rights.reasons.lost(entity, key), field=key)

    def _mirrors(self, child: EntityDef) -> list[tuple[EntityDef, Mirror]]:
        return [
            (entity, mirror)
            for entity in self._base.catalogue
            for mirror in entity.traits_of(Mirror)
            if mirror.child == child.key
        ]

    def _unseen(self, entity: EntityDef, key: str) -> bool:
        return self._rights.shown(entity.key).get(key, "") in words.UNSEEN

    def _refuse(self, entity: EntityDef, key: str) -> None:
        raise NotAllowed(self._rights.reasons.field(entity, key), field=key)
