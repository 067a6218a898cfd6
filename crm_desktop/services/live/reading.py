"""What others have written since it was looked last: ids by object, out of the change log.

Every transaction has one link in `chain` with its seat, its numbers and how many rows it changed.
New links come with the rows of small transactions in one question, whatever gaps are awaited, and
those rows say by themselves who owns what was made, deleted or given away: fifty programs look
after every save. Own links and those that are known are passed over. Of a large transaction only
`MOST_NAMED` ids are read, of all objects together, and it is said that they are not all.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.asking import Compiled, compiled
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.traits import Latest
from crm_desktop.services.live.places import MOST_GAPS, Places
from crm_desktop.services.news import MOST_NAMED
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import CREATED, UPDATED, ChangeSet

_BEFORE = 400
"""Numbers below the last one, looked through at the beginning for blocks still on their way."""
_MOST_ROWS = 1000
_SMALL = 25
"""Rows of a transaction that come with its link."""
_ROOMS = (0, 4, MOST_GAPS)
"""Gaps that a question has room for: few texts, so that each stays prepared."""
_MOST_CLIMBING = 200
"""Of so many changed records the owners are looked up, whose kept fields follow them."""
_ROUNDS = 2
"""A person's call is also the company's."""

Touched = dict[str, set[int]]


class _Link(NamedTuple):
    last: int
    seat: str
    first: int
    amount: int

    @property
    def span(self) -> dict[str, Any]:
        """Its first and its last number, as questions want them."""
        return {"low": self.first, "high": self.first + self.amount - 1}


class _Row(NamedTuple):
    """A change row; `told`: its JSON where that may name owners, '' if it is kept apart."""

    number: int
    id: int
    kind: str
    told: str | None


class _Watched(NamedTuple):
    """A link of a child to owners that keep something of it."""

    field: str
    target: str
    decides: frozenset[str]
    """The fields of the child on which it depends what the owner keeps."""


class _News:
    """What one look has found so far."""

    def __init__(self) -> None:
        self.touched: Touched = defaultdict(set)
        self.climbing: Touched = defaultdict(set)
        """Whose owners are still to be looked up."""
        self.is_large = False
        self.is_whole = True
        self.may_be_private = False

    def own(self, target: str, id_: int | None) -> None:
        """The owner of something that was written, and what may be kept above it."""
        if id_ is not None:
            self.touched[target].add(id_)
            self.climbing[target].add(id_)


class NewsReader:
    """Reads news of one open base; its beginning is the moment it is made."""

    def __init__(self, workspace: Workspace) -> None:
        self._base = workspace
        self._chain = workspace.tables.system("chain").c
        self._rows = workspace.tables.system("change_row").c
        within = (self._rows.seq >= sa.bindparam("low")) & (self._rows.seq <= sa.bindparam("high"))
        self._named = workspace.backend.limit(
            sa.select(self._rows.ent, self._rows.rid).where(within).order_by(self._rows.seq),
            MOST_NAMED,
        )
        self._deltas = workspace.backend.limit(
            sa.select(*(self._rows[c] for c in ("ent", "rid", "kind", "delta", "overflow")))
            .where(within, self._rows.kind != CREATED)
            .where(self._rows.ent.in_(sa.bindparam("children", expanding=True)))
            .order_by(self._rows.seq),
            _MOST_CLIMBING + 1,
        )
        self._catalogue: Catalogue | None = None
        self._watched: Mapping[str, Sequence[_Watched]] = {}
        self._questions: dict[int, Compiled] = {}
        with workspace.backend.read() as connection:
            newest = connection.execute(
                workspace.backend.limit(
                    sa.select(self._chain.id).order_by(self._chain.id.desc()), 1
                )
            ).scalar()
            self._places = Places(max(0, int(newest or 0) - _BEFORE))
            list(self._found(connection))

    def look(self) -> ChangeSet:
        """What others have touched since the last look. DatabaseUnavailable: the line is gone."""
        news = _News()
        with self._base.backend.reading():  # one transaction, however many questions
            with self._base.backend.read() as connection:
                for link, rows in self._found(connection):
                    if link.seat == self._base.seat:
                        continue
                    if link.amount > _SMALL or not self._take(news, rows):
                        self._take_large(connection, news, link)
            self._climb(news)
        if news.is_large:
            self._base.backend.refresh_plans()
        touched = {key: frozenset(ids) for key, ids in news.touched.items()}
        whole = news.is_large or not news.is_whole
        return ChangeSet(0, touched, whole, whole or news.may_be_private)

    # --- the question -----------------------------------------------------------------------------

    def _found(self, connection: sa.Connection) -> Iterator[tuple[_Link, list[_Row]]]:
        """The links that were not known, each with its rows if it is a small one of others."""
        self._follow_catalogue()
        now, asked = time.monotonic(), _MOST_ROWS
        while asked == _MOST_ROWS:
            self._places.forget(now)
            links: dict[_Link, list[_Row]] = defaultdict(list)
            rows = self._asked(connection)
            asked = len(rows)
            for last, seat, first, amount, *row in rows:
                few = links[_Link(last, seat, first, amount)]
                if row[0] is not None:
                    few.append(_Row(*row))
            if asked == _MOST_ROWS and len(links) > 1:
                links.popitem()  # perhaps not all of its rows
            for link, found in links.items():
                if self._places.take(link.first, link.last, now):
                    yield link, found

    def _asked(self, connection: sa.Connection) -> Sequence[Sequence[Any]]:
        *gaps, (top, _open) = self._places.wanted()
        room = next(room for room in _ROOMS if room >= len(gaps))
        question = self._questions.get(room)
        if question is None:
            question = self._questions[room] = self._question(room, connection)
        given: dict[Any, Any] = {"seat": self._base.seat, "top": top}
        for place in range(room):
            low, high = gaps[place] if place < len(gaps) else (1, 0)
            given |= {f"low {place}": low, f"high {place}": high}
        values = [given.get(value, value) for value in question.values]
        return self._base.backend.rows(connection, question.text, values)

    def _question(self, room: int, connection: sa.Connection) -> Compiled:
        """Values of it are named by texts, which `_asked` replaces."""
        chain, rows = self._chain, self._rows

        def named(name: str, column: sa.Column[Any]) -> sa.BindParameter[Any]:
            return sa.bindparam(name.replace(" ", "_"), name, type_=column.type)

        numbers = [self._base.catalogue[key].number for key in sorted(self._watched)]
        told = sa.case((rows.ent.in_([sa.literal_column(str(n)) for n in numbers]), rows.delta))
        among = sa.and_(
            rows.seq >= chain.first_seq, rows.seq < chain.first_seq + chain.amount,
            chain.amount <= sa.literal_column(str(_SMALL)), chain.seat != named("seat", chain.seat),
        )  # fmt: skip
        wanted = [
            chain.id.between(named(f"low {n}", chain.id), named(f"high {n}", chain.id))
            for n in range(room)
        ]
        select = (
            sa.select(chain.id, chain.seat, chain.first_seq, chain.amount,
                      rows.ent, rows.rid, rows.kind, told)
            .select_from(chain.id.table.outerjoin(rows.seq.table, among))
            .where(sa.or_(*wanted, chain.id >= named("top", chain.id)))
            # what is reckoned is sorted: a walk along the index would pass over every older link
            .order_by(chain.id + sa.literal_column("0"), rows.seq)
        )  # fmt: skip
        return compiled(self._base.backend.limit(select, _MOST_ROWS), connection)

    def _follow_catalogue(self) -> None:
        if self._catalogue is not self._base.catalogue:
            self._catalogue = self._base.catalogue
            self._watched = _watched(self._catalogue)
            self._questions = {}

    # --- what it says -----------------------------------------------------------------------------

    def _take(self, news: _News, rows: Iterable[_Row]) -> bool:
        """Names what small transactions wrote; False if the rows do not say all of it."""
        catalogue, says_all = self._base.catalogue, True
        for row in rows:
            if not catalogue.has_number(row.number):
                continue
            entity = catalogue.numbered(row.number)
            news.touched[entity.key].add(row.id)
            values = json.loads(row.told) if row.told else None
            news.may_be_private |= self._base.privacy.mark.is_told_of(entity.key, values)
            if entity.key in self._watched:
                says_all &= values is not None
                self._take_owners(news, entity, row, values or {})
        return says_all

    def _take_owners(
        self, news: _News, entity: EntityDef, row: _Row, values: Mapping[str, Any]
    ) -> None:
        """Owners of before and after, where the row names them; else they are looked up."""
        for watched in self._watched[entity.key]:
            named = values.get(watched.field)
            if row.kind != UPDATED:
                news.own(watched.target, _owner(entity, watched, named))
            elif watched.field in values:
                for plain in named or ():
                    news.own(watched.target, _owner(entity, watched, plain))
            elif not watched.decides.isdisjoint(values):
                news.climbing[entity.key].add(row.id)

    def _take_large(self, connection: sa.Connection, news: _News, link: _Link) -> None:
        """The same of a transaction whose rows did not come with its link, or not whole."""
        news.is_large |= link.amount >= MOST_NAMED
        catalogue, children = self._base.catalogue, set[int]()
        for number, id_ in connection.execute(self._named, link.span):
            if catalogue.has_number(number):
                key = catalogue.numbered(number).key
                news.touched[key].add(id_)
                news.may_be_private |= self._base.privacy.mark.is_told_of(key, None)
                if key in self._watched:
                    news.climbing[key].add(id_)
                    children.add(number)
        if not children:
            return
        found = connection.execute(self._deltas, {**link.span, "children": sorted(children)}).all()
        news.is_whole &= len(found) <= _MOST_CLIMBING
        for number, id_, kind, delta, overflow in found[:_MOST_CLIMBING]:
            row = _Row(number, id_, kind, overflow or delta)
            self._take_owners(news, catalogue.numbered(number), row, json.loads(row.told or "{}"))

    def _climb(self, news: _News) -> None:
        """The owners of what changed: fields kept from their latest child are in no change row."""
        for _round in range(_ROUNDS):
            climbing = {key: ids for key, ids in news.climbing.items() if key in self._watched}
            news.climbing = defaultdict(set)
            for key, ids in climbing.items():
                news.is_whole &= len(ids) <= _MOST_CLIMBING
                fields = dict.fromkeys(watched.field for watched in self._watched[key])
                several = list(ids)[:_MOST_CLIMBING]
                for values in self._base.reader.many(key, several, fields).values():
                    for watched in self._watched[key]:
                        news.own(watched.target, _id_of(values[watched.field], watched.target))


def _watched(catalogue: Catalogue) -> Mapping[str, Sequence[_Watched]]:
    """The links of each object whose records other objects keep something of."""
    found: dict[str, dict[tuple[str, str], set[str]]] = defaultdict(lambda: defaultdict(set))
    for entity in catalogue:
        for trait in entity.traits_of(Latest):
            copied = (key for _own, key in trait.copies)
            decides = {trait.by, *copied, *(key for key, _keys in trait.where)}
            found[trait.child][trait.owner, entity.key] |= decides
    return {
        child: [_Watched(*link, frozenset(decides)) for link, decides in links.items()]
        for child, links in found.items()
    }


def _owner(entity: EntityDef, watched: _Watched, plain: Any) -> int | None:
    """The id that a value of JSON names."""
    value = None if plain is None else entity.field(watched.field).unplain(plain)
    return _id_of(value, watched.target)


def _id_of(value: object, entity: str) -> int | None:
    if isinstance(value, Ref):
        return value.id if value.entity == entity else None
    return value if isinstance(value, int) else None
