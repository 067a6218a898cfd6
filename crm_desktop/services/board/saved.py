"""Saved views of the board: what is shown and how, one's own or shared with everybody.

They stand with the views of lists, under a key that no object's key may be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.models.query import Query
from crm_desktop.services.views import SavedView

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

KEY = "board:{entity}"


def _key(base: Workspace) -> str:
    return KEY.format(entity=base.catalogue.with_trait(Funnel)[0].key)


def board_views(base: Workspace) -> list[SavedView]:
    """The shared views and the person's own, in their order."""
    return base.views.of(_key(base), base.user_id)


def save_board_view(base: Workspace, name: str, kept: dict[str, Any], *, shared: bool) -> SavedView:
    """Keeps what is shown; one's own view of that name gets the new state."""
    wanted = " ".join(name.split()).casefold()
    mine = [view for view in board_views(base) if view.author == base.user_id]
    known = next((view.id for view in mine if view.name.casefold() == wanted), None)
    return base.views.save(
        name, Query(_key(base)), author=base.user_id, shared=shared, layout=kept, id_=known
    )
