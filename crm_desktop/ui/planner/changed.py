"""The sheet after others have saved, in the worker: only the rows of what they touched are made
anew. What it cannot say by these alone is read whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import Bar, moment
from crm_desktop.services.planner.service import Planner
from crm_desktop.services.planner.touched import Came, Shown, read_touched
from crm_desktop.services.writing.changes import ChangeSet
from crm_desktop.ui.operations import Job
from crm_desktop.ui.planner.axis import DAY_MINUTES, Axis
from crm_desktop.ui.planner.reading import Wanted, read_sheet
from crm_desktop.ui.planner.sheet import Line, Sheet, shown_hours

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

Ids = Mapping[str, frozenset[int]]


class Owed:
    """What the base has that is not shown yet: everything, or these records by their objects."""

    def __init__(self) -> None:
        self._ids: dict[str, frozenset[int]] | None = None

    @property
    def touched(self) -> Ids | None:
        """None: everything."""
        return None if self._ids is None else dict(self._ids)

    def everything(self) -> None:
        """All has to be read."""
        self._ids = None

    def nothing(self) -> None:
        """What is shown is what the base has."""
        self._ids = {}

    def add(self, changes: ChangeSet) -> None:
        """These records were touched."""
        if changes.whole:
            self._ids = None
        elif self._ids is not None:
            for key, ids in changes.touched.items():
                self._ids[key] = self._ids.get(key, frozenset()) | ids


def read_changed(job: Job, base: Workspace, wanted: Wanted, before: Sheet, touched: Ids) -> Sheet:
    """The sheet that was shown, with what became of the touched records; itself if that is
    nothing."""
    found = None
    if not wanted.asked and not wanted.drafts and _same_axis(before.axis, wanted):
        shown = Shown(
            [line.row.ref for line in before.lines],
            moment(before.axis.edges[0]), moment(before.axis.edges[-1]),
        )  # fmt: skip
        found = read_touched(Planner(base), touched, before.bars(), shown)
    job.check()
    if found is not None and not found.ids and not _names(before, touched):
        return before
    sheet = _with(before, found) if found is not None else None
    if sheet is None or not _fits(sheet, wanted):
        return read_sheet(job, base, wanted)
    return replace(sheet, now=int(base.clock.now().timestamp()))


def _names(sheet: Sheet, touched: Ids) -> bool:
    """Whether bars are about any of the touched records, which may have other names now."""
    refs = {Ref(key, id_) for key, ids in touched.items() for id_ in ids}
    return any(bar.about in refs for bar in sheet.bars())


def _same_axis(axis: Axis, wanted: Wanted) -> bool:
    return (axis.first, axis.days) == (wanted.first, wanted.days)


def _with(before: Sheet, came: Came) -> Sheet:
    """Rows in which nothing was and nothing is of the touched records stay the same objects."""
    new: dict[Ref, list[Bar]] = defaultdict(list)
    for bar in came.bars:
        new[bar.row].append(bar)
    lines = []
    for line in before.lines:
        bars = line.bars()
        kept = [bar for bar in bars if bar.id not in came.ids]
        come = new.get(line.row.ref, [])
        changed = come or len(kept) < len(bars)
        lines.append(_line(before.axis, line, [*kept, *come]) if changed else line)
    return Sheet(
        before.axis, lines, before.names, before.holidays, before.now, before.everyone, before.own
    )


def _line(axis: Axis, line: Line, bars: Iterable[Bar]) -> Line:
    every = sorted(bars, key=attrgetter("starts"))
    made = Line(line.row, every, line.work, line.edges, shades=line.shades)
    made.put(axis, every)
    return made


def _fits(sheet: Sheet, wanted: Wanted) -> bool:
    """Whether the hours that are shown are those of its bars still."""
    axis = sheet.axis
    whole = replace(axis, opens=0, closes=DAY_MINUTES)
    hours = (0, DAY_MINUTES) if wanted.whole_day else shown_hours(sheet.bars(), whole)
    return hours == (axis.opens, axis.closes)
