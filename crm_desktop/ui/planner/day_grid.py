"""What the views of one person have in common: one row, and days that are laid out otherwise."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal

from crm_desktop.services.planner.bars import Bar
from crm_desktop.ui.planner.geometry import Entry
from crm_desktop.ui.planner.grid import PlannerGrid


class DayGrid(PlannerGrid):
    """Where a bar lies, `rect_of` of each view says."""

    day_wanted = Signal(object)
    """A day that is to be seen alone."""

    def bars_in(self, area: QRectF) -> list[Bar]:
        bars = self.drawing.sheet.bars() if self.drawing is not None else ()
        found = ((bar, self.rect_of(bar)) for bar in bars)
        return [bar for bar, rect in found if rect is not None and rect.intersects(area)]

    def row_entry(self) -> Entry | None:
        """The only row."""
        entries = self.drawing.geometry.entries if self.drawing is not None else []
        return next((entry for entry in entries if entry.line is not None), None)
