"""The saved views of the board."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crm_desktop.services.board.saved import board_views, save_board_view
from crm_desktop.ui.board.controller import BoardController
from crm_desktop.ui.board.state import Arrangement
from crm_desktop.ui.kept_views import KeptViews
from crm_desktop.ui.operations import Job

if TYPE_CHECKING:
    from crm_desktop.services.views import SavedView


class BoardViews(KeptViews):
    """Pipelines and how their cards lie."""

    def __init__(self, controller: BoardController) -> None:
        super().__init__(controller, controller)
        self._board = controller

    def views(self) -> list[SavedView]:
        return board_views(self._board.session.base)

    def show_view(self, view: SavedView) -> None:
        self._board.show_arrangement(Arrangement.from_json(view.layout))

    def keeping(self, name: str, *, shared: bool) -> Callable[[Job], SavedView]:
        base, shown = self._board.session.base, self._board.arrangement.to_json()
        return lambda _job: save_board_view(base, name, shown, shared=shared)
