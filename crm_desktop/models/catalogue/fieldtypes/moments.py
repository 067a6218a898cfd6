"""Days, moments and lengths of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Field, ParseContext
from crm_desktop.models.catalogue.fieldtypes.common import COMPARE, SUMS, refuse
from crm_desktop.models.text import annual, dates
from crm_desktop.models.text.due import end_of_work


@dataclass(frozen=True)
class DateField(Field):
    """A calendar day. `yearly`: its anniversaries are found at once in any size of base, by a twin
    that holds month and day."""

    yearly: bool = False

    type_name: ClassVar[str] = "date"
    storage: ClassVar[str] = "date"
    operators: ClassVar[tuple[str, ...]] = (*COMPARE, "period", "comes")
    aggregates: ClassVar[tuple[str, ...]] = ("count", "min", "max")
    kind: ClassVar[str] = "date"

    def parse(self, text: str, context: ParseContext) -> date | None:
        if not text.strip():
            return None
        try:
            found = dates.parse_date(text, today=context.now.date(), order=context.date_order)
        except ValueError:
            raise refuse(self, _("{field}: “{value}” is not a date"), text) from None
        return self.check(found)

    def check(self, value: Any) -> date | None:
        if value is None:
            return None
        day = value.date() if isinstance(value, datetime) else value
        if not isinstance(day, date) or not 1000 <= day.year <= 9999:
            raise refuse(self, _("{field}: “{value}” is not a date"), value)
        return day

    def format(self, value: Any, language: str) -> str:
        return "" if value is None else dates.format_date(value, language)

    def plain(self, value: Any) -> Any:
        return None if value is None else value.isoformat()

    def unplain(self, value: Any) -> Any:
        return None if value is None else date.fromisoformat(value)


@dataclass(frozen=True)
class YearlyField(Field):
    """A day that comes round every year; its first year may be known. A number: `text.annual`."""

    type_name: ClassVar[str] = "yearly"
    storage: ClassVar[str] = "yearly"
    operators: ClassVar[tuple[str, ...]] = ("comes", "eq", "ne", "empty", "filled")
    kind: ClassVar[str] = "date"

    def parse(self, text: str, context: ParseContext) -> int | None:
        if not text.strip():
            return None
        try:
            return annual.parse_yearly(text, today=context.now.date(), order=context.date_order)
        except ValueError:
            raise refuse(self, _("{field}: “{value}” is not a day of the year"), text) from None

    def check(self, value: Any) -> int | None:
        if isinstance(value, date):
            return annual.yearly(value.month, value.day, value.year)
        try:
            return None if value is None else annual.yearly(*annual.parts(int(value)))
        except (TypeError, ValueError):
            raise refuse(self, _("{field}: “{value}” is not a day of the year"), value) from None

    def format(self, value: Any, language: str) -> str:
        return "" if value is None else annual.format_yearly(value, language)

    def plain(self, value: Any) -> Any:
        if value is None:
            return None
        month, day, year = annual.parts(value)
        return f"{year:04d}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}"

    def unplain(self, value: Any) -> Any:
        if value is None:
            return None
        year, month, day = str(value).rsplit("-", 2)
        return annual.yearly(int(month), int(day), int(year.strip("-") or 0))


@dataclass(frozen=True)
class DateTimeField(Field):
    """A moment: aware, UTC in the base, to the millisecond; the user's zone on screen. `ends_day`:
    whoever types a day alone means the end of its work, not the beginning. `whole_day`: a midnight
    of the office means the day that begins then, and has not passed before that day is over."""

    ends_day: bool = False
    whole_day: bool = False

    type_name: ClassVar[str] = "datetime"
    storage: ClassVar[str] = "datetime"
    operators: ClassVar[tuple[str, ...]] = (*COMPARE, "period")
    aggregates: ClassVar[tuple[str, ...]] = ("count", "min", "max")
    kind: ClassVar[str] = "date"

    def parse(self, text: str, context: ParseContext) -> datetime | None:
        if not text.strip():
            return None
        try:
            found = self._day_end(text, context) if self.ends_day else None
            found = found or dates.parse_datetime(
                text, now=context.now, order=context.date_order, zone=context.now.tzinfo
            )
        except ValueError:
            raise refuse(self, _("{field}: “{value}” is not a date and time"), text) from None
        return self.check(found)

    @staticmethod
    def _day_end(text: str, context: ParseContext) -> datetime | None:
        """A day without an hour: the end of its work."""
        try:
            day = dates.parse_date(text, today=context.now.date(), order=context.date_order)
        except ValueError:
            return None
        return datetime.combine(day, end_of_work(day, context.work), context.now.tzinfo)

    def check(self, value: Any) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day, tzinfo=UTC)
        if not isinstance(value, datetime) or not 1000 <= value.year <= 9998:
            raise refuse(self, _("{field}: “{value}” is not a date and time"), value)
        if value.tzinfo is None:
            value = value.replace(tzinfo=UTC)
        moment: datetime = value.astimezone(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def format(self, value: Any, language: str) -> str:
        return "" if value is None else dates.format_datetime(value.astimezone(), language)

    def plain(self, value: Any) -> Any:
        return None if value is None else value.isoformat(timespec="milliseconds")

    def unplain(self, value: Any) -> Any:
        return None if value is None else datetime.fromisoformat(value)


@dataclass(frozen=True)
class DurationField(Field):
    """A length of time in whole seconds."""

    type_name: ClassVar[str] = "duration"
    storage: ClassVar[str] = "integer"
    operators: ClassVar[tuple[str, ...]] = COMPARE
    aggregates: ClassVar[tuple[str, ...]] = SUMS
    kind: ClassVar[str] = "number"

    def parse(self, text: str, context: ParseContext) -> int | None:
        if not text.strip():
            return None
        try:
            return self.check(dates.parse_duration(text))
        except ValueError:
            raise refuse(self, _("{field}: “{value}” is not a length of time"), text) from None

    def check(self, value: Any) -> int | None:
        if isinstance(value, timedelta):
            value = value.total_seconds()
        if value is None:
            return None
        if not isinstance(value, (int, float)) or not abs(value) < 2**40:
            raise refuse(self, _("{field}: “{value}” is not a length of time"), value)
        return int(value)

    def format(self, value: Any, language: str) -> str:
        return "" if value is None else dates.format_duration(value, language)
