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
    LongTextField,
    RecordField,
    TagsField,
    TextField,
)
from crm_desktop.models.catalogue.fieldtypes.tags import split_tags
from crm_desktop.models.query import OPERATORS, Condition, Where
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.automation.values import find, find_path, zone
from crm_desktop.services.batch import Batch, Staged, is_empty

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


_ME = "me"
ABLE = (*_TESTS, _ME)
"""The comparisons that a rule can make."""


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
    if found is None or test is None:
        return False
    try:
        value = _comparable(batch, found.field, found.value)
        return test(value, _comparable(batch, found.field, condition.value))
    except (TypeError, ValueError, ArithmeticError):  # what cannot be compared holds for nothing
        return False


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
    find_path(catalogue, entity, where.path)
    if where.op not in ABLE:
        raise InvalidInput(
            _("A rule cannot compare by “{name}”. It can: {known}").format(
                name=_(OPERATORS.get(where.op, where.op)),
                known=", ".join(_(OPERATORS[op]) for op in ABLE),
            )
        )
