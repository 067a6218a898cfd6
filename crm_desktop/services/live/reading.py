"""What others have written since it was looked last: ids by object, out of the change log.

Every transaction has one link in `chain` with its seat, its numbers and how many rows it changed:
own ones and those that are known are passed over without their rows. Of a large one only
`MOST_NAMED` ids are read, of all objects together, and it is said that they are not all.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.traits import Latest
from crm_desktop.services.changes import CREATED, UPDATED, ChangeSet
from crm_desktop.services.live.places import Places
from crm_desktop.services.news import MOST_NAMED
from crm_desktop.services.workspace import Workspace

_BEFORE = 400
"""Numbers below the last one, looked through at the beginning for blocks still on their way."""
_MOST_LINKS = 1000
_MOST_CLIMBING = 200
"""Of so many changed records the owners are looked up, whose kept fields follow them."""


class _Link(NamedTuple):
    last: int
    seat: str
    first: int
    amount: int

    @property
    def span(self) -> dict[str, Any]:
        """Its first and its last number, as questions want them."""
        return {"low": self.first, "high": self.first + self.amount - 1}


Touched = dict[str, set[int]]


class NewsReader:
    """Reads news of one open base; its beginning is the moment it is made."""

    def __init__(self, workspace: Workspace) -> None:
        self._base = workspace
        chain = workspace.tables.system("chain").c
        self._links = (
            sa.select(chain.id, chain.seat, chain.first_seq, chain.amount)
            .order_by(chain.id)
            .where(chain.id >= sa.bindparam("low"))
        )
        self._among = self._links.where(chain.id <= sa.bindparam("high"))
        rows = workspace.tables.system("change_row").c
        within = (rows.seq >= sa.bindparam("low")) & (rows.seq <= sa.bindparam("high"))
        self._rows = workspace.backend.limit(
            sa.select(rows.ent, rows.rid).where(within).order_by(rows.seq), MOST_NAMED
        )
        self._deltas = workspace.backend.limit(
            sa.select(rows.ent, rows.kind, rows.delta, rows.overflow)
            .where(within, rows.kind != CREATED)
            .where(rows.ent.in_(sa.bindparam("children", expanding=True)))
            .order_by(rows.seq),
            _MOST_CLIMBING + 1,
        )
        with workspace.backend.read() as connection:
            newest = connection.execute(
                workspace.backend.limit(sa.select(chain.id).order_by(chain.id.desc()), 1)
            ).scalar()
            self._places = Places(max(0, int(newest or 0) - _BEFORE))
            self._found(connection, time.monotonic())

    def look(self) -> ChangeSet:
        """What others have touched since the last look. DatabaseUnavailable: the line is gone."""
        touched: Touched = defaultdict(set)
        many = unnamed = False
        with self._base.backend.reading():  # one transaction, however many questions
            with self._base.backend.read() as connection:
                for link in self._found(connection, time.monotonic()):
                    if link.seat != self._base.seat:
                        many = many or link.amount >= MOST_NAMED
                        children = self._name(connection, link, touched)
                        unnamed |= not self._name_former(connection, link, children, touched)
            unnamed |= not self._climb(touched)
        if many:
            self._base.backend.refresh_plans()
        return ChangeSet(0, {key: frozenset(ids) for key, ids in touched.items()}, many or unnamed)

    def _found(self, connection: sa.Connection, now: float) -> list[_Link]:
        places, found = self._places, []
        places.forget(now)
        for low, high in places.wanted():
            select = self._links if high is None else self._among
            given = {"low": low} if high is None else {"low": low, "high": high}
            rows = connection.execute(self._base.backend.limit(select, _MOST_LINKS), given).all()
            links = [_Link(row[0], row[1], row[2], row[3]) for row in rows]
            found += [link for link in links if places.take(link.first, link.last, now)]
        return found

    def _name(self, connection: sa.Connection, link: _Link, touched: Touched) -> set[str]:
        """The objects among them."""
        catalogue, objects = self._base.catalogue, set[str]()
        for number, id_ in connection.execute(self._rows, link.span):
            if catalogue.has_number(number):
                key = catalogue.numbered(number).key
                touched[key].add(id_)
                objects.add(key)
        return objects

    def _name_former(
        self, connection: sa.Connection, link: _Link, objects: set[str], touched: Touched
    ) -> bool:
        """The owners of what was deleted or given to another one, whose kept fields no row of
        today leads to; False if there are too many."""
        catalogue, kept = self._base.catalogue, self._kept_from(objects)
        if not kept:
            return True
        given = {**link.span, "children": [catalogue[key].number for key in {k[0] for k in kept}]}
        found = connection.execute(self._deltas, given).all()
        for number, kind, delta, overflow in found[:_MOST_CLIMBING]:
            entity, values = catalogue.numbered(number), json.loads(overflow or delta)
            for _child, owner, target in (k for k in kept if k[0] == entity.key):
                told = values.get(owner)
                for plain in (told or ()) if kind == UPDATED else (told,):
                    value = None if plain is None else entity.field(owner).unplain(plain)
                    if (id_ := _id_of(value, target)) is not None:
                        touched[target].add(id_)
        return len(found) <= _MOST_CLIMBING

    def _climb(self, touched: Touched) -> bool:
        """The owners of what changed: fields kept from their latest child are in no change row.
        False if there are too many."""
        all_named = True
        for _step in range(2):  # a person's call is also the company's
            for child, owner, target in self._kept_from(tuple(touched)):
                ids = list(touched[child])[:_MOST_CLIMBING]
                all_named &= len(touched[child]) <= _MOST_CLIMBING
                rows = self._base.reader.many(child, ids, [owner]).values()
                found = {id_ for row in rows if (id_ := _id_of(row[owner], target)) is not None}
                if found:
                    touched[target] |= found
        return all_named

    def _kept_from(self, children: Iterable[str]) -> set[tuple[str, str, str]]:
        """(child, its link to the owner, object that keeps a field) of the objects changed."""
        known = set(children)
        return {
            (trait.child, trait.owner, entity.key)
            for entity in self._base.catalogue
            for trait in entity.traits_of(Latest)
            if trait.child in known
        }


def _id_of(value: object, entity: str) -> int | None:
    if isinstance(value, Ref):
        return value.id if value.entity == entity else None
    return value if isinstance(value, int) else None
