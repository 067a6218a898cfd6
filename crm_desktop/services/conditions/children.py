"""Conditions over records that point here, and over linked records as a whole, as SQL.

"is", "is any of" and the like hold if they hold for one such record at least; "is not", "is none
of" and "is empty" hold if they hold for all, so that a client without people fulfils them too.
`any` and `none` take conditions that one and the same record has to fulfil together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.query import NESTED, Condition, Where, where_from_json
from crm_desktop.models.schema import column_names
from crm_desktop.services.child_paths import Hop, child_hop
from crm_desktop.services.paths import Scope, any_field

if TYPE_CHECKING:
    from crm_desktop.services.conditions.sql import Compiler

Element = sa.ColumnElement[bool]

_OPPOSITE = {
    "not_in": "in", "ne": "eq", "empty": "filled", "none": "any", "not_exactly": "exactly",
}  # fmt: skip


class ChildConditions:
    """The conditions of one compiler that leave the record asked about."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler

    def compile(self, scope: Scope, where: Condition) -> Element | None:
        """The condition as SQL, never unknown; None if it is about the record's own fields."""
        catalogue = scope.tables.catalogue
        hop = child_hop(catalogue, scope.entity, where.path)
        if hop is not None:
            return self._over(scope, hop, where)
        head, _dot, rest = where.path.partition(".")
        leaves = where.op in NESTED or _leaves(scope, head, rest)
        return self._linked(scope, head, rest, where) if leaves else None

    def owners(self, scope: Scope, where: Condition) -> sa.Select[Any] | None:
        """The ids of the records that fulfil a condition over one kind of children; None where
        that cannot be read from the children."""
        hop = child_hop(scope.tables.catalogue, scope.entity, where.path)
        if hop is None or where.op in _OPPOSITE or where.op == "all" or len(hop.links) > 1:
            return None
        return self._owners(scope, hop.links[0], hop.rest, where)

    # --- records that point here ------------------------------------------------------------------

    def _over(self, scope: Scope, hop: Hop, where: Condition) -> Element:
        opposite = _OPPOSITE.get(where.op)
        if opposite is not None:
            turned = Condition(where.path, opposite, where.value)
            return sa.not_(self._over(scope, hop, turned))
        if where.op == "all":
            given = where.value if isinstance(where.value, list | tuple) else (where.value,)
            each = [Condition(where.path, "in", (one,)) for one in given]
            return sa.and_(sa.true(), *(self._over(scope, hop, one) for one in each))
        return sa.or_(*(self._one(scope, link, hop.rest, where) for link in hop.links))

    def _one(self, scope: Scope, link: Link, rest: str, where: Condition) -> Element:
        if not scope.quiet:
            return scope.id.in_(self._owners(scope, link, rest, where))
        target = Scope(scope.tables, link.entity, aliased=True)
        pointing = self._pointing(scope.entity, target, link)
        inner = self._inner(target, rest, where)
        found = sa.exists().select_from(target.source())
        return found.where(pointing[0] == scope.id, *pointing[1], *inner)

    def _owners(self, scope: Scope, link: Link, rest: str, where: Condition) -> sa.Select[Any]:
        target = Scope(scope.tables, link.entity, aliased=True)
        owner, kind = self._pointing(scope.entity, target, link)
        inner = self._inner(target, rest, where)
        wanted = sa.select(owner).select_from(target.source()).distinct()
        return wanted.where(owner.is_not(None), *kind, *inner)

    @staticmethod
    def _pointing(
        entity: EntityDef, target: Scope, link: Link
    ) -> tuple[sa.ColumnElement[Any], list[Element]]:
        """The column that holds the owner, and what tells its object."""
        names = column_names(link.field)
        owner = target.named(link.field, names[0])
        if link.field.storage != "record":
            return owner, []
        return owner, [target.named(link.field, names[1]) == entity.number]

    def _inner(self, target: Scope, rest: str, where: Condition) -> list[Element]:
        """What such a record has to fulfil."""
        return [*self._compiler.seen(target), *self._wished(target, rest, where)]

    def _wished(self, target: Scope, rest: str, where: Condition) -> list[Element]:
        if rest:
            return self._compiler.compile(target, Condition(rest, where.op, where.value))
        if where.op == "filled":
            return []
        if where.op not in NESTED:
            raise InvalidInput(
                _("“{path}” leads to several records: name a field of theirs behind it").format(
                    path=where.path
                )
            )
        return self._compiler.compile(target, nested(where))

    # --- a linked record as a whole ---------------------------------------------------------------

    def _linked(self, scope: Scope, head: str, rest: str, where: Condition) -> Element:
        """Over a link of the record: what it leads to fulfils the rest."""
        opposite = _OPPOSITE.get(where.op)
        if opposite is not None:
            turned = Condition(where.path, opposite, where.value)
            return sa.not_(self._linked(scope, head, rest, turned))
        f = any_field(scope.tables.catalogue, scope.entity, head)
        if not isinstance(f, LinkField):
            raise InvalidInput(
                _("“{path}”: “{field}” is not a link to one kind of record").format(
                    path=where.path, field=_(f.label)
                )
            )
        link = scope.column(f)
        target = Scope(scope.tables, scope.tables.catalogue[f.target], aliased=True)
        inner = self._inner(target, rest, where)
        if scope.quiet:
            found = sa.exists().select_from(target.source())
            return found.where(target.main.c.id == link, *inner)
        wanted = sa.select(target.id).select_from(target.source()).where(*inner)
        return sa.and_(link.is_not(None), link.in_(wanted))


def nested(where: Condition) -> Where | None:
    """The conditions that a comparison such as `any` holds."""
    if isinstance(where.value, str | int | float):
        raise InvalidInput(_("A condition is a JSON object or a list of them"))
    return where.value if _is_where(where.value) else where_from_json(where.value)


def _is_where(value: Any) -> bool:
    return hasattr(value, "path") or hasattr(value, "join")


def _leaves(scope: Scope, head: str, rest: str) -> bool:
    """Whether the path behind its first link meets a step to records that point there."""
    catalogue, entity = scope.tables.catalogue, scope.entity
    while rest and entity.has(head):
        f = entity.field(head)
        if not isinstance(f, LinkField):
            return False
        entity = catalogue[f.target]
        if child_hop(catalogue, entity, rest) is not None:
            return True
        head, _dot, rest = rest.partition(".")
    return False
