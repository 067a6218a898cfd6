"""Whoever is neither responsible for a private record nor takes part in it may not change it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from crm_desktop.errors import Private
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField
from crm_desktop.models.catalogue.traits import Scheduled, TakesPart
from crm_desktop.services.private.mark import KEPT
from crm_desktop.services.writing.batch import Batch, Staged


def keep_private(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Refuses a change of what is others' business; a link that follows a merge may change."""
    scheduled = staged.entity.trait(Scheduled)
    if (
        scheduled is None
        or staged.before is None
        or staged.before.get(scheduled.private) not in KEPT
    ):
        return
    links = {f.key for f in staged.entity.fields if isinstance(f, LinkField | RecordField)}
    if not set(given) <= links - {scheduled.who}:
        _check(batch, staged, scheduled)


def keep_private_record(batch: Batch, staged: Staged) -> None:
    """Refuses the deletion of what is others' business."""
    scheduled = staged.entity.trait(Scheduled)
    if scheduled is not None and (staged.before or {}).get(scheduled.private) in KEPT:
        _check(batch, staged, scheduled)


def keep_private_part(batch: Batch, staged: Staged, _given: Collection[str]) -> None:
    """Nobody lets themselves in: others add nobody to a private record."""
    takes = staged.entity.trait(TakesPart)
    event = (staged.after or {}).get(takes.event) if takes is not None else None
    if takes is None or event is None:
        return
    entity = _target(batch, staged.entity, takes.event)
    owner = batch.row(entity, event)
    scheduled = entity.trait(Scheduled)
    if scheduled is not None and (owner.before or {}).get(scheduled.private) in KEPT:
        _check(batch, owner, scheduled, beside=staged.id)


def _target(batch: Batch, entity: EntityDef, key: str) -> EntityDef:
    f = entity.field(key)
    assert isinstance(f, LinkField)
    return batch.catalogue[f.target]


def _check(batch: Batch, staged: Staged, scheduled: Scheduled, beside: int = 0) -> None:
    before: Mapping[str, Any] = staged.before or {}
    me = batch.author
    stored = staged.stored
    if before.get(scheduled.who) == me or (stored is not None and me and stored.created_by == me):
        return
    if me is not None and any(one != beside and who == me for one, who in _taking(batch, staged)):
        return
    raise Private(_("This is somebody's private matter: only who takes part can change it"))


def _taking(batch: Batch, staged: Staged) -> list[tuple[int, Any]]:
    """Who took part in it, by participation."""
    ref = Ref(staged.entity.key, staged.id)
    part, takes = batch.catalogue.with_trait(TakesPart)
    found = batch.linked(part, part.field(takes.event), ref.id)
    return [(one.id, (one.before or {}).get(takes.staff)) for one in found]
