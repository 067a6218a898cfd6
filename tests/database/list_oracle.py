"""What a query must give, worked out in plain Python over all records: the judge of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cmp_to_key
from typing import Any

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.query import Condition, Group, Query, Sort, Where
from crm_desktop.models.text.normalise import norm, sort_key
from crm_desktop.services.paths import any_field

Values = Mapping[str, Any]


@dataclass
class Judge:
    """All records of a base by object and id, with `id` among their values."""

    catalogue: Catalogue
    records: dict[str, dict[int, Values]] = field(default_factory=dict)

    def answer(self, query: Query) -> list[int]:
        """The ids that the query must give, in order."""
        entity = self.catalogue[query.entity]
        found = [
            row
            for row in self.records[entity.key].values()
            if query.where is None or self._holds(entity, row, query.where)
        ]
        return [row["id"] for row in self._sorted(entity, found, query.sort)]

    # --- conditions -------------------------------------------------------------------------------

    def _holds(self, entity: EntityDef, row: Values, where: Where) -> bool:
        if isinstance(where, Group):
            parts = [self._holds(entity, row, item) for item in where.items]
            if where.join == "not":
                return not parts[0]
            return any(parts) if where.join == "or" else all(parts)
        f, value = self._follow(entity, row, where.path)
        return compare(f, value, where)

    def _follow(self, entity: EntityDef, row: Values | None, path: str) -> tuple[Field, Any]:
        first, _dot, rest = path.partition(".")
        f = any_field(self.catalogue, entity, first)
        value = None if row is None else row.get(first)
        if not rest:
            return f, value
        target = self.catalogue[f.target]  # type: ignore[attr-defined]
        return self._follow(target, self.records[target.key].get(value), rest)

    # --- order ------------------------------------------------------------------------------------

    def _sorted(self, entity: EntityDef, rows: list[Values], sort: Sequence[Sort]) -> list[Values]:
        keys = list(sort) or [Sort(entity.title_field)]
        grouping = any_field(self.catalogue, entity, keys[-1].path.partition(".")[0])
        grouped = "." not in keys[-1].path and grouping.storage in ("link", "choice")
        if grouped and len(keys) == 1:
            keys.append(Sort(entity.title_field))
            grouped = False
        last, last_field = keys[-1], self._follow(entity, None, keys[-1].path)[0]
        down = last.descending and last_field.storage not in ("link", "choice")

        def placed(row: Values) -> list[tuple[Any, bool]]:
            found = [
                (part, key.descending)
                for key in keys
                for part in self._key(*self._follow(entity, row, key.path))
            ]
            return [*found, (row["id"], down)]

        return sorted(rows, key=cmp_to_key(lambda a, b: _order(placed(a), placed(b))))

    def _key(self, f: Field, value: Any) -> list[Any]:
        if f.storage == "link":
            target = self.catalogue[f.target]  # type: ignore[attr-defined]
            linked = self.records[target.key].get(value)
            title = None if linked is None else linked.get(target.title_field)
            return [*([None] if linked is None else self._key(target.title, title)), value]
        if f.storage == "choice":
            places = [choice.key for choice in f.choices]  # type: ignore[attr-defined]
            return [None if value is None else places.index(value)]
        if f.keyed:
            return ["" if value is None else sort_key(value)]
        if f.storage == "bool":
            return [bool(value)]
        return [value]


def _order(one: list[tuple[Any, bool]], other: list[tuple[Any, bool]]) -> int:
    for (a, down), (b, _down) in zip(one, other, strict=True):
        if a == b:
            continue
        less = a is None or (b is not None and a < b)
        return -1 if less ^ down else 1
    return 0


def compare(f: Field, value: Any, where: Condition) -> bool:
    """One comparison of one value."""
    op, wanted = where.op, where.value
    empty = value is None or value is False
    if op in ("empty", "filled"):
        return empty is (op == "empty")
    if op in ("ne", "not_in"):
        opposite = Condition(where.path, "eq" if op == "ne" else "in", wanted)
        return not compare(f, value, opposite)
    if f.storage == "bool":
        return bool(value) is wanted
    if empty:
        return False
    if f.storage == "multi":
        return bool(set(value) & set(wanted))
    if f.storage in ("text", "long"):
        return _text(value, op, wanted)
    if f.storage == "datetime":
        return _moment(value, op, wanted)
    if f.storage == "date":
        wanted = _days(wanted)
    return _figure(value, op, wanted)


def _days(wanted: Any) -> Any:
    if isinstance(wanted, tuple):
        return tuple(_days(one) for one in wanted)
    return None if wanted is None else date.fromisoformat(wanted)


def _text(value: str, op: str, wanted: Any) -> bool:
    if op == "contains":
        return norm(wanted) in norm(value)
    if op == "starts":
        return sort_key(value).startswith(sort_key(wanted))
    given = wanted if op == "in" else (wanted,)
    return norm(value) in [norm(one) for one in given]


def _figure(value: Any, op: str, wanted: Any) -> bool:
    if op == "in":
        return value in wanted or (isinstance(value, Ref) and value in [Ref(*w) for w in wanted])
    if op == "between":
        low, high = wanted
        return (low is None or value >= low) and (high is None or value <= high)
    if op == "eq":
        return bool(value == (Ref(*wanted) if isinstance(value, Ref) else wanted))
    return bool({"lt": value < wanted, "le": value <= wanted, "gt": value > wanted,
                 "ge": value >= wanted}[op])  # fmt: skip


def _span(wanted: Any) -> tuple[datetime, datetime]:
    if isinstance(wanted, datetime):
        return wanted, wanted + timedelta(milliseconds=1)
    start = datetime.combine(date.fromisoformat(wanted), time.min, UTC)
    return start, start + timedelta(days=1)


def _moment(value: datetime, op: str, wanted: Any) -> bool:
    if op == "between":
        low, high = wanted
        from_low = low is None or value >= _span(low)[0]
        return from_low and (high is None or value < _span(high)[1])
    start, end = _span(wanted)
    return bool({"eq": start <= value < end, "lt": value < start, "le": value < end,
                 "gt": value >= end, "ge": value >= start}[op])  # fmt: skip
