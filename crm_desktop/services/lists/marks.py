"""Marks: rows or cells of a list coloured where a condition holds.

The rules are the conditions of a `Query`, but they are judged on the rows that are loaded, from
their values: a mark asks nothing of the base. Conditions that need the base (over children, trees,
selections) are refused when a rule is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.i18n import _
from crm_desktop.models.amounts import Amounts
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import TONES, EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import UserField
from crm_desktop.models.query import Condition, Where, where_from_json, where_to_json
from crm_desktop.models.text.normalise import norm, sort_key
from crm_desktop.services.conditions.values import (
    ConditionContext,
    listed,
    moments,
    not_passed,
    pair,
    period,
    read_span,
    read_value,
)
from crm_desktop.services.lists.children import column_path
from crm_desktop.services.titles import Linked

MOST_MARKS = 20
Judge = Callable[[Sequence[Any]], bool]
_EMPTY = (None, "", ())


@dataclass(frozen=True)
class Mark:
    """One rule. `tone` is one of `TONES`; `path`: the column that is coloured, '' for the row."""

    where: Where
    tone: str
    path: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `marks_from_json` reads it back."""
        return {"where": where_to_json(self.where), "tone": self.tone, "column": self.path}


def marks_from_json(rows: Any) -> tuple[Mark, ...]:
    """The rules that can be read; what a newer or older program kept otherwise is left out."""
    found = []
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, Mapping) or row.get("tone") not in TONES:
            continue
        try:
            where = where_from_json(row.get("where"))
        except UserError:
            continue
        if where is not None:
            found.append(Mark(where, str(row["tone"]), str(row.get("column") or "")))
    return tuple(found[:MOST_MARKS])


class Marker:
    """Judges the rows of one list by its marks."""

    def __init__(
        self,
        catalogue: Catalogue,
        entity: EntityDef,
        marks: Iterable[Mark],
        columns: Sequence[str],
        context: ConditionContext,
    ) -> None:
        """`columns` are shown; rules whose fields are gone or cannot be judged do nothing."""
        self._catalogue, self._entity, self._context = catalogue, entity, context
        self.columns = list(columns)
        """What has to be read for each row: the columns shown, then those of the conditions."""
        self._rules: list[tuple[Judge, str, int | None]] = []
        for mark in marks:
            place = self.columns.index(mark.path) if mark.path in columns else None
            if mark.path and place is None:
                continue
            try:
                self._rules.append((self._judge(mark.where), mark.tone, place))
            except UserError:
                continue

    def tones(self, values: Sequence[Any]) -> tuple[str, dict[int, str]]:
        """The tone of the row ('' for none) and of single cells by place; the first rule wins."""
        whole, cells = "", {}
        for judge, tone, place in self._rules:
            if place is None:
                if not whole and judge(values):
                    whole = tone
            elif place not in cells and judge(values):
                cells[place] = tone
        return whole, cells

    # --- conditions -------------------------------------------------------------------------------

    def _judge(self, where: Where) -> Judge:
        if isinstance(where, Condition):
            return self._leaf(where)
        inner = [self._judge(item) for item in where.items]
        if where.join == "not":
            return lambda values: not inner[0](values)
        if where.join == "or":
            return lambda values: any(judge(values) for judge in inner)
        return lambda values: all(judge(values) for judge in inner)

    def _leaf(self, where: Condition) -> Judge:
        f = column_path(self._catalogue, self._entity, where.path).field
        test = value_test(f, where, self._context)
        if where.path not in self.columns:
            self.columns.append(where.path)
        place = self.columns.index(where.path)
        return lambda values: test(values[place])


def check_mark(
    catalogue: Catalogue, entity: EntityDef, where: Where, context: ConditionContext
) -> None:
    """UserError says why a condition cannot colour rows."""
    Marker(catalogue, entity, (), (), context)._judge(where)


Test = Callable[[Any], bool]


def value_test(f: Field, where: Condition, context: ConditionContext) -> Test:
    """Whether a value, as a list holds it, fulfils a condition; InvalidInput if that cannot be
    said without the base."""
    op = where.op
    if op == "empty":
        return lambda value: value in _EMPTY or value is False
    if op == "filled":
        return lambda value: not (value in _EMPTY or value is False)
    kinds: dict[str, Callable[[Field, Condition, ConditionContext], Test]] = {
        "text": _text, "long": _text, "choice": _choice, "link": _link, "multi": _several,
        "bool": _flag, "datetime": _moment, "date": _figure, "integer": _figure,
        "decimal": _figure,
    }  # fmt: skip
    make = kinds.get(f.storage)
    if make is None:
        raise _refused(f, op)
    test = make(f, where, context)
    return lambda value: any(map(test, value)) if isinstance(value, Amounts) else test(value)


def _refused(f: Field, op: str) -> InvalidInput:
    return InvalidInput(
        _("A mark cannot use the condition “{name}” on “{field}”").format(
            name=op, field=_(f.label)
        ),
        field=f.key,
    )


def _turned(test: Test, op: str) -> Test:
    """The opposite for "is not" and "is none of", which hold for empty values too."""
    return (lambda value: not test(value)) if op in ("ne", "not_in") else test


def _text(f: Field, where: Condition, _context: ConditionContext) -> Test:
    if where.op == "contains":
        part = norm(str(where.value))
        return lambda value: value is not None and part in norm(str(value))
    if where.op == "starts":
        start = norm(str(where.value))
        return lambda value: value is not None and norm(str(value)).startswith(start)
    if where.op not in ("eq", "ne", "in", "not_in"):
        raise _refused(f, where.op)
    wanted = {sort_key(str(one)) for one in listed(f, where.value)}
    return _turned(lambda value: value is not None and sort_key(str(value)) in wanted, where.op)


def _choice(f: Field, where: Condition, context: ConditionContext) -> Test:
    if where.op not in ("eq", "ne", "in", "not_in"):
        raise _refused(f, where.op)
    wanted = {read_value(f, one, context) for one in listed(f, where.value)}
    return _turned(lambda value: value in wanted, where.op)


def _several(f: Field, where: Condition, context: ConditionContext) -> Test:
    if where.op not in ("eq", "ne", "in", "not_in"):
        raise _refused(f, where.op)
    wanted = {key for one in listed(f, where.value) for key in read_value(f, one, context)}
    return _turned(lambda value: bool(wanted & set(value or ())), where.op)


def _link(f: Field, where: Condition, context: ConditionContext) -> Test:
    if where.op == "me":
        return lambda value: _id(value) is not None and _id(value) == context.user_id
    if where.op not in ("eq", "ne", "in", "not_in"):
        raise _refused(f, where.op)
    ids: set[int | None] = set()
    names: set[str] = set()
    for one in listed(f, where.value):
        if one == "me" and isinstance(f, UserField):
            ids.add(context.user_id)
        elif isinstance(one, str) and not one.strip().isdigit():
            names.add(sort_key(one))
        else:
            ids.add(int(one))
    ids.discard(None)

    def test(value: Any) -> bool:
        if value is None:
            return False
        return _id(value) in ids or (isinstance(value, Linked) and sort_key(value.text) in names)

    return _turned(test, where.op)


def _id(value: Any) -> int | None:
    return value.ref.id if isinstance(value, Linked) else value


def _flag(f: Field, where: Condition, context: ConditionContext) -> Test:
    if where.op not in ("eq", "ne"):
        raise _refused(f, where.op)
    wanted = bool(read_value(f, where.value, context)) is (where.op == "eq")
    return lambda value: bool(value) is wanted


def _figure(f: Field, where: Condition, context: ConditionContext) -> Test:
    op = where.op
    if op == "period":
        first, last = period(f, where.value, context)
        return lambda value: value is not None and first <= value <= last
    if op == "between":
        low, high = (
            None if end is None else read_value(f, end, context) for end in pair(f, where.value)
        )
        return lambda value: (
            value is not None
            and ((low is None or value >= low) and (high is None or value <= high))
        )
    if op in ("eq", "ne", "in", "not_in"):
        wanted = {read_value(f, one, context) for one in listed(f, where.value)}
        return _turned(lambda value: value in wanted, op)
    return _compared(f, op, read_value(f, where.value, context))


def _compared(f: Field, op: str, edge: Any) -> Test:
    tests: dict[str, Test] = {
        "lt": lambda value: value is not None and value < edge,
        "le": lambda value: value is not None and value <= edge,
        "gt": lambda value: value is not None and value > edge,
        "ge": lambda value: value is not None and value >= edge,
    }
    if op not in tests:
        raise _refused(f, op)
    return tests[op]


def _moment(f: Field, where: Condition, context: ConditionContext) -> Test:
    op = where.op
    if op == "period":
        meant = moments(f, where.value, context)
        spared = not_passed(f, where.value, context)
        return lambda value: (
            value is not None and meant.start <= value < meant.end and value not in spared
        )
    if op == "between":
        spans = [None if e is None else read_span(f, e, context) for e in pair(f, where.value)]
        low, high = spans
        return lambda value: (
            value is not None
            and ((low is None or value >= low.start) and (high is None or value < high.end))
        )
    span = read_span(f, where.value, context)
    if op in ("eq", "ne"):
        return _turned(lambda value: value is not None and span.start <= value < span.end, op)
    edge = span.end if op in ("gt", "le") else span.start
    return _compared(f, "ge" if op in ("gt", "ge") else "lt", edge)
