"""Conditions of a query as SQL: every operator by field type, only with bound parameters.

Texts are compared by their normal form, so that case and yo/ye do not matter. "is not" and "is
none of" hold for empty values too; inside a "not" nothing is unknown, as people expect of "not".
A path over links becomes a subselect on the linked object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import IN_LIST
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    LinkField,
    UserField,
)
from crm_desktop.models.catalogue.traits import Book
from crm_desktop.models.query import Condition, Group, Where
from crm_desktop.models.schema import Tables, column_names
from crm_desktop.models.text.normalise import like_escape, sort_key
from crm_desktop.services.conditions import texts
from crm_desktop.services.conditions.children import ChildConditions
from crm_desktop.services.conditions.values import (
    ConditionContext,
    Span,
    listed,
    moments,
    not_passed,
    pair,
    period,
    read_span,
    read_value,
)
from crm_desktop.services.conditions.yearly import days_coming
from crm_desktop.services.paths import Path, Scope, find_path

Element = sa.ColumnElement[bool]

_ALSO: dict[str, tuple[str, ...]] = {
    "text": ("not_in",),
    "integer": ("in", "not_in"),
    "decimal": ("in", "not_in"),
    "date": ("in", "not_in"),
    "datetime": (),
    "bool": ("ne", "empty", "filled"),
    "choice": ("eq", "ne"),
    "multi": ("eq", "ne"),
    "link": ("eq", "ne"),
    "record": ("in", "ne", "not_in"),
}
"""Further comparisons that a condition may use where the window offers only `Field.operators`."""
_HOLD_FOR_EMPTY = ("ne", "not_in", "empty")


def compile_where(
    tables: Tables, entity: EntityDef, where: Where | None, context: ConditionContext
) -> list[Element]:
    """The conditions on the object's table, to be joined by AND.

    Where one names a user-made field the statement has to join the side table: `Scope.source`
    does that for whoever compiles with a `Compiler` of their own. UserError (InvalidInput or
    NotFound) names an unknown field, comparison or value.
    """
    return Compiler(tables, context).compile(Scope(tables, entity), where)


def operators_of(f: Field) -> tuple[str, ...]:
    """Every comparison that a condition on the field may use."""
    return tuple(dict.fromkeys((*f.operators, *_ALSO.get(f.storage, ()))))


class Compiler:
    """Turns conditions into SQL for one person at one moment."""

    def __init__(self, tables: Tables, context: ConditionContext) -> None:
        self._tables = tables
        self._catalogue = tables.catalogue
        self._context = context
        self.children = ChildConditions(self)

    def compile(self, scope: Scope, where: Where | None) -> list[Element]:
        """The conditions, to be joined by AND."""
        if where is None:
            return []
        if isinstance(where, Group) and where.join == "and":
            return [element for item in where.items for element in self.compile(scope, item)]
        return [self._any(scope, where, False)]

    def seen(self, scope: Scope) -> list[Element]:
        """What leaves others' private records out of the rows of the scope."""
        hides = self._context.hides
        found = hides(scope.entity, scope.id, scope.column) if hides is not None else None
        return [found] if found is not None else []

    def _any(self, scope: Scope, where: Where, negated: bool) -> Element:
        if isinstance(where, Condition):
            beyond = self.children.compile(scope, where)
            if beyond is not None:
                return beyond
            path = find_path(self._catalogue, scope.entity, where.path)
            return self._leaf(scope, path, where, negated)
        if where.join == "not":
            return sa.not_(self._any(scope, where.items[0], True))
        items = [self._any(scope, item, negated) for item in where.items]
        return sa.or_(*items) if where.join == "or" else sa.and_(*items)

    # --- one condition ----------------------------------------------------------------------------

    def _leaf(self, scope: Scope, path: Path, where: Condition, negated: bool) -> Element:
        f = path.field
        if where.op not in operators_of(f):
            raise InvalidInput(
                _("“{field}” cannot be compared by “{name}”. Possible: {known}").format(
                    field=_(f.label), name=where.op, known=", ".join(operators_of(f))
                ),
                field=f.key,
            )
        if path.links:
            return self._linked(scope, path, where, negated)
        element = self._compare(scope, f, where.op, where.value)
        if negated and not self._holds_for_empty(f, where):
            return sa.and_(scope.column(f).is_not(None), element)
        return element

    def _linked(self, scope: Scope, path: Path, where: Condition, negated: bool) -> Element:
        """Over the first link of the path: the linked record fulfils the rest.

        Where no index shall help, row by row: gathering all linked records first would take long.
        """
        link = scope.column(path.links[0][1])
        entity = self._catalogue[path.links[0][1].target]
        target = Scope(self._tables, entity, aliased=True, quiet=scope.quiet)
        inner = self._leaf(target, path.rest, where, negated)
        if scope.quiet:
            found = sa.exists().select_from(target.source())
            there: Element = found.where(target.main.c.id == link, inner)
        else:
            there = link.in_(sa.select(target.id).select_from(target.source()).where(inner))
        if self._holds_for_empty(path.field, where):
            return sa.or_(link.is_(None), there)
        return sa.and_(link.is_not(None), there) if negated else there

    def targets(self, path: Path, where: Condition) -> sa.Select[Any]:
        """The records that the first link of a path has to lead to."""
        target = Scope(self._tables, self._catalogue[path.links[0][1].target], aliased=True)
        inner = self._leaf(target, path.rest, where, False)
        return sa.select(target.id).select_from(target.source()).where(inner)

    def _holds_for_empty(self, f: Field, where: Condition) -> bool:
        if isinstance(f, BoolField) and where.op in ("eq", "ne"):
            wanted = bool(read_value(f, where.value, self._context))
            return wanted is (where.op == "ne")
        return where.op in _HOLD_FOR_EMPTY

    def _compare(self, scope: Scope, f: Field, op: str, value: Any) -> Element:
        if op == "empty":
            return self._empty(scope, f)
        if op == "filled":
            return sa.not_(self._empty(scope, f))
        if op == "comes":
            return days_coming(scope, f, value, self._context)
        families: dict[str, Callable[[Scope, Field, str, Any], Element]] = {
            "text": self._text,
            "long": self._long,
            "datetime": self._moment,
            "bool": self._flag,
            "choice": self._choice,
            "multi": self._multi,
            "link": self._link,
            "record": self._record,
        }
        return families.get(f.storage, self._figure)(scope, f, op, value)

    def _empty(self, scope: Scope, f: Field) -> Element:
        column = scope.column(f)
        if f.storage != "bool":
            return column.is_(None)
        return sa.or_(column.is_(None), column == sa.literal(False, column.type))

    # --- texts ------------------------------------------------------------------------------------

    def _text(self, scope: Scope, f: Field, op: str, value: Any) -> Element:
        forms = texts.TextForms(scope.column(f), scope.key(f), f, self._context)
        if op == "contains":
            return forms.contains(self._typed(f, value))
        if op == "starts":
            return forms.starts(self._typed(f, value))
        equal = sa.or_(*(forms.equals(self._typed(f, one)) for one in listed(f, value)))
        if op in ("eq", "in"):
            return equal
        return sa.or_(scope.key(f).is_(None), sa.not_(equal))

    def _long(self, scope: Scope, f: Field, op: str, value: Any) -> Element:
        """In the beginning that the column holds, or in the whole text kept apart."""
        text = self._typed(f, value)
        whole = self._tables.system("long_text").alias()
        apart = sa.exists().where(
            whole.c.rid == scope.id, whole.c.field == f.name, texts.holds(whole.c.body, text)
        )
        return sa.or_(texts.holds(scope.column(f), text), apart)

    @staticmethod
    def _typed(f: Field, value: Any) -> str:
        if not isinstance(value, str | int | float) or str(value).strip() == "":
            raise InvalidInput(
                _("The condition on “{field}” needs a value").format(field=_(f.label)),
                field=f.key,
            )
        return str(value).strip().replace("\0", "")

    # --- numbers and time -------------------------------------------------------------------------

    def _figure(self, scope: Scope, f: Field, op: str, value: Any) -> Element:
        column = scope.column(f)
        if op == "period":
            return column.between(*period(f, value, self._context))
        if op == "between":
            first, last = (
                None if end is None else read_value(f, end, self._context) for end in pair(f, value)
            )
            return _within(column, first, last)
        if op in ("eq", "ne", "in", "not_in"):
            given = [read_value(f, one, self._context) for one in listed(f, value)]
            return _member(column, given, op)
        return _ordered(column, op, read_value(f, value, self._context))

    def _moment(self, scope: Scope, f: Field, op: str, value: Any) -> Element:
        column = scope.column(f)
        if op == "period":
            during = _during(column, moments(f, value, self._context))
            spared = not_passed(f, value, self._context)
            return sa.and_(during, column.not_in(spared)) if spared else during
        if op == "between":
            first, last = (
                None if end is None else read_span(f, end, self._context) for end in pair(f, value)
            )
            parts = [] if first is None else [column >= first.start]
            parts += [] if last is None else [column < last.end]
            return sa.and_(column.is_not(None), *parts)
        span = read_span(f, value, self._context)
        if op == "eq":
            return _during(column, span)
        if op == "ne":
            return sa.or_(column.is_(None), sa.not_(_during(column, span)))
        edge = span.end if op in ("gt", "le") else span.start
        return column >= edge if op in ("gt", "ge") else column < edge

    def _flag(self, scope: Scope, f: Field, op: str, value: Any) -> Element:
        wanted = bool(read_value(f, value, self._context)) is (op == "eq")
        column = scope.column(f)
        return column == sa.literal(True, column.type) if wanted else self._empty(scope, f)

    # --- choices and links ------------------------------------------------------------------------

    def _choice(self, scope: Scope, f: Field, op: str, value: Any) -> Element:
        given = [read_value(f, one, self._context) for one in listed(f, value)]
        return _member(scope.column(f), given, op)

    def _multi(self, scope: Scope, f: Field, op: str, value: Any) -> Element:
        column = scope.column(f)
        keys: list[str] = []
        for one in listed(f, value):
            keys.extend(read_value(f, one, self._context))
        held = sa.or_(*(column.like(f"%,{like_escape(key)},%", escape="\\") for key in keys))
        if op in ("in", "eq"):
            return held
        return sa.or_(column.is_(None), sa.not_(held))

    def _link(self, scope: Scope, f: Field, op: str, value: Any) -> Element:
        assert isinstance(f, LinkField)
        column = scope.column(f)
        if op == "me":
            return column == self._me() if self._context.user_id else sa.false()
        ids: list[int] = []
        named: list[Element] = []
        for one in listed(f, value):
            if one == "me" and isinstance(f, UserField):
                ids.extend([] if self._context.user_id is None else [self._me()])
            elif isinstance(one, str) and not one.strip().isdigit():
                named.append(column.in_(self._ids_named(f, self._typed(f, one))))
            else:
                ids.append(self._id(f, one))
        found = [_member(column, ids, "in")] if ids else []
        element = sa.or_(sa.false(), *found, *named)
        if op in ("in", "eq"):
            return element
        return sa.or_(column.is_(None), sa.not_(element))

    def _me(self) -> int:
        return self._context.user_id or 0

    def _id(self, f: LinkField, value: Any) -> int:
        if isinstance(value, Ref):
            value = value.id if value.entity == f.target else -1
        return int(read_value(f, value, self._context))

    def _ids_named(self, f: LinkField, text: str) -> sa.Select[Any]:
        """The records that a typed name means."""
        return self._ids_titled(f, self._catalogue[f.target], text, f.book or "")

    def _ids_titled(
        self, f: Field, entity: EntityDef, text: str, of_book: str = ""
    ) -> sa.Select[Any]:
        """The records of an object, or of one of its books, that have this title."""
        target = Scope(self._tables, entity, aliased=True)
        book = entity.trait(Book)
        if not entity.title.keyed:
            raise InvalidInput(
                _("{field}: “{value}” was not found").format(field=_(f.label), value=text),
                field=f.key,
            )
        parts = [target.key(entity.title) == sort_key(text)]
        if of_book and book is not None:
            parts.append(target.column(entity.field(book.field)) == of_book)
        return sa.select(target.id).select_from(target.source()).where(*parts)

    def _record(self, scope: Scope, f: Field, op: str, value: Any) -> Element:
        number, kind = (scope.named(f, name) for name in column_names(f))
        equal = sa.or_(*(self._leads_to(f, number, kind, one) for one in listed(f, value)))
        if op in ("eq", "in"):
            return equal
        return sa.or_(number.is_(None), sa.not_(equal))

    def _leads_to(
        self, f: Field, number: sa.ColumnElement[int], kind: sa.ColumnElement[int], value: Any
    ) -> Element:
        """One record, or all of the name in `object:name`."""
        object_, _colon, name = value.partition(":") if isinstance(value, str) else ("", "", "")
        if name.strip() and not name.strip().isdigit():
            target = self._catalogue.find(object_)
            titled = self._ids_titled(f, target, name)
            return sa.and_(kind == target.number, number.in_(titled))
        ref = read_value(f, value, self._context)
        if not self._catalogue.has(ref.entity):
            raise InvalidInput(
                _("{field}: there is no object “{name}”").format(field=_(f.label), name=ref.entity),
                field=f.key,
            )
        return sa.and_(number == ref.id, kind == self._catalogue[ref.entity].number)


def any_of(column: sa.ColumnElement[Any], values: Sequence[Any]) -> Element:
    """`column IN (values)` in parts that every back end takes; false for no values."""
    parts = [
        column.in_(values[start : start + IN_LIST]) for start in range(0, len(values), IN_LIST)
    ]
    return sa.or_(*parts) if parts else sa.false()


def _member(column: sa.ColumnElement[Any], values: Iterable[Any], op: str) -> Element:
    given = list(dict.fromkeys(values))
    equal = column == given[0] if len(given) == 1 else any_of(column, given)
    if op in ("eq", "in"):
        return equal
    return sa.or_(column.is_(None), sa.not_(equal))


def _within(column: sa.ColumnElement[Any], first: Any, last: Any) -> Element:
    parts = [] if first is None else [column >= first]
    parts += [] if last is None else [column <= last]
    return sa.and_(*parts) if parts else column.is_not(None)


def _during(column: sa.ColumnElement[Any], span: Span) -> Element:
    return sa.and_(column >= span.start, column < span.end)


def _ordered(column: sa.ColumnElement[Any], op: str, value: Any) -> Element:
    compared: dict[str, Element] = {
        "lt": column < value,
        "le": column <= value,
        "gt": column > value,
        "ge": column >= value,
    }
    return compared[op]


__all__ = ["Compiler", "ConditionContext", "any_of", "compile_where", "operators_of"]
