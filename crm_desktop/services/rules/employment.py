"""A place of work that has ended is left."""

from __future__ import annotations

from collections.abc import Collection

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.services.writing.batch import Batch, Staged


def complete_employment(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Marks as left what ended before today, unless it was said otherwise."""
    values = staged.after
    if values is None:
        return
    since, until = values.get("since"), values.get("until")
    if since and until and until < since and {"since", "until"} & set(given):
        raise InvalidInput(_("The work ends before it begins"), field="until")
    if until and "until" in given and "gone" not in given and until < batch.now.date():
        batch.put(staged, "gone", True)
