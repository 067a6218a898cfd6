"""A place in a queue bears the name of the colleague, comes last, and is taken once a matter."""

from __future__ import annotations

from collections.abc import Collection

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.services.writing.batch import Batch, Staged


def complete_queue_member(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Names the place after the colleague and puts a new one at the end."""
    values = staged.after
    if values is None or values.get("staff") is None or values.get("queue") is None:
        return  # what is required is asked for after the rules
    if "staff" in given and "name" not in given:
        colleague = batch.row(batch.catalogue["staff"], values["staff"])
        values["name"] = (colleague.after or {}).get("name")
    link = staged.entity.field("queue")
    others = [s for s in batch.linked(staged.entity, link, values["queue"]) if s is not staged]
    if staged.before is None and values.get("position") is None:
        values["position"] = (
            max(((s.after or {}).get("position") or 0 for s in others), default=0) + 1
        )
    if any(_same_place(values, s.after or {}) for s in others):
        raise InvalidInput(
            _("{name} has this place in the queue already").format(name=values.get("name") or ""),
            field="staff",
        )


def _same_place(one: dict[str, object], other: dict[str, object]) -> bool:
    return all(one.get(key) == other.get(key) for key in ("staff", "skill", "region"))
