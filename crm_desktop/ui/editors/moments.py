"""Editors of days and moments: typed as people say them, or chosen from a calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from PySide6.QtCore import QEvent, QLocale, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.fieldtypes import DateTimeField
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.models.text.days import parse_date
from crm_desktop.models.text.due import end_of_work
from crm_desktop.models.text.phrases import Phrase, read_moment
from crm_desktop.ui.editors.lines import TextEditor
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.widgets.buttons import ToolButton
from crm_desktop.ui.widgets.calendar import MonthPanel
from crm_desktop.ui.widgets.popover import Popover

_DAY_KEYS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
START_OF_WORK = time(9)


class DateEditor(TextEditor):
    """A day: `20`, `+3`, `fri`, `in two days`; Alt+Down or the button opens the calendar."""

    def _build(self) -> QWidget:
        built = super()._build()
        self._button = ToolButton("calendar", "", size=24)
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.clicked.connect(self.open_calendar)
        self.line.add_side(self._button)
        keep_translated(self, self._say_tip)
        return built

    def _say_tip(self) -> None:
        self._button.set_tip(_("Choose from the calendar"), "Alt+↓")
        self.line.setPlaceholderText(_("20, +3, fri"))

    def _for_typing(self, value: Any) -> str:
        if value is None:
            return ""
        return format_date(value, self.context().language, style="numeric")

    # --- words ------------------------------------------------------------------------------------

    def value(self) -> Any:
        text = self.line.text().strip()
        if not text or self.line.text() == self._shown:
            return super().value()
        return self._read(text)

    def _read(self, text: str) -> Any:
        """What was typed as fields read it, else as the quick line reads it."""
        try:
            return self.field.parse(text, self.context())
        except InvalidInput:
            context = self.context()
            found = read_moment(text, now=context.now, order=context.date_order)
            if found is None or found.moment is None:
                raise
            return self.field.check(self._of_phrase(found, found.moment))

    def _of_phrase(self, _found: Phrase, moment: datetime) -> Any:
        """The value of a phrase."""
        return moment.date()

    def understanding(self) -> str:
        """The day in full while words or a short form stand in the line, else ''."""
        text = self.line.text().strip()
        if not text or text == self._shown:
            return ""
        try:
            value = self.value()
        except InvalidInput:
            return ""
        return "" if value is None or self._for_typing(value) == text else self._in_full(value)

    def _in_full(self, value: Any) -> str:
        weekday = QLocale().standaloneDayName(value.isoweekday(), QLocale.FormatType.LongFormat)
        return (
            f"{weekday.capitalize()}, {format_date(value, self.context().language, style='long')}"
        )

    def _typed(self, text: str) -> None:
        super()._typed(text)
        self.understood.emit(self.understanding())

    def set_value(self, value: Any) -> None:
        super().set_value(value)
        self.understood.emit("")

    # --- the calendar -----------------------------------------------------------------------------

    def _day(self) -> date | None:
        """The day that stands in the line, if it can be read."""
        try:
            value = self.value()
        except InvalidInput:
            return None
        return value if isinstance(value, date) else None

    def _with_day(self, day: date) -> Any:
        """The value once the day was chosen."""
        return day

    def open_calendar(self) -> None:
        """Shows the month of the day, of today if there is none."""
        today = self.context().now.date()
        panel = MonthPanel(
            today, name=_("Calendar"), before=_("Previous month"), after=_("Next month")
        )
        panel.grid.set_day(self._day() or today)
        popover = Popover(panel, name=_("Calendar"), parent=self)
        panel.grid.picked.connect(self._chosen)
        panel.grid.picked.connect(popover.close)
        popover.open_below(self.line)

    def _chosen(self, day: date) -> None:
        self.set_value(self.field.check(self._with_day(day)))
        self.changed.emit()
        self.line.setFocus()

    def _step(self, days: int) -> None:
        day = self._day()
        if day is not None:
            self._chosen(day + timedelta(days=days))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self.open_calendar()
                return True
            if key in _DAY_KEYS and watched is self.line:
                self._step(_DAY_KEYS[key])
                return True
        return super().eventFilter(watched, event)


class DateTimeEditor(DateEditor):
    """A moment in the time of the person: `tomorrow 14:30`, `Thu 15:00`, `in an hour`. A day alone
    keeps the time that stood there, or means the hour at which work begins or ends."""

    def _say_tip(self) -> None:
        super()._say_tip()
        self.line.setPlaceholderText(_("today 14:30"))

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.context().now.tzinfo)

    def _for_typing(self, value: Any) -> str:
        if value is None:
            return ""
        local = self._local(value)
        day = format_date(local.date(), self.context().language, style="numeric")
        return f"{day} {local:%H:%M}"

    def _read(self, text: str) -> Any:
        context = self.context()
        try:
            day = (
                None
                if ":" in text
                else parse_date(text, today=context.now.date(), order=context.date_order)
            )
        except ValueError:
            day = None
        return super()._read(text) if day is None else self.field.check(self._at_its_hour(day))

    def _at_its_hour(self, day: date) -> datetime:
        """The former time of day, else the hour at which the work of that day begins or ends."""
        if self._value is not None:
            clock = self._local(self._value).time()
        else:
            late = isinstance(self.field, DateTimeField) and self.field.ends_day
            clock = end_of_work(day, self.context().work) if late else START_OF_WORK
        return datetime.combine(day, clock, self.context().now.tzinfo)

    def _of_phrase(self, found: Phrase, moment: datetime) -> Any:
        return moment if found.timed else self._at_its_hour(moment.date())

    def _in_full(self, value: Any) -> str:
        local = self._local(value)
        return f"{super()._in_full(local.date())}, {local:%H:%M}"

    def _day(self) -> date | None:
        value = super()._day()
        return self._local(value).date() if isinstance(value, datetime) else None

    def _with_day(self, day: date) -> Any:
        now = self.context().now
        try:
            value = self.value()
        except InvalidInput:
            value = None
        clock = self._local(value) if value else now.replace(second=0, microsecond=0)
        return clock.replace(year=day.year, month=day.month, day=day.day)
