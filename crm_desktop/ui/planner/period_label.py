"""The days that are shown, in the longest words for which there is room beside the views."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QLocale
from PySide6.QtGui import QResizeEvent

from crm_desktop import i18n
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.ui.theme import metrics
from crm_desktop.ui.widgets.labels import ElidedLabel


def shorter(first: date, days: int, year: int) -> list[str]:
    """The days in ever fewer words; the year is left out where it is `year`."""
    last = first + timedelta(days=days - 1)
    tail = "" if first.year == last.year == year else f" {last.year}"
    begin, end = (format_date(day, i18n.language()).rsplit(" ", 1)[0] for day in (first, last))
    if days == 1:
        weekday = QLocale().standaloneDayName(first.isoweekday(), QLocale.FormatType.ShortFormat)
        return [f"{str(weekday).capitalize()}, {end}{tail}", f"{end}{tail}"]
    if first.month == last.month:
        begin = str(first.day)
    return [f"{begin} – {end}{tail}", f"{first:%d.%m} – {last:%d.%m}"]


class PeriodLabel(ElidedLabel):
    """Says the whole to screen readers and in its tip."""

    def __init__(self) -> None:
        super().__init__("", "title")
        self._forms: list[str] = []

    def show_forms(self, forms: list[str]) -> None:
        """The longest first."""
        self._forms = forms
        self._fit()
        self.setAccessibleName(forms[0])

    def _fit(self) -> None:
        room, measure = self.width(), metrics("title").horizontalAdvance
        fit = [form for form in self._forms if measure(form) <= room]
        said = fit[0] if fit else self._forms[-1] if self._forms else ""
        if said != self.text():
            self.setText(said)
            self.setAccessibleName(self._forms[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
