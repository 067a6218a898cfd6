"""Values of a reference book that is a tree: a value stands below one of its own book."""

from __future__ import annotations

from collections.abc import Collection

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.services.writing.batch import Batch, Staged

DEEPEST = 20


def check_place_in_tree(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Refuses a value below itself, or below a value of another book."""
    values = staged.after
    if values is None or "parent" not in given:
        return
    above, book = values.get("parent"), values.get("book")
    for _step in range(DEEPEST):
        if above is None:
            return
        if above == staged.id:
            raise InvalidInput(_("A value cannot stand below itself"), field="parent")
        upper = batch.row(staged.entity, above).after or {}
        if upper.get("book") != book:
            raise InvalidInput(_("The value above belongs to another book"), field="parent")
        above = upper.get("parent")
    raise InvalidInput(_("The tree would be too deep"), field="parent")
