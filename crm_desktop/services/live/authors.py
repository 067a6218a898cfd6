"""Who has given the fields of a record the values that stand there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.workspace import Workspace

_MOST = 50
"""Changes looked through: those since the card was opened are the newest ones."""


class Author(NamedTuple):
    """The name, '' for nobody, and when."""

    name: str
    moment: datetime


def last_authors(workspace: Workspace, ref: Ref, fields: Iterable[str]) -> dict[str, Author]:
    """Who changed each of the fields last, as far as the newest changes tell."""
    wanted, found = set(fields), dict[str, Author]()
    for entry in workspace.history.of(workspace.catalogue[ref.entity], ref.id, limit=_MOST):
        for change in entry.fields:
            if change.field.key in wanted:
                found.setdefault(change.field.key, Author(entry.author_name, entry.moment))
    return found


def last_author(workspace: Workspace, ref: Ref) -> Author | None:
    """Who did the last thing to a record, which may be gone: deleted it, say. None if not known."""
    for entry in workspace.history.of(workspace.catalogue[ref.entity], ref.id, limit=1):
        return Author(entry.author_name, entry.moment)
    return None
