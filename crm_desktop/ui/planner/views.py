"""The views of the planner: the grid of the team, day, week and month of one person, the agenda."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.planner.agenda import Agenda
from crm_desktop.ui.planner.controller import PlannerController
from crm_desktop.ui.planner.days_view import DaysView
from crm_desktop.ui.planner.grid import PlannerGrid
from crm_desktop.ui.planner.hover import HoverCard
from crm_desktop.ui.planner.month_view import MonthView
from crm_desktop.ui.planner.state import AGENDA, DAY, GRID, MONTH, VIEWS, WEEK


class Views(QObject):
    """Which of them is seen; all share one controller."""

    def __init__(self, controller: PlannerController, grid: PlannerGrid) -> None:
        super().__init__(grid)
        self._controller = controller
        self.grid, self.days, self.month, self.agenda = grid, DaysView(), MonthView(), Agenda()
        controller.views = {
            GRID: grid, DAY: self.days, WEEK: self.days, MONTH: self.month, AGENDA: grid,
        }  # fmt: skip
        controller.take_view()
        self.surfaces: tuple[PlannerGrid, ...] = (grid, self.days, self.month)
        for view in (self.days, self.month):
            controller.follow(view)
            view.day_wanted.connect(self._one_day)
        self.hovers = [HoverCard(controller.session, view, controller) for view in self.surfaces]
        self.agenda.bar_opened.connect(controller.open)
        controller.named.connect(self.fill_agenda)
        controller.view_changed.connect(self.show_chosen)

    @property
    def front(self) -> QWidget:
        """What is seen."""
        in_list = self._controller.arrangement.view == AGENDA
        return self.agenda if in_list else self._controller.grid

    def widgets(self) -> tuple[QWidget, ...]:
        """All of them, to be laid out in one place."""
        return (*self.surfaces, self.agenda)

    def show_chosen(self) -> None:
        """The view that is in force, and no other; once they are laid out: before that each would
        be shown as a window of its own."""
        for widget in self.widgets():
            widget.setVisible(widget is self.front)
        self.fill_agenda()

    def fill_agenda(self) -> None:
        """The agenda shows the sheet of the grid."""
        drawing = self._controller.grid.drawing
        if drawing is not None and self._controller.arrangement.view == AGENDA:
            self.agenda.show_sheet(drawing)

    def _one_day(self, day: date) -> None:
        self._controller.day = day
        self._controller.show_view(DAY)

    def bind_keys(self, page: QWidget, chosen: Callable[[str], None]) -> None:
        """Alt+1 ... Alt+5 anywhere on the page."""
        for number, name in enumerate(VIEWS, start=1):
            shortcut = QShortcut(QKeySequence(f"Alt+{number}"), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda n=name: chosen(n))


def view_words() -> list[tuple[str, object]]:
    """What the views are called, in their order."""
    titles = {
        GRID: _("Team"), DAY: _("Day"), WEEK: _("Week"), MONTH: _("Month"), AGENDA: _("Agenda")
    }  # fmt: skip
    return [(titles[name], name) for name in VIEWS]
