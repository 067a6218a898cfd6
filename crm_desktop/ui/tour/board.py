"""The board's part of the tour: by stage, by month of closing, by colleague."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from crm_desktop.services.board.columns import BY_MONTH, BY_PERSON, BY_STAGE, DATELESS, NOBODY
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.tour.step import Step

_NAMES = {BY_STAGE: "board", BY_MONTH: "board-forecast", BY_PERSON: "board-people"}


def board_steps(navigator: Navigator, page: Callable[[], Any]) -> Iterator[Step]:
    """Every kind of columns; the board is left by stage."""

    def shows(way: str) -> bool:
        columns = getattr(getattr(page(), "controller", None), "columns", None)
        if not columns or page().strip.list.found is None:
            return False
        last = {BY_MONTH: DATELESS, BY_PERSON: NOBODY}.get(way)
        return columns[-1].key == last if last else isinstance(columns[-1].key, int)

    yield Step(_NAMES[BY_STAGE], lambda: navigator.open_page("board"), lambda: shows(BY_STAGE))
    for way in (BY_MONTH, BY_PERSON):
        yield Step(_NAMES[way], lambda w=way: page().controller.arrange(way=w),
                   lambda w=way: shows(w))  # fmt: skip
    yield Step("", lambda: page().controller.arrange(way=BY_STAGE), lambda: shows(BY_STAGE))
