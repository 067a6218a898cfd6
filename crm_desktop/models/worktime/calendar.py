"""A working calendar laid out for one person or company: what the hours of any day are.

Order of what counts: an own special day, a holiday or a worked day of the weekend of the country,
the hours of the weekday.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo

from crm_desktop.models.worktime.holidays import SHORTER_BY, holidays_of, is_short_eve
from crm_desktop.models.worktime.hours import Hours, shortened

OFF, SHORT, WORKING = "off", "short", "working"
WEEKDAY, HOLIDAY, SPECIAL = "weekday", "holiday", "special"


@dataclass(frozen=True)
class SpecialDay:
    """A day that is not as its weekday: other hours (() is a day off) and perhaps a name."""

    hours: Hours
    name: str = ""


@dataclass(frozen=True)
class DayPlan:
    """The hours of one day, its name if it has one, and where they come from."""

    hours: Hours
    name: str = ""
    source: str = WEEKDAY


@dataclass(frozen=True)
class WorkCalendar:
    """`week`: hours of Monday to Sunday. `absent`: stretches of leave, aware moments."""

    week: tuple[Hours, ...]
    days: Mapping[date, SpecialDay] = field(default_factory=dict)
    country: str = ""
    language: str = "en"
    zone: tzinfo = UTC
    absent: tuple[tuple[datetime, datetime], ...] = ()

    def plan(self, day: date) -> DayPlan:
        """What holds on a day, absences left aside."""
        special = self.days.get(day)
        if special is not None:
            return DayPlan(special.hours, special.name or self._holiday(day), SPECIAL)
        usual = self.week[day.weekday()]
        year = holidays_of(self.country, day.year, self.language)
        if day in year.names:
            return DayPlan((), year.names[day], HOLIDAY)
        if day in year.worked:
            return DayPlan(usual or self._full_day(), "", HOLIDAY)
        if usual and is_short_eve(self.country, day):
            return DayPlan(shortened(usual, SHORTER_BY), "", HOLIDAY)
        return DayPlan(usual)

    def kind(self, day: date) -> str:
        """`off`, `short` (less than the weekday or a full day has) or `working`."""
        from crm_desktop.models.worktime.hours import minutes_of

        hours = self.plan(day).hours
        if not hours:
            return OFF
        usual = self.week[day.weekday()] or self._full_day()
        return SHORT if minutes_of(hours) < minutes_of(usual) else WORKING

    def ends_at(self, day: date) -> time | None:
        """The time of day at which work ends; of a day off that of a full day. None if the calendar
        has no hours. Work past midnight ends the day a minute before it."""
        hours = self.plan(day).hours or self._full_day() or next(filter(None, self.week), ())
        if not hours:
            return None
        hour, minute = divmod(min(hours[-1][1], 24 * 60 - 1), 60)
        return time(hour, minute)

    def _holiday(self, day: date) -> str:
        return holidays_of(self.country, day.year, self.language).names.get(day, "")

    def _full_day(self) -> Hours:
        """The hours of a worked day of the weekend: those of the week's last working day."""
        return next((hours for hours in reversed(self.week[:5]) if hours), ())
