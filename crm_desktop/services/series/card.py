"""Which date of a series a card shows, which dates a change there may mean, and what it writes.

A card of a series shows the times of one of its dates: the one it was opened for, else the next
one. Whoever changes it is asked for this date, this and the following ones, or all, but only where
the answers differ.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.traits import Recurring, Scheduled
from crm_desktop.services.series.writes import ALL, FOLLOWING, THIS, SeriesWrites
from crm_desktop.services.writing.staging import Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

Values = Mapping[str, Any]
_A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class DateOfSeries:
    """A date of the series `series`: `original` is its start by the rule, `local` the same on the
    clocks of the series. `own`: a record of its own stands in its place. `times`: what the card
    shows instead of the times of the first date. `is_due`: it is the next one to be done."""

    series: int
    original: datetime
    local: datetime
    own: bool = False
    is_first: bool = False
    is_last: bool = False
    is_due: bool = False
    times: Values = field(default_factory=dict)

    def meant(self, entity: EntityDef, changed: Values) -> tuple[str, ...]:
        """The answers that differ when these values are saved; one: nothing need be asked, none:
        the record is changed as any other."""
        recurring, scheduled = entity.trait(Recurring), entity.trait(Scheduled)
        assert recurring is not None and scheduled is not None
        if changed.keys() <= set(recurring.own) - {scheduled.state}:
            return ()
        if self.own and scheduled.state in changed:
            return ()
        if changed.get(scheduled.state) == scheduled.done:  # a series is carried out date by date
            return () if self.is_due else (THIS,)
        if {recurring.rule, recurring.count_from} & changed.keys():
            return (ALL,) if self.is_first or not changed.get(recurring.rule, True) else _RULES
        return self.deleted()

    def deleted(self) -> tuple[str, ...]:
        """The answers that differ when it is deleted."""
        if self.is_first and self.is_last:
            return (ALL,)
        return (THIS, ALL) if self.is_first or self.is_last else (THIS, FOLLOWING, ALL)


_RULES = (FOLLOWING, ALL)


def date_of_series(
    workspace: Workspace, record: Ref, values: Values, at: datetime | None = None
) -> DateOfSeries | None:
    """The date that the card of a record shows, opened for the one that the rule puts at `at`.

    None where there is nothing to ask: the record does not recur, its next date is counted from
    its completion, or it is over.
    """
    entity = workspace.catalogue[record.entity]
    recurring, scheduled = entity.trait(Recurring), entity.trait(Scheduled)
    if recurring is None or scheduled is None:
        return None
    own = not values.get(recurring.rule)
    series = values.get(recurring.series) if own else record.id
    over = values.get(scheduled.state) in (*scheduled.closed, scheduled.done)
    if not series or (over and not own):
        return None
    try:
        found = SeriesWrites(workspace, series)
    except InvalidInput:  # the series is gone, or another program wrote a rule nobody can read
        return None
    if found.values.get(recurring.count_from) == recurring.from_done or found.starts is None:
        return None
    original = values.get(recurring.occurrence) if own else _shown(found, at)
    return _told(found, original, own) if original is not None else None


def _shown(found: SeriesWrites, at: datetime | None) -> datetime | None:
    """The date wanted, if the rule has it; else the one that is due, or the first."""
    for wanted in (at, found.values.get(found.times.due), found.starts):
        there = found.next_date(wanted - _A_SECOND) if wanted is not None else None
        if there is not None and (wanted != at or there == at):
            return there
    return None


def _told(found: SeriesWrites, original: datetime, own: bool) -> DateOfSeries:
    times = {} if own else found.times_at(original)
    if found.values.get(found.times.due) is None:
        times.pop(found.times.due, None)
    return DateOfSeries(
        found.id, original, original.astimezone(found.zone), own,
        is_first=found.is_first(original), is_last=found.next_date(original) is None,
        is_due=found.values.get(found.times.due) == original, times=times,
    )  # fmt: skip


def written(
    workspace: Workspace,
    record: Ref,
    date: DateOfSeries,
    values: Values,
    extent: str,
    version: int | None = None,
) -> list[Write]:
    """The writes for new values of a card's date; `version`: of the record as it was seen."""
    found = SeriesWrites(workspace, date.series)
    if date.own and {found.times.starts, found.times.ends} & values.keys():
        values = {**_stood(workspace, record, found), **values}
    writes = found.edit(date.original, values, extent)
    return [
        replace(w, version=version) if isinstance(w, Update) and w.id == record.id else w
        for w in writes
    ]


def of_due_date(workspace: Workspace, record: Ref, values: Values) -> list[Write]:
    """The writes for new values of a record; of a series only for the date that is due."""
    stored = workspace.reader.get(*record)
    date = date_of_series(workspace, record, stored.values) if stored is not None else None
    if date is None or date.own:
        return [Update(record.entity, record.id, values)]
    return written(workspace, record, date, values, THIS)


def _stood(workspace: Workspace, record: Ref, found: SeriesWrites) -> dict[str, Any]:
    """The times of a moved date: whoever moves its end alone means them both."""
    keys = (found.times.starts, found.times.ends)
    row = workspace.reader.many(record.entity, [record.id], keys).get(record.id, {})
    return {key: row[key] for key in keys if row.get(key) is not None}


def record_after(record: Ref, date: DateOfSeries, ids: Collection[int], extent: str) -> Ref:
    """The record that holds the date after it was written: a new one, if one was made."""
    made = not date.own and extent != ALL
    return Ref(record.entity, next(iter(ids))) if made and ids else record
