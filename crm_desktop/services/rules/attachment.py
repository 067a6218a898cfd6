"""The name of a file is safe to be shown and to be written, whoever gave it."""

from __future__ import annotations

from collections.abc import Collection

from crm_desktop.models.text.file_names import safe_name
from crm_desktop.services.writing.batch import Batch, Staged


def complete_attachment(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Takes out of the name what no file system, or no reader, should meet."""
    values = staged.after
    if values is not None and "name" in given and values.get("name"):
        values["name"] = safe_name(str(values["name"]))
