"""What changing or deleting dates of a series writes: this one, this and the following, or all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.traits import Reminds
from crm_desktop.models.recurrence.moving import (
    continued_from,
    ended_before,
    moved,
    shifted,
    wall_shift,
)
from crm_desktop.models.recurrence.occurrences import next_occurrence
from crm_desktop.models.recurrence.rule import Recurrence
from crm_desktop.services.office.zone import zone_in
from crm_desktop.services.series.dates import SeriesDates, end_of, read_rule
from crm_desktop.services.writing.staging import Create, Delete, Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

THIS, FOLLOWING, ALL = "this", "following", "all"


class SeriesWrites:
    """The writes around one series, read once."""

    def __init__(self, workspace: Workspace, series: int) -> None:
        self._base, self.id = workspace, series
        dates = SeriesDates(workspace)
        self.entity, self.trait, self.times = dates.entity, dates.trait, dates.times
        stored = workspace.reader.get(self.entity.key, series)
        if stored is None or not stored.values.get(self.trait.rule):
            raise InvalidInput(_("This activity does not recur (any more)"))
        self.values: Mapping[str, Any] = stored.values
        with workspace.backend.read() as connection:
            self.zone = zone_in(workspace.tables, connection, self.values.get(self.trait.zone))
        self.rule = read_rule(self.values[self.trait.rule], self.zone)
        self.starts: datetime = self.values[self.times.starts]
        self.replaced = self._replacing()
        self._office = workspace.worktime.of(None) if self.rule.workdays else None

    def _next_of(self, rule: Recurrence, moment: datetime) -> datetime | None:
        """The first date of the rule after a moment, by the days of the office."""
        is_workday = self._office.is_workday if self._office is not None else None
        return next_occurrence(rule, self.starts, self.zone, moment, is_workday=is_workday)

    def next_date(self, moment: datetime) -> datetime | None:
        """The first date after a moment."""
        return self._next_of(self.rule, moment)

    def _replacing(self) -> dict[datetime, tuple[int, str]]:
        """Id and state of the records in place of occurrences, by the start they replace."""
        field = self.entity.field(self.trait.series)
        with self._base.backend.read() as connection:
            found = self._base.reader.linked(self.entity.key, field.key, [self.id], connection)
        return {
            row.values[self.trait.occurrence]: (id_, str(row.values[self.times.state]))
            for id_, row in found.items()
            if row.values[self.trait.occurrence] is not None
        }

    # --- changing ---------------------------------------------------------------------------------

    def edit(self, original: datetime, values: Mapping[str, Any], extent: str) -> list[Write]:
        """New values of the occurrence at `original`, of it and the following, or of all."""
        if extent == THIS:
            return list(self._edit_one(original, values))
        if extent == ALL or self.is_first(original):
            return list(self._edit_all(original, values))
        return list(self._part_in_two(original, values))

    def _edit_one(self, original: datetime, values: Mapping[str, Any]) -> Iterator[Write]:
        given = {k: v for k, v in values.items() if k not in self._of_series()}
        if original in self.replaced:
            yield Update(self.entity.key, self.replaced[original][0], given)
            return
        if self.values.get(self.trait.count_from) == self.trait.from_done:
            yield Update(self.entity.key, self.id, given)  # there is only this one as yet
            return
        yield from self._own_record(original, given, self.id)
        yield from self._due_after(original)

    def _own_record(
        self, original: datetime, given: Mapping[str, Any], series: int
    ) -> Iterator[Write]:
        new = self._new_id()
        copy = self._copied() | self.times_at(given.get(self.times.starts) or original)
        copy |= {self.trait.series: series, self.trait.occurrence: original}
        yield Create(self.entity.key, {**copy, **given}, id=new)
        yield from self._children(new)

    def apart(
        self, dates: Mapping[datetime, Mapping[str, Any]], series: int, due: datetime | None
    ) -> list[Write]:
        """Other values, times among them, of some dates, by the start that the rule gives them.
        `series`: the one that they belong to from now on, this or the rest of it, due at `due`."""
        if self.values.get(self.trait.count_from) == self.trait.from_done:
            return [Update(self.entity.key, series, dict(given)) for given in dates.values()]
        writes = [w for at, given in dates.items() for w in self._own_record(at, given, series)]
        if due is not None and due in dates:
            rest = self.rule
            for original in (*dates, *self.replaced):
                rest = rest.without(original)
            following = self._next_of(rest, due)
            writes.append(Update(self.entity.key, series, {self.times.due: following}))
        return writes

    def _edit_all(self, original: datetime, values: Mapping[str, Any]) -> Iterator[Write]:
        given, new_start = dict(values), values.get(self.times.starts)
        if new_start is not None and new_start != original:
            given |= self._moved_times(original, values, self.starts)
            if self.trait.rule not in values:
                given[self.trait.rule] = moved(self.rule, original, new_start, self.zone).text()
            by = wall_shift(original, new_start, self.zone)
            yield from self._follow(by, self.id, None)
        elif self.times.ends in values:
            given |= self._moved_times(original, values, self.starts)
        yield from self._own_of(original, values)
        yield Update(self.entity.key, self.id, given)

    def _own_of(self, original: datetime, values: Mapping[str, Any]) -> Iterator[Write]:
        """A date with a record of its own takes over what is said of it and of others."""
        known = self.replaced.get(original)
        given = {k: v for k, v in values.items() if k not in self._of_series()}
        if known and given:
            yield Update(self.entity.key, known[0], given)

    def _part_in_two(self, original: datetime, values: Mapping[str, Any]) -> Iterator[Write]:
        new_start = values.get(self.times.starts) or original
        rest = continued_from(self.rule, self.starts, self.zone, original)
        rest = moved(rest, original, new_start, self.zone) if new_start != original else rest
        new = self._new_id()
        copy = self._copied() | self.times_at(new_start)
        copy |= {self.trait.rule: rest.text(), self.trait.zone: self.values.get(self.trait.zone),
                 self.trait.count_from: self.values.get(self.trait.count_from)}  # fmt: skip
        yield Create(self.entity.key, copy | dict(values), id=new)
        yield from self._children(new)
        yield from self._follow(wall_shift(original, new_start, self.zone), new, original)
        yield from self._own_of(original, values)
        shorter = ended_before(self.rule, original)
        yield Update(self.entity.key, self.id, {self.trait.rule: shorter.text()})

    # --- deleting ---------------------------------------------------------------------------------

    def delete(self, original: datetime, extent: str) -> list[Write]:
        """Takes the occurrence out of the series, or it and the following, or all. Those that
        were carried out stay: they are what happened."""
        if extent == ALL or (extent == FOLLOWING and self.is_first(original)):
            return [*self._delete_replacing(None), Delete(self.entity.key, self.id)]
        if extent == FOLLOWING:
            shorter = ended_before(self.rule, original)
            return [
                *self._delete_replacing(original),
                Update(self.entity.key, self.id, {self.trait.rule: shorter.text()}),
            ]
        return self._delete_one(original)

    def _delete_one(self, original: datetime) -> list[Write]:
        known = self.replaced.get(original)
        gone: list[Write] = [Delete(self.entity.key, known[0])] if known else []
        rest = self.rule.without(original)
        before = self.starts - timedelta(seconds=1)
        if self._next_of(rest, before) is None:
            return [*gone, Delete(self.entity.key, self.id)]
        written = {self.trait.rule: rest.text()}
        due = [w.values for w in self._due_after(original) if isinstance(w, Update)]
        return [*gone, Update(self.entity.key, self.id, {**written, **(due[0] if due else {})})]

    def _delete_replacing(self, since: datetime | None) -> Iterator[Write]:
        for original, (id_, state) in self.replaced.items():
            if (since is None or original >= since) and state != self.times.done:
                yield Delete(self.entity.key, id_)

    # --- parts ------------------------------------------------------------------------------------

    def is_first(self, original: datetime) -> bool:
        """Whether the series has no date before."""
        before = self.starts - timedelta(seconds=1)
        first = self._next_of(self.rule, before)
        return first is None or original <= first

    def _of_series(self) -> tuple[str, ...]:
        t = self.trait
        return (t.rule, t.series, t.occurrence, t.count_from, t.until)

    def _copied(self) -> dict[str, Any]:
        """The values that an occurrence takes over from its series."""
        out = {*self._of_series(), *self.trait.own, self.trait.moment, self.times.due}
        return {
            f.key: self.values[f.key]
            for f in self.entity.fields
            if f.key not in out and not f.kept and self.values.get(f.key) is not None
        } | {self.times.state: self.times.planned}

    def times_at(self, original: datetime) -> dict[str, Any]:
        """The times of the date that begins then."""
        ends = end_of(original, self.starts, self.values.get(self.times.ends), self.zone)
        return {self.times.starts: original, self.times.ends: ends, self.times.due: original}

    def _moved_times(
        self, original: datetime, values: Mapping[str, Any], starts: datetime
    ) -> dict[str, Any]:
        """The times of the series when one of its dates was given other ones."""
        new_start = values.get(self.times.starts) or original
        new_end = values.get(self.times.ends)
        if new_end is None:
            new_end = end_of(new_start, self.starts, self.values.get(self.times.ends), self.zone)
        first = shifted(starts, wall_shift(original, new_start, self.zone), self.zone)
        times: dict[str, Any] = {self.times.starts: first}
        if new_end is not None:
            times[self.times.ends] = end_of(first, new_start, new_end, self.zone)
        due = self.values.get(self.times.due)
        if due is not None and self.times.due not in values:
            by = wall_shift(original, new_start, self.zone)
            times[self.times.due] = shifted(due, by, self.zone)
        return times

    def _follow(self, by: timedelta, owner: int, since: datetime | None) -> Iterator[Write]:
        """Changed occurrences keep their place in the series that its dates move in."""
        for original, (id_, _state) in self.replaced.items():
            if since is not None and original < since:
                continue
            there = shifted(original, by, self.zone)
            yield Update(
                self.entity.key, id_, {self.trait.series: owner, self.trait.occurrence: there}
            )

    def _due_after(self, original: datetime) -> Iterator[Write]:
        """The series is due at its next date, when the one that was due got a record of its own."""
        if self.values.get(self.times.due) != original:
            return
        moment = original
        for _step in range(len(self.replaced) + 2):
            found = self._next_of(self.rule, moment)
            if found is None:
                return
            if found not in self.replaced:
                yield Update(self.entity.key, self.id, {self.times.due: found})
                return
            moment = found

    def _new_id(self) -> int:
        with self._base.backend.write() as connection:
            return int(self._base.backend.ids(connection, 1)[0])

    def _children(self, new: int) -> Iterator[Write]:
        """Participants, reminders and the checklist, once more for the new record."""
        for link in self._base.catalogue.links_to(self.entity):
            if not link.parent or not isinstance(link.field, LinkField):
                continue  # files and the like may be kept with any record: they stay where they are
            with self._base.backend.read() as connection:
                found = self._base.reader.linked(
                    link.entity.key, link.field.key, [self.id], connection
                )
            plain = [f.key for f in link.entity.fields if not f.kept and not f.readonly]
            told = getattr(link.entity.trait(Reminds), "level", None)
            for row in found.values():
                if told is not None and row.values.get(told) is not None:
                    continue  # what the head was told of another date
                values = {k: row.values[k] for k in plain if row.values.get(k) is not None}
                yield Create(link.entity.key, values | {link.field.key: new})


def edit_writes(
    workspace: Workspace, series: int, original: datetime, values: Mapping[str, Any], extent: str
) -> list[Write]:
    """Writes for `records.apply`: new values of the occurrence that the rule puts at `original`,
    or of this and the following ones, or of all. Moving the start moves the rule with it."""
    return SeriesWrites(workspace, series).edit(original, values, extent)


def delete_writes(
    workspace: Workspace, series: int, original: datetime, extent: str
) -> list[Write]:
    """Writes for `records.apply` that delete the occurrence, this and the following ones, or all;
    what was carried out stays."""
    return SeriesWrites(workspace, series).delete(original, extent)
