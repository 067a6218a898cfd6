"""Asks which of several entries is meant that stand in one place (`folding`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QCursor

from crm_desktop.services.planner.bars import Bar
from crm_desktop.ui.widgets.popover import Menu

if TYPE_CHECKING:
    from crm_desktop.ui.planner.grid import PlannerGrid


def ask_behind(grid: PlannerGrid, bar: Bar, go: Callable[[Bar], None]) -> Menu | None:
    """Asks which one is to be opened, where several stand in one place."""
    drawing = grid.drawing
    others = drawing.behind(bar) if drawing is not None else []
    if drawing is None or not others:
        return None
    menu = Menu(grid)
    for one in (bar, *others):
        said = " · ".join(word for word in drawing.words(one) if word)
        menu.addAction(said).triggered.connect(lambda _on=False, one=one: go(one))
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(QCursor.pos())
    return menu
