"""Somebody is away: for each of their open entries, who can take it over or when they can later.

Free colleagues of the same department come first, then the next free working time of the same
person on a later day, then other colleagues. A date of a series becomes an exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.applying import Applied, absence, apply_drafts
from crm_desktop.services.planner.bars import Bar, moment
from crm_desktop.services.planner.double_booking import participants
from crm_desktop.services.planner.drafts import MOVED, Draft
from crm_desktop.services.planner.slots import Availability
from crm_desktop.services.reminders.question import open_states
from crm_desktop.services.series.writes import THIS
from crm_desktop.services.writing.changes import Title

if TYPE_CHECKING:
    from crm_desktop.services.planner.service import Planner

AHEAD = 14
"""Days behind the absence that are searched for another time."""
MOST_COLLEAGUES, LATER = 8, 2
LEFT_OUT = -1
REPLANNED = Title(N_("Planned anew: {name} is away"))


class Way(NamedTuple):
    """One way out: in whose row and from when."""

    row: Ref
    starts: int


@dataclass(frozen=True)
class Proposal:
    """An open entry of somebody who is away, the ways out, and the one that is chosen."""

    bar: Bar
    ways: tuple[Way, ...]
    chosen: int = 0

    def draft(self) -> Draft | None:
        """What it comes to; None if it is left out."""
        if not 0 <= self.chosen < len(self.ways):
            return None
        way, bar = self.ways[self.chosen], self.bar
        ends = way.starts + bar.ends - bar.starts
        now = bar._replace(row=way.row, starts=way.starts, ends=ends, draft=MOVED)
        return Draft(MOVED, now, bar, THIS)


def propose(planner: Planner, person: Ref, first: date, last: date) -> list[Proposal]:
    """For every open entry from the first day to the last, by time; what takes a whole day stays.

    Each proposal counts on those before it, so that nobody gets two at a time.
    """
    rows = planner.rows()
    staff = [row for row in rows if row.ref.entity == planner.schedule.staff.key]
    group = next((row.group for row in staff if row.ref == person), "")
    known = [row.ref for row in staff if row.ref != person]
    near = [row.ref for row in staff if row.ref != person and row.group == group]
    far = [ref for ref in known if ref not in near]
    since, until = _edges(planner, first, last)
    open_ = [
        bar for bar in planner.bars([person], moment(since), moment(until))
        if not bar.all_day and not bar.hidden and bar.starts >= since and _is_open(planner, bar)
    ]  # fmt: skip
    others = participants(planner, {bar.id for bar in open_})
    with_them = {ref for parts in others.values() for ref in parts.values()}
    days = (last - first).days + 1 + AHEAD
    times = Availability(planner, [person, *known, *with_them], first, days)
    found = []
    for bar in open_:
        parts = others.get(bar.id, {}).items()
        company = [ref for part, ref in parts if part != bar.part and ref != person]
        ways = _ways(times, bar, (near, far), (company, until))
        proposal = Proposal(bar, tuple(ways), 0 if ways else LEFT_OUT)
        draft = proposal.draft()
        if draft is not None:
            times.take(draft.now.row, draft.now.starts, draft.now.ends)
        found.append(proposal)
    return found


def _edges(planner: Planner, first: date, last: date) -> tuple[int, int]:
    zone = planner.base.worktime.office_zone()
    begin = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    return int(begin.timestamp()), int(end.timestamp())


def _is_open(planner: Planner, bar: Bar) -> bool:
    lasting = planner.schedule.scheduled.lasting
    return bar.state in open_states(planner.schedule.event) and bar.kind not in lasting


def _ways(
    times: Availability,
    bar: Bar,
    colleagues: tuple[Sequence[Ref], Sequence[Ref]],
    around: tuple[Sequence[Ref], int],
) -> list[Way]:
    """`around`: who and what takes part beside them, and when the absence ends."""
    (near, far), (company, back) = colleagues, around
    mine = [Way(ref, bar.starts) for ref in near if ref not in company and _can(times, ref, bar)]
    others = [Way(ref, bar.starts) for ref in far if ref not in company and _can(times, ref, bar)]
    later: list[Way] = []
    if not bar.part:
        length = bar.ends - bar.starts
        slots = times.slots([bar.row, *company], length, back, LATER)
        later = [Way(bar.row, start) for start in slots]
    return [*mine[:MOST_COLLEAGUES], *later, *others[:MOST_COLLEAGUES]]


def _can(times: Availability, ref: Ref, bar: Bar) -> bool:
    """Free then, and at work; what lay outside working time needs only a working day."""
    if not times.is_idle(ref, bar.starts, bar.ends):
        return False
    if times.works(ref, bar.starts, bar.ends):
        return True
    usual = any(times.works(row, bar.starts, bar.ends) for row in times.work if row != bar.row)
    return not usual and times.works_that_day(ref, bar.starts)


def chosen(proposals: Sequence[Proposal], places: Sequence[int]) -> list[Proposal]:
    """The proposals with other ways chosen."""
    return [replace(one, chosen=place) for one, place in zip(proposals, places, strict=True)]


@dataclass(frozen=True)
class Away:
    """Who is away from which day to which; `subject` of the absence that is noted, '' for none."""

    person: Ref
    name: str
    first: date
    last: date
    subject: str = ""


def carry_out(
    planner: Planner, proposals: Sequence[Proposal], away: Away, *, twice: bool = False
) -> Applied:
    """All that is chosen, and the absence, as one operation; one message to each concerned."""
    drafts = [draft for one in proposals if (draft := one.draft()) is not None]
    more = []
    if away.subject:
        since, until = _edges(planner, away.first, away.last)
        more.append(absence(planner, away.person, since, until, away.subject))
    title = Title(REPLANNED.message, {"name": away.name})
    return apply_drafts(planner, drafts, twice=twice, title=title, more=more)
