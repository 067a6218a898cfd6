"""Query: what is asked, as a plain serialisable value.

Paths lead over links: `client.name`, `client.responsible.name`. A condition's value is plain
JSON (dates as ISO text, links as ids), so that saved views, segments and process conditions are
the same thing. JSON form, as in `--where` of the command line:

    {"field": "city", "op": "eq", "value": "Омск"}
    {"and": [...]}, {"or": [...]}, {"not": {...}}
    [ ... ]                       a list of conditions is "and"
    {"city": "Омск"}              short for "eq" (texts, numbers) or "in" (links, choices)
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _

OPERATORS = {
    "eq": N_("is"),
    "ne": N_("is not"),
    "contains": N_("contains"),
    "starts": N_("begins with"),
    "in": N_("is any of"),
    "not_in": N_("is none of"),
    "lt": N_("less than"),
    "le": N_("at most"),
    "gt": N_("more than"),
    "ge": N_("at least"),
    "between": N_("between"),
    "period": N_("in the period"),
    "comes": N_("comes round within days"),
    "me": N_("is me"),
    "empty": N_("is empty"),
    "filled": N_("is filled"),
    "all": N_("is all of"),
    "under": N_("is any of, or below"),
    "exactly": N_("is exactly one of"),
    "any": N_("has one where"),
    "none": N_("has none where"),
    "in_segment": N_("is in the segment"),
    "not_in_segment": N_("is not in the segment"),
}
NESTED = ("any", "none")
"""Comparisons whose value is a condition on the records that a path leads to."""
WITHOUT_VALUE = ("empty", "filled", "me")
PERIODS = {
    "today": N_("today"),
    "yesterday": N_("yesterday"),
    "this_week": N_("this week"),
    "last_week": N_("last week"),
    "this_month": N_("this month"),
    "last_month": N_("last month"),
    "this_year": N_("this year"),
    "last_7_days": N_("last 7 days"),
    "last_30_days": N_("last 30 days"),
    "last_90_days": N_("last 90 days"),
    "tomorrow": N_("tomorrow"),
    "next_7_days": N_("next 7 days"),
    "passed": N_("before now"),
    "past": N_("before today"),
    "over_30_days": N_("more than 30 days ago"),
    "over_90_days": N_("more than 90 days ago"),
}
DEEPEST = 8


@dataclass(frozen=True)
class Condition:
    """One comparison: the value at `path`, `op`, and what it is compared with."""

    path: str
    op: str
    value: Any = None


@dataclass(frozen=True)
class Group:
    """Several conditions joined by `and` or `or`; `not` has exactly one item."""

    join: str
    items: tuple[Condition | Group, ...]


Where = Condition | Group


@dataclass(frozen=True)
class Sort:
    """One key of the order."""

    path: str
    descending: bool = False


@dataclass(frozen=True)
class Query:
    """Which records of `entity`, which columns of them, in which order.

    `groups`: one or two paths by which a list or a workbook gathers the rows; a day may be cut, as
    in `due:month`. `text` narrows to records whose searchable fields hold every typed word.
    """

    entity: str
    columns: tuple[str, ...] = ()
    where: Where | None = None
    sort: tuple[Sort, ...] = ()
    text: str = ""
    groups: tuple[str, ...] = ()

    def replace(self, **changes: Any) -> Query:
        """The same query with some parts changed."""
        return dataclasses.replace(self, **changes)

    def narrowed(self, *more: Where | None) -> Query:
        """The same query with further conditions."""
        return self.replace(where=both(self.where, *more))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `from_json` reads it back to an equal query."""
        row = {
            "entity": self.entity,
            "columns": list(self.columns),
            "where": where_to_json(self.where),
            "sort": [("-" if s.descending else "") + s.path for s in self.sort],
            "text": self.text,
        }
        return row | ({"groups": list(self.groups)} if self.groups else {})

    @staticmethod
    def from_json(row: Mapping[str, Any]) -> Query:
        """The query of its JSON form; `InvalidInput` for anything else."""
        try:
            return Query(
                entity=str(row["entity"]),
                columns=tuple(str(c) for c in row.get("columns", ())),
                where=where_from_json(row.get("where")),
                sort=sort_from_text(row.get("sort", ())),
                text=str(row.get("text", "")),
                groups=tuple(str(g) for g in row.get("groups", ())),
            )
        except (AttributeError, KeyError, TypeError):
            raise InvalidInput(_("This is not the description of a list")) from None


def both(*parts: Where | None) -> Where | None:
    """The conditions joined by `and`; None for none."""
    given: list[Where] = []
    for part in parts:
        if isinstance(part, Group) and part.join == "and":
            given.extend(part.items)
        elif part is not None:
            given.append(part)
    if not given:
        return None
    return given[0] if len(given) == 1 else Group("and", tuple(given))


def columns_from_text(text: str) -> tuple[str, ...]:
    """`name, city` as columns; commas inside brackets belong to a column, as in
    `count(activity.about, {"kind": "call"})`."""
    parts, depth = [""], 0
    for sign in text:
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += sign
    return tuple(part.strip() for part in parts if part.strip())


def sort_from_text(keys: Any) -> tuple[Sort, ...]:
    """`"name,-created_at"` or a list of such keys."""
    parts = columns_from_text(keys) if isinstance(keys, str) else list(keys or ())
    return tuple(
        Sort(str(key).strip().lstrip("-"), str(key).strip().startswith("-"))
        for key in parts
        if str(key).strip()
    )


def where_to_json(where: Where | None) -> Any:
    """The JSON form of a condition."""
    if where is None:
        return None
    if isinstance(where, Condition):
        row: dict[str, Any] = {"field": where.path, "op": where.op}
        if where.op not in WITHOUT_VALUE:
            row["value"] = _value_to_json(where.value)
        return row
    items = [where_to_json(item) for item in where.items]
    return {where.join: items[0] if where.join == "not" else items}


def _value_to_json(value: Any) -> Any:
    if isinstance(value, Condition | Group):
        return where_to_json(value)
    return list(value) if isinstance(value, tuple) else value


def where_from_json(row: Any, depth: int = 0) -> Where | None:
    """The condition of its JSON form; `InvalidInput` with a sentence if it is none."""
    if row is None or row == {} or row == []:
        return None
    if depth > DEEPEST:
        raise InvalidInput(_("The condition is nested too deeply"))
    if isinstance(row, list):
        return both(*(where_from_json(item, depth + 1) for item in row))
    if not isinstance(row, Mapping):
        raise InvalidInput(_("A condition is a JSON object or a list of them"))
    if "field" in row:
        _allow(row, ("field", "op", "value"))
        return _condition(row, depth)
    for join in ("and", "or"):
        if join in row:
            _allow(row, (join,))
            return _group(join, row[join], depth)
    if "not" in row:
        _allow(row, ("not",))
        inner = where_from_json(row["not"], depth + 1)
        return None if inner is None else Group("not", (inner,))
    return both(*(Condition(str(k), *_short(v)) for k, v in row.items()))


def _allow(row: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """What would be passed over in silence could widen a condition unnoticed."""
    unknown = sorted(str(key) for key in row if key not in known)
    if unknown:
        raise InvalidInput(
            _("“{names}” cannot stand beside “{known}” in a condition").format(
                names=", ".join(unknown), known=known[0]
            )
        )


def _group(join: str, rows: Any, depth: int) -> Where | None:
    if not isinstance(rows, list):
        raise InvalidInput(_("“{join}” needs a list of conditions").format(join=join))
    found = [where_from_json(item, depth + 1) for item in rows]
    items = tuple(item for item in found if item is not None)
    return Group(join, items) if items else None


def _condition(row: Mapping[str, Any], depth: int) -> Condition:
    op = str(row.get("op", "eq"))
    if op not in OPERATORS:
        raise InvalidInput(
            _("There is no comparison “{name}”. Known: {known}").format(
                name=op, known=", ".join(OPERATORS)
            )
        )
    value = row.get("value")
    if op in NESTED and _are_plain(value):  # "any of these": what "in" says
        op = "in" if op == "any" else "not_in"
    if op in NESTED:
        return Condition(str(row["field"]), op, where_from_json(value, depth + 1))
    return Condition(str(row["field"]), op, tuple(value) if isinstance(value, list) else value)


def _are_plain(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and not any(isinstance(one, Mapping | list) for one in value)
    )


def _short(value: Any) -> tuple[str, Any]:
    if value is None:
        return "empty", None
    if isinstance(value, list):
        return "in", tuple(value)
    return "eq", value
