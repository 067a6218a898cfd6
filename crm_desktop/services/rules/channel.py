"""A contact's kind follows from the form of what was typed."""

from __future__ import annotations

from collections.abc import Collection

from crm_desktop.models.catalogue.fieldtypes import ContactField
from crm_desktop.services.writing.batch import Batch, Staged


def complete_channel(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """An address with @ is an e-mail, a number is a telephone, unless the kind was given."""
    values = staged.after
    if values is None or "value" not in given or "kind" in given:
        return
    value = str(values.get("value") or "")
    if "@" in value[1:]:
        values["kind"] = "email"
    elif ContactField.PHONE.fullmatch(value):
        values["kind"] = "phone"
    elif value:
        values["kind"] = "messenger"
