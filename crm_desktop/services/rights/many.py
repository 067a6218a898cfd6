"""What a person may not do with many records at once, as sentences that are said before he tries:
fields that he may give them, records that he may make one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.ownership import owner_field
from crm_desktop.services.rights import words
from crm_desktop.services.rights.whose import Split, split

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


@dataclass(frozen=True)
class Given:
    """Which fields some records may be given a value of. `closed`: by their keys, why not; `owner`:
    the field that says whose they are, '' if there is none; `handed`: those of the records that
    may become another one's, and what is to be said of the rest."""

    closed: Mapping[str, str]
    owner: str
    handed: Split


def may_give(base: Workspace, entity: EntityDef, ids: Sequence[int]) -> Given:
    """Asks the base; everything may be given where there are no rights."""
    rights, own = base.rights, owner_field(entity)
    owner = own.key if own is not None else ""
    if rights is None:
        return Given({}, owner, Split(tuple(ids)))
    closed = {
        key: rights.reasons.field(entity, key)
        for key in rights.shown(entity.key) if entity.has(key)
    }  # fmt: skip
    handed = split(base, entity, ids, (words.REASSIGN,)) if owner else Split(tuple(ids))
    if owner and not handed.allowed:
        closed.setdefault(owner, handed.why)
    return Given(closed, owner, handed)


def why_not_merged(base: Workspace, entity: EntityDef, ids: Sequence[int]) -> str:
    """Why the person may not make these one: some are not his, or hold what he does not see, which
    would be lost; '' where he may."""
    rights = base.rights
    if rights is None:
        return ""
    found = split(base, entity, ids, (words.MERGE,))
    if found.refused:
        return found.why
    shown = rights.shown(entity.key)
    unseen = next((key for key, how in shown.items() if how in words.UNSEEN), "")
    return rights.reasons.lost(entity, unseen) if unseen else ""
