"""What a list shows just now: a query, its layout, and how they differ from the saved view."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.query import Condition, Group, Query, Sort, Where, both

if TYPE_CHECKING:
    from crm_desktop.services.lists.marks import Mark
    from crm_desktop.services.views import SavedView

ALL = "all"
"""The key of the list without a saved view."""


@dataclass(frozen=True)
class ListState:
    """One list as it is shown: `view` is the id of a saved view, None for all records."""

    query: Query
    view: int | None = None
    widths: Mapping[str, int] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()

    def replace(self, **changes: Any) -> ListState:
        """The same with some parts changed."""
        return dataclasses.replace(self, **changes)

    def asking(self, **changes: Any) -> ListState:
        """The same with some parts of the query changed."""
        return self.replace(query=self.query.replace(**changes))

    @property
    def key(self) -> str:
        """Under which its layout is kept."""
        return view_key(self.query.entity, self.view)

    @property
    def meaning(self) -> tuple[object, ...]:
        """Which records it is about: ticks belong to them."""
        return self.view, self.query.where, self.query.text

    @property
    def rows(self) -> tuple[object, ...]:
        """Which records in which order: the current row belongs to them."""
        return *self.meaning, self.query.sort, self.query.groups


def view_key(entity: str, view: int | None) -> str:
    """The key of a view's layout in the settings."""
    return f"{entity}/{view if view is not None else ALL}"


def usual_query(entity: EntityDef) -> Query:
    """The list of an object that nobody has changed yet: by title, or the latest first where the
    title says little and every record has its day."""
    columns = tuple(f.key for f in entity.list_fields())
    if not entity.title.indexed:
        for f in entity.fields:
            if f.required and f.indexed and f.kind == "date":
                return Query(entity.key, columns, sort=(Sort(f.key, True),))
    return Query(entity.key, columns)


def of_view(entity: EntityDef, view: SavedView | None) -> ListState:
    """A view as it was saved; None: the usual list."""
    if view is None:
        return ListState(usual_query(entity))
    columns = view.query.columns or usual_query(entity).columns
    widths = view.layout.get("widths", {}) if isinstance(view.layout, dict) else {}
    query = view.query.replace(columns=columns)
    return ListState(query, view.id, dict(widths), _marks(view.layout))


def with_layout(state: ListState, kept: Any) -> ListState:
    """The state with the columns, widths and order the person left it with."""
    if not isinstance(kept, dict):
        return state
    columns = tuple(c for c in kept.get("columns", ()) if isinstance(c, str))
    widths = kept.get("widths", {})
    sort = _sort(kept.get("sort"))
    query = state.query
    if columns:
        query = query.replace(columns=columns)
    if sort is not None:
        query = query.replace(sort=sort)
    if isinstance(kept.get("groups"), list):
        query = query.replace(groups=tuple(str(g) for g in kept["groups"]))
    if "marks" in kept:
        state = state.replace(marks=_marks(kept))
    good = {str(k): v for k, v in widths.items() if isinstance(v, int)} if widths else {}
    return state.replace(query=query, widths={**state.widths, **good})


def layout_of(state: ListState) -> dict[str, Any]:
    """What `with_layout` takes back."""
    return {
        "columns": list(state.query.columns),
        "widths": dict(state.widths),
        "sort": [("-" if s.descending else "") + s.path for s in state.query.sort],
        "groups": list(state.query.groups),
        "marks": [mark.to_json() for mark in state.marks],
    }


def view_layout(state: ListState, *, pinned: bool) -> dict[str, Any]:
    """What a saved view keeps besides its query."""
    marks = [mark.to_json() for mark in state.marks]
    return {"widths": dict(state.widths), "pinned": pinned, "marks": marks}


def _marks(kept: Any) -> tuple[Mark, ...]:
    rows = kept.get("marks") if isinstance(kept, dict) else None
    if not rows:
        return ()
    from crm_desktop.services.lists.marks import marks_from_json

    return marks_from_json(rows)


def _sort(keys: Any) -> tuple[Sort, ...] | None:
    if not isinstance(keys, list) or not all(isinstance(k, str) for k in keys):
        return None
    return tuple(Sort(k.lstrip("-"), k.startswith("-")) for k in keys)


def is_changed(state: ListState, saved: ListState) -> bool:
    """Whether there is something to save: conditions, columns or order; typed text is passing.

    Of the list of all records columns and order are the person's own and kept without asking.
    """
    one, other = state.query, saved.query
    if state.view is None:
        return one.where != other.where
    if (one.where, one.columns, one.sort) != (other.where, other.columns, other.sort):
        return True
    return one.groups != other.groups or state.marks != saved.marks


# --- conditions as chips --------------------------------------------------------------------------


def parts_of(where: Where | None) -> tuple[Where, ...]:
    """The conditions that must all hold: one chip each."""
    if where is None:
        return ()
    if isinstance(where, Group) and where.join == "and":
        return where.items
    return (where,)


def joined(parts: tuple[Where, ...]) -> Where | None:
    """The inverse of `parts_of`."""
    return both(*parts)


def alternatives_of(part: Where) -> tuple[Condition, ...] | None:
    """The conditions of a chip of which one must hold; None if it is more tangled than that."""
    if isinstance(part, Condition):
        return (part,)
    if part.join == "or" and all(isinstance(item, Condition) for item in part.items):
        return tuple(item for item in part.items if isinstance(item, Condition))
    return None


def either(conditions: tuple[Condition, ...]) -> Where:
    """The inverse of `alternatives_of`."""
    return conditions[0] if len(conditions) == 1 else Group("or", conditions)


def next_sort(sort: tuple[Sort, ...], path: str, *, add: bool) -> tuple[Sort, ...]:
    """The order after a click on a heading: up, down, not at all; with `add` beside the others."""
    known = next((s for s in sort if s.path == path), None)
    fresh = Sort(path) if known is None else None if known.descending else Sort(path, True)
    if not add:
        return () if fresh is None else (fresh,)
    rest = tuple(fresh if s.path == path else s for s in sort)
    if known is None and fresh is not None:
        rest = (*rest, fresh)
    return tuple(s for s in rest if s is not None)
