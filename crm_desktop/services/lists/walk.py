"""Walking along the segments of an order: from the nearest known place, never by a long offset.

A place is a row that was met on the way: how many rows stand up to it, and its key and id. Places
are gathered from the pages that were read and, in the background, at every 128th row, so that any
page is a short walk away in a list of any length.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.services.lists.order import Segment

STEP = 128
STRETCH = 40 * STEP
GATHERED = 32_768
"""Rows between two looks at whether the walk was cancelled."""

MOST_MET = 10_000
"""Rows whose spot is remembered."""

RawRow = Sequence[Any]
Conditions = tuple[sa.ColumnElement[bool], ...]


class Place(NamedTuple):
    """`before` rows stand before the next one; None as `last`: at the start of the segment."""

    before: int
    segment: int
    last: tuple[Any, int] | None


class Spot(NamedTuple):
    """Where a row stands in the order: its segment, its key there (None: by id alone), its id."""

    segment: int
    key: Any
    id: int


@dataclass(frozen=True)
class WalkShape:
    """What a walk reads: `selected` begins with id and version; the order's key is added last."""

    source: sa.FromClause
    id: sa.ColumnElement[int]
    where: tuple[sa.ColumnElement[bool], ...]
    selected: tuple[sa.ColumnElement[Any], ...]


class Walker:
    """The known places of one order, and the way from them."""

    def __init__(self, backend: Backend, shape: WalkShape, segments: Sequence[Segment]) -> None:
        self._backend = backend
        self._shape = shape
        self.segments = segments
        self.total: int | None = None
        self.explored = False
        self._places = [Place(0, 0, None)]
        self._walked = self._places[0]
        self._met: dict[int, Spot] = {}
        self._counts: dict[int, int] = {}
        self._gathered: array[int] = array("q")
        self._gathered_to = self._places[0]

    # --- pages ------------------------------------------------------------------------------------

    def rows(self, connection: sa.Connection, start: int, count: int) -> list[RawRow]:
        """The rows of a page, as selected."""
        place = self._nearest(start)
        far = start - place.before
        if not self.explored and self.total is not None and self.total - start < far:
            return self._from_end(connection, start, count)
        found: list[RawRow] = []
        skip = start - place.before
        while len(found) < count:
            known_empty = self._counts.get(place.segment) == 0
            part = (
                () if known_empty else self._read(connection, place, count - len(found), skip=skip)
            )
            found.extend(part)
            if part:
                self._note(start + len(found), place.segment, part)
            if len(found) >= count or place.segment + 1 >= len(self.segments):
                break
            if not part and skip:
                skip -= self._left(connection, place)
            else:
                skip = 0
            place = Place(start + len(found) - skip, place.segment + 1, None)
            self._add(place)
        return found

    def _from_end(self, connection: sa.Connection, start: int, count: int) -> list[RawRow]:
        """The same from the last row backwards."""
        assert self.total is not None
        count = min(count, self.total - start)
        skip = self.total - start - count
        found: list[RawRow] = []
        for number in range(len(self.segments) - 1, -1, -1):
            if len(found) >= count:
                break
            if self.segments[number].doubtful:
                continue
            place = Place(0, number, None)
            part = self._read(connection, place, count - len(found), skip=skip, backwards=True)
            found.extend(part)
            if part:
                self._remember(number, part)
            if not part and skip:
                skip -= self._left(connection, place)
            else:
                skip = 0
        return found[::-1]

    def _nearest(self, start: int) -> Place:
        return self._places[bisect_right(self._places, start, key=lambda p: p.before) - 1]

    def _note(self, before: int, number: int, rows: Sequence[RawRow]) -> None:
        self._remember(number, rows)
        last = self._met[rows[-1][0]]
        self._add(Place(before, number, (last.key, last.id)))

    def _remember(self, number: int, rows: Sequence[RawRow]) -> None:
        """Where the rows stand now, in case they are moved."""
        keyed = self.segments[number].key is not None
        if len(self._met) > MOST_MET:
            self._met.clear()
        self._met.update((row[0], Spot(number, row[-1] if keyed else None, row[0])) for row in rows)

    def _add(self, place: Place) -> None:
        at = bisect_right(self._places, place.before, key=lambda p: p.before)
        known = self._places[at - 1]
        if known.before < place.before or known.segment < place.segment:
            self._places.insert(at, place)

    # --- places in the background -----------------------------------------------------------------

    def explore(
        self,
        connection: sa.Connection,
        cancelled: Callable[[], bool],
        interruptible: Callable[[sa.Connection | None], None],
    ) -> bool:
        """Notes every 128th row to the end; True when done, False when cancelled on the way.

        Called again it goes on where it stopped. A stretch takes some milliseconds and is not ended
        from outside: that would cost a server's connection with all that it keeps prepared.
        """
        while not self.explored:
            if cancelled():
                return False
            is_long = self.segments[self._walked.segment].doubtful
            interruptible(connection if is_long else None)
            self._stretch(connection)
        return True

    def _stretch(self, connection: sa.Connection) -> None:
        place = self._walked
        parts = [self._select(place, narrow=True, after=part) for part in self._parts(place)]
        # row 0 of a stretch is the one after the place: taken from the last of each 128
        found, whole = self._backend.anchors(connection, parts, STEP, STRETCH)
        for number, (key, id_) in enumerate(found):
            met = Place(place.before + number * STEP + 1, place.segment, (key, id_))
            self._add(met)
        if whole:
            self._end_segment(connection, self._last_of(place, found))
        else:
            self._walked = self._last_of(place, found)

    @staticmethod
    def _last_of(place: Place, found: Sequence[tuple[Any, int]]) -> Place:
        if not found:
            return place
        return Place(place.before + (len(found) - 1) * STEP + 1, place.segment, found[-1])

    def _end_segment(self, connection: sa.Connection, place: Place) -> None:
        before = place.before + self._left(connection, place)
        self._counts[place.segment] = before - sum(self._counts.values())
        if place.segment + 1 >= len(self.segments):
            self.total, self.explored = before, True
            return
        self._walked = Place(before, place.segment + 1, None)
        self._add(self._walked)

    # --- all ids ----------------------------------------------------------------------------------

    def gather(self, connection: sa.Connection, cancelled: Callable[[], bool]) -> array[int] | None:
        """The ids of all rows; None when cancelled: called again it goes on where it stopped."""
        while not cancelled():
            place = self._gathered_to
            select = self._select(place, ids=True)
            ids = self._backend.all_ids(connection, self._backend.limit(select, GATHERED))
            self._gathered.extend(ids)
            if len(ids) == GATHERED:
                self._gathered_to = self._place_of(connection, place, ids[-1])
            elif place.segment + 1 < len(self.segments):
                self._gathered_to = Place(0, place.segment + 1, None)
            else:
                found, self._gathered = self._gathered, array("q")
                self._gathered_to = self._places[0]
                return found
        return None

    def _place_of(self, connection: sa.Connection, place: Place, id_: int) -> Place:
        key = self.segments[place.segment].key
        if key is None:
            return place._replace(last=(None, id_))
        wanted = sa.select(key).select_from(self._shape.source).where(self._shape.id == id_)
        return place._replace(last=(connection.execute(wanted).scalar(), id_))

    # --- single records ---------------------------------------------------------------------------

    def position(self, connection: sa.Connection, id_: int) -> int | None:
        """How many rows stand before the record; None if it is not in the list."""
        found = self._spots(connection, [id_]).get(id_)
        if found is None:
            return None
        spot = found[0]
        place = self._places[self._after_spot(spot) - 1]
        near = self._backend.limit(self._select(place, narrow=True), 2 * STEP)
        if place.segment == spot.segment:
            ids = [row[1] for row in connection.execute(near).all()]
            if id_ in ids:
                return place.before + ids.index(id_)
        start = Place(0, spot.segment, None)
        before = sum(
            self._left(connection, Place(0, number, None)) for number in range(spot.segment)
        )
        behind = self._left(connection, start._replace(last=(spot.key, spot.id)))
        return before + self._left(connection, start) - behind - 1

    def keep(self, connection: sa.Connection, touched: Sequence[int]) -> bool:
        """Moves the known places by what records came, went and changed.

        False if a record may have stood in the list without its spot being known.
        """
        assert self.total is not None
        now = self._spots(connection, touched)
        for id_ in touched:
            old, found = self._met.pop(id_, None), now.get(id_)
            is_new = found is not None and found[1] == 1
            if old is None and not is_new:
                return False
            if old is not None:
                self._shift(old, -1)
            if found is not None:
                self._met[id_] = found[0]
                self._shift(found[0], 1)
        return True

    def _shift(self, spot: Spot, by: int) -> None:
        assert self.total is not None
        at = self._after_spot(spot, including=True)
        self._places[at:] = [p._replace(before=p.before + by) for p in self._places[at:]]
        self._counts[spot.segment] += by
        self.total += by

    def _spots(self, connection: sa.Connection, ids: Sequence[int]) -> dict[int, tuple[Spot, int]]:
        """Spot and version of those of the records that are in the list."""
        shape = self._shape
        whens: list[Any] = [
            (sa.and_(sa.true(), *segment.where), sa.literal_column(str(number)))
            for number, segment in enumerate(self.segments)
        ]
        if len(whens) == 1 and not self.segments[0].where:
            which: sa.ColumnElement[Any] = sa.literal_column("0")
        else:
            which = sa.case(*whens, else_=sa.null())
        key = next((s.key for s in self.segments if s.key is not None), shape.id)
        wanted = sa.select(shape.id, shape.selected[1], which.label("part"), key.label("order_key"))
        wanted = wanted.select_from(shape.source).where(*shape.where, shape.id.in_(ids))
        found: dict[int, tuple[Spot, int]] = {}
        for id_, version, number, value in connection.execute(wanted).all():
            if number is not None:
                keyed = self.segments[number].key is not None
                found[id_] = (Spot(number, value if keyed else None, id_), version)
        return found

    def _after_spot(self, spot: Spot, *, including: bool = False) -> int:
        """The index of the first place behind the row, or (including) at it."""
        low, high = 1, len(self._places)
        while low < high:
            middle = (low + high) // 2
            order = self._compare(self._places[middle], spot)
            if order > 0 or (including and order == 0):
                high = middle
            else:
                low = middle + 1
        return low

    def _compare(self, place: Place, spot: Spot) -> int:
        if place.segment != spot.segment:
            return -1 if place.segment < spot.segment else 1
        if place.last is None:
            return -1
        one, other = place.last, (spot.key, spot.id)
        if spot.key is None:
            one, other = (0, one[1]), (0, spot.id)
        if one == other:
            return 0
        return -1 if (one < other) ^ self.segments[spot.segment].descending else 1

    # --- statements -------------------------------------------------------------------------------

    def _read(
        self,
        connection: sa.Connection,
        place: Place,
        count: int,
        *,
        skip: int = 0,
        backwards: bool = False,
    ) -> Sequence[RawRow]:
        found: list[RawRow] = []
        parts = self._parts(place) if self._among_equals(place) else [self._after(place)]
        for part in parts:
            select = self._select(place, backwards=backwards, after=part)
            wanted = self._backend.limit(select, count - len(found), skip)
            found.extend(connection.execute(wanted).all())
            if len(found) >= count:
                break
            skip = 0  # the rows that are passed over were in the first part
        return found

    def _among_equals(self, place: Place) -> bool:
        """Whether the known place behind this one has the same key, and so has all between."""
        at = bisect_right(self._places, place.before, key=lambda p: p.before)
        behind = self._places[at] if at < len(self._places) else None
        if place.last is None or behind is None or behind.last is None:
            return False
        return behind.segment == place.segment and behind.last[0] == place.last[0]

    def _select(
        self,
        place: Place,
        *,
        narrow: bool = False,
        ids: bool = False,
        backwards: bool = False,
        after: Conditions | None = None,
    ) -> sa.Select[Any]:
        """The rows after the place; `narrow`: only key and id; `ids`: only that; `after`: a part of
        them."""
        segment, shape = self.segments[place.segment], self._shape
        key: sa.ColumnElement[Any] = shape.id if segment.key is None else segment.key
        columns: tuple[sa.ColumnElement[Any], ...]
        if narrow or ids:
            columns = (shape.id,) if ids else (key, shape.id)
        else:
            columns = (*shape.selected, key.label("order_key"))
        beyond = self._after(place) if after is None else after
        return (
            sa.select(*columns)
            .select_from(shape.source)
            .where(*segment.where, *shape.where, *beyond)
            .order_by(*segment.order(shape.id, backwards=backwards))
        )

    def _after(self, place: Place) -> Conditions:
        if place.last is None:
            return ()
        segment, own, (key, id_) = self.segments[place.segment], self._shape.id, place.last
        if segment.key is None:
            return (own < id_ if segment.descending else own > id_,)
        return (self._backend.keyset(segment.key, own, (key, id_), descending=segment.descending),)

    def _parts(self, place: Place) -> list[Conditions]:
        """What `_after` says, in parts one behind the other."""
        segment = self.segments[place.segment]
        if place.last is None or segment.key is None:
            return [self._after(place)]
        parts = self._backend.keyset_parts(
            segment.key, self._shape.id, place.last, descending=segment.descending
        )
        return [(part,) for part in parts]

    def _left(self, connection: sa.Connection, place: Place) -> int:
        """How many rows of the segment stand after the place."""
        segment, shape = self.segments[place.segment], self._shape
        wanted = sa.select(sa.func.count()).select_from(shape.source)
        wanted = wanted.where(*segment.where, *shape.where, *self._after(place))
        return int(connection.execute(wanted).scalar_one())
