"""Whether the condition of a rule holds for a record as it will stand: looked at in memory, since
the save that makes it true is not written yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.query import Condition, Where
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.automation.values import find, find_path
from crm_desktop.services.batch import Batch, Staged, is_empty

_Test = Callable[[Any, Any], bool]


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


_TESTS: dict[str, _Test] = {
    "eq": lambda value, wanted: value == wanted,
    "ne": lambda value, wanted: value != wanted,
    "in": lambda value, wanted: value in _listed(wanted),
    "not_in": lambda value, wanted: value not in _listed(wanted),
    "contains": lambda value, wanted: norm(str(wanted)) in norm(str(value or "")),
    "starts": lambda value, wanted: norm(str(value or "")).startswith(norm(str(wanted))),
    "lt": lambda value, wanted: value is not None and value < wanted,
    "le": lambda value, wanted: value is not None and value <= wanted,
    "gt": lambda value, wanted: value is not None and value > wanted,
    "ge": lambda value, wanted: value is not None and value >= wanted,
    "empty": lambda value, _wanted: is_empty(value),
    "filled": lambda value, _wanted: not is_empty(value),
}
"""By operator, of plain values as JSON holds them; sums are compared as numbers."""


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
    if found is None or test is None:
        return False
    value, wanted = found.field.plain(found.value), condition.value
    try:
        if condition.op in ("lt", "le", "gt", "ge", "eq", "ne"):
            value, wanted = _number(value), _number(wanted)
        return test(value, wanted)
    except TypeError:
        return False


def _number(value: Any) -> Any:
    try:
        return float(value) if value is not None and not isinstance(value, bool) else value
    except (TypeError, ValueError):
        return value


def check_where(catalogue: Catalogue, entity: EntityDef, where: Where | None) -> None:
    """`InvalidInput` for a field that is not there and a comparison a rule cannot make."""
    if where is None:
        return
    if not isinstance(where, Condition):
        for item in where.items:
            check_where(catalogue, entity, item)
        return
    find_path(catalogue, entity, where.path)
    if where.op not in _TESTS:
        raise InvalidInput(
            _("A rule cannot compare by “{name}”. It can: {known}").format(
                name=where.op, known=", ".join(_TESTS)
            )
        )
