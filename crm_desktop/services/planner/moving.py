"""What a gesture in the planner writes: plain writes, for the one writer to carry out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import Bar, moment
from crm_desktop.services.planner.schedule import Schedule
from crm_desktop.services.writing.staging import Create, Update, Write

NOT_COPIED = (
    "moment", "result", "reason", "attempt", "pinned", "series", "occurrence", "quotes", "uid",
)  # fmt: skip
"""Fields that tell what became of a record, or of what it is a part."""
OfSeries = Callable[[int, datetime, Mapping[str, Any]], Sequence[Write]]
"""(series, original start, new values) -> the writes for this occurrence or for more of them."""


class Move(NamedTuple):
    """A bar as it was, and where it is to be."""

    bar: Bar
    starts: int
    ends: int
    row: Ref

    @property
    def changed(self) -> Bar:
        """The bar as it will be."""
        return self.bar._replace(starts=self.starts, ends=self.ends, row=self.row)


class NewEntry(NamedTuple):
    """Something new in a row, and who and what takes part beside it; `about` a record."""

    row: Ref
    starts: int
    ends: int
    subject: str
    kind: str
    about: Ref | None = None
    others: tuple[Ref, ...] = ()
    all_day: bool = False

    def moves(self) -> list[Move]:
        """As moves of a record that has no number yet, one for each row."""
        bar = Bar(0, self.row, 0, 0, self.kind, "", self.subject, self.about, 0, 0)
        rows = dict.fromkeys((self.row, *self.others))
        return [
            Move(bar._replace(part=-place), self.starts, self.ends, row)
            for place, row in enumerate(rows)
        ]


class Moving:
    """Makes writes for one schedule."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    def check(self, move: Move) -> None:
        """`InvalidInput` with a sentence where the bar cannot stand in that row."""
        staff = self._schedule.staff.key
        if move.bar.hidden:
            raise InvalidInput(_("This is somebody's private matter; only they can move it"))
        if move.row.entity == staff and move.bar.row.entity != staff:
            raise InvalidInput(_("A booking can be moved to another resource, not to a person"))
        if move.bar.part and move.row.entity != move.bar.row.entity:
            raise InvalidInput(_("Who takes part can be changed for another colleague only"))

    def writes(self, moves: Iterable[Move], of_series: OfSeries | None = None) -> list[Write]:
        """The writes of all the moves; a record that stands in several rows is written once."""
        found: list[Write] = []
        seen: set[tuple[int, int]] = set()
        for move in moves:
            self.check(move)
            values = self._times(move) if move.bar.key not in seen else {}
            seen.add(move.bar.key)
            if move.row != move.bar.row:
                values.update(self._reassigned(move, found))
            if values:
                found += self._written(move.bar, values, of_series)
        return found

    def _written(
        self, bar: Bar, values: dict[str, Any], of_series: OfSeries | None
    ) -> Sequence[Write]:
        if bar.series and of_series is not None:
            return of_series(bar.id, moment(bar.origin), values)
        event, ends = self._schedule.event.key, self._schedule.scheduled.ends
        found: list[Write] = [Update(event, bar.id, values, bar.version or None)]
        if values.get(ends) == moment(bar.ends):
            # Who moves the start alone means the whole to move: the end is said once more.
            found.append(Update(event, bar.id, {ends: values[ends]}))
        return found

    def _times(self, move: Move) -> dict[str, Any]:
        scheduled, bar = self._schedule.scheduled, move.bar
        if (move.starts, move.ends) == (bar.starts, bar.ends):
            return {}
        values: dict[str, Any] = {
            scheduled.starts: moment(move.starts), scheduled.ends: moment(move.ends)
        }  # fmt: skip
        if bar.series and bar.due == bar.starts:  # of others the writer takes the deadline along
            values[scheduled.due] = moment(move.starts)
        return values

    def _reassigned(self, move: Move, writes: list[Write]) -> dict[str, Any]:
        """Another person or resource: values of the record, or writes of a participation."""
        names, part = self._schedule.takes_part, self._schedule.part.key
        if move.bar.part:
            key = names.staff if move.row.entity == self._schedule.staff.key else names.resource
            writes.append(Update(part, move.bar.part, {key: move.row.id}))
            return {}
        if move.row.entity == self._schedule.staff.key:
            return {self._schedule.scheduled.who: move.row.id}
        writes.append(self.booking(move.bar.id, move.row))
        return {}

    def booking(self, event: int, row: Ref) -> Create:
        """A person takes part in, or a resource is taken for, what exists."""
        names = self._schedule.takes_part
        person = row.entity == self._schedule.staff.key
        key, role = (names.staff, names.takes) if person else (names.resource, names.booked)
        values = {names.event: event, key: row.id, names.role: role}
        return Create(self._schedule.part.key, values)

    # --- new records ------------------------------------------------------------------------------

    def copy(
        self, bar: Bar, values: Mapping[str, Any], parts: Iterable[Mapping[str, Any]], new_id: int
    ) -> list[Write]:
        """The record `values` once more, at the time and in the row of `bar`, as `new_id`; it is
        planned again, whatever became of the first. `parts`: who took part in that one."""
        scheduled, names = self._schedule.scheduled, self._schedule.takes_part
        left = {*NOT_COPIED, scheduled.rule, scheduled.due}
        event = self._schedule.event
        kept = {
            f.key: values.get(f.key) for f in event.fields
            if f.key not in left and not f.readonly and not f.kept and values.get(f.key) is not None
        }  # fmt: skip
        kept |= {
            scheduled.starts: moment(bar.starts), scheduled.ends: moment(bar.ends),
            scheduled.state: scheduled.planned,
        }  # fmt: skip
        staff = bar.row.entity == self._schedule.staff.key
        if staff and not bar.part:
            kept[scheduled.who] = bar.row.id
        found: list[Write] = [Create(event.key, kept, id=new_id)]
        for part in parts:
            own = {k: v for k, v in part.items() if v is not None and k != names.event}
            found.append(Create(self._schedule.part.key, {**own, names.event: new_id}))
        return found

    def new(self, new: NewEntry) -> dict[str, Any]:
        """The values of something new in a row."""
        scheduled = self._schedule.scheduled
        values: dict[str, Any] = {
            self._schedule.event.title_field: new.subject, scheduled.kind: new.kind,
            scheduled.starts: moment(new.starts),
            scheduled.ends: moment(new.ends), scheduled.state: scheduled.planned,
        }  # fmt: skip
        if new.about is not None:
            values[scheduled.about] = new.about
        if new.all_day:
            values[scheduled.all_day] = True
        if new.row.entity == self._schedule.staff.key:
            values[scheduled.who] = new.row.id
        return values
