"""The saved views of the planner."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crm_desktop.services.planner.saved import planner_views, save_planner_view
from crm_desktop.ui.kept_views import KeptViews
from crm_desktop.ui.operations import Job
from crm_desktop.ui.planner.controller import PlannerController

if TYPE_CHECKING:
    from crm_desktop.services.views import SavedView


class PlannerViews(KeptViews):
    """Whose days are shown, how many and how finely."""

    def __init__(self, controller: PlannerController) -> None:
        super().__init__(controller, controller)
        self._planner = controller

    @property
    def _event(self) -> str:
        return self._planner.planner.schedule.event.key

    def views(self) -> list[SavedView]:
        return planner_views(self._planner.session.base, self._event)

    def show_view(self, view: SavedView) -> None:
        self._planner.show_kept(view.layout)

    def keeping(self, name: str, *, shared: bool) -> Callable[[Job], SavedView]:
        base, event = self._planner.session.base, self._event
        kept = self._planner.arrangement.to_view()
        return lambda _job: save_planner_view(base, event, name, kept, shared=shared)
