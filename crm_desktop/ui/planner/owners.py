"""What may not be done with single bars, known before they are dragged: asked about a bar when the
pointer or the choice comes to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.services.planner.bars import Bar
from crm_desktop.services.rights.words import CREATE
from crm_desktop.ui.owners_known import OwnersKnown

if TYPE_CHECKING:
    from crm_desktop.ui.planner.controller import PlannerController
    from crm_desktop.ui.planner.grid import PlannerGrid


class BarOwners(QObject):
    """Of one planner, whatever view of it is shown."""

    def __init__(self, controller: PlannerController) -> None:
        super().__init__(controller)
        self._controller = controller
        self._owners = OwnersKnown(controller.session, self)
        self._grids: list[PlannerGrid] = []
        controller.session.refusals.renewed.connect(self._owners.forget)

    def follow(self, grid: PlannerGrid) -> None:
        """Looks at the bars there; a refused one is not dragged."""
        grid.stops, grid.why_not = self.stops, self.why
        self._grids.append(grid)
        grid.hovered.connect(self._hovered)
        grid.chosen_changed.connect(self._chosen)

    def why(self, action: str, bars: Iterable[Bar] = ()) -> str:
        """Why it may not be done with one of the bars; drafts are free."""
        if self._controller.drafting.on:
            return ""
        real = () if action == CREATE else (bar.id for bar in bars if not bar.draft)
        return self._owners.why(action, self._event(), real)

    def stops(self, action: str, bars: Iterable[Bar] = ()) -> bool:
        """Whether a gesture is refused: says why then."""
        why = self.why(action, bars)
        if why:
            self._controller.session.refusals.said.emit(why)
        return bool(why)

    def _hovered(self, bar: Bar | None) -> None:
        if bar is not None:
            self._look([bar])

    def _chosen(self) -> None:
        for grid in self._grids:
            self._look(grid.chosen.values())

    def _look(self, bars: Iterable[Bar]) -> None:
        own = {bar.id: bar.who or None for bar in bars if bar.id > 0 and not bar.draft}
        if own:
            self._owners.add(self._event(), own)

    def _event(self) -> str:
        return self._controller.planner.schedule.event.key
