"""A person's full name is made of its parts when only they are given."""

from __future__ import annotations

from collections.abc import Collection

from crm_desktop.models.text.persons import PersonName, full_name
from crm_desktop.services.writing.batch import Batch, Staged

PARTS = ("last_name", "first_name", "middle_name")


def complete_person(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Fills in the full name; a name typed by hand is left as it is."""
    values = staged.after
    if values is None or "name" in given and values.get("name"):
        return
    if staged.before is not None and not set(PARTS) & set(given):
        return
    whole = full_name(PersonName(*(str(values.get(part) or "") for part in PARTS)))
    if whole:
        values["name"] = whole
