"""Conditions on days of the year: which dates come round within so many days from today.

A date with a twin (`DateField.yearly`) and a `YearlyField` are found by their index; any other
date by its month and day. Where 29 February is in plain years says the office (`leap_days`).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.schema import day_column, is_yearly
from crm_desktop.models.text.annual import YEARS, stretches
from crm_desktop.services.conditions.values import ConditionContext
from crm_desktop.services.paths import Scope

MOST_DAYS = 366


def days_coming(
    scope: Scope, f: Field, value: Any, context: ConditionContext
) -> sa.ColumnElement[bool]:
    """The day of the field comes round today or in the next `value` days."""
    wanted = stretches(context.clock.today(), days_ahead(f, value), context.leap())
    column, unit = _month_and_day(scope, f)
    return sa.or_(*(column.between(first * unit, last * unit + unit - 1) for first, last in wanted))


def _month_and_day(scope: Scope, f: Field) -> tuple[sa.ColumnElement[Any], int]:
    """What orders the days of a year, and how much one day is in it."""
    if f.storage == "yearly":
        return scope.column(f), YEARS
    if is_yearly(f):
        return scope.named(f, day_column(f)), 1
    column = scope.column(f)
    return sa.extract("month", column) * 100 + sa.extract("day", column), 1


def days_ahead(f: Field, value: Any) -> int:
    """How many days a condition looks ahead; InvalidInput if that is no sensible number."""
    try:
        days = int(str(value))
    except ValueError:
        days = -1
    if not 0 <= days <= MOST_DAYS:
        raise InvalidInput(
            _("The condition on “{field}” needs a number of days from 0 to {most}").format(
                field=_(f.label), most=MOST_DAYS
            ),
            field=f.key,
        )
    return days
