"""What the planner shows, as light values: moments are whole seconds since 1970 in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple, TypeVar

from crm_desktop.models.catalogue.builtin.activity import IDLE, OPEN_STATES
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.traits import Scheduled

_T = TypeVar("_T", bound=tuple[Any, ...])
HALF_HOUR = 1800
"""The length of what has a start and no end."""
_NEVER_LATE = frozenset({*IDLE, *Scheduled.lasting})
"""Kinds in which there is nothing to be done."""
DELETED = "deleted"
"""The draft of a deletion: it is seen, yet takes nobody's time."""


class Bar(NamedTuple):
    """One record in one row.

    `part`: the participation by which it stands there, 0 for who is responsible. `hidden`: it is
    somebody's private matter, of which only the time is told. `series`: it is an occurrence of a
    series; `origin` is its start by the rule. `due`: the deadline, 0 for none.
    `draft`: it stands here only as a draft, and what the draft does (`planner/drafts`).
    """

    id: int
    row: Ref
    starts: int
    ends: int
    kind: str
    state: str
    subject: str
    about: Ref | None
    version: int
    who: int
    part: int = 0
    all_day: bool = False
    due: int = 0
    hidden: bool = False
    series: bool = False
    origin: int = 0
    draft: str = ""

    @property
    def key(self) -> tuple[int, int]:
        """What is the same thing in several rows: the record, and which of its occurrences."""
        return self.id, self.origin

    @property
    def idle(self) -> bool:
        """Whether it stands there and takes nobody's time."""
        return self.draft == DELETED or self.kind in IDLE

    def is_late(self, now: int) -> bool:
        """Whether it is still to be done although its time and its deadline are past."""
        past = self.ends < now and self.due < now
        open_ = past and self.state in OPEN_STATES and self.kind not in _NEVER_LATE
        return open_ and not self.draft and not self.hidden


class Undated(NamedTuple):
    """Something to be done that has no time yet; `minutes` it will take."""

    id: int
    version: int
    subject: str
    kind: str
    about: Ref | None
    who: int
    due: int
    minutes: int


def undated_bar(undated: Undated, row: Ref, starts: int, ends: int) -> Bar:
    """What has no time yet, at a time and in a row."""
    return Bar(undated.id, row, starts, ends, undated.kind, "planned", undated.subject,
               undated.about, undated.version, undated.who, due=undated.due)  # fmt: skip


class PlanRow(NamedTuple):
    """A row: a person or a resource; `group` is the department, '' for none."""

    ref: Ref
    name: str
    detail: str
    group: str


def seconds(moment: datetime) -> int:
    """An aware moment as the planner counts it."""
    return int(moment.timestamp())


def moment(seconds_: int) -> datetime:
    """The aware moment, UTC."""
    return datetime.fromtimestamp(seconds_, UTC)


def many(kind: type[_T], rows: Iterable[tuple[Any, ...]]) -> list[_T]:
    """Named tuples of whole rows, in a quarter of the time that `_make` takes."""
    return list(map(partial(tuple.__new__, kind), rows))
