"""What a condition compares with: plain JSON or typed text as values of the field's type.

Days are read in the zone of the person who asks: "20.11.2026" for a moment means that whole day
there. A period is the days it has now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Field, ParseContext, Ref
from crm_desktop.models.catalogue.fieldtypes import DateField, DateTimeField, RecordField
from crm_desktop.models.query import PERIODS
from crm_desktop.models.text.annual import USUAL_LEAP
from crm_desktop.services.clock import Clock

MOST_VALUES = 2500  # a statement of Firebird 3 takes no more bound numbers
_LAST_LETTER = "\U0010ffff"
_MOMENT = timedelta(milliseconds=1)
_DAY = timedelta(days=1)
_LONG_AGO = date(1000, 1, 1)

ColumnOf = Callable[[Field], sa.ColumnElement[Any]]
"""Gives the column of a field as a statement names it."""


def usual_leap() -> tuple[int, int]:
    """Where 29 February is in plain years, for whoever has no base at hand."""
    return USUAL_LEAP


def key_range(column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
    """The column begins with `text`; for whoever has no back end at hand."""
    return sa.and_(column >= text, column < text + _LAST_LETTER)


@dataclass(frozen=True)
class ConditionContext:
    """Who asks, when and where. `begins` is the back end's `prefix`, `leap` says where 29 February
    is in plain years, `begun` gives the midnights of days that are not over, `hides` gives the
    condition that leaves out what is others' private business: by object, the column of the id,
    and what gives the column of a field."""

    clock: Clock = field(default_factory=Clock)
    user_id: int | None = None
    language: str = "en"
    region: str = "RU"
    begins: Callable[[sa.ColumnElement[str], str], sa.ColumnElement[bool]] = key_range
    leap: Callable[[], tuple[int, int]] = usual_leap
    begun: Callable[[], tuple[datetime, ...]] = tuple
    hides: Callable[[EntityDef, sa.ColumnElement[Any], ColumnOf], Any] | None = None

    def parsing(self) -> ParseContext:
        """How typed values are read."""
        return ParseContext(self.clock.local(), language=self.language, region=self.region)


class Span(NamedTuple):
    """From the first moment to the first one after it, in UTC."""

    start: datetime
    end: datetime


def listed(f: Field, value: Any) -> list[Any]:
    """The values of an "is any of", one or many; InvalidInput for none or too many."""
    if isinstance(f, RecordField) and _is_record(value):
        found = [value]
    else:
        found = list(value) if isinstance(value, list | tuple | set | range) else [value]
    if not found or found == [None]:
        raise InvalidInput(
            _("The condition on “{field}” needs a value").format(field=_(f.label)), field=f.key
        )
    if len(found) > MOST_VALUES:
        raise InvalidInput(
            _("The condition on “{field}” has more than {most} values").format(
                field=_(f.label), most=MOST_VALUES
            ),
            field=f.key,
        )
    return found


def pair(f: Field, value: Any) -> tuple[Any, Any]:
    """The two ends of a "between"; an end that is None or '' is open."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise InvalidInput(
            _("The condition on “{field}” needs two values: from and to").format(field=_(f.label)),
            field=f.key,
        )
    first, last = (None if end == "" else end for end in value)
    return first, last


def read_value(f: Field, value: Any, context: ConditionContext) -> Any:
    """One value of the field's type from JSON or typed text; InvalidInput if it is none."""
    if isinstance(value, str):
        found = _iso_day(value) if isinstance(f, DateField) else None
        found = f.parse(value, context.parsing()) if found is None else found
    else:
        found = f.check(value)
    if found is None:
        raise InvalidInput(
            _("The condition on “{field}” needs a value").format(field=_(f.label)), field=f.key
        )
    return found


def read_span(f: Field, value: Any, context: ConditionContext) -> Span:
    """The moments meant: a day of the person's calendar, or one millisecond."""
    found: Any = value
    if isinstance(value, str):
        found = _iso_day(value) or _iso_moment(value, context) or _typed(f, value, context)
    if isinstance(found, date) and not isinstance(found, datetime):
        return days(found, found, context)
    start = read_value(f, found, context)
    return Span(start, start + _MOMENT)


def days(first: date, last: date, context: ConditionContext) -> Span:
    """Whole days of the person's calendar."""
    return Span(_midnight(first, context), _midnight(last + _DAY, context))


PASSED = "passed"
"""Of days those before today, of moments those before now."""


def period(f: Field, name: Any, context: ConditionContext) -> tuple[date, date]:
    """The first and the last day of a period of `PERIODS`, as of now."""
    return period_on(f, name, context.clock.today())


def period_on(f: Field, name: Any, today: date) -> tuple[date, date]:
    """The first and the last day of a period, as of a day; InvalidInput if there is none such."""
    found = _periods(today).get(str(name))
    if found is None:
        raise InvalidInput(
            _("“{field}”: there is no period “{name}”. Known: {known}").format(
                field=_(f.label), name=name, known=", ".join(PERIODS)
            ),
            field=f.key,
        )
    return found


def moments(f: Field, name: Any, context: ConditionContext) -> Span:
    """The moments of a period; what has passed ends now, all others with a day."""
    found = days(*period(f, name, context), context)
    return Span(found.start, context.clock.now()) if name == PASSED else found


def not_passed(f: Field, name: Any, context: ConditionContext) -> tuple[datetime, ...]:
    """Moments before now that have not passed: midnights of days that a field means as a whole."""
    whole = name == PASSED and isinstance(f, DateTimeField) and f.whole_day
    return context.begun() if whole else ()


def _periods(today: date) -> dict[str, tuple[date, date]]:
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    last_month = (month - _DAY).replace(day=1)
    next_month = (month + timedelta(days=31)).replace(day=1)
    return {
        "today": (today, today),
        "yesterday": (today - _DAY, today - _DAY),
        "this_week": (monday, monday + timedelta(days=6)),
        "last_week": (monday - timedelta(days=7), monday - _DAY),
        "this_month": (month, next_month - _DAY),
        "last_month": (last_month, month - _DAY),
        "this_year": (today.replace(month=1, day=1), today.replace(month=12, day=31)),
        "last_7_days": (today - timedelta(days=6), today),
        "last_30_days": (today - timedelta(days=29), today),
        "last_90_days": (today - timedelta(days=89), today),
        "tomorrow": (today + _DAY, today + _DAY),
        "next_7_days": (today, today + timedelta(days=6)),
        PASSED: (_LONG_AGO, today - _DAY),
        "past": (_LONG_AGO, today - _DAY),
        "over_30_days": (_LONG_AGO, today - timedelta(days=30)),
        "over_90_days": (_LONG_AGO, today - timedelta(days=90)),
    }


def _midnight(day: date, context: ConditionContext) -> datetime:
    return datetime.combine(day, time.min, context.clock.zone()).astimezone(UTC)


def _typed(f: Field, text: str, context: ConditionContext) -> Any:
    """A day if the text is one, else a moment."""
    try:
        return DateField(f.key, f.label).parse(text, context.parsing())
    except InvalidInput:
        return DateTimeField(f.key, f.label).parse(text, context.parsing())


def _iso_day(text: str) -> date | None:
    """`2026-11-20`, whatever the order of dates that people type."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _iso_moment(text: str, context: ConditionContext) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if len(text) > 10 else None
    except ValueError:
        return None
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=context.clock.zone())
    return moment


def _is_record(value: Any) -> bool:
    if isinstance(value, Ref):
        return True
    pair_given = isinstance(value, list | tuple) and len(value) == 2
    return pair_given and isinstance(value[0], str) and isinstance(value[1], int)
