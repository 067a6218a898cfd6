"""Saved views of the planner: what is shown and of whom, one's own or shared with everybody.

They stand with the views of lists. The key carries a sign that no object's key may have, so that no
list finds them among its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_desktop.models.query import Query
from crm_desktop.services.views import SavedView

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

KEY = "planner:{event}"


def planner_key(event: str) -> str:
    """Under which key the views of what takes place are kept."""
    return KEY.format(event=event)


def planner_views(base: Workspace, event: str) -> list[SavedView]:
    """The shared views and the person's own, in their order."""
    return base.views.of(planner_key(event), base.user_id)


def save_planner_view(
    base: Workspace, event: str, name: str, kept: dict[str, Any], *, shared: bool
) -> SavedView:  # fmt: skip
    """Keeps what is shown; one's own view of that name gets the new state."""
    known = [view for view in planner_views(base, event) if view.author == base.user_id]
    named = [view for view in known if view.name.casefold() == " ".join(name.split()).casefold()]
    return base.views.save(
        name, Query(planner_key(event)), author=base.user_id, shared=shared, layout=kept,
        id_=named[0].id if named else None,
    )  # fmt: skip
