"""An activity without a subject is called by the first line of its text; it happened now."""

from __future__ import annotations

from collections.abc import Collection

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.services.batch import Batch, Staged

LONGEST_SUBJECT = 120
PLANNED, DONE = "planned", "done"


def complete_activity(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Fills in subject, moment, author and state where they were left empty."""
    values = staged.after
    if values is None:
        return
    _complete_state(batch, staged, given)
    if staged.before is None:
        values.setdefault("moment", batch.now)
        values["moment"] = values["moment"] or batch.now
        if values.get("author") is None:
            batch.put(staged, "author", batch.author)
    if not values.get("subject"):
        values["subject"] = _subject(staged)


def _complete_state(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """What has a date to come is planned; what was planned and is done, was done now."""
    values, before = staged.after or {}, staged.before
    if before is None and values.get("due") and "state" not in given:
        values["state"] = PLANNED
    if values.get("state") == PLANNED and not values.get("due"):
        raise InvalidInput(_("Say when the next step is due"), field="due")
    was_planned = before is not None and before.get("state") == PLANNED
    if was_planned and values.get("state") == DONE and "moment" not in given:
        values["moment"] = batch.now


def _subject(staged: Staged) -> str:
    body = str((staged.after or {}).get("body") or "").strip()
    if body:
        first = body.splitlines()[0]
        return first if len(first) <= LONGEST_SUBJECT else first[: LONGEST_SUBJECT - 1] + "…"
    kind = staged.entity.field("kind")
    chosen = (
        kind.choice(str((staged.after or {}).get("kind")))
        if isinstance(kind, ChoiceField)
        else None
    )
    return _(chosen.label) if chosen else _(staged.entity.label)
