"""What others have written since it was looked last: ids by object, out of the change log.

Every transaction has one link in `chain` with its seat, its numbers and how many rows it changed:
own ones and those that are known are passed over without their rows. Of a large one only
`MOST_NAMED` ids are read, of all objects together, and it is said that they are not all.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.traits import Latest
from crm_desktop.services.changes import ChangeSet
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
        self._rows = workspace.backend.limit(
            sa.select(rows.ent, rows.rid).where(
                rows.seq >= sa.bindparam("low"), rows.seq <= sa.bindparam("high")
            ).order_by(rows.seq),
            MOST_NAMED,
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
        many = False
        with self._base.backend.reading():  # one transaction, however many questions
            with self._base.backend.read() as connection:
                for link in self._found(connection, time.monotonic()):
                    if link.seat != self._base.seat:
                        many = many or link.amount >= MOST_NAMED
                        self._name(connection, link, touched)
            self._climb(touched)
        if many:
            self._base.backend.refresh_plans()
        return ChangeSet(0, {key: frozenset(ids) for key, ids in touched.items()}, many)

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

    def _name(self, connection: sa.Connection, link: _Link, touched: Touched) -> None:
        given = {"low": link.first, "high": link.first + link.amount - 1}
        catalogue = self._base.catalogue
        for number, id_ in connection.execute(self._rows, given):
            if catalogue.has_number(number):
                touched[catalogue.numbered(number).key].add(id_)

    def _climb(self, touched: Touched) -> None:
        """The owners of what changed: fields kept from their latest child are in no change row."""
        for _step in range(2):  # a person's call is also the company's
            for child, owner, target in self._kept_from(tuple(touched)):
                ids = list(touched[child])[:_MOST_CLIMBING]
                rows = self._base.reader.many(child, ids, [owner]).values()
                found = {id_ for row in rows if (id_ := _id_of(row[owner], target)) is not None}
                if found:
                    touched[target] |= found

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
