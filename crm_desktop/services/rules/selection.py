"""An entry of a list bears the name of its list."""

from __future__ import annotations

from collections.abc import Collection

from crm_desktop.services.writing.batch import Batch, Staged


def complete_member(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Names the entry after its list."""
    values = staged.after
    if values is None or "selection" not in given or "name" in given:
        return
    holder = batch.row(batch.catalogue["selection"], values["selection"])
    values["name"] = (holder.after or {}).get("name")
