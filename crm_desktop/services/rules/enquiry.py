"""An enquiry has a name and a moment; one that was asked for takes the place of the lead's own."""

from __future__ import annotations

from collections.abc import Collection

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.services.writing.batch import Batch, Staged

LONGEST_NAME = 200


def complete_enquiry(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Names it after its text, its file or its channel."""
    values = staged.after
    if values is None:
        return
    if staged.before is None:
        values["received"] = values.get("received") or batch.now
        _take_place(batch, staged)
    if not values.get("name"):
        text = str(values.get("text") or "").strip().partition("\n")[0]
        values["name"] = (text or str(values.get("origin") or "") or _channel(staged))[
            :LONGEST_NAME
        ]


def _channel(staged: Staged) -> str:
    f = staged.entity.field("channel")
    chosen = str((staged.after or {}).get("channel") or "")
    found = f.choice(chosen) if isinstance(f, ChoiceField) and chosen else None
    return _(found.label) if found is not None else _(staged.entity.label)


def _take_place(batch: Batch, staged: Staged) -> None:
    """The one that a rule made of the lead's own words goes."""
    owner = (staged.after or {}).get("lead")
    if owner is None or not batch.proposed:
        return
    for other in batch.linked(staged.entity, staged.entity.field("lead"), owner):
        if other.id in batch.proposed and other is not staged:
            batch.delete(other)
