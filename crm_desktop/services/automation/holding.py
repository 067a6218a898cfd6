"""Whether the condition of a rule holds for a record as it will stand: looked at in memory, since
the save that makes it true is not written yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    DateField,
    DateTimeField,
    LinkField,
    LongTextField,
    RecordField,
    TagsField,
    TextField,
    YearlyField,
)
from crm_desktop.models.catalogue.fieldtypes.tags import split_tags
from crm_desktop.models.query import OPERATORS, Condition, Where
from crm_desktop.models.text.annual import next_round, parts
from crm_desktop.models.text.normalise import norm
from crm_desktop.models.whole_days import overdue_after
from crm_desktop.services.automation.values import Found, find, find_path, zone
from crm_desktop.services.conditions.values import PASSED, period_on
from crm_desktop.services.conditions.yearly import days_ahead
from crm_desktop.services.office.leap_days import leap_day_in
from crm_desktop.services.writing.batch import Batch, Staged, is_empty

_Test = Callable[[Any, Any], bool]


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _within(value: Any, ends: Any) -> bool:
    first, last = ends
    return (
        value is not None and (first is None or first <= value) and (last is None or value <= last)
    )


_TESTS: dict[str, _Test] = {
    "eq": lambda value, wanted: value == wanted,
    "ne": lambda value, wanted: value != wanted,
    "in": lambda value, wanted: bool(_parts(value) & _parts(wanted)),
    "not_in": lambda value, wanted: not _parts(value) & _parts(wanted),
    "all": lambda value, wanted: _parts(wanted) <= _parts(value),
    "contains": lambda value, wanted: str(wanted or "") in str(value or ""),
    "starts": lambda value, wanted: str(value or "").startswith(str(wanted or "")),
    "lt": lambda value, wanted: value is not None and value < wanted,
    "le": lambda value, wanted: value is not None and value <= wanted,
    "gt": lambda value, wanted: value is not None and value > wanted,
    "ge": lambda value, wanted: value is not None and value >= wanted,
    "between": _within,
    "empty": lambda value, _wanted: is_empty(value),
    "filled": lambda value, _wanted: not is_empty(value),
}
"""By operator, of values as `_comparable` makes them of a record's and of the condition's."""


def _parts(value: Any) -> frozenset[Any]:
    return frozenset(one for one in _listed(value) if one is not None)


_ME, _PERIOD, _COMES = "me", "period", "comes"
ABLE = (*_TESTS, _ME, _PERIOD, _COMES)
"""The comparisons that a rule can make."""
_SOME_DAY = date(2000, 1, 1)


def holds(batch: Batch, staged: Staged, where: Where | None) -> bool:
    """Whether the record meets the condition."""
    if where is None:
        return True
    if isinstance(where, Condition):
        return _is_met(batch, staged, where)
    answers = (holds(batch, staged, item) for item in where.items)
    if where.join == "not":
        return not next(answers)
    return any(answers) if where.join == "or" else all(answers)


def _is_met(batch: Batch, staged: Staged, condition: Condition) -> bool:
    found, test = find(batch, staged, condition.path), _TESTS.get(condition.op)
    if condition.op == _ME:
        return found is not None and batch.author is not None and found.value == batch.author
    if found is not None and condition.op == _PERIOD:
        return _in_period(batch, found, condition.value)
    if found is not None and condition.op == _COMES:
        return _comes_round(batch, found, condition.value)
    if found is None or test is None:
        return False
    try:
        value = _comparable(batch, found.field, found.value)
        return test(value, _comparable(batch, found.field, condition.value))
    except (TypeError, ValueError, ArithmeticError):  # what cannot be compared holds for nothing
        return False


def _in_period(batch: Batch, found: Found, name: Any) -> bool:
    """By the days of the company; moments that have passed end now."""
    value, f = _comparable(batch, found.field, found.value), found.field
    if value is None:
        return False
    if isinstance(value, datetime) and name == PASSED:
        whole = isinstance(f, DateTimeField) and f.whole_day
        return (overdue_after(value, zone(batch), zone(batch)) if whole else value) < batch.now
    first, last = period_on(f, name, batch.now.astimezone(zone(batch)).date())
    day = value.astimezone(zone(batch)).date() if isinstance(value, datetime) else value
    return bool(first <= day <= last)


def _comes_round(batch: Batch, found: Found, days: Any) -> bool:
    """Whether the day of the year comes round today or in so many days."""
    if found.value is None:
        return False
    value, f = found.value, found.field
    if isinstance(f, YearlyField):
        month, day, _year = parts(value)
    else:
        whole = _comparable(batch, f, value)
        whole = whole.astimezone(zone(batch)) if isinstance(whole, datetime) else whole
        month, day = whole.month, whole.day
    today = batch.now.astimezone(zone(batch)).date()
    leap = leap_day_in(batch.connection, batch.reader.tables)
    return (next_round(month, day, today, leap) - today).days <= days_ahead(f, days)


def _comparable(batch: Batch, f: Field, value: Any) -> Any:
    """A value of the field, or JSON that means one: texts in their normal form, figures as numbers,
    dates as such; several are made so one by one."""
    if isinstance(f, TagsField) and value is not None:
        return tuple(norm(one) for one in split_tags(value))
    if isinstance(value, list | tuple):
        return tuple(_comparable(batch, f, one) for one in value)
    if value is None or value == "":
        return None
    if isinstance(f, BoolField):
        return value in (True, "true", "1")
    if isinstance(f, DateTimeField | DateField):
        return _moment(batch, f, value)
    if isinstance(f, TextField | LongTextField | ChoiceField):
        return norm(str(value))
    if isinstance(f, RecordField):
        return f.plain(value)
    return Decimal(str(value))


def _moment(batch: Batch, f: Field, value: Any) -> Any:
    """A day, or a moment; a day alone is its midnight at the company."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value or " " in value else (
            date.fromisoformat(value))  # fmt: skip
    if isinstance(f, DateField):
        return value.astimezone(zone(batch)).date() if isinstance(value, datetime) else value
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return value if value.tzinfo else value.replace(tzinfo=zone(batch))


def check_where(catalogue: Catalogue, entity: EntityDef, where: Where | None) -> None:
    """`InvalidInput` for a field that is not there and a comparison a rule cannot make."""
    if where is None:
        return
    if not isinstance(where, Condition):
        for item in where.items:
            check_where(catalogue, entity, item)
        return
    f = _field_at(catalogue, entity, find_path(catalogue, entity, where.path))
    if where.op == _PERIOD and where.op in f.operators:
        period_on(f, where.value, _SOME_DAY)
    elif where.op == _COMES and where.op in f.operators:
        days_ahead(f, where.value)
    elif where.op not in ABLE or where.op in (_PERIOD, _COMES):
        raise InvalidInput(
            _("A rule cannot compare by “{name}”. It can: {known}").format(
                name=_(OPERATORS.get(where.op, where.op)),
                known=", ".join(_(OPERATORS[op]) for op in ABLE),
            )
        )


def _field_at(catalogue: Catalogue, entity: EntityDef, path: str) -> Field:
    """The field at the end of a path that `find_path` has given."""
    *links, last = path.split(".")
    for key in links:
        link = entity.field(key)
        assert isinstance(link, LinkField)
        entity = catalogue[link.target]
    return entity.field(last)
