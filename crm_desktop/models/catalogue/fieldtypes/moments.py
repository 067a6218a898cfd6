"""Days, moments and lengths of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Field, ParseContext
from crm_desktop.models.catalogue.fieldtypes.common import COMPARE, SUMS, refuse
from crm_desktop.models.text import dates


@dataclass(frozen=True)
class DateField(Field):
    """A calendar day."""

    type_name: ClassVar[str] = "date"
    storage: ClassVar[str] = "date"
    operators: ClassVar[tuple[str, ...]] = (*COMPARE, "period")
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
class DateTimeField(Field):
    """A moment: aware, UTC in the base, to the millisecond; the user's zone on screen."""

    type_name: ClassVar[str] = "datetime"
    storage: ClassVar[str] = "datetime"
    operators: ClassVar[tuple[str, ...]] = (*COMPARE, "period")
    aggregates: ClassVar[tuple[str, ...]] = ("count", "min", "max")
    kind: ClassVar[str] = "date"

    def parse(self, text: str, context: ParseContext) -> datetime | None:
        if not text.strip():
            return None
        try:
            found = dates.parse_datetime(
                text, now=context.now, order=context.date_order, zone=context.now.tzinfo
            )
        except ValueError:
            raise refuse(self, _("{field}: “{value}” is not a date and time"), text) from None
        return self.check(found)

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
