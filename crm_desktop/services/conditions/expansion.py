"""Conditions that stand for others: "in the selection", tags, values of a tree with those below.

They are put in the place of what they stand for before a query is planned, so that indexes help
as if it had been written out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, TagsField
from crm_desktop.models.catalogue.traits import Selections, Tagging, Tags, Tree
from crm_desktop.models.query import NESTED, Condition, Group, Where
from crm_desktop.services.child_paths import IN_SEGMENT, End, SegmentField, end_of, member_path
from crm_desktop.services.conditions.children import nested
from crm_desktop.services.selections.service import Selection
from crm_desktop.services.trees import Trees

DEEPEST = 6
"""Selections that name selections, one in the other."""
NOBODY = 2**63 - 1
_EQUAL = ("eq", "in", "exactly", "under")
_UNEQUAL = ("ne", "not_in")
_SEGMENT = (IN_SEGMENT, "not_" + IN_SEGMENT)
Find = Callable[[str, str, str | None], list[int]]
Everybody = Condition("id", "filled")


class ConditionExpansion:
    """Writes out the conditions of one base.

    `find` gives the records of a name (object, name, book); `selection` a selection by its number.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        trees: Trees,
        *,
        find: Find,
        selection: Callable[[int], Selection],
    ) -> None:
        self._catalogue = catalogue
        self._trees = trees
        self._find = find
        self._selection = selection

    def of(self, entity: EntityDef, where: Where | None, depth: int = 0) -> Where | None:
        """The conditions in terms of fields; `UserError` names what is not there."""
        if where is None:
            return None
        if isinstance(where, Group):
            items = (self.of(entity, item, depth) for item in where.items)
            return dataclasses.replace(where, items=tuple(i for i in items if i is not None))
        if not self._is_special(entity, where):
            return where
        end = end_of(self._catalogue, entity, where.path)
        if where.op in _SEGMENT or isinstance(end.field, SegmentField):
            return self._members(end, where, depth)
        if where.op in NESTED:
            return self._nested(end, where, depth)
        if isinstance(end.field, TagsField):
            return self._tagged(end, where)
        return self._below(end.field, where) if isinstance(end.field, LinkField) else where

    def _is_special(self, entity: EntityDef, where: Condition) -> bool:
        """A glance that spares the common condition the walk along its path."""
        if where.op in NESTED or where.op in _SEGMENT or where.op in ("under", "exactly"):
            return True
        if not entity.has(where.path):
            return "." in where.path or where.path == IN_SEGMENT
        f = entity.field(where.path)
        return isinstance(f, TagsField) or (isinstance(f, LinkField) and self._is_tree(f))

    def _is_tree(self, f: LinkField) -> bool:
        target = self._catalogue[f.target]
        return target.trait(Tree) is not None and bool(self._trees.parents(target))

    # --- children and linked records --------------------------------------------------------------

    def _nested(self, end: End, where: Condition, depth: int) -> Condition:
        entity = end.entity
        if isinstance(end.field, LinkField):
            entity = self._catalogue[end.field.target]
        inner = self.of(entity, nested(where), depth)
        return Condition(where.path, where.op, inner)

    # --- tags -------------------------------------------------------------------------------------

    def _tagged(self, end: End, where: Condition) -> Where:
        if where.op not in (*_EQUAL, *_UNEQUAL, "all") or end.entity.trait(Tags) is None:
            return where
        tagging, trait = self._catalogue.with_trait(Tagging)
        link = tagging.field(trait.tag)
        assert isinstance(link, LinkField)
        path = _joined(end.before, f"{tagging.key}.{trait.tag}")
        each = [self._ids(link, [one]) for one in _listed(where.value)]
        if where.op == "all":
            return Group("and", tuple(Condition(path, "in", tuple(ids)) for ids in each))
        ids = tuple(id_ for one in each for id_ in one)
        return Condition(path, "not_in" if where.op in _UNEQUAL else "in", ids)

    # --- trees ------------------------------------------------------------------------------------

    def _below(self, f: LinkField, where: Condition) -> Condition:
        op = {"exactly": "in", "under": "in"}.get(where.op, where.op)
        if where.op not in (*_EQUAL, *_UNEQUAL):
            return where
        if where.op == "exactly" or not self._is_tree(f):
            return Condition(where.path, op, where.value)
        given = _listed(where.value)
        if any(one == "me" or one is None for one in given):
            return Condition(where.path, op, where.value)
        ids = self._trees.below(self._catalogue[f.target], self._ids(f, given))
        return Condition(where.path, "not_in" if op in _UNEQUAL else "in", tuple(ids))

    def _ids(self, f: LinkField, given: Iterable[Any]) -> list[int]:
        """The records that numbers and names mean; nobody for an unknown name."""
        ids: list[int] = []
        for one in given:
            if isinstance(one, Ref):
                ids.append(one.id)
            elif isinstance(one, int) and not isinstance(one, bool):
                ids.append(one)
            else:
                ids += self._find(f.target, str(one), f.book or None) or [NOBODY]
        return ids

    # --- selections -------------------------------------------------------------------------------

    def _members(self, end: End, where: Condition, depth: int) -> Where:
        if depth > DEEPEST:
            raise InvalidInput(_("The segments name one another in a circle"))
        before, entity = self._whose(end)
        if entity.trait(Selections) is None:
            raise InvalidInput(
                _("{object}: these records stand in no segments").format(object=_(entity.plural))
            )
        parts = [self._one(entity, one, depth) for one in _listed(where.value)]
        found: Where = parts[0] if len(parts) == 1 else Group("or", tuple(parts))
        if before:
            found = Condition(before, "any", found)
        negative = where.op in (*_UNEQUAL, "not_" + IN_SEGMENT)
        return Group("not", (found,)) if negative else found

    def _whose(self, end: End) -> tuple[str, EntityDef]:
        """The path to the records that stand in selections, and their object."""
        if isinstance(end.field, SegmentField) or end.field is None:
            return end.before, end.entity
        if isinstance(end.field, LinkField):
            return _joined(end.before, end.last), self._catalogue[end.field.target]
        return end.before, end.entity

    def _one(self, entity: EntityDef, given: Any, depth: int) -> Where:
        selection = self._selection(self._number(entity, given))
        if selection.about != entity.key:
            raise InvalidInput(
                _("The segment “{name}” is not one of {objects}").format(
                    name=selection.name, objects=_(entity.plural)
                )
            )
        if not selection.live:
            return Condition(member_path(self._catalogue), "in", (selection.id,))
        return self.of(entity, selection.query.where, depth + 1) or Everybody

    def _number(self, entity: EntityDef, given: Any) -> int:
        if isinstance(given, int) and not isinstance(given, bool):
            return given
        f = end_of(self._catalogue, entity, IN_SEGMENT).field
        assert isinstance(f, SegmentField)
        found = self._find(f.target, str(given), f.book)
        if not found:
            raise InvalidInput(_("There is no segment “{name}”").format(name=given))
        return found[0]


def _listed(value: Any) -> list[Any]:
    found = list(value) if isinstance(value, list | tuple) else [value]
    if not found or found == [None]:
        raise InvalidInput(_("The condition needs a value"))
    return found


def _joined(before: str, last: str) -> str:
    return f"{before}.{last}" if before else last
