"""Groups of a list: one grouped question for all heads, with counts and sums.

`Query.groups` holds one or two paths, also over links; a day may be cut to its month: `status`,
`client.city`, `due:month`. The rows of a group are the same query narrowed by the condition of its
head.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop import i18n
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.amounts import code_of, gathered
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField, MoneyField
from crm_desktop.models.query import Condition, Group, Where, both
from crm_desktop.models.text.normalise import sort_key
from crm_desktop.services.lists.plan import ListPlan
from crm_desktop.services.money.currencies import CurrencyColumn, currency_column
from crm_desktop.services.paths import Scope, find_path
from crm_desktop.services.reader import parts_of
from crm_desktop.services.titles import Title, Titles

MOST_GROUPS = 2_000
MOST_VALUES = 50_000
"""Different values that are folded into groups; hours of five years are so many."""
MOST_LEVELS = 2

UNITS = {
    "day": N_("by day"), "month": N_("by month"), "quarter": N_("by quarter"),
    "year": N_("by year"),
}  # fmt: skip
MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"),
    N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
_STORAGES = ("choice", "link", "bool", "text", "date", "datetime", "integer")


class GroupBy(NamedTuple):
    """One level: the field, for days the stretch they are cut to, and the links that lead there."""

    path: str
    field: Field
    unit: str
    links: tuple[tuple[EntityDef, LinkField], ...] = ()


@dataclass(frozen=True)
class GroupHead:
    """One group. `trail`: the values that lead to it, which name it; `where`: its condition;
    `sums`: a value for each of the fields asked for, None where nothing is filled in."""

    trail: tuple[Any, ...]
    title: str
    tone: str
    count: int
    sums: tuple[Any, ...]
    where: Where

    @property
    def depth(self) -> int:
        """0 for the outer groups."""
        return len(self.trail) - 1


def group_by(catalogue: Catalogue, entity: EntityDef, text: str) -> GroupBy:
    """The level that a text of `Query.groups` means; InvalidInput if nothing groups by it."""
    path, _colon, unit = text.partition(":")
    found = find_path(catalogue, entity, path)
    f, links = found.field, found.links
    if not can_group(f) or (links and f.storage == "bool"):
        raise InvalidInput(_("A list cannot be grouped by “{field}”").format(field=_(f.label)))
    if f.storage not in ("date", "datetime"):
        return GroupBy(_named_path(links, f), f, "", links)
    if unit and unit not in UNITS:
        raise InvalidInput(
            _("There is no grouping “{name}”. Known: {known}").format(
                name=unit, known=", ".join(UNITS)
            )
        )
    return GroupBy(_named_path(links, f), f, unit or "month", links)


def _named_path(links: Sequence[tuple[EntityDef, LinkField]], f: Field) -> str:
    return ".".join([*(link.key for _entity, link in links), f.key])


def can_group(f: Field) -> bool:
    """Whether lists are grouped by the field."""
    return f.storage in _STORAGES and f.key != "id"


class GroupReader:
    """Reads the groups of one query."""

    def __init__(self, plan: ListPlan, titles: Titles, today: datetime) -> None:
        """`today` carries the zone in which days are cut."""
        catalogue = plan.tables.catalogue
        if len(plan.query.groups) > MOST_LEVELS:
            raise InvalidInput(_("A list is grouped by at most {most} columns").format(most=2))
        self._plan, self._titles, self._zone = plan, titles, today.tzinfo
        self._levels = [group_by(catalogue, plan.entity, text) for text in plan.query.groups]
        self._down = {key.path for key in plan.query.sort if key.descending}
        self._joins: list[tuple[sa.FromClause, sa.ColumnElement[bool]]] = []
        self._units: dict[str, CurrencyColumn] = {}
        self._scopes = {level.path: self._scope(level) for level in self._levels}

    def _scope(self, level: GroupBy) -> Scope:
        """The rows that hold the field of a level: those of the list, or linked ones."""
        scope, tables = self._plan.scope, self._plan.tables
        for _entity, link in level.links:
            target = Scope(tables, tables.catalogue[link.target], aliased=True)
            self._joins.append((target.main, target.id == scope.column(link)))
            if scope is not self._plan.scope and link.extra:
                self._joins.insert(-1, scope.side_join())
            scope = target
        if level.links and level.field.extra:
            self._joins.append(scope.side_join())
        return scope

    def _source(self, *, whole: bool) -> sa.FromClause:
        source = self._plan.source() if whole else self._plan.scope.source()
        for table, condition in self._joins:
            source = source.outerjoin(table, condition)
        return source

    # --- reading ----------------------------------------------------------------------------------

    def read(
        self, connection: sa.Connection, ids: Sequence[int] | None, sums: Sequence[Field]
    ) -> list[GroupHead]:
        """The heads, each outer one before its inner ones; of some records, or (None) of all."""
        found: dict[tuple[Any, ...], list[Any]] = {}
        names: dict[tuple[int, Any], str] = {}
        widths = [len(self._columns(level)) for level in self._levels]
        for row in self._rows(connection, ids, sums):
            place, trail = 0, []
            for at, (level, width) in enumerate(zip(self._levels, widths, strict=True)):
                raw = row[place : place + width]
                value = self._value(level, raw)
                if level.field.keyed and raw[1]:
                    names.setdefault((at, value), raw[1])
                trail.append(value)
                place += width
            self._add(found, tuple(trail), self._figures(sums, row[place:]))
        for figures in found.values():
            figures[1:] = map(_total, sums, figures[1:])
        return list(self._heads(found, self._named(connection, found, names)))

    def _figures(self, sums: Sequence[Field], row: Sequence[Any]) -> list[Any]:
        """The count and the sums of a row; a sum of what has currencies by its own."""
        figures, paths = list(row[: len(sums) + 1]), list(self._units)
        for at, f in enumerate(sums, start=1):
            if f.currency_field and figures[at] is not None:
                assert isinstance(f, MoneyField)
                named = row[len(sums) + 1 + paths.index(f.currency_field)]
                figures[at] = {code_of(named) if named else f.currency: figures[at]}
        return figures

    def _add(
        self,
        found: dict[tuple[Any, ...], list[Any]],
        trail: tuple[Any, ...],
        figures: Sequence[Any],
    ) -> None:
        """Counts a row of the answer for its group and for those around it."""
        for depth in range(1, len(trail) + 1):
            known = found.setdefault(trail[:depth], [0, *[None] * (len(figures) - 1)])
            for at, figure in enumerate(figures):
                if figure is not None:
                    known[at] = _plus(known[at], figure)
        if len(found) > MOST_GROUPS:
            raise InvalidInput(
                _(
                    "There are more than {most} groups. Filter the list first, or group it by "
                    "something else."
                ).format(most=MOST_GROUPS)
            )

    def _rows(
        self, connection: sa.Connection, ids: Sequence[int] | None, sums: Sequence[Field]
    ) -> Iterator[Sequence[Any]]:
        plan, scope = self._plan, self._plan.scope
        by = [column for level in self._levels for column in self._columns(level)]
        keys = [column for level in self._levels for column in self._keys(level)]
        totals = [sa.func.sum(scope.column(f)) for f in sums]
        units = {f.currency_field: currency_column(scope, f) for f in sums}
        self._units = {path: unit for path, unit in units.items() if unit is not None}
        if ids is None:
            plan.resolve(connection)
            plan.settle(connection)
        named = [unit.column for unit in self._units.values()]
        source = self._source(whole=ids is None)
        for unit in self._units.values():
            source = unit.joined(source)
        select = sa.select(*by, sa.func.count(), *totals, *named).select_from(source)
        select = select.group_by(*keys, *named)
        few = plan.limited(select, MOST_VALUES + 1)
        if ids is None:
            rows = connection.execute(few.where(*plan.conditions)).all()
            if len(rows) > MOST_VALUES:
                raise InvalidInput(
                    _("There are too many different values to group by. Filter the list first.")
                )
            yield from rows
            return
        alone = not self._joins and all(unit.join is None for unit in self._units.values())
        wanted = select.where(plan.among(alone=alone))
        for part in parts_of(ids):
            yield from connection.execute(wanted, {"ids": part})

    def _columns(self, level: GroupBy) -> list[sa.ColumnElement[Any]]:
        """What is read for a level; of a text its key and one of the ways it is written."""
        keys = self._keys(level)
        if level.field.keyed:
            return [*keys, sa.func.min(self._scopes[level.path].column(level.field))]
        return keys

    def _keys(self, level: GroupBy) -> list[sa.ColumnElement[Any]]:
        scope, f = self._scopes[level.path], level.field
        if f.storage == "datetime":
            moment = scope.column(f)
            return [sa.extract(part, moment) for part in ("year", "month", "day", "hour")]
        return [scope.key(f)]

    def _value(self, level: GroupBy, raw: Sequence[Any]) -> Any:
        """The value that names a group: for days the first day of their stretch."""
        f, value = level.field, raw[0]
        if f.storage == "bool":
            return bool(value)
        if f.storage == "datetime" and value is not None:
            year, month, day, hour = (int(part) for part in raw)
            moment = datetime(year, month, day, hour, tzinfo=UTC)
            value = moment.astimezone(self._zone).date()
        if value is None or value == "":
            return None
        return cut(value, level.unit) if level.unit else value

    # --- saying -----------------------------------------------------------------------------------

    def _named(
        self,
        connection: sa.Connection,
        found: dict[tuple[Any, ...], list[Any]],
        names: dict[tuple[int, Any], str],
    ) -> dict[tuple[int, Any], Title]:
        """What the groups of each level are called."""
        said: dict[tuple[int, Any], Title] = {}
        values = {(len(trail) - 1, trail[-1]) for trail in found}
        refs = {
            (at, value): Ref(f.target, value)
            for at, value in values
            if value is not None and isinstance(f := self._levels[at].field, LinkField)
        }
        titles = self._titles.of(refs.values(), connection=connection)
        for at, value in values:
            ref = refs.get((at, value))
            known = titles.get(ref) if ref is not None else None
            text = names.get((at, value)) or self._text(self._levels[at], value)
            said[at, value] = known or Title(text, self._tone(self._levels[at].field, value))
        return said

    @staticmethod
    def _tone(f: Field, value: Any) -> str:
        choice = f.choice(value) if isinstance(f, ChoiceField) and value is not None else None
        return "neutral" if choice is None else choice.tone

    @staticmethod
    def _text(level: GroupBy, value: Any) -> str:
        if value is None:
            return _("Not filled in")
        if level.unit:
            return stretch_text(value, level.unit)
        if isinstance(level.field, LinkField):
            return f"#{value}"
        return level.field.format(value, i18n.language())

    def _heads(
        self, found: dict[tuple[Any, ...], list[Any]], said: dict[tuple[int, Any], Title]
    ) -> Iterator[GroupHead]:
        def order(trail: tuple[Any, ...]) -> tuple[Any, ...]:
            return self._order(len(trail) - 1, trail[-1], said)

        def under(parent: tuple[Any, ...], where: Where | None) -> Iterator[GroupHead]:
            depth = len(parent)
            inner = [t for t in found if len(t) == depth + 1 and t[:-1] == parent]
            filled = [t for t in inner if t[-1] is not None]
            level = self._levels[depth]
            filled.sort(key=order, reverse=level.path in self._down)
            for trail in [*filled, *(t for t in inner if t[-1] is None)]:
                condition = both(where, self._condition(level, trail[-1]))
                assert condition is not None
                title, (count, *sums) = said[depth, trail[-1]], found[trail]
                yield GroupHead(trail, title.text, title.tone, count, tuple(sums), condition)
                if depth + 1 < len(self._levels):
                    yield from under(trail, condition)

        return under((), None)

    def _order(self, at: int, value: Any, said: dict[tuple[int, Any], Title]) -> tuple[Any, ...]:
        f = self._levels[at].field
        if isinstance(f, ChoiceField):
            keys = [choice.key for choice in f.choices]
            return (keys.index(value) if value in keys else len(keys), str(value))
        if f.storage in ("link", "text"):
            return (sort_key(said[at, value].text), str(value))
        return (value,)

    def _condition(self, level: GroupBy, value: Any) -> Where:
        f = level.field
        if f.storage == "bool":
            return Condition(level.path, "eq", value)
        if value is None and level.links:  # also where nothing is linked at all
            return Group("not", (Condition(level.path, "filled"),))
        if value is None:
            return Condition(level.path, "empty")
        if level.unit:
            last = _last(value, level.unit)
            return Condition(level.path, "between", (value.isoformat(), last.isoformat()))
        if isinstance(f, LinkField):
            return Condition(level.path, "in", (value,))
        return Condition(level.path, "in" if isinstance(f, ChoiceField) else "eq",
                         (value,) if isinstance(f, ChoiceField) else value)  # fmt: skip


def _plus(known: Any, figure: Any) -> Any:
    """Two figures together, those of several currencies each to its own."""
    if known is None:
        return figure
    if not isinstance(figure, dict):
        return known + figure
    return known | {code: known.get(code, 0) + value for code, value in figure.items()}


def _total(f: Field, figure: Any) -> Any:
    """A sum as it is told: of what has currencies one for each."""
    if not isinstance(f, MoneyField) or not isinstance(figure, dict):
        return figure
    return gathered(figure, f.currency, added=True)


def cut(day: date, unit: str) -> date:
    """The first day of the stretch in which the day lies."""
    if unit == "year":
        return day.replace(month=1, day=1)
    if unit == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(day=1) if unit == "month" else day


def _last(first: date, unit: str) -> date:
    months = {"year": 12, "quarter": 3, "month": 1}.get(unit)
    if months is None:
        return first
    total = first.year * 12 + first.month - 1 + months
    return date(total // 12, total % 12 + 1, 1) - timedelta(days=1)


def stretch_text(first: date, unit: str) -> str:
    """`November 2026`, `4th quarter of 2026`, `2026`."""
    if unit == "year":
        return str(first.year)
    if unit == "quarter":
        return _("Quarter {number} of {year}").format(
            number=(first.month - 1) // 3 + 1, year=first.year
        )
    if unit == "month":
        return _("{month} {year}").format(month=_(MONTHS[first.month - 1]), year=first.year)
    from crm_desktop.models.text import dates

    return dates.format_date(first, i18n.language())
