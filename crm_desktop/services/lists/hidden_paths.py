"""Refuses a list that is narrowed, ordered or gathered by a field that a role hides: it would go by
the mask, and tell by its order what is not to be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crm_desktop.errors import NotAllowed, UserError
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.query import NESTED, Query, Where
from crm_desktop.models.query import Condition as One
from crm_desktop.services.paths import find_path

Unseen = Callable[[EntityDef, str], str]
"""Why whoever works here does not see a field, as a sentence; '' where they do."""


def refuse_hidden(catalogue: Catalogue, query: Query, unseen: Unseen) -> None:
    """`NotAllowed` naming the first such field."""
    entity = catalogue.find(query.entity)
    paths = [*_paths(query.where), *(one.path for one in query.sort)]
    for text in (*paths, *(group.partition(":")[0] for group in query.groups)):
        try:
            path = find_path(catalogue, entity, text)
        except UserError:  # children, or wrong: whoever reads it says so
            continue
        sentence = unseen(path.entity, path.field.key)
        if sentence:
            raise NotAllowed(sentence, field=path.field.key)


def _paths(where: Where | None) -> Iterator[str]:
    if isinstance(where, One):
        if where.op not in NESTED:
            yield where.path
    elif where is not None:
        for item in where.items:
            yield from _paths(item)
