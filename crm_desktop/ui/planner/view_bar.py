"""The second line of the planner: how many days of the team, or whose days; filters, views."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.planner.controller import PlannerController
from crm_desktop.ui.planner.filter_bar import FilterBar
from crm_desktop.ui.planner.kept_views import PlannerViews
from crm_desktop.ui.planner.state import HORIZONS, PERSONAL
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import ComboBox, Segment
from crm_desktop.ui.widgets.layouts import row


class ViewBar(QWidget):
    """Follows the controller."""

    def __init__(self, controller: PlannerController) -> None:
        super().__init__()
        self._controller = controller
        self._known: list[tuple[str, object]] = []
        self.horizon = Segment([(str(days), days) for days in HORIZONS], name="")
        self.person = ComboBox(name="")
        self.person.setMinimumWidth(px(220))
        self.horizon.chosen.connect(controller.show_days)
        self.person.activated.connect(self._chosen)
        self.filters, self.kept = FilterBar(controller), PlannerViews(controller)
        parts = (self.horizon, self.person, self.filters, None, self.kept.button)
        self.setLayout(row(*parts, gap=8, margins=(16, 0, 16, 10)))
        controller.shown.connect(self.follow)
        controller.view_changed.connect(self.follow)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.horizon.set_choices([(_days_words(days), days) for days in HORIZONS])
        self.horizon.set_name(_("How much is shown"))
        self.person.setAccessibleName(_("Whose days are shown"))
        self.follow()

    def follow(self) -> None:
        """Shows what the controller has in force."""
        controller = self._controller
        single = controller.arrangement.view in PERSONAL
        self.horizon.setVisible(not single)
        self.person.setVisible(single)
        self.horizon.set_value(controller.arrangement.days)
        drawing = controller.grid.drawing
        if drawing is None or not single:
            return
        rows = drawing.sheet.everyone or [line.row for line in drawing.sheet.lines]
        shown = drawing.sheet.lines[0].row.ref if drawing.sheet.lines else None
        choices: list[tuple[str, object]] = [(one.name, one.ref) for one in rows]
        if choices != self._known:
            self._known = choices
            self.person.set_choices(choices, shown)
        self.person.set_value(shown)

    def _chosen(self) -> None:
        found = self.person.value()
        if isinstance(found, Ref):
            self._controller.show_person(found)


def _days_words(days: int) -> str:
    if days == 1:
        return _("Day")
    if days == 7:
        return _("Week")
    if days % 7 == 0:
        weeks = days // 7
        return ngettext("{count} week", "{count} weeks", weeks).format(count=weeks)
    return ngettext("{count} day", "{count} days", days).format(count=days)
