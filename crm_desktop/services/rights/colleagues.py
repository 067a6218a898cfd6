"""Who is over whom and in which department, as rights need to know it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import sqlalchemy as sa

from crm_desktop.models.catalogue.planner_traits import PlannerRows
from crm_desktop.models.catalogue.shared_traits import SignsIn
from crm_desktop.models.catalogue.traits import Tree
from crm_desktop.models.schema import Tables

HEAD = "head"


class Colleague(NamedTuple):
    """One of the staff. `login` in the letters that the server uses; '' for who has none."""

    id: int
    login: str
    head: int | None
    unit: int | None
    gone: bool


class Colleagues:
    """The staff of a base at one moment."""

    def __init__(self, found: Iterable[Colleague], units: Mapping[int, int]) -> None:
        self.all = {one.id: one for one in found}
        self._reports: dict[int, list[int]] = defaultdict(list)
        for one in self.all.values():
            if one.head is not None:
                self._reports[one.head].append(one.id)
        self._parts: dict[int, list[int]] = defaultdict(list)
        for part, whole in units.items():
            self._parts[whole].append(part)

    def subordinates(self, one: int) -> frozenset[int]:
        """The colleague and everybody below."""
        return _below([one], self._reports)

    def department(self, one: int) -> frozenset[int]:
        """The people of the colleague's department and of those below it, and all subordinates."""
        own = self.all[one].unit
        units = _below([own], self._parts) if own is not None else frozenset[int]()
        there = {other.id for other in self.all.values() if other.unit in units}
        return self.subordinates(one) | there


def _below(tops: Iterable[int], children: Mapping[int, list[int]]) -> frozenset[int]:
    """The tops and all below them; a circle is walked once."""
    found = set(tops)
    waiting = list(found)
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return frozenset(found)


def decisive(tables: Tables) -> frozenset[str]:
    """The keys of the fields of colleagues that decide whose records somebody reaches."""
    _entity, signs = tables.catalogue.with_trait(SignsIn)
    rows = tables.catalogue.staff().trait(PlannerRows)
    return frozenset({signs.login, HEAD, *((rows.group, rows.hidden) if rows else ())})


def colleagues(connection: sa.Connection, tables: Tables) -> Colleagues:
    """Asks the base."""
    catalogue = tables.catalogue
    staff, signs = catalogue.with_trait(SignsIn)
    rows = staff.trait(PlannerRows)
    assert rows is not None
    keys = (signs.login, HEAD, rows.group, rows.hidden)
    login, head, unit, gone = (tables.main[staff.key].c[staff.field(key).name] for key in keys)
    found = connection.execute(sa.select(login.table.c.id, login, head, unit, gone)).all()
    books = catalogue.books()
    tree, table = books.trait(Tree), tables.main[books.key]
    above = table.c[books.field(tree.parent).name] if tree else sa.null()
    units = connection.execute(sa.select(table.c.id, above).where(above.is_not(None)))
    return Colleagues(
        (Colleague(row[0], (row[1] or "").upper(), row[2], row[3], bool(row[4])) for row in found),
        {row[0]: row[1] for row in units},
    )
