"""What a hand-over would have receivers do at the same time, and the free times it moves to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import Bar, moment, seconds
from crm_desktop.services.planner.double_booking import (
    Pair,
    bar_in_words,
    new_clashes,
    participants,
    said_clashes,
)
from crm_desktop.services.planner.moving import Move
from crm_desktop.services.planner.service import Planner
from crm_desktop.services.planner.slots import Availability

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

AHEAD = 28
"""Days of the receivers' plans that are looked at."""
OFFERED = 3
"""Free times that are offered for each clash."""
Entry = tuple[int, int]
"""An entry of the planner: its number and, for one date of a series, the start that the rule
gives it, in seconds since 1970; else 0."""


class Meeting(NamedTuple):
    """A time that would be taken twice, in words, and when the receiver is free instead."""

    receiver: int
    text: str
    free: tuple[int, ...]
    """Seconds since 1970."""
    entry: Entry


class Moved(NamedTuple):
    """An entry that is handed over and takes place at another time from then on."""

    move: Move
    text: str

    @property
    def entry(self) -> Entry:
        return self.move.bar.key

    @property
    def receiver(self) -> int:
        return self.move.row.id


class Plans:
    """What comes to the receivers' planners within `AHEAD` days."""

    def __init__(
        self, workspace: Workspace, leaving: int, given: Mapping[Ref, int],
        times: Mapping[Entry, int],
    ) -> None:  # fmt: skip
        """`times`: other starts of entries, in seconds since 1970."""
        self._planner, self._now = Planner(workspace), workspace.clock.now()
        self._today = workspace.clock.local().date()
        self._stood: dict[Entry, Move] = {}
        self._moves: list[Move] = []
        schedule = self._planner.schedule
        whose = [Ref(schedule.staff.key, leaving)]
        for bar in self._planner.bars(whose, self._now, self._now + timedelta(days=AHEAD)):
            who = given.get(Ref(schedule.event.key, bar.id))
            if bar.part or bar.all_day or who is None:
                continue
            move = Move(bar, bar.starts, bar.ends, Ref(schedule.staff.key, who))
            self._stood[bar.key] = move
            starts = times.get(bar.key, bar.starts) if self._may_move(bar) else bar.starts
            self._moves.append(move._replace(starts=starts, ends=starts + bar.ends - bar.starts))

    def _may_move(self, bar: Bar) -> bool:
        """Not what has begun, nor somebody's private matter."""
        return bar.starts > seconds(self._now) and not bar.hidden

    def moved(self) -> Iterator[Moved]:
        """What takes place at another time."""
        other = [move for move in self._moves if move != self._stood[move.bar.key]]
        about = self._planner.names([move.bar for move in other])
        for move in other:
            yield Moved(move, bar_in_words(self._planner, move.changed, about))

    def meetings(self) -> Iterator[Meeting]:
        """What would be taken twice. The first free time of each is offered to no other one, so
        that all of them can be moved at once."""
        pairs: dict[Entry, list[Pair]] = {}
        if self._moves:
            for pair in new_clashes(self._planner, self._moves, copies={}):
                pairs.setdefault(pair[0].key, []).append(pair)
        if not pairs:
            return
        others = participants(self._planner, {id_ for id_, _origin in pairs})
        rows = {
            key: list(dict.fromkeys([self._stood[key].row, *others.get(key[0], {}).values()]))
            for key in pairs
        }
        free = Availability(
            self._planner, [row for some in rows.values() for row in some], self._today, AHEAD
        )
        for move in self._moves:  # what comes along takes the receiver's time, too
            free.take(move.row, move.starts, move.ends)
        for key, found in pairs.items():
            stood = self._stood[key]
            slots = self._slots(free, rows[key], stood.bar)
            for row in rows[key] if slots else ():
                free.take(row, slots[0], slots[0] + stood.ends - stood.starts)
            yield Meeting(stood.row.id, self._said(found), slots, key)

    def _slots(self, free: Availability, rows: Sequence[Ref], bar: Bar) -> tuple[int, ...]:
        if not self._may_move(bar):
            return ()
        return tuple(free.slots(rows, bar.ends - bar.starts, bar.starts, OFFERED))

    def _said(self, pairs: Sequence[Pair]) -> str:
        """A sentence: whose time, what would take it, all that takes it already."""
        found = said_clashes(self._planner, pairs, allowed=True).found
        others = ", ".join(dict.fromkeys(one.old for one in found))
        return found[0]._replace(old=others).text()


def moments(meeting: Meeting) -> list[str]:
    """The free times in ISO form."""
    return [moment(at).isoformat() for at in meeting.free]
